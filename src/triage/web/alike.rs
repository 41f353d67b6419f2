//! Cases that are like the one shown, in words: how near, and what speaks for and against.

use super::page::Page;
use crate::triage::cases::AlikeCase;
use crate::triage::similarity::Veto;

impl Page<'_> {
    /// How near a case is.
    pub fn tier(&self, alike: &AlikeCase) -> String {
        self.w.say(&format!("tier-{}", alike.compared.tier.code()))
    }

    /// What speaks for and against, the weightiest first; and first of all what forbids taking them for the same.
    pub fn alike_reasons(&self, alike: &AlikeCase) -> String {
        let veto = alike.compared.veto.map(|veto| {
            self.w.say(match veto {
                Veto::Schools => "veto-schools",
                Veto::Names => "veto-names",
                Veto::Places => "veto-places",
            })
        });
        let said = alike.said.iter().map(|one| {
            let sign = if one.weight < 0.0 { "−" } else { "+" };
            format!("{sign} {}", self.w.say(&format!("said-{}", one.key)))
        });
        let days = alike.days_apart.abs().to_string();
        let apart = self.w.say_with("alike-days", &[("days", &days)]);
        let all: Vec<String> = veto.into_iter().chain(said).chain([apart]).collect();
        all.join(" · ")
    }
}

//! `mifeng staff add`: from what an operator types to an account in triage's store.

use super::OperatorError;
use super::audit::record;
use super::backup::store_url;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::{Entropy, random_id};
use mifeng_triage::audit::{Act, Kind};
use mifeng_triage::engine::open_stores;
use mifeng_triage::model::{Member, MemberId, Role};
use mifeng_triage::staff::Passwords;
use secrecy::{ExposeSecret as _, SecretString};
use std::path::Path;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Longest login and name, in characters.
const WORD_MAX_CHARS: usize = 64;

/// A member to be added, as typed.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// What is typed to sign in.
    pub login: String,
    /// Shown to colleagues.
    pub name: String,
    /// What the member is there for.
    pub role: Role,
    /// Unit id from the routing rules.
    pub unit: Option<String>,
    /// Where reminders go; empty for none.
    pub email: String,
    /// School ids that the member has to do with.
    pub recused_schools: Vec<String>,
    /// Names, besides his own, whose tips the member may not see.
    pub recused_names: Vec<String>,
}

impl NewMember {
    /// The member, with a random id.
    ///
    /// # Errors
    /// [`OperatorError::Argument`] for a login other than 1 to 64 of `a-z`, `0-9`, `.`, `_` and `-`; an empty or
    /// overlong name; an investigator without a unit, who could never be given a case; an e-mail address without `@`.
    pub fn into_member(self, entropy: &dyn Entropy) -> Result<Member, OperatorError> {
        let refuse = |why: &str| Err(OperatorError::Argument(why.to_owned()));
        if !is_login(&self.login) {
            return refuse("the login may have 1 to 64 of a-z, 0-9, dots, dashes and underscores");
        }
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > WORD_MAX_CHARS {
            return refuse("the name may have 1 to 64 characters");
        }
        if self.role == Role::Investigator && self.unit.is_none() {
            return refuse("an investigator needs a unit, else no rule ever gives her a case");
        }
        if !self.email.is_empty() && !self.email.contains('@') {
            return refuse("the e-mail address has no @");
        }
        Ok(Member {
            id: MemberId(random_id(entropy)),
            name: name.to_owned(),
            login: self.login,
            role: self.role,
            unit: self.unit,
            email: self.email,
            recused_schools: self.recused_schools,
            recused_names: self.recused_names,
            active: true,
            recipient: None,
            // Whoever runs this holds the office's key anyway.
            confirmed: true,
            leave: None,
            skills: Vec::new(),
            titles: Vec::new(),
        })
    }
}

/// Adds `member` with `password` to the store that the triage configured in `config` uses.
///
/// # Errors
/// [`OperatorError`], also for a login that is taken and a password that is too short or too common.
pub async fn add_member(
    config: &Path,
    member: NewMember,
    password: SecretString,
    clock: &dyn Clock,
    entropy: &Arc<dyn Entropy>,
) -> Result<(), OperatorError> {
    let refused = |why: String| OperatorError::Argument(why);
    let member = member.into_member(&**entropy)?;
    let passwords = Passwords::new(Arc::clone(entropy)).map_err(|e| refused(e.to_string()))?;
    let password = Zeroizing::new(password.expose_secret().to_owned());
    let about = [member.login.as_str(), &member.name];
    let fits = passwords.check_new(&password, &about).await;
    fits.map_err(|e| refused(e.to_string()))?;
    let credentials = passwords.choose(password, None).await;
    let credentials = credentials.map_err(|e| refused(e.to_string()))?;
    let triage = open_stores(&store_url(config)?).await?;
    let act = Act::new(Kind::AccountAdded).of(member.id.0);
    record(triage.cases.as_ref(), clock, act).await?;
    let added = triage.staff.add(&member, &credentials).await?;
    if added {
        Ok(())
    } else {
        record(triage.cases.as_ref(), clock, act.failed()).await?;
        Err(refused(format!(
            "the login {} is taken; nothing was changed",
            member.login
        )))
    }
}

fn is_login(text: &str) -> bool {
    (1..=WORD_MAX_CHARS).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mifeng_foundation::entropy::SystemEntropy;

    fn someone() -> NewMember {
        NewMember {
            login: "wen.yining".to_owned(),
            name: " 温以宁 ".to_owned(),
            role: Role::Investigator,
            unit: Some("dudao".to_owned()),
            email: String::new(),
            recused_schools: Vec::new(),
            recused_names: Vec::new(),
        }
    }

    #[test]
    fn a_member_starts_active_under_a_random_id() {
        let one = someone().into_member(&SystemEntropy).expect("a member");
        let two = someone().into_member(&SystemEntropy).expect("a member");
        assert_eq!(one.name, "温以宁");
        assert!(one.active);
        assert_ne!(one.id, two.id);
    }

    #[test]
    fn what_could_not_work_is_refused() {
        let refused = |change: fn(&mut NewMember)| {
            let mut member = someone();
            change(&mut member);
            assert!(member.into_member(&SystemEntropy).is_err());
        };
        refused(|m| m.login.clear());
        refused(|m| m.login = "Wen".to_owned());
        refused(|m| m.login = "a".repeat(65));
        refused(|m| m.name = "  ".to_owned());
        refused(|m| m.unit = None);
        refused(|m| m.email = "nobody".to_owned());
    }
}

//! Two tips beside each other, and what a person makes of it: join them, or hold them apart.

use super::WebState;
use super::asked::{Admitted, Readers, Sent};
use super::fields::Forms;
use super::page::{Page, SubmittedForm, render, see};
use super::refusal::{Told, refuse, told};
use crate::cases::{Comparison, Mark, Side};
use crate::casework::{self, Shown};
use crate::model::{CaseNumber, Member, Viewer};
use crate::office::OfficeError;
use crate::views;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse};
use askama::Template;
use futures_util::future::{Ready, ready};
use mifeng_foundation::words::Language;
use mifeng_similarity::{Amount, Said, Veto};

#[derive(Template)]
#[template(path = "staff_compare.html")]
struct ComparePage<'a> {
    p: &'a Page<'a>,
    c: Comparison,
    /// The number that stands first in the address.
    number: &'a CaseNumber,
    form: Forms<'a>,
    marks: [Mark; 4],
}

impl ComparePage<'_> {
    fn with(&self, key: &str, name: &'static str, value: &str) -> String {
        self.p.w.say_with(key, &[(name, value)])
    }

    /// The version of the case of the tip that stands first in the address, or of the other.
    fn version(&self, other: bool) -> i64 {
        let (earlier, later) = (&self.c.earlier, &self.c.later);
        if (earlier.number == *self.number) == other {
            later.version
        } else {
            earlier.version
        }
    }

    fn tier_key(&self) -> String {
        format!("tier-{}", self.c.tier.code())
    }

    fn veto(&self, veto: Veto) -> String {
        self.p.w.say(veto_key(veto))
    }

    fn within(&self, side: &Side) -> String {
        let tips = side.tips.to_string();
        let within = [("number", side.case.0.as_str()), ("tips", &tips)];
        self.p.w.say_with("alike-within", &within)
    }

    fn mark(&self, mark: Mark) -> String {
        self.p.w.say(&format!("mark-{}", mark.code()))
    }

    /// For or against, and how much, in words.
    fn weight(&self, said: &Said) -> String {
        if said.weight.abs() < SLIGHT_FROM {
            return self.p.w.say("weight-none");
        }
        let side = if said.weight < 0.0 { "against" } else { "for" };
        let much = match said.weight.abs() {
            weight if weight >= STRONG_FROM => "strong",
            weight if weight >= CLEAR_FROM => "clear",
            _ => "slight",
        };
        self.p.w.say(&format!("weight-{side}-{much}"))
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn class(&self, said: &Said) -> &'static str {
        match said.weight {
            weight if weight.abs() < SLIGHT_FROM => "none",
            weight if weight < 0.0 => "against",
            _ => "for",
        }
    }

    fn said(&self, said: &Said) -> String {
        self.p.w.say(&format!("said-{}", said.key))
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn sum(&self, sum: Amount) -> String {
        if sum.is_exact() {
            sum.low.to_string()
        } else {
            format!("{}–{}", sum.low, sum.high)
        }
    }
}

/// What multiplies the odds by more than seven.
const STRONG_FROM: f32 = 2.0;
/// What about doubles them.
const CLEAR_FROM: f32 = 0.7;

/// What changes them by less than a twentieth is told to count for nothing.
const SLIGHT_FROM: f32 = 0.05;

/// The key of what forbids taking two for the same.
pub(super) fn veto_key(veto: Veto) -> &'static str {
    match veto {
        Veto::Schools => "veto-schools",
        Veto::Names => "veto-names",
        Veto::Places => "veto-places",
    }
}

/// The numbers of two tips, as they stand in the address.
pub(super) struct TwoTips([CaseNumber; 2]);

impl FromRequest for TwoTips {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let number = |name| CaseNumber::typed(request.match_info().query(name));
        ready(Ok(Self([number("number"), number("other")])))
    }
}

impl TwoTips {
    /// The numbers that the tips have by now.
    fn now(&self, state: &WebState, viewer: &Viewer) -> [CaseNumber; 2] {
        let now = |number: CaseNumber| casework::current_number(&state.office, viewer, number);
        self.0.clone().map(now)
    }
}

pub(super) async fn show(
    who: Admitted<Readers>,
    tips: TwoTips,
    state: Data<WebState>,
) -> HttpResponse {
    let typed = SubmittedForm::default();
    page(&tips, &state, who.lang, &who.viewer, &typed, None).await
}

async fn page(
    tips: &TwoTips,
    state: &WebState,
    lang: Language,
    member: &Viewer,
    typed: &SubmittedForm,
    error: Option<Told>,
) -> HttpResponse {
    let [number, other] = tips.now(state, member);
    let c = match views::compare(&state.office, member, &number, &other).await {
        Ok(comparison) => comparison,
        Err(error) => return refuse(state, lang, Some(member), &error),
    };
    let here = format!("case/{}/compare/{}", number.0, other.0);
    let p = Page::new(state, lang, Some(member), "queue").at(here);
    let status = error.map_or(StatusCode::OK, |(status, ..)| status);
    let error = error
        .map(|(_, field, key)| (field, p.w.say(key)))
        .unwrap_or_default();
    render(
        status,
        &ComparePage {
            p: &p,
            c,
            number: &number,
            form: Forms { typed, error },
            marks: Mark::SHOWN,
        },
    )
}

/// Joins the two, or holds them apart.
pub(super) async fn decide(
    sent: Sent<Readers>,
    tips: TwoTips,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, member) = (sent.lang, sent.viewer);
    let typed = SubmittedForm {
        action: request.match_info().query("decision").to_owned(),
        fields: sent.fields,
    };
    let [number, other] = tips.now(&state, &member);
    match act(&state, &member, &number, &other, &typed).await {
        Ok(case) => see(&format!("/{lang}/case/{}", case.0)),
        Err(error) => match told(&error) {
            Some(told) => page(&tips, &state, lang, &member, &typed, Some(told)).await,
            None => refuse(&state, lang, Some(&member), &error),
        },
    }
}

/// What can be done with two tips, by the last word of the address. What is not named here is not done.
pub const DECISIONS: [&str; 2] = ["join", "apart"];

/// The case to look at afterwards.
async fn act(
    state: &WebState,
    member: &Member,
    number: &CaseNumber,
    other: &CaseNumber,
    typed: &SubmittedForm,
) -> Result<CaseNumber, OfficeError> {
    if !DECISIONS.contains(&typed.action.as_str()) {
        return Err(OfficeError::NotYours);
    }
    let version = |name| typed.get(name).parse().map_err(|_| OfficeError::Changed);
    let reason = typed.get("reason");
    match typed.action.as_str() {
        "join" => {
            // Who may not see one of the two learns nothing from how the form was filled in.
            views::may_compare(&state.office, member, number, other).await?;
            let shown = Shown {
                one: (number, version("version")?),
                other: (other, version("other_version")?),
            };
            casework::join(&state.office, member, &shown, reason).await
        }
        "apart" => {
            let apart = casework::hold_apart(&state.office, member, number, other, reason).await;
            apart.map(|()| number.clone())
        }
        _ => Err(OfficeError::NotYours),
    }
}

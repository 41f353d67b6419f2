//! A case and what may be done with it.

use super::WebState;
use super::page::{Page, Typed, admit, render, see};
use crate::clock::Day;
use crate::telemetry::{Event, log};
use crate::tip::Language;
use crate::triage::cases::{
    AlikeCase, CaseFile, CaseNumber, CaseState, ClockView, Conclusion, HistoryEntry, Mark, Outcome,
    TipView,
};
use crate::triage::desk::DeskError;
use crate::triage::staff::{Member, MemberId, Role};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::{BTreeMap, BTreeSet, HashMap};

pub(super) const READERS: [Role; 3] = [Role::Dispatcher, Role::Investigator, Role::Supervisor];

#[derive(Template)]
#[template(path = "staff_case.html")]
struct CasePage<'a> {
    p: &'a Page<'a>,
    c: CaseFile,
    /// The number in the address: of this case, or of a tip that is handled in it.
    number: &'a CaseNumber,
    f: &'a Typed,
    /// The field it belongs to (empty for the whole form) and the words.
    error: (&'static str, String),
    /// Clock, width of 200, class, source.
    clocks: Vec<(ClockView, i32, &'static str, String)>,
    reasons: Vec<String>,
    /// Id, name, open cases.
    candidates: Vec<(String, String, usize)>,
    outcomes: Vec<(&'static str, String)>,
}

impl CasePage<'_> {
    /// What is wrong with a field of the form `action`, if anything.
    fn wrong(&self, action: &str, field: &str) -> &str {
        if self.f.action == action && self.error.0 == field {
            &self.error.1
        } else {
            ""
        }
    }

    /// Whether the form that was sent is still on the page; another's change may have taken it away.
    fn offers(&self) -> bool {
        match self.f.action.as_str() {
            "conclude" => self.can_conclude(),
            "extend" => self.can_extend(),
            "state" => !self.c.row.state.next_states().is_empty(),
            "assign" => !self.candidates.is_empty() && !self.c.row.state.is_finished(),
            _ => true,
        }
    }

    /// What was typed into it, so that it is not lost.
    fn kept(&self) -> Vec<&str> {
        let texts = ["answer", "reason"].map(|name| self.f.get(name));
        texts.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// Whether the viewer may extend a clock.
    fn can_extend(&self) -> bool {
        self.c.clocks.iter().any(|clock| clock.can_extend)
    }

    /// The rules of the clocks that the viewer may extend, each once.
    fn extensible(&self) -> BTreeSet<&str> {
        let clocks = self.c.clocks.iter().filter(|clock| clock.can_extend);
        clocks.map(|clock| clock.rule.as_str()).collect()
    }

    /// Whether it holds more than one tip.
    fn many(&self) -> bool {
        self.c.tips.len() > 1
    }

    /// Whether the viewer joins and splits.
    fn may_join(&self) -> bool {
        self.p
            .member
            .is_some_and(|member| member.role.sees_all_cases())
    }

    /// Cases proposed to be joined, or those that are only listed.
    fn alike(&self, proposed: bool) -> Vec<&AlikeCase> {
        let alike = self.c.alike.iter();
        alike.filter(|one| one.is_proposed() == proposed).collect()
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn has_template(&self, tip: &TipView) -> bool {
        tip.pieces.iter().any(|piece| piece.mark == Mark::Template)
    }

    /// Whether the form that was sent back is the one that splits off the tip with this number.
    fn is_split(&self, number: &str) -> bool {
        self.f.action == "split" && self.number.0 == number
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn answer_field(&self, number: &str) -> String {
        format!("answer-{number}")
    }

    /// Whether the tip was joined so lately that it may have been a slip.
    fn is_fresh(&self, joined_day: Day) -> bool {
        self.p.state.desk.today().days_since(joined_day) <= 1
    }

    /// The tips a line of the record is about, where it is not about all.
    fn about(&self, line: &HistoryEntry) -> String {
        if line.numbers.len() == self.c.tips.len() {
            return String::new();
        }
        let numbers: Vec<_> = line.numbers.iter().map(|one| one.0.as_str()).collect();
        numbers.join(" ")
    }

    /// Whether the case can be concluded from where it stands: it must have been decided on first.
    fn can_conclude(&self) -> bool {
        let state = self.c.row.state;
        state != CaseState::Received && !state.is_finished()
    }
}

pub(super) fn refuse(state: &WebState, lang: Language, error: &DeskError) -> HttpResponse {
    let p = Page::new(state, lang, None, "queue");
    match error {
        DeskError::NotYours => p.plain(StatusCode::NOT_FOUND, "missing"),
        DeskError::NotPermitted => p.plain(StatusCode::FORBIDDEN, "refused"),
        DeskError::Changed
        | DeskError::NotPossible
        | DeskError::HandlerRecused
        | DeskError::BadText => p.plain(StatusCode::CONFLICT, "failed"),
        DeskError::Damaged | DeskError::Files(_) | DeskError::Store(_) => {
            log(Event::RequestFailed {
                place: "desk",
                cause: error,
            });
            p.plain(StatusCode::SERVICE_UNAVAILABLE, "failed")
        }
    }
}

async fn page(
    state: &WebState,
    lang: Language,
    member: &Member,
    number: &CaseNumber,
    typed: &Typed,
    error: Option<(StatusCode, &'static str, &str)>,
) -> HttpResponse {
    let c = match state.desk.case(member, number).await {
        Ok(case) => case,
        Err(error) => return refuse(state, lang, &error),
    };
    // A tip that was joined is shown where it is handled.
    if error.is_none() && c.row.number != *number {
        return see(&format!("/{lang}/case/{}#tip-{}", c.row.number.0, number.0));
    }
    // Those who may not assign get no list, and so no form.
    let candidates = match state.desk.candidates(member, number).await {
        Ok(list) if member.role.sees_all_cases() => list,
        Ok(_) | Err(DeskError::NotPermitted) => Vec::new(),
        Err(error) => return refuse(state, lang, &error),
    };
    let candidates = candidates
        .into_iter()
        .map(|one| (hex::encode(one.id.0), one.name, one.open_cases))
        .collect();
    let p = Page::new(state, lang, Some(member), "queue").at(format!("case/{}", number.0));
    let zh = lang.is_chinese();
    let today = state.desk.today();
    let clock = |clock: &ClockView| {
        let end = clock.met_day.unwrap_or(today);
        let whole = clock.due_day.days_since(clock.start_day).max(1);
        let width = (end.days_since(clock.start_day) * 200 / whole).clamp(2, 200);
        let class = if end > clock.due_day { "late" } else { "bar" };
        let source = if zh {
            &clock.source_zh
        } else {
            &clock.source_en
        };
        (clock.clone(), width, class, source.clone())
    };
    let clocks = c.clocks.iter().map(clock).collect();
    let reasons = c
        .routing_reasons
        .iter()
        .map(|(han, latin)| if zh { han } else { latin }.clone())
        .collect();
    let outcomes = Outcome::ALL
        .map(|one| (one.code(), p.w.say(&format!("outcome-{}", one.code()))))
        .to_vec();
    let status = error.map_or(StatusCode::OK, |(status, ..)| status);
    let error = error
        .map(|(_, field, key)| (field, p.w.say(key)))
        .unwrap_or_default();
    render(
        status,
        &CasePage {
            p: &p,
            c,
            number,
            f: typed,
            error,
            clocks,
            reasons,
            candidates,
            outcomes,
        },
    )
}

pub(super) fn number_of(request: &HttpRequest) -> CaseNumber {
    CaseNumber(
        request
            .match_info()
            .get("number")
            .unwrap_or_default()
            .to_owned(),
    )
}

pub(super) async fn show(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    match admit(&request, &state, &READERS).await {
        Ok((lang, member)) => {
            let number = number_of(&request);
            page(&state, lang, &member, &number, &Typed::default(), None).await
        }
        Err(answer) => answer,
    }
}

async fn act(
    state: &WebState,
    member: &Member,
    number: &CaseNumber,
    typed: &Typed,
) -> Result<(), DeskError> {
    let version = || typed.get("version").parse().map_err(|_| DeskError::Changed);
    let reason = typed.get("reason");
    match typed.action.as_str() {
        "message" => {
            let to = Some(typed.get("to")).filter(|to| !to.is_empty());
            let to = to.map(|to| CaseNumber(to.to_owned()));
            state
                .desk
                .write_to_reporter(member, number, to.as_ref(), typed.get("text"))
                .await
        }
        "state" => {
            let to = CaseState::from_code(typed.get("to")).ok_or(DeskError::NotPossible)?;
            state
                .desk
                .change_state(member, number, version()?, to, reason)
                .await
        }
        "assign" => {
            let mut id = [0; 16];
            hex::decode_to_slice(typed.get("handler"), &mut id)
                .map_err(|_| DeskError::NotPossible)?;
            state
                .desk
                .assign(member, number, version()?, MemberId(id), reason)
                .await
        }
        "extend" => {
            // No case has version 0. Whether the role may is looked at before it, and goes on record.
            let version = version().unwrap_or(0);
            state
                .desk
                .extend(member, number, version, typed.get("clock"), reason)
                .await
        }
        "conclude" => {
            let conclusion = Conclusion {
                outcome: Outcome::from_code(typed.get("outcome")).ok_or(DeskError::NotPossible)?,
                answer_to_reporter: typed.get("answer").to_owned(),
                own_answers: own_answers(typed),
                reason: reason.to_owned(),
            };
            state
                .desk
                .conclude(member, number, version()?, conclusion)
                .await
        }
        "split" => {
            let apart = typed.get("apart") == "yes";
            state
                .desk
                .split(member, number, version()?, apart, reason)
                .await
        }
        _ => Err(DeskError::NotYours),
    }
}

/// Answers that were written for one reporter each, by number.
fn own_answers(typed: &Typed) -> BTreeMap<CaseNumber, String> {
    let fields = typed.fields.iter().filter_map(|(name, text)| {
        let number = name.strip_prefix("answer-")?;
        let is_given = !text.trim().is_empty();
        is_given.then(|| (CaseNumber(number.to_owned()), text.clone()))
    });
    fields.collect()
}

/// Which text the desk did not take; empty where it may have been either of two.
fn unsound_text(typed: &Typed) -> &'static str {
    let empty = |name| typed.get(name).trim().is_empty();
    match typed.action.as_str() {
        "message" => "text",
        "conclude" if empty("answer") => "answer",
        "conclude" if empty("reason") => "reason",
        "conclude" => "",
        _ => "reason",
    }
}

pub(super) async fn change(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let (lang, member) = match admit(&request, &state, &READERS).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let number = number_of(&request);
    let action = request
        .match_info()
        .get("action")
        .unwrap_or_default()
        .to_owned();
    let typed = Typed {
        action,
        fields: form.into_inner(),
    };
    let error = match act(&state, &member, &number, &typed).await {
        Ok(()) => return see(&format!("/{lang}/case/{}", number.0)),
        Err(error) => match told(&error, &typed) {
            Some(told) => told,
            None => return refuse(&state, lang, &error),
        },
    };
    page(&state, lang, &member, &number, &typed, Some(error)).await
}

/// What is told beside the form that was sent: status, field (empty for the whole form), key of words. `None` for what
/// has a page of its own.
pub(super) fn told(
    error: &DeskError,
    typed: &Typed,
) -> Option<(StatusCode, &'static str, &'static str)> {
    let unsound = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        DeskError::Changed => Some((StatusCode::CONFLICT, "", "error-changed")),
        DeskError::NotPossible => Some((unsound, "", "error-not-possible")),
        DeskError::HandlerRecused => Some((unsound, "", "error-handler-recused")),
        DeskError::BadText => Some((unsound, unsound_text(typed), "error-bad-text")),
        _ => None,
    }
}

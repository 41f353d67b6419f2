//! What is done with a case: a form sent, the desk asked, and what it did not take shown beside its field.

use super::WebState;
use super::admission::admit;
use super::cases::{MORE_SUBJECTS, READERS, number_of, page, refuse};
use super::handling::handle;
use super::page::{Typed, see};
use super::papers::{refer, typed_paper, with_phrase};
use super::typed_form::Form;
use crate::model::{
    CaseNumber, CaseState, Conclusion, Finding, Grounds, MemberId, Mode, Move, Outcome, Viewer,
};
use crate::office::OfficeError;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::parse_id;
use std::collections::{BTreeMap, HashMap};

/// What can be done with a case, by the last word of the address. What is not named here is not done.
pub const ACTIONS: [&str; 34] = [
    "decline-confirm",
    "message",
    "state",
    "mode",
    "close",
    "approve",
    "reject",
    "assign",
    "extend",
    "conclude",
    "split",
    "note",
    "evidence",
    "interview",
    "task",
    "task-done",
    "draft",
    "phrase",
    "refer",
    "recuse",
    "delete",
    "delete-approve",
    "delete-reject",
    "hold",
    "release",
    "add-handler",
    "remove-handler",
    "opinion",
    "sign-opinion",
    "pass-up",
    "pass-up-approve",
    "pass-up-reject",
    "keep-here",
    "meant",
];

async fn act(
    state: &WebState,
    member: &Viewer,
    number: &CaseNumber,
    typed: &Typed,
) -> Result<(), OfficeError> {
    if !ACTIONS.contains(&typed.action.as_str()) {
        return Err(OfficeError::NotYours);
    }
    let version = || {
        typed
            .get("version")
            .parse()
            .map_err(|_| OfficeError::Changed)
    };
    let reason = typed.get("reason");
    if let Some(paper) = typed_paper(typed) {
        return state
            .desk
            .write_paper(member, number, paper)
            .await
            .map(|_| ());
    }
    if let Some(done) = handle(state, member, number, typed).await {
        return done;
    }
    match typed.action.as_str() {
        "message" => {
            let to = Some(typed.get("to")).filter(|to| !to.is_empty());
            let to = to.map(|to| CaseNumber(to.to_owned()));
            let (desk, text) = (&state.desk, typed.get("text"));
            if typed.get("asks") == "yes" {
                desk.ask_reporter(member, number, to.as_ref(), text).await
            } else {
                desk.write_to_reporter(member, number, to.as_ref(), text)
                    .await
            }
        }
        "state" => {
            let to = CaseState::from_code(typed.get("to")).ok_or(OfficeError::NotPossible)?;
            let step = Move {
                to,
                mode: Mode::from_code(typed.get("mode")),
                told: typed.get("told"),
                reason,
            };
            state
                .desk
                .change_state(member, number, version()?, step)
                .await
        }
        "mode" => {
            let mode = Mode::from_code(typed.get("mode"));
            let mode = mode.ok_or(OfficeError::Unsound("mode", "error-mode"))?;
            state
                .desk
                .change_mode(member, number, version()?, mode, reason)
                .await
        }
        "assign" => {
            let mut id = [0; 16];
            hex::decode_to_slice(typed.get("handler"), &mut id)
                .map_err(|_| OfficeError::NotPossible)?;
            state
                .desk
                .assign(member, number, version()?, MemberId(id), reason)
                .await
        }
        // No case has version 0. Whether the role may is looked at before it, and goes on record.
        "extend" => {
            let version = version().unwrap_or(0);
            state
                .desk
                .extend(member, number, version, typed.get("clock"), reason)
                .await
        }
        "conclude" => {
            let conclusion = Conclusion {
                findings: findings(typed)?,
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
        "recuse" => {
            let version = version().unwrap_or(0);
            let desk = &state.desk;
            desk.recuse_oneself(member, number, version, reason).await
        }
        _ => act_on_closing(state, member, number, typed).await,
    }
}

/// Proposing, approving and sending back. No case has version 0: whether the role may is looked at before it, and goes on
/// record.
async fn act_on_closing(
    state: &WebState,
    member: &Viewer,
    number: &CaseNumber,
    typed: &Typed,
) -> Result<(), OfficeError> {
    let version = || typed.get("version").parse().unwrap_or(0);
    let desk = &state.desk;
    match typed.action.as_str() {
        "close" => {
            let grounds = grounds(typed)?;
            let exhibits = exhibits(typed);
            desk.propose_closing(member, number, version(), grounds, &exhibits)
                .await
        }
        "approve" => desk.approve_closing(member, number, version()).await,
        "decline-confirm" => desk.confirm_declining(member, number, version()).await,
        "reject" => {
            let reason = typed.get("reason");
            desk.reject_closing(member, number, version(), reason).await
        }
        "pass-up" => {
            let reason = typed.get("reason");
            desk.ask_passing(member, number, version(), reason).await
        }
        "pass-up-approve" => desk.approve_passing(member, number, version()).await,
        "pass-up-reject" => {
            let reason = typed.get("reason");
            desk.reject_passing(member, number, version(), reason).await
        }
        "keep-here" => {
            let reason = typed.get("reason");
            desk.keep_here(member, number, version(), reason).await
        }
        "refer" => refer(state, member, number, version(), typed).await,
        "task-done" => {
            let task = parse_id(typed.get("task")).ok_or(OfficeError::NotPossible)?;
            desk.finish_task(member, number, task).await
        }
        _ => act_on_end(state, member, number, typed).await,
    }
}

/// Destroying early, and holding.
async fn act_on_end(
    state: &WebState,
    member: &Viewer,
    number: &CaseNumber,
    typed: &Typed,
) -> Result<(), OfficeError> {
    let version = typed.get("version").parse().unwrap_or(0);
    let (desk, reason) = (&state.desk, typed.get("reason"));
    match typed.action.as_str() {
        "delete" => desk.ask_deletion(member, number, version, reason).await,
        "delete-approve" => desk.approve_deletion(member, number, version).await,
        "delete-reject" => desk.reject_deletion(member, number, version, reason).await,
        "hold" => desk.hold(member, number, version, (true, reason)).await,
        "release" => desk.hold(member, number, version, (false, reason)).await,
        _ => Err(OfficeError::NotYours),
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

/// What was found of the first subject, and of each further one that is named or of which something is said.
fn findings(typed: &Typed) -> Result<Vec<Finding>, OfficeError> {
    let finding = |end: &str| {
        let get = |name: &str| typed.get(&format!("{name}{end}")).trim().to_owned();
        Ok(Finding {
            subject: get("subject"),
            outcome: Outcome::from_code(&get("outcome")).ok_or(OfficeError::NotPossible)?,
            measures: get("measures"),
        })
    };
    let further = MORE_SUBJECTS.iter().map(|number| format!("-{number}"));
    let given = further.filter(|end| {
        let said = |name: &str| !typed.get(&format!("{name}{end}")).trim().is_empty();
        said("subject") || said("measures")
    });
    let ends = std::iter::once(String::new()).chain(given);
    ends.map(|end| finding(&end)).collect()
}

/// Entries of the evidence register that were ticked.
fn exhibits(typed: &Typed) -> Vec<[u8; 16]> {
    let names = typed.fields.keys();
    let ticked = names.filter_map(|name| parse_id(name.strip_prefix("exhibit-")?));
    ticked.collect()
}

/// What a closing is to rest on.
fn grounds(typed: &Typed) -> Result<Grounds, OfficeError> {
    let day = typed.get("revisit").trim().parse();
    Ok(Grounds {
        exhibits: Vec::new(),
        evidence: typed.get("evidence").trim().to_owned(),
        measures: typed.get("measures").trim().to_owned(),
        revisit_day: day.map_err(|_| OfficeError::Unsound("revisit", "error-revisit"))?,
    })
}

/// Whether the form took its sender off the case.
fn left(member: &Viewer, typed: &Typed) -> bool {
    let own = typed.get("member") == hex::encode(member.id.0);
    typed.action == "remove-handler" && own && !member.role.sees_all_cases()
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
    let mut typed = Typed {
        action,
        fields: form.into_inner(),
    };
    if typed.action == "phrase" {
        return match with_phrase(&state, &member, &number, &typed).await {
            Ok(typed) => page(&state, lang, &member, &number, &typed, None).await,
            Err(error) => refuse(&state, lang, Some(&member), &error),
        };
    }
    let error = match act(&state, &member, &number, &typed).await {
        // The case is not to be seen any more.
        Ok(())
            if matches!(
                typed.action.as_str(),
                "recuse" | "delete-approve" | "pass-up-approve"
            ) || left(&member, &typed) =>
        {
            return see(&format!("/{lang}/queue"));
        }
        Ok(()) => return see(&format!("/{lang}/case/{}", number.0)),
        Err(OfficeError::Passage(passage)) => {
            let passage = passage.to_string();
            typed.fields.insert("passage".to_owned(), passage);
            (StatusCode::UNPROCESSABLE_ENTITY, "extract", "error-passage")
        }
        Err(OfficeError::Objected(open)) => {
            let day = |day: Option<Day>| day.map_or_else(|| "?".to_owned(), |day| day.to_string());
            let said = [
                ("objected-number", open.number.0),
                ("objected-since", day(open.since)),
                ("objected-until", day(open.until)),
            ];
            let said = said.map(|(name, value)| (name.to_owned(), value));
            typed.fields.extend(said);
            (StatusCode::UNPROCESSABLE_ENTITY, "", "error-objected")
        }
        Err(error) => match told(&error) {
            Some(told) => told,
            None => return refuse(&state, lang, Some(&member), &error),
        },
    };
    page(&state, lang, &member, &number, &typed, Some(error)).await
}

/// What is told beside the form that was sent: status, field (empty for the whole form), key of words. `None` for what
/// has a page of its own.
pub(super) fn told(error: &OfficeError) -> Option<(StatusCode, &'static str, &'static str)> {
    let unsound = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        OfficeError::Changed => Some((StatusCode::CONFLICT, "", "error-changed")),
        OfficeError::Sealed => Some((StatusCode::SERVICE_UNAVAILABLE, "", "error-sealed")),
        OfficeError::NotPossible => Some((unsound, "", "error-not-possible")),
        OfficeError::SecondPerson => Some((unsound, "", "error-second-person")),
        OfficeError::NoOpinion => Some((unsound, "", "error-no-opinion")),
        OfficeError::NotTold => Some((unsound, "", "error-not-told")),
        OfficeError::LastReader => Some((unsound, "", "error-last-reader")),
        OfficeError::TooEarly => Some((unsound, "", "error-too-early")),
        OfficeError::Unsound(field, key) => Some((unsound, field, key)),
        OfficeError::HandlerRecused => Some((unsound, "", "error-handler-recused")),
        OfficeError::BadText(field) => Some((unsound, field, "error-bad-text")),
        _ => None,
    }
}

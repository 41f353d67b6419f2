//! What did not open, and the decisions on it.

use super::WebState;
use super::asked::{Admitted, Officers, Sent};
use super::fields::Forms;
use super::page::{Page, SubmittedForm, render, see};
use super::refusal::{refuse, told};
use crate::cases::QuarantinedEnvelope;
use crate::ingest::{self, Tried};
use crate::model::{QuarantineReason, Viewer};
use crate::office::OfficeError;
use crate::store::QuarantineState;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::entropy::parse_id;
use mifeng_foundation::words::Language;
use std::borrow::Borrow;
use std::collections::HashMap;

/// What can be decided, by the last word of the address. What is not named here is not done.
pub const DECISIONS: [&str; 4] = ["try", "keep", "discard", "approve"];

#[derive(Template)]
#[template(path = "staff_quarantine.html")]
struct QuarantinePage<'a> {
    p: &'a Page<'a>,
    /// What is still there.
    list: Vec<QuarantinedEnvelope>,
    discarded: Vec<QuarantinedEnvelope>,
    form: Forms<'a>,
    /// What came of trying again, in words; empty where nobody did.
    tried: String,
    opened: bool,
}

impl QuarantinePage<'_> {
    /// The name of a form of one envelope.
    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn form_of(&self, decision: &str, envelope: &QuarantinedEnvelope) -> String {
        form_of(decision, &envelope.id)
    }

    /// Whether one of the forms of this envelope was sent back.
    fn was_sent_back(&self, envelope: &QuarantinedEnvelope) -> bool {
        let mut decisions = DECISIONS.iter();
        decisions.any(|one| self.form.is(&form_of(one, &envelope.id)))
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn can_keep(&self, envelope: &QuarantinedEnvelope) -> bool {
        envelope.state != QuarantineState::Kept
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn is_proposed(&self, envelope: &QuarantinedEnvelope) -> bool {
        envelope.state == QuarantineState::DiscardProposed
    }

    fn count_discarded(&self) -> String {
        let count = self.discarded.len().to_string();
        self.p
            .w
            .say_with("quarantine-discarded", &[("count", &count)])
    }
}

fn form_of(decision: &str, id: &str) -> String {
    format!("{decision}-{id}")
}

impl Page<'_> {
    /// Why an envelope did not open.
    fn quarantined(&self, reason: impl Borrow<QuarantineReason>) -> String {
        self.w
            .say(&format!("quarantine-{}", reason.borrow().code()))
    }

    /// What is decided on it.
    fn quarantine_state(&self, envelope: &QuarantinedEnvelope) -> String {
        let state = envelope.state.code().replace('_', "-");
        self.w.say(&format!("quarantine-state-{state}"))
    }

    /// What became of its files.
    fn kept_files(&self, envelope: &QuarantinedEnvelope) -> String {
        let kept = envelope.files_kept.to_string();
        let waiting = envelope.files_waiting.to_string();
        let variables = [("kept", kept.as_str()), ("waiting", waiting.as_str())];
        self.w.say_with("quarantine-files", &variables)
    }

    /// When it was last tried again.
    fn tried_on(&self, day: mifeng_foundation::clock::Day) -> String {
        let day = day.to_string();
        self.w.say_with("quarantine-tried", &[("day", &day)])
    }
}

pub(super) async fn show(
    query: Query<HashMap<String, String>>,
    who: Admitted<Officers>,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, member) = (who.lang, who.viewer);
    let tried = match query.get("tried").map(String::as_str) {
        Some("opened") => Some(Tried::Opened),
        Some("still") => Some(Tried::Still),
        _ => None,
    };
    page(
        &state,
        lang,
        &member,
        &SubmittedForm::default(),
        tried,
        None,
    )
    .await
}

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    typed: &SubmittedForm,
    tried: Option<Tried>,
    error: Option<(StatusCode, &'static str, &'static str)>,
) -> HttpResponse {
    let list = match ingest::quarantine(&state.office, viewer).await {
        Ok(list) => list,
        Err(error) => return refuse(state, lang, Some(viewer), &error),
    };
    let p = Page::new(state, lang, Some(viewer), "quarantine");
    let status = error.map_or(StatusCode::OK, |(status, ..)| status);
    let error = error.map(|(_, field, key)| (field, p.w.say(key)));
    let (discarded, list) = list
        .into_iter()
        .partition(|one| one.state == QuarantineState::Discarded);
    let key = match tried {
        Some(Tried::Opened) => "quarantine-opened",
        Some(Tried::Still) => "quarantine-still",
        None => "",
    };
    let page = QuarantinePage {
        list,
        discarded,
        form: Forms {
            typed,
            error: error.unwrap_or_default(),
        },
        tried: tried.map(|_| p.w.say(key)).unwrap_or_default(),
        opened: tried == Some(Tried::Opened),
        p: &p,
    };
    render(status, &page)
}

pub(super) async fn decide(
    sent: Sent<Officers>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, member) = (sent.lang, sent.viewer);
    let part = |name| request.match_info().query(name).to_owned();
    let (id, decision) = (part("id"), part("decision"));
    let typed = SubmittedForm {
        action: form_of(&decision, &id),
        fields: sent.fields,
    };
    match act(&state, &member, &id, &decision, &typed).await {
        Ok(done) => see(&format!("/{lang}/quarantine{done}")),
        Err(error) => match told(&error) {
            Some(told) => page(&state, lang, &member, &typed, None, Some(told)).await,
            None => refuse(&state, lang, Some(&member), &error),
        },
    }
}

/// Where the page goes on afterwards.
async fn act(
    state: &WebState,
    member: &Viewer,
    id: &str,
    decision: &str,
    typed: &SubmittedForm,
) -> Result<&'static str, OfficeError> {
    let id = parse_id(id).ok_or(OfficeError::NotYours)?;
    let version = typed.get("version").parse().unwrap_or(0);
    let (office, reason) = (&state.office, typed.get("reason"));
    match decision {
        "try" => match ingest::try_envelope_again(office, member, id, version).await? {
            Tried::Opened => return Ok("?tried=opened"),
            Tried::Still => return Ok("?tried=still"),
        },
        "keep" => ingest::keep_in_quarantine(office, member, id, version, reason).await?,
        "discard" => ingest::propose_discarding(office, member, id, version, reason).await?,
        "approve" => ingest::approve_discarding(office, member, id, version).await?,
        _ => return Err(OfficeError::NotYours),
    }
    Ok("")
}

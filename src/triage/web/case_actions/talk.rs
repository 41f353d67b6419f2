//! Words to a reporter.

use super::sent::CaseSent;
use super::values::Parsed;
use super::{CaseAction, CaseForm};
use crate::casework;
use crate::model::{CaseNumber, Viewer};
use crate::office::{Office, OfficeError};
use crate::views;
use crate::web::WebState;
use crate::web::cases::page;
use crate::web::page::SubmittedForm;
use crate::web::refusal::refuse;
use actix_web::HttpResponse;
use actix_web::web::Data;
use mifeng_foundation::words::Language;
use serde::Deserialize;

/// A message, or a question.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Message {
    /// The tip whose reporter is meant, where there are several.
    to: Parsed<CaseNumber>,
    asks: Parsed<bool>,
    text: String,
}

impl CaseForm for Message {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let (to, text) = (self.to.0.as_ref(), self.text.as_str());
        if self.asks.is_yes() {
            casework::ask_reporter(office, viewer, number, to, text).await
        } else {
            casework::write_to_reporter(office, viewer, number, to, text).await
        }
    }
}

/// A ready phrase that was chosen for a message.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Phrase {
    to: Parsed<CaseNumber>,
    phrase: String,
}

impl Phrase {
    /// The phrase in the language of the reporter who is meant.
    async fn written(
        &self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<String, OfficeError> {
        let file = views::case(office, viewer, number).await?;
        let mut tips = file.tips.iter();
        let is_meant = |number: &CaseNumber| self.to.0.as_ref().is_none_or(|to| to == number);
        let language = tips
            .find(|tip| is_meant(&tip.number))
            .map_or(Language::ZhHans, |tip| tip.language);
        let phrase = crate::casework::phrase(language, &self.phrase);
        phrase.ok_or(OfficeError::NotPossible)
    }
}

/// The message's form again, with the phrase added to what was written. Nothing is sent.
pub(super) async fn with_phrase(sent: CaseSent<Phrase>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer, number) = (sent.lang, sent.viewer, sent.number);
    let phrase = match sent.form.written(&state.office, &viewer, &number).await {
        Ok(phrase) => phrase,
        Err(error) => return refuse(&state, lang, Some(&viewer), &error),
    };
    let mut fields = sent.fields;
    let text = fields.entry("text".to_owned()).or_default();
    if !text.trim().is_empty() {
        text.push('\n');
    }
    text.push_str(&phrase);
    let message = SubmittedForm {
        action: CaseAction::Message.word().to_owned(),
        fields,
    };
    page(&state, lang, &viewer, &number, &message, None).await
}

//! How a form of the case page is read and answered: done, or shown again with what was typed and what is wrong with it.

use super::{CaseForm, SentTo};
use crate::model::{CaseNumber, Viewer};
use crate::office::OfficeError;
use crate::web::WebState;
use crate::web::asked::{Number, Readers, Sent};
use crate::web::cases::page;
use crate::web::page::{SubmittedForm, see};
use crate::web::refusal::{Told, refuse, told};
use actix_web::dev::Payload;
use actix_web::error::ErrorBadRequest;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpRequest, HttpResponse};
use futures_util::future::LocalBoxFuture;
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use serde::de::DeserializeOwned;
use serde::de::value::MapDeserializer;
use std::collections::HashMap;

/// The form `F`, from whom, and for which case.
pub(super) struct CaseSent<F> {
    pub lang: Language,
    pub viewer: Viewer,
    pub number: CaseNumber,
    pub form: F,
    /// What was typed, to be shown again.
    pub fields: HashMap<String, String>,
}

impl<F: SentTo> FromRequest for CaseSent<F> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let sent = Sent::<Readers>::from_request(request, payload);
        let number = Number::extract(request);
        Box::pin(async move {
            let (sent, Number(number)) = (sent.await?, number.await?);
            Ok(Self {
                lang: sent.lang,
                viewer: sent.viewer,
                number,
                // What was typed is not repeated by an error.
                form: filled_in(&sent.fields).map_err(|_| ErrorBadRequest("no such form"))?,
                fields: sent.fields,
            })
        })
    }
}

/// The form with these fields. A test shows that there are no fields with which that fails.
pub(super) fn filled_in<F: DeserializeOwned>(
    fields: &HashMap<String, String>,
) -> Result<F, serde::de::value::Error> {
    let fields = fields.iter();
    let fields = fields.map(|(name, text)| (name.as_str(), text.as_str()));
    F::deserialize(MapDeserializer::new(fields))
}

/// Does what the form says.
pub(super) async fn change<F: CaseForm>(sent: CaseSent<F>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer, number) = (sent.lang, sent.viewer, sent.number);
    let leaves = sent.form.leaves(&viewer);
    let error = match sent.form.send(&state.office, &viewer, &number).await {
        Ok(()) if leaves => return see(&format!("/{lang}/queue")),
        Ok(()) => return see(&format!("/{lang}/case/{}", number.0)),
        Err(error) => error,
    };
    let mut typed = SubmittedForm {
        action: F::ACTION.word().to_owned(),
        fields: sent.fields,
    };
    match told_of_case(&error, &mut typed.fields) {
        Some(told) => page(&state, lang, &viewer, &number, &typed, Some(told)).await,
        None => refuse(&state, lang, Some(&viewer), &error),
    }
}

/// As [`told`]; what the words are about stands among the fields then.
fn told_of_case(error: &OfficeError, fields: &mut HashMap<String, String>) -> Option<Told> {
    let unsound = StatusCode::UNPROCESSABLE_ENTITY;
    match error {
        OfficeError::Passage(passage) => {
            fields.insert("passage".to_owned(), passage.to_string());
            Some((unsound, "extract", "error-passage"))
        }
        OfficeError::Objected(open) => {
            let day = |day: Option<Day>| day.map_or_else(|| "?".to_owned(), |day| day.to_string());
            let said = [
                ("objected-number", open.number.0.clone()),
                ("objected-since", day(open.since)),
                ("objected-until", day(open.until)),
            ];
            fields.extend(said.map(|(name, value)| (name.to_owned(), value)));
            Some((unsound, "", "error-objected"))
        }
        error => told(error),
    }
}

/// What is sent to no action of the case page: the same as where there is no case.
pub(in crate::web) async fn unknown(sent: Sent<Readers>, state: Data<WebState>) -> HttpResponse {
    refuse(
        &state,
        sent.lang,
        Some(&sent.viewer),
        &OfficeError::NotYours,
    )
}

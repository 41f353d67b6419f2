//! A form as the staff send it: read like actix's own, with what no keyboard makes turned into line breaks, as at every
//! other door (see [`break_lines`]).

use actix_web::dev::Payload;
use actix_web::{Error, FromRequest, HttpRequest, web};
use futures_util::future::LocalBoxFuture;
use mifeng_sealing::tip::break_lines;
use serde::de::DeserializeOwned;
use std::collections::HashMap;
use std::ops::Deref;

/// The fields of a form. Everything but secrets has only line breaks and tabs for control characters.
pub(super) struct Form<T>(T);

impl<T> Form<T> {
    /// The fields themselves.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Form<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// Fields with names.
pub(super) trait Fields {
    /// Changes each field that is no secret, whose every character counts.
    fn tidied(self) -> Self;
}

impl Fields for HashMap<String, String> {
    fn tidied(mut self) -> Self {
        for (name, value) in &mut self {
            tidy(name, value);
        }
        self
    }
}

impl Fields for Vec<(String, String)> {
    fn tidied(mut self) -> Self {
        for (name, value) in &mut self {
            tidy(name, value);
        }
        self
    }
}

fn tidy(name: &str, value: &mut String) {
    let secret = ["password", "passphrase", "share"];
    if !secret.iter().any(|secret| name.starts_with(secret)) {
        *value = break_lines(value);
    }
}

impl<T: DeserializeOwned + Fields + 'static> FromRequest for Form<T> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = web::Form::<T>::from_request(request, payload);
        Box::pin(async move { Ok(Self(form.await?.into_inner().tidied())) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_pasted_into_a_staff_form_stay_apart_and_secrets_stay_as_typed() {
        let typed = |name: &str| (name.to_owned(), "第一行\u{b}第二行\u{c}第三行".to_owned());
        let names = [
            "reason",
            "text",
            "password",
            "password-now",
            "passphrase",
            "share",
        ];
        let fields: HashMap<_, _> = names.map(typed).into();
        let listed = names.map(typed).to_vec();
        let (fields, listed) = (fields.tidied(), listed.tidied());
        for (name, kept) in listed {
            let expected = match name.as_str() {
                "reason" | "text" => "第一行\n第二行\n第三行",
                _ => "第一行\u{b}第二行\u{c}第三行",
            };
            assert_eq!(
                (kept.as_str(), fields[&name].as_str()),
                (expected, expected),
                "{name}"
            );
        }
    }
}

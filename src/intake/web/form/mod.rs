//! Reads a posted form, multipart or URL-encoded, in memory: no upload is ever spooled to disk. Files are sealed as they
//! stream by, and only what is sealed is written.

mod file_bytes;
mod multipart;
mod urlencoded;

use crate::config::LimitsConfig;
use crate::problem::Problem;
use crate::request::body_as_far_as_it_came;
use crate::web::files::{FileTaker, Files};
use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Payload;
use multipart::Reading;
use std::collections::BTreeMap;
use urlencoded::read_urlencoded;
use zeroize::{Zeroize as _, Zeroizing};

/// Most fields a form may have: ours have a dozen, and one for each file that was kept.
const FIELDS_MAX: usize = 128;

/// A posted form's fields. Wiped when dropped.
pub struct Form(BTreeMap<String, String>);

/// A form that did not come whole.
pub struct Broken {
    /// Why.
    pub problem: Problem,
    /// What came of the text, for the page to give back.
    pub text: Zeroizing<String>,
}

impl Form {
    /// Reads the request's body, and has its files sealed by `taker`. What is wrong with a file spoils neither the other
    /// files nor the fields: it stands in what is returned.
    ///
    /// # Errors
    /// [`Problem::Malformed`] for a broken form or text that is not UTF-8, [`Problem::TooLarge`]; with what came of the
    /// text.
    pub async fn read(
        request: &HttpRequest,
        payload: Payload,
        limits: &LimitsConfig,
        taker: &FileTaker<'_>,
    ) -> Result<(Self, Files), Broken> {
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if content_type.starts_with("multipart/form-data") {
            // A form without files has no more time than any request: nothing renews it.
            let patience = taker.pace(limits.request_timeout_s);
            let mut form = Self(BTreeMap::new());
            let reading = Reading::new(patience, taker);
            return match reading.read(request, payload, &mut form).await {
                Ok(files) => Ok((form, files)),
                Err(problem) => Err(Broken {
                    problem,
                    text: form.take("text").into(),
                }),
            };
        }
        let (bytes, whole) = body_as_far_as_it_came(payload, limits).await;
        let (mut form, fits) = read_urlencoded(&bytes);
        match whole.and(fits) {
            Ok(()) => {
                let kept = FileTaker::kept(&form.0);
                Ok((form, kept))
            }
            Err(problem) => Err(Broken {
                problem,
                text: form.take("text").into(),
            }),
        }
    }

    /// A field's content; empty if it is not there.
    pub fn see(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Takes a field out; empty if it is not there.
    pub fn take(&mut self, name: &str) -> String {
        self.0.remove(name).unwrap_or_default()
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        self.0.values_mut().for_each(String::zeroize);
    }
}

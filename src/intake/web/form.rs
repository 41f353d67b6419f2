//! Reads a posted form, multipart or URL-encoded, in memory: no upload is ever spooled to disk.

use crate::intake::config::LimitsConfig;
use crate::intake::problem::Problem;
use crate::intake::request::{BODY_MAX_BYTES, body};
use actix_multipart::{Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::Payload;
use futures_util::StreamExt as _;
use std::collections::BTreeMap;
use std::time::Duration;
use zeroize::{Zeroize as _, Zeroizing};

/// Most fields a form may have: ours have seven.
const FIELDS_MAX: usize = 32;

/// A posted form's fields. Wiped when dropped.
pub struct Form(BTreeMap<String, String>);

impl Form {
    /// Reads the request's body.
    ///
    /// # Errors
    /// [`Problem::Malformed`] for a broken form or text that is not UTF-8, [`Problem::TooLarge`].
    pub async fn read(
        request: &HttpRequest,
        payload: Payload,
        limits: &LimitsConfig,
    ) -> Result<Self, Problem> {
        let content_type = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        if content_type.starts_with("multipart/form-data") {
            let read = read_multipart(request, payload);
            return tokio::time::timeout(Duration::from_secs(limits.request_timeout_s), read)
                .await
                .unwrap_or(Err(Problem::Malformed));
        }
        read_urlencoded(&body(payload, limits).await?)
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

async fn read_multipart(request: &HttpRequest, payload: Payload) -> Result<Form, Problem> {
    // Counted before it is taken apart: what stands between the parts is held in memory too.
    let mut total = 0;
    let limited = payload.map(move |chunk| {
        let chunk = chunk?;
        total += chunk.len();
        if total > BODY_MAX_BYTES {
            return Err(PayloadError::Overflow);
        }
        Ok(chunk)
    });
    let mut parts = Multipart::new(request.headers(), limited);
    let mut form = Form(BTreeMap::new());
    while let Some(part) = parts.next().await {
        let mut part = part.map_err(why)?;
        let name = part.name().ok_or(Problem::Malformed)?.to_owned();
        let mut bytes = Zeroizing::new(Vec::new());
        while let Some(chunk) = part.next().await {
            bytes.extend_from_slice(&chunk.map_err(why)?);
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| Problem::Malformed)?;
        if form.0.len() >= FIELDS_MAX {
            return Err(Problem::Malformed);
        }
        form.0.insert(name, text.to_owned());
    }
    Ok(form)
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn why(error: MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => Problem::TooLarge,
        _ => Problem::Malformed,
    }
}

fn read_urlencoded(bytes: &[u8]) -> Result<Form, Problem> {
    let pairs: Vec<(String, String)> = actix_web::web::Query::<Vec<(String, String)>>::from_query(
        std::str::from_utf8(bytes).map_err(|_| Problem::Malformed)?,
    )
    .map_err(|_| Problem::Malformed)?
    .into_inner();
    // The decoder puts U+FFFD where the bytes are no UTF-8: a lone surrogate, a broken sequence.
    let broken = pairs.iter().any(|(_, value)| value.contains('\u{fffd}'));
    if pairs.len() > FIELDS_MAX || broken {
        return Err(Problem::Malformed);
    }
    Ok(Form(pairs.into_iter().collect()))
}

//! Handing out a file of a case: always to be saved, never to be shown.

use super::WebState;
use super::cases::{READERS, refuse};
use super::page::{Page, admit};
use crate::streaming::{BrokenOff, Taker};
use crate::triage::cases::CaseNumber;
use crate::triage::desk::DeskError;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use futures_util::{Stream, stream};
use std::fmt::Write as _;

pub(super) async fn download(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    let (lang, member) = match admit(&request, &state, &READERS).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let matched = request.match_info();
    let number = CaseNumber(matched.query("number").to_owned());
    let mut id = [0; 16];
    let opened = match hex::decode_to_slice(matched.query("file"), &mut id) {
        Ok(()) => state.desk.file(&member, &number, id).await,
        Err(_) => Err(DeskError::NotYours),
    };
    match opened {
        Err(error) => refuse(&state, lang, &error),
        // The type is what a stranger said: the browser is not to act on it. `nosniff` stands on every answer.
        Ok(file) => HttpResponse::Ok()
            .content_type("application/octet-stream")
            .insert_header((header::CONTENT_DISPOSITION, disposition(&file.about.name)))
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "sandbox; default-src 'none'",
            ))
            .no_chunking(file.about.size_bytes)
            .streaming(pieces(file.content)),
    }
}

/// `attachment` with the name twice: in ASCII for old programs, and as RFC 8187 writes it.
fn disposition(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() || "._- ".contains(c) {
            c
        } else {
            '_'
        }
    };
    let ascii: String = name.chars().map(plain).collect();
    let mut encoded = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

fn pieces(content: Taker) -> impl Stream<Item = Result<Bytes, BrokenOff>> {
    stream::unfold(Some(content), async |content| {
        let mut content = content?;
        match content.take().await {
            Ok(None) => None,
            Ok(Some(bytes)) => Some((Ok(Bytes::from(bytes)), Some(content))),
            Err(broken) => Some((Err(broken), None)),
        }
    })
}

impl Page<'_> {
    /// A length as people say it.
    pub fn size(&self, bytes: u64) -> String {
        let (key, number) = match bytes {
            0..1_000_000 => ("size-kilobytes", bytes.div_ceil(1_000)),
            _ => ("size-megabytes", bytes.div_ceil(1_000_000)),
        };
        self.w.say_with(key, &[("number", &number.to_string())])
    }

    /// Where a file is.
    pub fn file_state(&self, state: crate::triage::store::AttachmentState) -> String {
        self.w.say(&format!("file-{}", state.code()))
    }
}

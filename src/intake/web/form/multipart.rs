//! Reads a multipart form as it arrives: its fields into memory, and each file handed on as it streams by.

use super::file_bytes::FileBytes;
use super::{FIELDS_MAX, Form};
use crate::attachments::FileProblem;
use crate::problem::Problem;
use crate::request::{BODY_MAX_BYTES, Pace};
use crate::web::files::{FileTaker, Files};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::web::{Bytes, Payload};
use futures_util::{Stream, StreamExt as _};
use std::cell::Cell;
use std::future::ready;
use std::rc::Rc;
use zeroize::Zeroizing;

/// Of a file, what the parser may have read ahead of whoever seals it, in bytes.
const AHEAD_BYTES: u64 = 256 * 1024;

pub(super) struct Reading<'a> {
    patience: Pace,
    taker: &'a FileTaker<'a>,
    /// Bytes of files that went through.
    file_bytes: Rc<Cell<u64>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(patience: Pace, taker: &'a FileTaker<'a>) -> Self {
        Self {
            patience,
            taker,
            file_bytes: Rc::default(),
        }
    }

    pub(super) async fn read(
        &self,
        request: &HttpRequest,
        payload: Payload,
        form: &mut Form,
    ) -> Result<Files, Problem> {
        let mut parts = Multipart::new(request.headers(), self.limited(payload));
        let mut files: Option<Files> = None;
        while let Some(part) = wait(&self.patience, parts.next()).await? {
            let mut part = part.map_err(why)?;
            let name = part.name().ok_or(Problem::Malformed)?.to_owned();
            let file_name = part
                .content_disposition()
                .and_then(|disposition| disposition.get_filename().map(str::to_owned));
            if let Some(file_name) = file_name {
                let files = files.get_or_insert_with(|| FileTaker::kept(&form.0));
                self.take_file(form, files, &file_name, &mut part).await?;
            } else {
                if form.0.len() >= FIELDS_MAX {
                    return Err(Problem::Malformed);
                }
                let mut bytes = Zeroizing::new(Vec::new());
                let taken = self.take_text(&mut part, &mut bytes).await;
                // Kept even if it is cut short: whoever wrote it gets it back.
                let text = String::from_utf8_lossy(&bytes).into_owned();
                form.0.insert(name, text);
                taken?;
            }
        }
        Ok(files.unwrap_or_else(|| FileTaker::kept(&form.0)))
    }

    /// The body, counted before it is taken apart: all but files is held in memory, and what stands between the parts
    /// is too. A line that breaks is an end without the form's own end: the parser hears of an error before it gives out
    /// what came before it, and the text would be lost.
    fn limited(&self, payload: Payload) -> impl Stream<Item = Result<Bytes, PayloadError>> + use<> {
        let file_bytes = Rc::clone(&self.file_bytes);
        let mut total = 0;
        let came = payload.take_while(|chunk| ready(chunk.is_ok()));
        came.map(move |chunk| {
            let chunk = chunk?;
            total += chunk.len() as u64;
            let ahead = if file_bytes.get() > 0 { AHEAD_BYTES } else { 0 };
            if total > file_bytes.get() + ahead + BODY_MAX_BYTES as u64 {
                return Err(PayloadError::Overflow);
            }
            Ok(chunk)
        })
    }

    async fn take_text(&self, part: &mut Field, bytes: &mut Vec<u8>) -> Result<(), Problem> {
        while let Some(chunk) = wait(&self.patience, part.next()).await? {
            bytes.extend_from_slice(&chunk.map_err(why)?);
            if bytes.len() > BODY_MAX_BYTES {
                return Err(Problem::TooLarge);
            }
        }
        std::str::from_utf8(bytes).map_err(|_| Problem::Malformed)?;
        Ok(())
    }

    /// Has one file sealed. A field in which none was chosen has neither name nor bytes.
    async fn take_file(
        &self,
        form: &Form,
        files: &mut Files,
        name: &str,
        part: &mut Field,
    ) -> Result<(), Problem> {
        let mut bytes = FileBytes::new(part, &self.file_bytes, &self.patience);
        if name.is_empty() {
            while let Some(bytes) = bytes.next().await {
                bytes.map_err(|()| Problem::Malformed)?;
            }
            return Ok(());
        }
        let taken = self.taker.take(&form.0, files, name, &mut bytes).await;
        if let Some(problem) = bytes.broken() {
            return Err(problem);
        }
        if let Err(problem) = taken {
            files.spoil(problem);
            self.hear_out(bytes).await?;
        }
        Ok(())
    }

    /// What is left of a file that is not taken: a browser that is still sending hears no answer before.
    async fn hear_out(&self, mut bytes: FileBytes<'_>) -> Result<(), Problem> {
        while let Some(chunk) = bytes.next().await {
            chunk.map_err(|()| Problem::Malformed)?;
            if self.file_bytes.get() > self.taker.hear_out_max_bytes() {
                return Err(Problem::File(FileProblem::CutShort));
            }
        }
        Ok(())
    }
}

/// What comes within the time for it: the fields within a short one, which only the bytes of files lengthen.
async fn wait<T>(patience: &Pace, for_what: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout_at(patience.deadline(), for_what)
        .await
        .map_err(|_| Problem::Malformed)
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
pub(super) fn why(error: MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => Problem::TooLarge,
        // Of what stands before a part only a file's name is the sender's own: it holds what no header may.
        MultipartError::Parse(_) => FileProblem::NameUnreadable.into(),
        _ => Problem::Malformed,
    }
}

//! Reads a posted form, multipart or URL-encoded, in memory: no upload is ever spooled to disk. Files are sealed as they
//! stream by, and only what is sealed is written.

use super::files::{FileTaker, Files};
use crate::attachments::FileProblem;
use crate::config::LimitsConfig;
use crate::problem::Problem;
use crate::request::{BODY_MAX_BYTES, Pace, body_as_far_as_it_came};
use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, Payload};
use futures_util::{Stream, StreamExt as _};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::future::ready;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use zeroize::{Zeroize as _, Zeroizing};

/// Most fields a form may have: ours have a dozen, and one for each file that was kept.
const FIELDS_MAX: usize = 128;

/// Of a file, what the parser may have read ahead of whoever seals it, in bytes.
const AHEAD_BYTES: u64 = 256 * 1024;

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

struct Reading<'a> {
    patience: Pace,
    taker: &'a FileTaker<'a>,
    /// Bytes of files that went through.
    file_bytes: Rc<Cell<u64>>,
}

impl<'a> Reading<'a> {
    fn new(patience: Pace, taker: &'a FileTaker<'a>) -> Self {
        Self {
            patience,
            taker,
            file_bytes: Rc::default(),
        }
    }

    async fn read(
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
        let mut bytes = FileBytes {
            part,
            counted: &self.file_bytes,
            patience: &self.patience,
            begun: false,
            wait: None,
            ended: false,
            broken: None,
        };
        if name.is_empty() {
            while let Some(bytes) = bytes.next().await {
                bytes.map_err(|()| Problem::Malformed)?;
            }
            return Ok(());
        }
        let taken = self.taker.take(&form.0, files, name, &mut bytes).await;
        if let Some(problem) = bytes.broken {
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

/// The bytes of one file, counted, each within the time for it.
struct FileBytes<'a> {
    part: &'a mut Field,
    counted: &'a Cell<u64>,
    patience: &'a Pace,
    begun: bool,
    wait: Option<Pin<Box<tokio::time::Sleep>>>,
    /// The parser must not be asked again then.
    ended: bool,
    /// Why the whole form broke off here.
    broken: Option<Problem>,
}

impl Stream for FileBytes<'_> {
    type Item = Result<Bytes, ()>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if !self.begun {
            // Until now it may have waited for its place.
            self.begun = true;
            self.patience.begin();
        }
        match Pin::new(&mut *self.part).poll_next(context) {
            Poll::Ready(Some(Ok(bytes))) => {
                self.counted.set(self.counted.get() + bytes.len() as u64);
                self.patience.came(bytes.len());
                self.wait = None;
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.ended = true;
                self.broken = Some(why(error));
                Poll::Ready(Some(Err(())))
            }
            Poll::Ready(None) => {
                self.ended = true;
                // For what comes behind it, were it as slow as it may be.
                self.patience.begin();
                Poll::Ready(None)
            }
            Poll::Pending => {
                let until = self.patience.deadline();
                let wait = self
                    .wait
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
                if wait.as_mut().poll(context).is_ready() {
                    self.ended = true;
                    self.broken = Some(Problem::Malformed);
                    return Poll::Ready(Some(Err(())));
                }
                Poll::Pending
            }
        }
    }
}

/// What comes within the time for it: the fields within a short one, which only the bytes of files lengthen.
async fn wait<T>(patience: &Pace, for_what: impl Future<Output = T>) -> Result<T, Problem> {
    tokio::time::timeout_at(patience.deadline(), for_what)
        .await
        .map_err(|_| Problem::Malformed)
}

#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn why(error: MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => Problem::TooLarge,
        // Of what stands before a part only a file's name is the sender's own: it holds what no header may.
        MultipartError::Parse(_) => FileProblem::NameUnreadable.into(),
        _ => Problem::Malformed,
    }
}

/// Reads a URL-encoded form as browsers write it: a percent sign without a code stands for itself, and a character that cannot
/// be shown may have been pasted. Whatever cannot be taken is given back as far as it can be read.
fn read_urlencoded(bytes: &[u8]) -> (Form, Result<(), Problem>) {
    let mut form = Form(BTreeMap::new());
    let mut verdict = Ok(());
    for (number, pair) in bytes.split(|byte| *byte == b'&').enumerate() {
        let mut parts = pair.splitn(2, |byte| *byte == b'=');
        let (name, is_name) = decoded(parts.next().unwrap_or_default());
        let (value, is_text) = decoded(parts.next().unwrap_or_default());
        if !is_name || !is_text || number >= FIELDS_MAX {
            verdict = Err(Problem::Malformed);
        }
        // Behind the most fields that a form may have nothing is kept but what somebody wrote.
        if number < FIELDS_MAX || name == "text" {
            form.0.insert(name, value);
        }
    }
    (form, verdict)
}

/// A name or a value with its codes read, and whether it is UTF-8; what is not stands there as U+FFFD.
fn decoded(typed: &[u8]) -> (String, bool) {
    let mut bytes = Zeroizing::new(Vec::with_capacity(typed.len()));
    let mut rest = typed;
    while let [first, after @ ..] = rest {
        let code = match after {
            [high, low, ..] if *first == b'%' => hex_value(*high).zip(hex_value(*low)),
            _ => None,
        };
        if let Some((high, low)) = code {
            bytes.push(high * 16 + low);
            rest = &after[2..];
        } else {
            bytes.push(if *first == b'+' { b' ' } else { *first });
            rest = after;
        }
    }
    let is_text = std::str::from_utf8(&bytes).is_ok();
    (String::from_utf8_lossy(&bytes).into_owned(), is_text)
}

fn hex_value(digit: u8) -> Option<u8> {
    let value = char::from(digit).to_digit(16)?;
    u8::try_from(value).ok()
}

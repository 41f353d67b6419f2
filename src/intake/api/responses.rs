//! Answers of the API: one size for a pickup whatever is inside, and problem documents.

use crate::mailbox::MailboxContent;
use crate::problem::Problem;
use crate::web::words::say_problem;
use actix_web::HttpResponse;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use mifeng_foundation::words::Language;
use serde_json::{Value, json};

/// Smallest answer to a pickup, in bytes; larger mailboxes double it.
pub const PICKUP_CLASS_BYTES: usize = 8 * 1024;

/// Smallest page that shows a mailbox, in bytes; larger ones double it.
pub const PAGE_CLASS_BYTES: usize = 16 * 1024;

/// Fills an API answer up to its class.
#[must_use]
pub fn padded(body: String, filler: char) -> String {
    padded_to(body, filler, PICKUP_CLASS_BYTES)
}

/// Fills `body` up with `filler` to the next class, so that its length says nothing of what is inside.
#[must_use]
pub fn padded_to(mut body: String, filler: char, smallest_class_bytes: usize) -> String {
    let mut class = smallest_class_bytes;
    while class < body.len() {
        class *= 2;
    }
    let missing = class - body.len();
    body.extend(std::iter::repeat_n(filler, missing));
    body
}

/// The one word that the first line of an answer ends with, whatever its status: the usual ones differ in length.
const REASON: &str = "Answer";

/// Length up to which the headers that differ among answers are filled, in bytes.
const HEAD_BYTES: usize = 256;

/// The name of the header that fills them.
const FILLER: HeaderName = HeaderName::from_static("mifeng-filler");

/// Makes an answer's head as long as that of any other: with its body in a class, an answer says by its length on the
/// line neither whether there is something nor what.
#[must_use]
pub fn even(mut response: HttpResponse) -> HttpResponse {
    response.head_mut().reason = Some(REASON);
    let headers = response.headers();
    let length: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len())
        .sum();
    let filler = "0".repeat(HEAD_BYTES.saturating_sub(length));
    if let Ok(filler) = HeaderValue::from_str(&filler) {
        response.headers_mut().insert(FILLER, filler);
    }
    response
}

/// A mailbox's content.
pub fn pickup(content: &MailboxContent) -> HttpResponse {
    let messages: Vec<Value> = content
        .messages
        .iter()
        .map(|message| json!({"day": message.day, "kind": message.kind, "text": message.text}))
        .collect();
    let timeline: Vec<Value> = content
        .timeline
        .iter()
        .map(|(day, status)| json!({"day": day, "status": status}))
        .collect();
    let latest = content.latest.as_ref();
    let body = json!({
        "status": content.status(),
        "due_day": content.due_day(),
        "due_is_provisional": content.due_is_provisional(),
        "due_rule": {
            "zh-Hans": latest.map_or("", |m| &m.due_source_zh),
            "en": latest.map_or("", |m| &m.due_source_en),
        },
        "timeline": timeline,
        "messages": messages,
        "messages_read": latest.map_or(0, |m| m.messages_read),
        "opened_before": content.opened_before,
        "sent": content.sent(),
        "sent_left_out": content.sent_left_out(),
        "clocks": latest.map_or(&[][..], |m| &m.deadlines),
        "question_waits": content.question().is_some(),
        "aftercare_answered_days": latest.map_or(0, |m| m.aftercare_answered_days),
    });
    HttpResponse::Ok()
        .content_type("application/json")
        .body(padded(body.to_string(), ' '))
}

/// A problem document (RFC 9457) in `language`; filled up to `class_bytes` if they are given.
#[must_use]
pub fn problem(problem: Problem, language: Language, class_bytes: Option<usize>) -> HttpResponse {
    let status = problem.status();
    let seconds = match problem {
        Problem::TooMany { retry_after_s } => retry_after_s,
        _ => 0,
    };
    let mut body = json!({
        "type": format!("urn:mifeng:{}", problem.key()),
        "title": say_problem(problem, language),
        "status": status.as_u16(),
        "field": problem.field(),
    });
    if let Problem::ProofWanted(challenge) = problem {
        body["challenge"] = challenge.to_string().into();
        body["proof_bits"] = challenge.bits.into();
    }
    let body = body.to_string();
    let body = match class_bytes {
        Some(class_bytes) => padded_to(body, ' ', class_bytes),
        None => body,
    };
    let mut response = HttpResponse::build(status);
    response.content_type("application/problem+json");
    response.insert_header((header::CONTENT_LANGUAGE, language.tag()));
    if seconds > 0 {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    response.body(body)
}

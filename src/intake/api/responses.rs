//! Answers of the API: one size for a pickup whatever is inside, and problem documents.

use crate::intake::mailbox::MailboxContent;
use crate::intake::problem::Problem;
use crate::intake::web::words::words;
use crate::tip::Language;
use actix_web::HttpResponse;
use actix_web::http::header;
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

/// A mailbox's content.
pub fn pickup(content: &MailboxContent) -> HttpResponse {
    let messages: Vec<Value> = content
        .messages
        .iter()
        .map(|message| json!({"day": message.day, "kind": message.kind, "text": message.text}))
        .collect();
    let body = json!({
        "status": content.status,
        "due_day": content.due_day,
        "due_is_provisional": content.due_is_provisional,
        "messages": messages,
    });
    HttpResponse::Ok()
        .content_type("application/json")
        .body(padded(body.to_string(), ' '))
}

/// A problem document (RFC 9457) in `language`; of a pickup's size if `like_pickup`.
pub fn problem(problem: Problem, language: Language, like_pickup: bool) -> HttpResponse {
    let words = words(language);
    let status = problem.status();
    let limits = [
        ("max", crate::tip::TEXT_MAX_CHARS.to_string()),
        ("field-max", crate::tip::FIELD_MAX_CHARS.to_string()),
    ];
    let mut variables: Vec<(&'static str, &str)> =
        limits.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let seconds = match problem {
        Problem::TooMany { retry_after_s } => retry_after_s,
        _ => 0,
    };
    let minutes = seconds.div_ceil(60).to_string();
    variables.push(("minutes", &minutes));
    let number = problem.file_number();
    variables.push(("number", &number));
    let body = json!({
        "type": format!("urn:mifeng:{}", problem.key()),
        "title": words.say_with(problem.key(), &variables),
        "status": status.as_u16(),
        "field": problem.field(),
    })
    .to_string();
    let body = if like_pickup { padded(body, ' ') } else { body };
    let mut response = HttpResponse::build(status);
    response.content_type("application/problem+json");
    response.insert_header((header::CONTENT_LANGUAGE, language.tag()));
    if seconds > 0 {
        response.insert_header((header::RETRY_AFTER, seconds));
    }
    response.body(body)
}

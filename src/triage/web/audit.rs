//! The auditor's page: the audit log, and whether it holds. No tip, no number of a case, no words of a case.

use super::WebState;
use super::admission::AREAS;
use super::asked::{Admitted, Auditors};
use super::page::{Page, failed, render};
use crate::audit::{Act, Broken, Kind, audit_id};
use crate::model::{AUDIT_ID_BYTES, AuditQuery, AuditRow, Head, Member, MemberId};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::words::Language;
use std::collections::HashMap;

/// Rows on a page.
const PAGE: u32 = 100;

/// A row, in words.
struct Line {
    sequence: i64,
    day: String,
    time: String,
    /// Name and id, for the link to what else she did; empty for nobody.
    actor: (String, String),
    what: String,
    detail: String,
    /// Of a case; empty for none.
    case: String,
}

#[derive(Template)]
#[template(path = "staff_audit.html")]
struct AuditPage<'a> {
    p: &'a Page<'a>,
    lines: Vec<Line>,
    /// Filters: what the case and the member are called; empty for none.
    case: String,
    actor: String,
    wrong: bool,
    head: String,
    /// Where the next, older page begins, with the filters.
    older: String,
    /// Whether the whole chain was gone through, and what was found.
    checked: Option<(bool, String)>,
}

pub(super) async fn show(
    query: Query<HashMap<String, String>>,
    who: Admitted<Auditors>,
    state: Data<WebState>,
) -> HttpResponse {
    page(&state, who.lang, &who.viewer, &query)
        .await
        .unwrap_or_else(|error| failed(&state, who.lang, &error))
}

async fn page(
    state: &WebState,
    lang: Language,
    viewer: &Member,
    query: &HashMap<String, String>,
) -> Result<HttpResponse, StoreError> {
    let audit_log = state.office.audit_log();
    let text = |name: &str| query.get(name).map_or("", |value| value.trim());
    let (case, actor) = (text("case"), text("member"));
    let asked = AuditQuery {
        before: text("before").parse().ok(),
        case: id_from_hex::<AUDIT_ID_BYTES>(case),
        actor: id_from_hex(actor).map(MemberId),
    };
    let wrong = asked.case.is_none() && !case.is_empty();
    let check = !text("check").is_empty();
    let kind = if check {
        Kind::AuditLogChecked
    } else {
        Kind::AuditLogSeen
    };
    audit_log.record(Some(viewer.id), Act::new(kind)).await?;
    let members = state.sign_in.store.members().await?;
    let rows = if wrong {
        Vec::new()
    } else {
        audit_log.rows(asked, PAGE).await?
    };
    let p = Page::new(state, lang, Some(viewer), "trail")
        .at(format!("trail?case={case}&member={actor}"));
    let checked = if check {
        Some(found(&p, audit_log.verify(&[]).await?))
    } else {
        None
    };
    let older = match rows.last() {
        Some(last) if rows.len() == PAGE as usize => {
            format!("case={case}&member={actor}&before={}", last.sequence)
        }
        _ => String::new(),
    };
    let name = |id: MemberId| name_of(&members, id);
    Ok(render(
        StatusCode::OK,
        &AuditPage {
            lines: rows.iter().map(|row| line(&p, &members, row)).collect(),
            p: &p,
            case: case.to_owned(),
            actor: asked.actor.map(name).unwrap_or_default(),
            wrong,
            head: audit_log.head().await?.to_string(),
            older,
            checked,
        },
    ))
}

/// What going through the chain found, in words.
fn found(p: &Page<'_>, result: Result<Head, Broken>) -> (bool, String) {
    match result {
        Ok(head) => {
            let count = head.sequence.to_string();
            (true, p.w.say_with("audit-holds", &[("count", &count)]))
        }
        Err(broken) => {
            let row = broken.row().to_string();
            (false, p.w.say_with("audit-broken", &[("row", &row)]))
        }
    }
}

fn id_from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut id = [0; N];
    hex::decode_to_slice(text, &mut id).ok().map(|()| id)
}

fn name_of(members: &[Member], id: MemberId) -> String {
    let member = members.iter().find(|member| member.id == id);
    member.map_or_else(
        || hex::encode(&id.0[..AUDIT_ID_BYTES]),
        |member| member.name.clone(),
    )
}

fn line(p: &Page<'_>, members: &[Member], row: &AuditRow) -> Line {
    let link = &row.link;
    let time = link.second.map(|second| {
        let minutes = second / 60;
        format!("{:02}:{:02}:{:02}", minutes / 60, minutes % 60, second % 60)
    });
    // A kind or a code of a later version is shown as it stands.
    let word = |key: String, code: &str| {
        if p.w.has(&key) {
            p.w.say(&key)
        } else {
            code.to_owned()
        }
    };
    let object = link
        .object
        .and_then(|id| members.iter().find(|member| member.id.0 == id));
    let detail = match object {
        None if link.kind == Kind::Exported.code() => exported(p, &link.detail),
        Some(member) => member.name.clone(),
        None if link.detail.is_empty() => String::new(),
        None if link.kind == Kind::Destroyed.code() => destroyed(p, &link.detail),
        None => word(detail_key(&link.kind, &link.detail), &link.detail),
    };
    Line {
        sequence: row.sequence,
        day: link.day.to_string(),
        time: time.unwrap_or_default(),
        actor: link
            .actor
            .map(|id| (name_of(members, id), hex::encode(id.0)))
            .unwrap_or_default(),
        what: word(format!("audit-{}", link.kind), &link.kind),
        detail,
        case: link.case.map(audit_id).unwrap_or_default(),
    }
}

/// What was destroyed, in words; a detail of a later version as it stands.
fn destroyed(p: &Page<'_>, detail: &str) -> String {
    let parts: Vec<_> = detail.split(' ').collect();
    let [number, rule, rows, files] = parts[..] else {
        return detail.to_owned();
    };
    let by_two = p.w.say("audit-by-two");
    let rule = if rule == "by-two" { &by_two } else { rule };
    let parts = [
        ("number", number),
        ("rule", rule),
        ("rows", rows),
        ("files", files),
    ];
    p.w.say_with("audit-destroyed-what", &parts)
}

/// What left the office: which table, with how many lines, and what they were asked for by, in codes.
fn exported(p: &Page<'_>, detail: &str) -> String {
    let mut parts = detail.splitn(3, ' ');
    let [table, lines, filter] = [(); 3].map(|()| parts.next().unwrap_or_default());
    let variables = [("table", table), ("lines", lines), ("filter", filter)];
    p.w.say_with("audit-exported-detail", &variables)
}

/// The key of the words for a detail, which depends on what it is a detail of.
fn detail_key(kind: &str, detail: &str) -> String {
    let is = |one: Kind| kind == one.code();
    if is(Kind::Failed) {
        format!("audit-{detail}")
    } else if is(Kind::StateChanged) {
        format!("state-{detail}")
    } else if is(Kind::QueueSeen) {
        format!("view-{detail}")
    } else if is(Kind::Escalated) {
        format!("escalation-{detail}")
    } else if kind == Kind::ModeChanged.code() {
        format!("mode-{detail}")
    } else if kind == Kind::TypedIn.code() {
        format!("channel-{detail}")
    } else if kind == Kind::OpinionSigned.code() {
        format!("opinion-{detail}")
    } else if kind == Kind::PaperWritten.code() {
        format!("paper-{detail}")
    } else if AREAS.contains(&detail) {
        format!("area-{detail}")
    } else {
        format!("audit-detail-{detail}")
    }
}

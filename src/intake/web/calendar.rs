//! A promised day as a calendar file: one event of a whole day, called as a parcel locker calls it, that names neither the
//! office nor this site.

use crate::desk::IntakeDesk;
use crate::problem::Problem;
use crate::web::respond::{frame, problem_page};
use actix_web::http::header::{self, ContentDisposition, DispositionParam, DispositionType};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use mifeng_foundation::clock::Day;

/// How far a promised day may lie ahead, in days: no rule of a sample is longer with its extension.
const AHEAD_DAYS: i32 = 400;

/// The address of the file for `day`, after a page's base.
#[must_use]
pub fn address(base: &str, day: Day) -> String {
    format!("{base}/day/{day}.ics")
}

/// `GET`: the file. The day stands in the address, which tells no more than that somebody was promised it.
pub async fn day(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    let (office, page) = match frame(&request, &desk, "check") {
        Ok(framed) => framed,
        Err(problem) => return problem_page(&request, &desk, problem),
    };
    let today = desk.today(office);
    let asked = request.match_info().query("day").parse::<Day>();
    let Some(day) = asked
        .ok()
        .filter(|day| (-AHEAD_DAYS..=AHEAD_DAYS).contains(&day.days_since(today)))
    else {
        return problem_page(&request, &desk, Problem::NotFound);
    };
    let date = day.to_string().replace('-', "");
    HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(format!("{date}.ics"))],
        })
        .body(file(&date, &page.say("calendar-name")))
}

/// RFC 5545. Nothing in it comes from a stranger: the name is one of ours, without signs that would have to be escaped.
fn file(date: &str, name: &str) -> String {
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Calendar//Day//EN".to_owned(),
        "BEGIN:VEVENT".to_owned(),
        // The same day saved twice is one entry.
        format!("UID:{date}@calendar"),
        format!("DTSTAMP:{date}T000000Z"),
        format!("DTSTART;VALUE=DATE:{date}"),
        format!("SUMMARY:{name}"),
        "TRANSP:TRANSPARENT".to_owned(),
        "END:VEVENT".to_owned(),
        "END:VCALENDAR".to_owned(),
    ];
    lines.map(|line| line + "\r\n").concat()
}

//! A table as a file that leaves the office.

use super::page::Page;
use crate::ledger::{Cell, Format, LedgerLine, Sheet, Sort};
use actix_web::HttpResponse;
use actix_web::http::header::{ContentDisposition, DispositionParam, DispositionType};

/// The lines as a table to take away.
pub(super) fn sheet(p: &Page<'_>, lines: &[LedgerLine]) -> Sheet {
    let text = |text: String| Cell::Text(text);
    let row = |line: &LedgerLine| {
        vec![
            text(line.number.0.clone()),
            text(p.state(line.state)),
            line.mode.map_or(Cell::Empty, |mode| text(p.mode(mode))),
            text(p.category(line.category)),
            text(p.unit(&line.unit)),
            match &line.handler {
                Some(names) => text(names.clone()),
                None => Cell::Empty,
            },
            Cell::Day(line.received_day),
            line.due_day.map_or(Cell::Empty, Cell::Day),
            text(p.ledger_due(line)),
            line.outcome.map_or(Cell::Empty, |one| text(p.outcome(one))),
            match &line.joined_to {
                Some(lead) => text(lead.0.clone()),
                None => Cell::Empty,
            },
        ]
    };
    let mut columns: Vec<String> = Sort::ALL.iter().map(|sort| p.column(*sort)).collect();
    columns.insert(8, p.w.say("col-time"));
    columns.push(p.w.say("col-joined"));
    Sheet {
        columns,
        rows: lines.iter().map(row).collect(),
        day: p.state.office.today(),
        cut: p.w.say("cell-cut"),
    }
}

/// A table as a file to save, put together beside the event loop. Its name says nothing but what kind it is.
pub(super) async fn file(sheet: Sheet, format: Format, name: &str) -> HttpResponse {
    let day = sheet.day;
    let made = tokio::task::spawn_blocking(move || sheet.to_file(format)).await;
    let Ok(Some(made)) = made else {
        return HttpResponse::InternalServerError().finish();
    };
    let name = format!("{name}-{day}.{}", format.code());
    HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header(ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![DispositionParam::Filename(name)],
        })
        .body(made)
}

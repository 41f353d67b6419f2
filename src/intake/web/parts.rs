//! What the script of the pickup page needs to show a mailbox that it opened itself: the page behind a code with nothing
//! filled in, its words, and the office's keys. The same for everyone, so it is sent packed.

use super::files_view::FilesView;
use super::findings::Findings;
use super::respond::{frame, problem_page, show_open};
use super::script_words::{file_words, status_words};
use super::status::{Parts, StatusPage};
use crate::desk::IntakeDesk;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// `GET`.
pub async fn show(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    let (office, page) = match frame(&request, &desk, "check") {
        Ok(framed) => framed,
        Err(problem) => return problem_page(&request, &desk, problem),
    };
    let files = FilesView::new(&page, &desk, &[], &Findings::new()).scripted();
    let parts = Parts {
        office,
        today: desk.today(office),
        words: [status_words(&page), file_words(&page, &desk)].concat(),
    };
    show_open(&request, &StatusPage::sample(&page, files, parts))
}

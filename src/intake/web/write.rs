//! The form, and the page with the code that answers it.

use super::calendar;
use super::files::{FileTaker, Files};
use super::files_view::kept_files;
use super::findings::Findings;
use super::form::Form;
use super::page::Page;
use super::respond::{self, frame, problem_page, retry_after, sorry, whole};
use super::start::ACKNOWLEDGE_DAYS;
use super::views::{Code, ErrorView, ProblemPage, Write};
use super::waiting::wait;
use crate::attachments::FileProblem;
use crate::desk::IntakeDesk;
use crate::flood::{Place, Turn};
use crate::problem::Problem;
use crate::rate_limits::RateLimits;
use crate::request::{admit, source};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::words::Language;
use mifeng_sealing::tip::{RawTip, Tip};
use mifeng_sealing::{MailboxSecrets, OfficeManifest, PickupCode};
use std::sync::Arc;

/// The empty form, with the code it will use: a repeated POST then means the same tip.
fn empty_form(page: &Page<'_>, office: &OfficeManifest, desk: &IntakeDesk) -> HttpResponse {
    let code = PickupCode::generate(desk.entropy.as_ref());
    respond::show(&Write::new(
        page,
        desk,
        office,
        &code,
        (&RawTip::default(), &Findings::new()),
        None,
    ))
}

/// `GET`.
pub async fn show(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    match frame(&request, &desk, "write") {
        Ok((office, page)) => empty_form(&page, office, &desk),
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

/// `POST`.
pub async fn submit(
    request: HttpRequest,
    payload: Payload,
    desk: Data<IntakeDesk>,
    limits: Data<RateLimits>,
) -> HttpResponse {
    let (office, page) = match frame(&request, &desk, "write") {
        Ok(framed) => framed,
        Err(problem) => return problem_page(&request, &desk, problem),
    };
    let allowed = admit(&request, &limits).await;
    let from = source(&request, limits.config());
    let taker = FileTaker::of_tip(&desk, office, (&limits, from), allowed);
    let read = Form::read(&request, payload, limits.config(), &taker).await;
    let (form, files) = match read {
        Ok(read) => read,
        Err(broken) => return sorry(&page, broken.problem, &broken.text),
    };
    let verdict = allowed.and(files.verdict());
    let Some(ready) = Ready::new(desk.clone(), office, &page, form, files) else {
        return problem_page(&request, &desk, Problem::UnknownOffice);
    };
    let tip = match verdict.and_then(|()| Ok(Tip::parse(&ready.raw)?)) {
        Ok(tip) => tip,
        Err(problem) => return ready.again(problem).respond(),
    };
    let place = ready.place(limits.lane(source(&request, limits.config())));
    match limits.flood().turn(place) {
        Turn::Now => ready.store(&tip).await.respond(),
        Turn::NoRoom => ready.again(Problem::NO_ROOM).respond(),
        Turn::Ahead(ahead) => wait(ready, tip, place, ahead, limits),
    }
}

/// A form that came whole, with all that its answer needs.
pub(super) struct Ready {
    pub desk: Data<IntakeDesk>,
    office: Arc<OfficeManifest>,
    language: Language,
    large: bool,
    pub code: PickupCode,
    pub raw: RawTip,
    pub findings: Findings,
}

/// The page that answers a form.
pub(super) struct Answer {
    pub html: Option<String>,
    problem: Option<Problem>,
}

impl Answer {
    fn new(page: &impl Template, problem: Option<Problem>) -> Self {
        Self {
            html: page.render().ok(),
            problem,
        }
    }

    fn respond(self) -> HttpResponse {
        let status = self.problem.map_or(StatusCode::OK, Problem::status);
        let Some(html) = self.html else {
            return HttpResponse::InternalServerError().finish();
        };
        retry_after(whole(status, html), self.problem)
    }
}

impl Ready {
    fn new(
        desk: Data<IntakeDesk>,
        office: &OfficeManifest,
        page: &Page<'_>,
        mut form: Form,
        files: Files,
    ) -> Option<Self> {
        // A form whose hidden field was lost gets a code of its own; only its repeat would be a second tip.
        let code = PickupCode::parse(&form.take("code"))
            .unwrap_or_else(|_| PickupCode::generate(desk.entropy.as_ref()));
        Some(Self {
            office: desk.office(office.slug()).ok()?.clone(),
            language: page.language(),
            large: page.large,
            code,
            raw: RawTip {
                category: form.take("category"),
                school: form.take("school"),
                subject: form.take("subject"),
                when: form.take("when"),
                text: form.take("text"),
                language: page.language().tag().to_owned(),
                attachments: files.attachments,
                only_above: form.take("only_above") == "yes",
            },
            findings: files.findings,
            desk,
        })
    }

    pub fn page(&self) -> Page<'_> {
        Page::new(&self.office, self.language, self.large, "write")
    }

    /// Its place in the queue: the same when it is sent again.
    fn place(&self, lane: [u8; 16]) -> Place {
        let digest = MailboxSecrets::derive(&self.code, self.office.slug())
            .lookup()
            .digest();
        let (form, _) = digest.as_bytes().split_at(16);
        Place {
            lane,
            form: form.try_into().expect("half of 32 bytes"),
        }
    }

    /// Stores it: the page with the code once it is on disk, else what went wrong.
    pub async fn store(&self, tip: &Tip) -> Answer {
        let stored = self
            .desk
            .submit(&self.office, tip, &self.code, self.raw.only_above)
            .await;
        let page = self.page();
        match stored.map_err(Problem::from) {
            Ok(received_day) => {
                let acknowledge_day = received_day.plus_days(ACKNOWLEDGE_DAYS);
                let code = Code {
                    page: &page,
                    groups: self.code.groups(),
                    received_day: &page.day(received_day),
                    acknowledge_day: &page.day(acknowledge_day),
                    calendar: calendar::address(&page.base(), acknowledge_day),
                    sealed_by: "code-sealed-by-server",
                    files: kept_files(&page, &self.raw.attachments, &self.findings),
                };
                Answer::new(&code, None)
            }
            Err(Problem::CodeUsed) => {
                let error = ErrorView::new(&page, Problem::CodeUsed);
                let sorry = ProblemPage {
                    page: &page,
                    text: &error.text,
                    kept: &self.raw.text,
                };
                Answer::new(&sorry, Some(Problem::CodeUsed))
            }
            Err(problem) => self.again(problem),
        }
    }

    /// The form with what was typed, and what to change.
    pub fn again(&self, problem: Problem) -> Answer {
        let (page, mut raw) = (self.page(), self.raw.clone());
        if problem == Problem::File(FileProblem::Gone) {
            raw.attachments.clear();
        }
        let typed = (&raw, &self.findings);
        let form = Write::new(
            &page,
            &self.desk,
            &self.office,
            &self.code,
            typed,
            Some(problem),
        );
        let form = form.only_above(self.raw.only_above);
        Answer::new(&form, Some(problem))
    }
}

//! Coming back with a code: the field, the page behind it, and everything a reporter can say from there.

use super::files::{FileTaker, Files};
use super::files_view::FilesView;
use super::form::Form;
use super::page::Page;
use super::respond::{frame, problem_page, retry_after, show_padded, sorry};
use super::script_words::check_words;
use super::status::{Forgotten, StatusPage};
use super::views::{Check, ErrorView};
use crate::api::even;
use crate::attachments::FileProblem;
use crate::desk::IntakeDesk;
use crate::problem::Problem;
use crate::rate_limits::RateLimits;
use crate::request::source;
use crate::{constant_time, pickup};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use mifeng_sealing::tip::{
    AFTERCARE_DAYS, Said, Stopped, TipError, check_attachments, parse_optional_text,
};
use mifeng_sealing::{OfficeManifest, PickupCode};
use zeroize::Zeroizing;

/// `GET`: the empty field.
pub async fn show(request: HttpRequest, desk: Data<IntakeDesk>) -> HttpResponse {
    match frame(&request, &desk, "check") {
        Ok((_, page)) => ask(&page, "", None),
        Err(problem) => problem_page(&request, &desk, problem),
    }
}

/// What a form behind the field asks for: each has an address of its own under `/check`.
#[derive(Clone, Copy)]
enum Act {
    /// What lies under a code.
    Open,
    /// An addition, or an objection.
    Reply,
    /// That the messages were read.
    Read,
    /// How it is some time after the decision.
    Aftercare,
    /// That the tip is taken back.
    Withdraw,
    /// That the mailbox shall be deleted.
    Forget,
}

/// The addresses under `/check` that forms are posted to, as a pattern of a route.
pub const ACTS: &str = "/check/{act:reply|read|aftercare|withdraw|forget}";

impl Act {
    fn of(request: &HttpRequest) -> Self {
        match request.match_info().query("act") {
            "reply" => Self::Reply,
            "read" => Self::Read,
            "aftercare" => Self::Aftercare,
            "withdraw" => Self::Withdraw,
            "forget" => Self::Forget,
            _ => Self::Open,
        }
    }

    /// What the form says to the office; nothing where it only looks.
    fn said(self, form: &mut Form) -> Result<Option<Said>, Problem> {
        Ok(Some(match self {
            Self::Open => return Ok(None),
            Self::Reply => said_in_words(form)?,
            Self::Read => {
                let messages = form.take("messages").parse();
                let messages = messages.map_err(|_| Problem::Malformed)?;
                Said::Read { messages }.checked()?
            }
            Self::Aftercare => said_afterwards(form)?,
            Self::Withdraw => Said::Withdrawal {
                text: parse_optional_text(form.see("text"))?,
            },
            Self::Forget if form.take("sure") == "yes" => Said::Farewell,
            Self::Forget => return Err(Problem::Unanswered("sure")),
        }))
    }

    /// The key of what the page says once it is done.
    fn done_key(self) -> &'static str {
        match self {
            Self::Open | Self::Forget => "",
            Self::Reply => "reply-sent",
            Self::Withdraw => "withdraw-sent",
            Self::Read => "read-sent",
            Self::Aftercare => "aftercare-sent",
        }
    }
}

fn said_in_words(form: &mut Form) -> Result<Said, Problem> {
    let objects = form.take("objection") == "yes";
    let corrects = form.take("correction") == "yes";
    let text = form.see("text").to_owned();
    let said = match (objects, corrects) {
        (true, _) => Said::Objection { text },
        (false, true) => Said::Correction { text },
        (false, false) => Said::Addition { text },
    };
    Ok(said.checked()?)
}

fn said_afterwards(form: &mut Form) -> Result<Said, Problem> {
    let (asked, stopped) = (form.take("after_days"), form.take("stopped"));
    let after_days = AFTERCARE_DAYS
        .into_iter()
        .find(|days| days.to_string() == asked)
        .ok_or(Problem::Malformed)?;
    let stopped = Stopped::ALL
        .into_iter()
        .find(|answer| answer.code() == stopped)
        .ok_or(Problem::Unanswered("stopped"))?;
    let treated_badly = match form.take("treated_badly").as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Problem::Unanswered("treated_badly")),
    };
    Ok(Said::Aftercare {
        after_days,
        stopped,
        treated_badly,
        text: parse_optional_text(form.see("text"))?,
    })
}

/// `POST`: opens the mailbox of the form's code, says what the form says, and shows the mailbox. What was typed comes
/// back if it could not be taken.
pub async fn visit(
    request: HttpRequest,
    payload: Payload,
    desk: Data<IntakeDesk>,
    limits: Data<RateLimits>,
) -> HttpResponse {
    let answer = even(visited(&request, payload, desk, limits).await);
    constant_time::leave(&request).await;
    answer
}

async fn visited(
    request: &HttpRequest,
    payload: Payload,
    desk: Data<IntakeDesk>,
    limits: Data<RateLimits>,
) -> HttpResponse {
    let act = Act::of(request);
    let (office, page) = match frame(request, &desk, "check") {
        Ok(framed) => framed,
        Err(problem) => return problem_page(request, &desk, problem),
    };
    let looks = matches!(act, Act::Open);
    let from = source(request, limits.config());
    let taker = if looks {
        FileTaker::of_none(&desk, office)
    } else {
        FileTaker::of_reply(&desk, office, &limits, from)
    };
    let read = Form::read(request, payload, limits.config(), &taker).await;
    constant_time::begin(request);
    let (mut form, mut files) = match read {
        Ok(read) => read,
        Err(broken) => return sorry(&page, broken.problem, &broken.text),
    };
    let typed_code = Zeroizing::new(form.take("pickup_code"));
    let typed = Zeroizing::new(form.see("text").to_owned());
    let refused = |problem| match problem {
        // Whoever wrote something gets it back, whatever was wrong.
        problem if !typed.trim().is_empty() => sorry(&page, problem, &typed),
        problem => ask(&page, &typed_code, Some(problem)),
    };
    let code = match pickup::read_code(&limits, from, &typed_code) {
        Ok(code) => code,
        Err(problem) => return refused(problem),
    };
    // No form may be a way to try codes without a limit: who says something is let in first.
    let content = if looks {
        pickup::visit(&desk, &limits, from, office, &code).await
    } else {
        match taker.enter(&code).await {
            Ok(_) => pickup::look_around(&desk, office, &code).await,
            Err(problem) => Err(problem),
        }
    };
    let content = match content {
        Ok(content) => content,
        Err(problem) => return refused(problem),
    };
    let outcome = match files.verdict().and_then(|()| act.said(&mut form)) {
        Ok(said) => take(office, &code, said, &files, &desk).await,
        Err(problem) => Err(problem),
    };
    if matches!(outcome, Ok(_) | Err(Problem::File(FileProblem::Gone))) {
        files.attachments.clear();
    }
    let kept = FilesView::new(&page, &desk, &files.attachments, &files.findings);
    let view = StatusPage::new(&page, &code, &content, desk.today(office), kept);
    answered(view, act, &outcome, &typed)
}

/// The mailbox's page, with what became of what was said in it.
fn answered<'a>(
    mut view: StatusPage<'a>,
    act: Act,
    outcome: &Result<Taken, Problem>,
    typed: &'a str,
) -> HttpResponse {
    match outcome {
        Ok(Taken::Farewell) => show_padded(StatusCode::OK, &Forgotten { page: view.page }),
        Ok(Taken::Nothing) => show_padded(StatusCode::OK, &view),
        Ok(Taken::Words) => {
            view.done_key = act.done_key();
            // What was just said may be the answer.
            view.question = view.question.filter(|_| matches!(act, Act::Read));
            view.just_sent = typed.trim();
            show_padded(StatusCode::OK, &view)
        }
        Err(problem) => {
            view.typed = typed;
            view.error = ErrorView::new(view.page, *problem);
            show_padded(problem.status(), &view)
        }
    }
}

/// What became of what was said.
enum Taken {
    Nothing,
    Words,
    Farewell,
}

async fn take(
    office: &OfficeManifest,
    code: &PickupCode,
    said: Option<Said>,
    files: &Files,
    desk: &IntakeDesk,
) -> Result<Taken, Problem> {
    let Some(said) = said else {
        return Ok(Taken::Nothing);
    };
    let taken = match &said {
        Said::Farewell => Taken::Farewell,
        _ => Taken::Words,
    };
    let attachments = check_attachments(&files.attachments).map_err(TipError::from)?;
    let stored = desk.say(office, code, said, &attachments).await?;
    stored.ok_or(Problem::UnknownCode)?;
    Ok(taken)
}

/// The field, with what is wrong about what was typed.
fn ask(page: &Page<'_>, typed: &str, problem: Option<Problem>) -> HttpResponse {
    let status = problem.map_or(StatusCode::OK, Problem::status);
    let template = Check {
        page,
        script_words: check_words(page),
        typed,
        error: ErrorView::of(page, problem),
    };
    retry_after(show_padded(status, &template), problem)
}

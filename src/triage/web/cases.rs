//! The queue, a case and what may be done with it, and the quarantine.

use super::WebState;
use super::page::{Page, Typed, admit, render, see};
use crate::telemetry::{Event, log};
use crate::tip::Language;
use crate::triage::cases::{
    CaseFile, CaseNumber, CaseState, ClockView, Conclusion, Outcome, QuarantinedEnvelope, Queue,
    QueueView,
};
use crate::triage::desk::DeskError;
use crate::triage::staff::{Member, MemberId, Role};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use std::collections::{BTreeMap, HashMap};

pub(super) const READERS: [Role; 3] = [Role::Dispatcher, Role::Investigator, Role::Supervisor];

#[derive(Template)]
#[template(path = "staff_queue.html")]
struct QueuePage<'a> {
    p: &'a Page<'a>,
    q: Queue,
    view: &'static str,
    views: Vec<(&'static str, usize, bool)>,
    /// x, height, class.
    bars: Vec<(i32, i32, &'static str)>,
    sentence: String,
    /// Minutes since collecting last worked, in words; `None` while it fails for long or has not worked yet.
    pulled: Option<String>,
    pull_bad: bool,
}

#[derive(Template)]
#[template(path = "staff_case.html")]
struct CasePage<'a> {
    p: &'a Page<'a>,
    c: CaseFile,
    f: &'a Typed,
    /// The field it belongs to (empty for the whole form) and the words.
    error: (&'static str, String),
    /// Clock, width of 200, class, source.
    clocks: Vec<(ClockView, i32, &'static str, String)>,
    reasons: Vec<String>,
    /// Id, name, open cases.
    candidates: Vec<(String, String, usize)>,
    outcomes: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "staff_quarantine.html")]
struct QuarantinePage<'a> {
    p: &'a Page<'a>,
    list: Vec<QuarantinedEnvelope>,
}

impl CasePage<'_> {
    /// What is wrong with a field of the form `action`, if anything.
    fn wrong(&self, action: &str, field: &str) -> &str {
        if self.f.action == action && self.error.0 == field {
            &self.error.1
        } else {
            ""
        }
    }

    /// Whether the form that was sent is still on the page; another's change may have taken it away.
    fn offers(&self) -> bool {
        match self.f.action.as_str() {
            "conclude" => self.can_conclude(),
            "extend" => self.can_extend(),
            "state" => !self.c.row.state.next_states().is_empty(),
            "assign" => !self.candidates.is_empty() && !self.c.row.state.is_finished(),
            _ => true,
        }
    }

    /// What was typed into it, so that it is not lost.
    fn kept(&self) -> Vec<&str> {
        let texts = ["answer", "reason"].map(|name| self.f.get(name));
        texts.into_iter().filter(|text| !text.is_empty()).collect()
    }

    /// Whether the viewer may extend a clock.
    fn can_extend(&self) -> bool {
        self.c.clocks.iter().any(|clock| clock.can_extend)
    }

    /// Whether the case can be concluded from where it stands: it must have been decided on first.
    fn can_conclude(&self) -> bool {
        let state = self.c.row.state;
        state != CaseState::Received && !state.is_finished()
    }
}

pub(super) fn refuse(state: &WebState, lang: Language, error: &DeskError) -> HttpResponse {
    let p = Page::new(state, lang, None, "queue");
    match error {
        DeskError::NotYours => p.plain(StatusCode::NOT_FOUND, "missing"),
        DeskError::NotPermitted => p.plain(StatusCode::FORBIDDEN, "refused"),
        DeskError::Changed | DeskError::NotPossible | DeskError::BadText => {
            p.plain(StatusCode::CONFLICT, "failed")
        }
        DeskError::Damaged | DeskError::Files(_) | DeskError::Store(_) => {
            log(Event::RequestFailed {
                place: "desk",
                cause: error,
            });
            p.plain(StatusCode::SERVICE_UNAVAILABLE, "failed")
        }
    }
}

/// Bars of one day each, from ten days late to forty ahead; what lies beyond stands at the edge.
fn bars(days_left: &[i32]) -> Vec<(i32, i32, &'static str)> {
    let mut days = BTreeMap::new();
    for day in days_left {
        *days.entry((*day).clamp(-10, 39)).or_insert(0) += 1;
    }
    let most = days.values().copied().max().unwrap_or(1);
    let bar = |(day, count): (i32, i32)| {
        let class = match day {
            ..0 => "late",
            0..=3 => "soon",
            _ => "on-time",
        };
        ((day + 10) * 8, (count * 50 / most).max(3), class)
    };
    days.into_iter().map(bar).collect()
}

pub(super) async fn queue(
    request: HttpRequest,
    state: Data<WebState>,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    let (lang, member) = match admit(&request, &state, &READERS).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let view = query
        .get("view")
        .and_then(|code| QueueView::from_code(code))
        .unwrap_or_default();
    let q = match state.desk.queue(&member, view).await {
        Ok(queue) => queue,
        Err(error) => return refuse(&state, lang, &error),
    };
    let p =
        Page::new(&state, lang, Some(&member), "queue").at(format!("queue?view={}", view.code()));
    let count = |view| match view {
        QueueView::Mine => q.counts.mine,
        QueueView::New => q.counts.new,
        QueueView::DueSoon => q.counts.due_soon,
        QueueView::Overdue => q.counts.overdue,
        QueueView::Open => q.counts.open,
        QueueView::Finished => q.counts.finished,
    };
    let views = QueueView::ALL
        .map(|one| (one.code(), count(one), one == view))
        .to_vec();
    let sentence = p.w.say_with(
        "chart-sentence",
        &[
            ("open", &q.counts.open.to_string()),
            ("late", &q.counts.overdue.to_string()),
            ("soon", &q.counts.due_soon.to_string()),
        ],
    );
    let health = state.desk.pull_health();
    let pull_bad = health.failing && health.last_ok_s.is_none_or(|age_s| age_s > 3600);
    let pulled = health.last_ok_s.filter(|_| !pull_bad).map(|age_s| {
        let minutes = (age_s / 60).to_string();
        p.w.say_with("pull-ok", &[("minutes", &minutes)])
    });
    let bars = bars(&q.days_left);
    render(
        StatusCode::OK,
        &QueuePage {
            p: &p,
            q,
            view: view.code(),
            views,
            bars,
            sentence,
            pulled,
            pull_bad,
        },
    )
}

async fn page(
    state: &WebState,
    lang: Language,
    member: &Member,
    number: &CaseNumber,
    typed: &Typed,
    error: Option<(StatusCode, &'static str, &str)>,
) -> HttpResponse {
    let c = match state.desk.case(member, number).await {
        Ok(case) => case,
        Err(error) => return refuse(state, lang, &error),
    };
    // Those who may not assign get no list, and so no form.
    let candidates = match state.desk.candidates(member, number).await {
        Ok(list) if member.role.sees_all_cases() => list,
        Ok(_) | Err(DeskError::NotPermitted) => Vec::new(),
        Err(error) => return refuse(state, lang, &error),
    };
    let candidates = candidates
        .into_iter()
        .map(|one| (hex::encode(one.id.0), one.name, one.open_cases))
        .collect();
    let p = Page::new(state, lang, Some(member), "queue").at(format!("case/{}", number.0));
    let zh = lang.is_chinese();
    let today = state.desk.today();
    let clock = |clock: &ClockView| {
        let end = clock.met_day.unwrap_or(today);
        let whole = clock.due_day.days_since(clock.start_day).max(1);
        let width = (end.days_since(clock.start_day) * 200 / whole).clamp(2, 200);
        let class = if end > clock.due_day { "late" } else { "bar" };
        let source = if zh {
            &clock.source_zh
        } else {
            &clock.source_en
        };
        (clock.clone(), width, class, source.clone())
    };
    let clocks = c.clocks.iter().map(clock).collect();
    let reasons = c
        .routing_reasons
        .iter()
        .map(|(han, latin)| if zh { han } else { latin }.clone())
        .collect();
    let outcomes = Outcome::ALL
        .map(|one| (one.code(), p.w.say(&format!("outcome-{}", one.code()))))
        .to_vec();
    let status = error.map_or(StatusCode::OK, |(status, ..)| status);
    let error = error
        .map(|(_, field, key)| (field, p.w.say(key)))
        .unwrap_or_default();
    render(
        status,
        &CasePage {
            p: &p,
            c,
            f: typed,
            error,
            clocks,
            reasons,
            candidates,
            outcomes,
        },
    )
}

fn number_of(request: &HttpRequest) -> CaseNumber {
    CaseNumber(
        request
            .match_info()
            .get("number")
            .unwrap_or_default()
            .to_owned(),
    )
}

pub(super) async fn show(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    match admit(&request, &state, &READERS).await {
        Ok((lang, member)) => {
            page(
                &state,
                lang,
                &member,
                &number_of(&request),
                &Typed::default(),
                None,
            )
            .await
        }
        Err(answer) => answer,
    }
}

async fn act(
    state: &WebState,
    member: &Member,
    number: &CaseNumber,
    typed: &Typed,
) -> Result<(), DeskError> {
    let version = || typed.get("version").parse().map_err(|_| DeskError::Changed);
    let reason = typed.get("reason");
    match typed.action.as_str() {
        "message" => {
            state
                .desk
                .write_to_reporter(member, number, typed.get("text"))
                .await
        }
        "state" => {
            let to = CaseState::from_code(typed.get("to")).ok_or(DeskError::NotPossible)?;
            state
                .desk
                .change_state(member, number, version()?, to, reason)
                .await
        }
        "assign" => {
            let mut id = [0; 16];
            hex::decode_to_slice(typed.get("handler"), &mut id)
                .map_err(|_| DeskError::NotPossible)?;
            state
                .desk
                .assign(member, number, version()?, MemberId(id), reason)
                .await
        }
        "extend" => {
            // No case has version 0. Whether the role may is looked at before it, and goes on record.
            let version = version().unwrap_or(0);
            state
                .desk
                .extend(member, number, version, typed.get("clock"), reason)
                .await
        }
        "conclude" => {
            let conclusion = Conclusion {
                outcome: Outcome::from_code(typed.get("outcome")).ok_or(DeskError::NotPossible)?,
                answer_to_reporter: typed.get("answer").to_owned(),
                reason: reason.to_owned(),
            };
            state
                .desk
                .conclude(member, number, version()?, conclusion)
                .await
        }
        _ => Err(DeskError::NotYours),
    }
}

/// Which text the desk did not take; empty where it may have been either of two.
fn unsound_text(typed: &Typed) -> &'static str {
    let empty = |name| typed.get(name).trim().is_empty();
    match typed.action.as_str() {
        "message" => "text",
        "conclude" if empty("answer") => "answer",
        "conclude" if empty("reason") => "reason",
        "conclude" => "",
        _ => "reason",
    }
}

pub(super) async fn change(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let (lang, member) = match admit(&request, &state, &READERS).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let number = number_of(&request);
    let action = request
        .match_info()
        .get("action")
        .unwrap_or_default()
        .to_owned();
    let typed = Typed {
        action,
        fields: form.into_inner(),
    };
    let error = match act(&state, &member, &number, &typed).await {
        Ok(()) => return see(&format!("/{lang}/case/{}", number.0)),
        Err(DeskError::Changed) => (StatusCode::CONFLICT, "", "error-changed"),
        Err(DeskError::NotPossible) => (StatusCode::UNPROCESSABLE_ENTITY, "", "error-not-possible"),
        Err(DeskError::BadText) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            unsound_text(&typed),
            "error-bad-text",
        ),
        Err(error) => return refuse(&state, lang, &error),
    };
    page(&state, lang, &member, &number, &typed, Some(error)).await
}

pub(super) async fn quarantine(request: HttpRequest, state: Data<WebState>) -> HttpResponse {
    let (lang, member) = match admit(&request, &state, &[Role::Dispatcher]).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    match state.desk.quarantine(&member).await {
        Ok(list) => {
            let p = Page::new(&state, lang, Some(&member), "quarantine");
            render(StatusCode::OK, &QuarantinePage { p: &p, list })
        }
        Err(error) => refuse(&state, lang, &error),
    }
}

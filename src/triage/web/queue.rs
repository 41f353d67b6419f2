//! The queue.

use super::WebState;
use super::accounts::refused;
use super::asked::{Admitted, Readers};
use super::page::{Page, render};
use super::refusal::refuse;
use crate::administration::Accounts;
use crate::cases::{Copies, Queue, QueueRow, QueueView};
use crate::model::Role;
use crate::views;
use crate::views::PullHealth;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use std::collections::{BTreeMap, HashMap};

#[derive(Template)]
#[template(path = "staff_queue.html")]
struct QueuePage<'a> {
    p: &'a Page<'a>,
    q: Queue,
    lines: Vec<Line>,
    view: &'static str,
    views: Vec<(&'static str, usize, bool)>,
    /// x, height, class.
    bars: Vec<(i32, i32, &'static str)>,
    sentence: String,
    /// When something was collected last, in words; `None` before the first time.
    pulled: Option<String>,
    /// Whether that should have been later.
    pull_bad: bool,
    /// That cases could not be read at the start, if any could not.
    unread: Option<String>,
    /// That intake said what cannot be, if it did.
    refused: Option<String>,
    /// That sketches were made anew, if any were.
    rebuilt: Option<String>,
    /// That changes of accounts wait for the viewer's signature, if any do.
    requests: Option<String>,
    /// That cases will be destroyed soon, if any will.
    expiring: Option<String>,
    /// That envelopes which did not open wait for a decision, if any do.
    quarantined: Option<String>,
}

impl QueuePage<'_> {
    /// What is said where the view has no case: that there is nothing to do only where nothing stands above it either.
    fn empty_key(&self) -> &'static str {
        let q = &self.q;
        let waits = !(q.objections.is_empty() && q.signing.is_empty() && q.tasks.is_empty())
            || q.asked > 0
            || q.quarantined > 0
            || q.counts.open > 0
            || self.requests.is_some();
        if waits {
            "queue-none-here"
        } else {
            "queue-empty"
        }
    }

    /// How many cases wait for somebody to say whether they mean a member.
    fn asked(&self) -> String {
        let count = self.q.asked.to_string();
        self.p.w.say_with("meant-waits", &[("count", &count)])
    }
}

/// A line of the queue: one case, or copies of one text with what they are called.
struct Line {
    copies: Option<Copies>,
    /// By due day, the most pressing first.
    rows: Vec<QueueRow>,
}

/// Rows with the copies of each text together, where the most pressing of them stands.
fn lines(rows: &[QueueRow]) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let known = row.copies.as_ref().and_then(|copies| {
            let mut lines = lines.iter_mut();
            lines.find(|line| line.copies.as_ref() == Some(copies))
        });
        match known {
            Some(line) => line.rows.push(row.clone()),
            None => lines.push(Line {
                copies: row.copies.clone(),
                rows: vec![row.clone()],
            }),
        }
    }
    for line in &mut lines {
        // One alone in this view is a row like any other, with its label.
        if line.rows.len() == 1 {
            line.copies = None;
        }
    }
    lines
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

/// When something was collected last.
fn told_of(p: &Page<'_>, health: PullHealth) -> Option<String> {
    let minutes = health.last_ok_s.map(|age_s| age_s / 60);
    let minutes_text = minutes.unwrap_or_default().to_string();
    let minutes_of = |key| p.w.say_with(key, &[("minutes", &minutes_text)]);
    match (minutes, health.overdue) {
        (None, true) => Some(p.w.say("pull-never")),
        (None, false) => None,
        (Some(_), true) => Some(minutes_of("pull-overdue")),
        (Some(0), false) => Some(p.w.say("pull-now")),
        (Some(_), false) => Some(minutes_of("pull-ok")),
    }
}

/// The chart in words.
fn chart_sentence(p: &Page<'_>, q: &Queue) -> String {
    let counts = [
        ("open", q.counts.open),
        ("late", q.counts.overdue),
        ("soon", q.counts.due_soon),
    ];
    let counts = counts.map(|(name, count)| (name, count.to_string()));
    let counts = counts
        .each_ref()
        .map(|(name, count)| (*name, count.as_str()));
    p.w.say_with("chart-sentence", &counts)
}

/// Says how many there are, where there is one.
fn if_any<N: ToString + Default + PartialEq + Copy>(
    p: &Page<'_>,
    key: &str,
    count: N,
) -> Option<String> {
    (count != N::default()).then(|| p.w.say_with(key, &[("count", &count.to_string())]))
}

pub(super) async fn queue(
    query: Query<HashMap<String, String>>,
    who: Admitted<Readers>,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, member) = (who.lang, who.viewer);
    let view = query
        .get("view")
        .and_then(|code| QueueView::from_code(code))
        .unwrap_or_default();
    let page = query.get("page").and_then(|page| page.parse().ok());
    let q = match views::queue_page(&state.office, &member, view, page.unwrap_or(1)).await {
        Ok(queue) => queue,
        Err(error) => return refuse(&state, lang, Some(&member), &error),
    };
    let accounts = Accounts::new(&state.office, &*state.sign_in.store);
    let requests = match accounts.to_sign(&member).await {
        Ok(requests) => requests,
        Err(error) => return refused(&state, lang, Some(&member), error),
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
    let health = views::pull_health(&state.office);
    let oversees = member.role.sees_all_cases();
    let unread = views::unread_cases(&state.office);
    let refused_of_intake = views::refused_of_intake(&state.office);
    // Without their number: some may be of cases that she may not see.
    let rebuilt = views::rebuilt_sketches(&state.office) > 0 && member.role == Role::Dispatcher;
    render(
        StatusCode::OK,
        &QueuePage {
            p: &p,
            lines: lines(&q.rows),
            view: view.code(),
            views,
            bars: bars(&q.days_left),
            sentence: chart_sentence(&p, &q),
            pulled: told_of(&p, health),
            pull_bad: health.overdue,
            unread: if_any(&p, "cases-unread", unread).filter(|_| oversees),
            refused: if_any(&p, "relay-refused", refused_of_intake).filter(|_| oversees),
            rebuilt: rebuilt.then(|| p.w.say("sketches-rebuilt")),
            quarantined: if_any(&p, "quarantine-waits", q.quarantined),
            expiring: if_any(&p, "expiring-count", q.expiring),
            requests: if_any(&p, "requests-count", requests),
            q,
        },
    )
}

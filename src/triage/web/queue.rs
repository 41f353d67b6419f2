//! The queue.

use super::WebState;
use super::accounts::refused;
use super::asked::{Admitted, Readers};
use super::page::{Page, render};
use super::refusal::refuse;
use crate::cases::{Copies, Queue, QueueRow, QueueView};
use crate::desk::PullHealth;
use crate::model::Role;
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
    let q = match state
        .desk
        .queue_page(&member, view, page.unwrap_or(1))
        .await
    {
        Ok(queue) => queue,
        Err(error) => return refuse(&state, lang, Some(&member), &error),
    };
    let accounts = state.desk.accounts(&*state.sign_in.store);
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
    let sentence = p.w.say_with(
        "chart-sentence",
        &[
            ("open", &q.counts.open.to_string()),
            ("late", &q.counts.overdue.to_string()),
            ("soon", &q.counts.due_soon.to_string()),
        ],
    );
    let health = state.desk.pull_health();
    let pulled = told_of(&p, health);
    let bars = bars(&q.days_left);
    let unread = state.desk.unread_cases();
    let unread = (unread > 0 && member.role.sees_all_cases()).then(|| {
        let count = unread.to_string();
        p.w.say_with("cases-unread", &[("count", &count)])
    });
    let refused = state.desk.refused_of_intake();
    let refused = (refused > 0 && member.role.sees_all_cases()).then(|| {
        let count = refused.to_string();
        p.w.say_with("relay-refused", &[("count", &count)])
    });
    let rebuilt = state.desk.rebuilt_sketches();
    // Without their number: some may be of cases that she may not see.
    let rebuilt =
        (rebuilt > 0 && member.role == Role::Dispatcher).then(|| p.w.say("sketches-rebuilt"));
    let quarantined = (q.quarantined > 0).then(|| {
        let count = q.quarantined.to_string();
        p.w.say_with("quarantine-waits", &[("count", &count)])
    });
    let requests = (requests > 0).then(|| {
        let count = requests.to_string();
        p.w.say_with("requests-count", &[("count", &count)])
    });
    let expiring = (q.expiring > 0).then(|| {
        let count = q.expiring.to_string();
        p.w.say_with("expiring-count", &[("count", &count)])
    });
    render(
        StatusCode::OK,
        &QueuePage {
            p: &p,
            lines: lines(&q.rows),
            q,
            view: view.code(),
            views,
            bars,
            sentence,
            pulled,
            pull_bad: health.overdue,
            unread,
            refused,
            rebuilt,
            quarantined,
            expiring,
            requests,
        },
    )
}

//! How the office runs, as its people are told.

use crate::office::Office;
use mifeng_sealing::ContentHash;
use std::sync::atomic::Ordering;

/// The hash of no envelope, to ask the store for.
const NONE: ContentHash = ContentHash::from_bytes([0; 32]);

/// How collecting goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullHealth {
    /// Seconds since the last exchange that worked; `None` before the first.
    pub last_ok_s: Option<u64>,
    /// Whether one should have worked since, whatever the cause.
    pub overdue: bool,
}

/// How many cases the program failed over at the last start; they are stored, and left out.
#[must_use]
pub fn unread_cases(office: &Office) -> usize {
    office.unread_cases.load(Ordering::Relaxed)
}

/// How often intake said what cannot be, since the start.
#[must_use]
pub fn refused_of_intake(office: &Office) -> u64 {
    office.refused.lock().values().sum()
}

/// How many tips' sketches did not open at the last start, and were made anew from the tips.
#[must_use]
pub fn rebuilt_sketches(office: &Office) -> usize {
    office.rebuilt_sketches.load(Ordering::Relaxed)
}

/// How collecting goes.
#[must_use]
pub fn pull_health(office: &Office) -> PullHealth {
    let collecting = office.collecting.get();
    collecting.map_or_else(PullHealth::default, |heartbeat| {
        let health = heartbeat.health();
        PullHealth {
            last_ok_s: health.last_round_s,
            overdue: health.overdue,
        }
    })
}

/// Whether the store answers.
pub async fn store_answers(office: &Office) -> bool {
    office.parts.store.known(&[NONE]).await.is_ok()
}

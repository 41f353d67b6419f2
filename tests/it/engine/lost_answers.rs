//! The database does what it was asked for, and its answer is lost: whichever it is, nothing is lost, doubled or stuck, and
//! what the office has in memory is what it stored.

use super::batch::{a_day, office_of, people};
use super::{cases, office, sample_tips, staff, viewers};
use crate::support::lost_answer::LostAnswer;
use crate::support::postgres::fresh_database;
use mifeng_opening::Identity;
use mifeng_triage::cases::QueueView;
use mifeng_triage::casework::{self, Shown};
use mifeng_triage::ingest::{Ingested, ingest, ingest_all};
use mifeng_triage::model::{CaseNumber, Mode, Move, Viewer};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::views;
use std::sync::Arc;

/// All that a dispatcher and a supervisor, who stand first, see of an office's cases.
async fn seen(office: &Office, staff: &[Viewer]) -> Vec<String> {
    let mut seen = Vec::new();
    for viewer in &staff[..2] {
        for view in [QueueView::Open, QueueView::Finished] {
            let Ok(queue) = views::queue(office, viewer, view).await else {
                continue;
            };
            let mut rows = queue.rows;
            rows.sort_by(|one, other| one.number.cmp(&other.number));
            for row in rows {
                seen.push(format!("{}: {row:?}", viewer.login));
                let mut file = views::case(office, viewer, &row.number).await;
                if let Ok(file) = &mut file {
                    // Sums of fractions depend on the order of the tips.
                    file.alike.clear();
                }
                seen.push(format!("{}: {file:?}", viewer.login));
            }
        }
    }
    seen
}

/// How many things these people see, which are the same in both offices.
async fn seen_alike(here: &Office, there: &Office, staff: &[Viewer]) -> usize {
    let (here, there) = (seen(here, staff).await, seen(there, staff).await);
    for (one, other) in here.iter().zip(&there) {
        assert_eq!(one, other);
    }
    assert_eq!(here.len(), there.len());
    here.len()
}

#[tokio::test]
async fn a_tip_whose_answer_was_lost_is_a_case_once() {
    let url = fresh_database().await;
    let line = LostAnswer::before(&url);
    let (key, store) = (Identity::generate(), cases(&line.url).await);
    let here = office_of(&key, &store).await;
    let staff = viewers(people());
    let mut lost = 0;
    for before in 0..8 {
        let mut day = a_day(&key, u64::from(before) + 1);
        day.truncate(18);
        line.lose_after(before);
        // What is not taken in now comes again, as intake goes on listing it.
        let first = ingest_all(&here, &day).await;
        lost += usize::from(line.has_lost());
        let again = ingest_all(&here, &day).await.expect("stored");
        assert_eq!(again.len(), day.len());
        for (at, one) in again.iter().enumerate() {
            assert!(one.is_ok(), "{before}, {at}: {one:?} after {first:?}");
        }
    }
    assert!(lost >= 5, "only {lost} answers were lost");
    let restarted = office_of(&key, &cases(&url).await).await;
    let seen = seen_alike(&here, &restarted, &staff).await;
    assert!(seen > 20, "too few: {seen}");
}

/// What is done with two cases, one step after the other, each with the versions that are shown.
async fn step(
    office: &Office,
    actor: &Viewer,
    at: usize,
    of: &[CaseNumber; 2],
) -> Result<(), OfficeError> {
    let version = async |number| {
        views::case(office, actor, number)
            .await
            .map(|file| file.version)
    };
    let [one, other] = of;
    match at {
        0 => {
            let step = Move::accept(Mode::Direct, "属于本局职责");
            casework::change_state(office, actor, one, version(one).await?, step).await
        }
        1 => casework::write_to_reporter(office, actor, one, Some(one), "请问是哪一天？").await,
        2 => {
            let shown = Shown {
                one: (one, version(one).await?),
                other: (other, version(other).await?),
            };
            casework::join(office, actor, &shown, "同一教师")
                .await
                .map(drop)
        }
        3 => {
            let version = version(other).await?;
            casework::split(office, actor, other, version, true, "并错了").await
        }
        _ => casework::ask_reporter(office, actor, other, Some(other), "可以再说说吗？").await,
    }
}

#[tokio::test]
async fn a_change_whose_answer_was_lost_leaves_no_case_stuck() {
    let url = fresh_database().await;
    let line = LostAnswer::before(&url);
    let (key, store) = (Identity::generate(), cases(&line.url).await);
    let here = office(&key, Arc::clone(&store)).await;
    let staff = staff();
    let mut numbers = Vec::new();
    for (_, _, envelope) in sample_tips(&key).into_iter().take(16) {
        if let Ok(Ingested::Case(number)) = ingest(&here, &envelope).await {
            numbers.push(CaseNumber(number));
        }
    }
    let dispatcher = &staff[0];
    let mut lost = 0;
    // Each change is three commits: its two rows on record, and itself.
    for (pair, before) in numbers.chunks_exact(2).zip((0..4).cycle()) {
        let pair = [pair[0].clone(), pair[1].clone()];
        for at in 0..5 {
            line.lose_after(before);
            let first = step(&here, dispatcher, at, &pair).await;
            lost += usize::from(line.has_lost());
            // She looks at the page as it is now, and does what is still to be done.
            let again = match first {
                Ok(()) => Ok(()),
                Err(_) => step(&here, dispatcher, at, &pair).await,
            };
            let done = matches!(again, Ok(()) | Err(OfficeError::NotPossible));
            assert!(done, "{before}, {at}: {again:?} after {first:?}");
        }
    }
    let restarted = office(&key, cases(&url).await).await;
    seen_alike(&here, &restarted, &staff).await;
    assert!(lost >= 8, "only {lost} answers were lost");
}

//! What may go and when, as the rules say it, and somebody who tries for a year.

use super::super::{Case, REASON, Scene, to_state};
use super::DAY;
use mifeng_foundation::clock::{Day, ManualClock};
use mifeng_sealing::tip::{MessageKind, Said};
use mifeng_triage::casework;
use mifeng_triage::jobs::expire;
use mifeng_triage::model::{CaseState, Grounds, MemberId};

/// Numbers that are the same in each run.
struct Draws(pub(super) u64);

impl Draws {
    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % bound
    }
}

/// What stands against destroying it, as whoever only watches knows it.
#[derive(Clone, Debug, Default)]
struct Known {
    pub(super) decided: Option<Day>,
    pub(super) wrote: Option<Day>,
    pub(super) objected: bool,
    pub(super) held: bool,
    pub(super) asked: Option<MemberId>,
    pub(super) signed: Option<MemberId>,
}

impl Known {
    pub(super) fn may_go(&self, today: Day) -> bool {
        let decided = self.decided.is_some_and(|day| today.days_since(day) > 90);
        let quiet = self.wrote.is_none_or(|day| today.days_since(day) >= 30);
        let by_two = self
            .signed
            .is_none_or(|second| self.asked.is_some_and(|first| first != second));
        decided && quiet && by_two && !self.objected && !self.held
    }
}

/// One step, drawn; `only` is the one account that acts, or all do.
async fn step(
    scene: &Scene,
    clock: &ManualClock,
    case: &Case,
    known: &mut Known,
    draws: &mut Draws,
    only: Option<usize>,
) {
    let staff = usize::try_from(draws.below(scene.staff.len() as u64)).expect("few");
    let actor = &scene.staff[only.unwrap_or(staff)];
    let (office, number) = (&scene.office, &case.number);
    let version = scene.file(case).await.version;
    let today = scene.office.today();
    match draws.below(28) {
        0 | 1 | 26 | 27 => clock.advance(DAY * u32::try_from(draws.below(40) + 1).expect("few")),
        2 if draws.below(3) == 0 => {
            let text = format!("老师又在补课 {}", draws.below(1 << 40));
            scene.hears(case, Said::Addition { text }).await;
            known.wrote = Some(today);
        }
        3 if draws.below(3) == 0 => {
            let text = format!("不同意 {}", draws.below(1 << 40));
            scene.hears(case, Said::Objection { text }).await;
            known.wrote = Some(today);
            known.objected = known.decided.is_some();
        }
        4 | 5 => {
            if casework::write_to_reporter(office, actor, number, None, "已经复核")
                .await
                .is_ok()
                && actor.role == mifeng_triage::model::Role::Supervisor
            {
                known.objected = false;
            }
        }
        6 | 7 | 16..=19 => {
            if casework::ask_deletion(office, actor, number, version, REASON)
                .await
                .is_ok()
            {
                known.asked = Some(actor.id);
            }
        }
        8 | 9 | 20..=25 => {
            known.signed = Some(actor.id);
            if casework::approve_deletion(office, actor, number, version)
                .await
                .is_err()
            {
                known.signed = None;
            }
        }
        10 => {
            if casework::reject_deletion(office, actor, number, version, REASON)
                .await
                .is_ok()
            {
                known.asked = None;
            }
        }
        11 => {
            let keep = draws.below(8) == 0;
            if casework::set_hold(office, actor, number, version, (keep, REASON))
                .await
                .is_ok()
            {
                known.held = keep;
            }
        }
        12 if draws.below(3) == 0 => {
            if casework::change_state(
                office,
                actor,
                number,
                version,
                to_state(CaseState::Reopened),
            )
            .await
            .is_ok()
            {
                (known.decided, known.asked, known.objected) = (None, None, false);
            }
        }
        13 => {
            if casework::conclude(office, actor, number, version, super::super::conclusion())
                .await
                .is_ok()
            {
                known.decided = Some(today);
            }
        }
        14 => {
            let grounds = Grounds {
                revisit_day: today.plus_days(60),
                ..super::super::grounds()
            };
            let _ = casework::propose_closing(office, actor, number, version, grounds, &[]).await;
        }
        _ => {
            let _ = casework::approve_closing(office, actor, number, version).await;
        }
    }
}

pub(super) async fn play(
    (scene, clock): (&Scene, &ManualClock),
    seed: u64,
    steps: usize,
    only: Option<usize>,
) -> usize {
    let mut draws = Draws(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut gone = 0;
    let mut case = scene.closed().await;
    let mut known = Known {
        decided: Some(scene.office.today()),
        ..Known::default()
    };
    for _ in 0..steps {
        step(scene, clock, &case, &mut known, &mut draws, only).await;
        if draws.below(3) == 0 {
            scene.delivers().await;
        }
        if scene.is_there(&case).await && only.is_none() && draws.below(4) == 0 {
            expire(&scene.office).await.expect("the store answers");
        }
        if scene.is_there(&case).await {
            continue;
        }
        let today = scene.office.today();
        assert!(
            known.may_go(today),
            "seed {seed}: gone on {today}: {known:?}"
        );
        let last = scene.last_words(&case).await.expect("told last");
        assert_eq!(last.kind, MessageKind::Closed);
        assert!(
            last.text.contains("销毁") && last.due_day.is_none(),
            "{}",
            last.text
        );
        gone += 1;
        case = scene.closed().await;
        known = Known {
            decided: Some(scene.office.today()),
            ..Known::default()
        };
    }
    gone
}

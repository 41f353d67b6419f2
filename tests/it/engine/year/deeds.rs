//! What is done with a tip, and on which day after it came.

use super::model::Ticking;
use super::{DISPATCHER, RECUSED_FROM, REOPENED, SUPERVISOR, Year, who};
use mifeng_triage::casework;
use mifeng_triage::model::{CaseNumber, CaseState, Conclusion, Finding, Mode, Move, Outcome};
use mifeng_triage::views;
use std::collections::BTreeMap;

/// What is done with a tip on the `age`th day after it came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    Accept,
    Decline,
    Conclude,
    Extend,
    Recuse,
    Reopen,
}

pub(super) fn planned(index: usize, age: i32) -> Option<Deed> {
    let late = index % 10 == 9;
    let ends = match index {
        REOPENED => 20,
        _ if index % 25 == 3 => 75,
        _ => 21 + i32::try_from(index * 7 % 60).expect("small"),
    };
    match age {
        3 if index == RECUSED_FROM => Some(Deed::Recuse),
        40 if index == REOPENED => Some(Deed::Reopen),
        60 if index == REOPENED => Some(Deed::Conclude),
        10 if index % 10 == 7 => Some(Deed::Decline),
        _ if index % 10 == 7 => None,
        5 if !late => Some(Deed::Accept),
        19 if late => Some(Deed::Accept),
        30 if index % 25 == 3 => Some(Deed::Extend),
        _ if age == ends => Some(Deed::Conclude),
        _ => None,
    }
}

impl Year {
    pub(super) async fn does(&mut self, at: usize, deed: Deed) {
        let (today, office) = (self.today(), std::sync::Arc::clone(&self.office));
        let dispatcher = who(DISPATCHER);
        let number = self.known[at].number.clone();
        let version = views::case(&office, &dispatcher, &number)
            .await
            .expect("a case")
            .version;
        match deed {
            Deed::Accept => {
                let step = Move::accept(Mode::Direct, "属于本局职责");
                let done =
                    casework::change_state(&office, &dispatcher, &number, version, step).await;
                done.expect("accepted");
                self.known[at].meet(Some("acknowledge"), today);
                self.known[at].meet(Some("child-harm"), today);
            }
            Deed::Decline => {
                let step = Move {
                    to: CaseState::Declined,
                    mode: None,
                    told: "请向市场监管部门反映",
                    reason: "不归本局",
                };
                let done =
                    casework::change_state(&office, &dispatcher, &number, version, step).await;
                done.expect("declined");
                self.known[at].meet(None, today);
                self.known[at].open = false;
            }
            Deed::Conclude => {
                let conclusion = Conclusion {
                    findings: vec![Finding::of_the_only_one(Outcome::Upheld)],
                    answer_to_reporter: "查实了，已退费。".to_owned(),
                    own_answers: BTreeMap::new(),
                    reason: "证据充分".to_owned(),
                };
                let done =
                    casework::conclude(&office, &dispatcher, &number, version, conclusion).await;
                done.expect("concluded");
                self.known[at].meet(None, today);
                self.known[at].open = false;
            }
            Deed::Extend => self.extends(at, &number, version).await,
            Deed::Recuse => {
                let (handler, reason) = (self.known[at].handler, "亲戚在该校");
                let himself = who(handler);
                let done = casework::recuse_oneself(&office, &himself, &number, version, reason);
                done.await.expect("recused");
                let next = self.next_of_pair(Some(handler));
                self.known[at].handler = next;
                self.known[at].recused = true;
                self.hears_news(next);
                views::case(&office, &himself, &number)
                    .await
                    .expect_err("not his any more");
            }
            Deed::Reopen => {
                let step = Move::new(CaseState::Reopened, "有新证据");
                let done =
                    casework::change_state(&office, &dispatcher, &number, version, step).await;
                done.expect("reopened");
                let (due, provisional) = self.due(today, 40);
                let known = &mut self.known[at];
                known.open = true;
                known.deadlines.push(Ticking {
                    rule: "handle",
                    start: today,
                    due,
                    provisional,
                    met: None,
                    extended: 0,
                    escalated: 0,
                });
            }
        }
    }

    async fn extends(&mut self, at: usize, number: &CaseNumber, version: i64) {
        let office = std::sync::Arc::clone(&self.office);
        let (dispatcher, supervisor) = (who(DISPATCHER), who(SUPERVISOR));
        let refused = casework::extend(&office, &dispatcher, number, version, "handle", "证人出差");
        refused.await.expect_err("not by a dispatcher");
        let done = casework::extend(&office, &supervisor, number, version, "handle", "证人出差");
        done.await.expect("extended");
        let again = casework::extend(
            &office,
            &supervisor,
            number,
            version + 1,
            "handle",
            "还不够",
        );
        again.await.expect_err("once");
        let mut deadlines = self.known[at].deadlines.iter();
        let was = deadlines.find(|one| one.rule == "handle").expect("one").due;
        let (due, guessed) = self.due(was, 10);
        let deadlines = &mut self.known[at].deadlines;
        let deadline = deadlines.iter_mut().find(|one| one.rule == "handle");
        let deadline = deadline.expect("one");
        (deadline.due, deadline.extended, deadline.escalated) = (due, 10, 0);
        deadline.provisional |= guessed;
        let file = views::case(&office, &dispatcher, number)
            .await
            .expect("a case");
        let told = &file.messages.last().expect("told").text;
        assert_eq!(*told, format!("需要更多时间：证人出差。新日期 {due}。"));
    }
}

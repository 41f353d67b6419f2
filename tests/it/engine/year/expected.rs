//! What the model expects of a day, and whether the office did just that.

use super::model::{Known, height};
use super::{DISPATCHER, HARM, PAIR, SUPERVISOR, Year, address, who};
use crate::engine::dated::on_record;
use mifeng_triage::audit::Kind;
use mifeng_triage::notify::{Daily, Digest, parent_letter};
use mifeng_triage::views;
use std::collections::BTreeMap;

impl Year {
    /// Escalates what is late, in the model.
    pub(super) fn escalate(&mut self) {
        let today = self.today();
        for known in &mut self.known {
            for deadline in known.deadlines.iter_mut().filter(|one| one.met.is_none()) {
                let reached = height(today.days_since(deadline.due));
                if reached > deadline.escalated {
                    deadline.escalated = reached;
                    self.escalations[usize::from(reached)] += 1;
                }
            }
        }
    }

    /// Today's mails, in the model.
    pub(super) fn expect_mails(&mut self) {
        let today = self.today();
        let left = |one: &Known| one.next_due().map(|due| due.days_since(today));
        let open = || self.known.iter().filter(|one| one.open);
        let late = |one: &Known| {
            let running = one
                .deadlines
                .iter()
                .filter(|deadline| deadline.met.is_none());
            let reached = running.map(|deadline| height(today.days_since(deadline.due)));
            reached.max().unwrap_or(0)
        };
        let mut expected = Vec::new();
        for member in [DISPATCHER, SUPERVISOR, PAIR[0], PAIR[1], HARM] {
            let his = || open().filter(|one| one.handler == member);
            let soon = his().filter(|one| left(one).is_some_and(|left| (0..=3).contains(&left)));
            let soon = soon.count();
            if let Some(new) = self.news.get(&member) {
                expected.push((address(member), Digest { new: *new, soon }.letter().body));
            }
            let from = match member {
                DISPATCHER => 1,
                SUPERVISOR => 2,
                _ => 9,
            };
            let others = open().filter(|one| one.handler != member);
            let daily = Daily {
                soon,
                late: his()
                    .filter(|one| left(one).is_some_and(|left| left < 0))
                    .count(),
                escalated: others.filter(|one| late(one) >= from).count(),
                tasks: 0,
                quarantined: 0,
            };
            if let Some(letter) = daily.letter() {
                expected.push((address(member), letter.body));
            }
        }
        let above = open().filter(|one| late(one) == 3).count();
        if above > 0 {
            expected.push(("above@example.org".to_owned(), parent_letter(above).body));
        }
        self.news.clear();
        self.expected = expected;
    }

    /// Every deadline of every case.
    pub(super) async fn compare(&self) {
        let (office, dispatcher) = (&self.office, who(DISPATCHER));
        for known in &self.known {
            let file = views::case(office, &dispatcher, &known.number)
                .await
                .expect("a case");
            let mut deadlines: Vec<_> = file
                .deadlines
                .iter()
                .map(|one| {
                    let rule = one.rule.as_str();
                    let ends = (one.due_day, one.provisional, one.met_day, one.extended_days);
                    (rule, one.start_day, ends)
                })
                .collect();
            let mut mine: Vec<_> = known
                .deadlines
                .iter()
                .map(|one| {
                    (
                        one.rule,
                        one.start,
                        (one.due, one.provisional, one.met, one.extended),
                    )
                })
                .collect();
            deadlines.sort_unstable();
            mine.sort_unstable();
            assert_eq!(deadlines, mine, "tip {} on {}", known.index, self.today());
            let handler = file.handler_id.map(|id| id.0[0]);
            assert_eq!(handler, Some(known.handler), "tip {}", known.index);
            assert_eq!(
                !file.row.state.is_finished(),
                known.open,
                "tip {}",
                known.index
            );
        }
    }

    /// How often something was recorded, by its detail.
    pub(super) async fn on_record(&self, kind: Kind) -> BTreeMap<String, usize> {
        let mut count = BTreeMap::new();
        for detail in on_record(&self.office, kind).await {
            *count.entry(detail).or_default() += 1;
        }
        count
    }
}

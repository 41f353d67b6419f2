//! The dates that a reporter was promised: each on the page behind the code, with whether it was kept.

use super::reporter::Anonymous;
use super::{Intake, OFFICE, TODAY};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Status, ToldDeadline};

const RULES: [&str; 5] = [
    "acknowledge",
    "child-harm",
    "handle",
    "objection",
    "an-office's-own",
];

fn today() -> Day {
    TODAY.parse().expect("a day")
}

/// Every rule, due before, on and after today, not done, or done before, on and after that day.
fn all_that_can_be() -> Vec<ToldDeadline> {
    let mut deadlines = Vec::new();
    for rule in RULES {
        for due in [-3, 0, 3] {
            for met in [None, Some(-5), Some(due), Some(0)] {
                deadlines.push(ToldDeadline {
                    rule: rule.to_owned(),
                    due_day: today().plus_days(due),
                    first_due_day: (due > 0).then(|| today().plus_days(due - 3)),
                    met_day: met.map(|days| today().plus_days(days)),
                });
            }
        }
    }
    deadlines
}

async fn page(anonymous: &Anonymous, language: &str, code: &str) -> String {
    let path = format!("/{OFFICE}/{language}/check");
    let page = anonymous.form(&path, &[("pickup_code", code)]).await;
    assert_eq!(page.status, 200);
    page.text
}

#[tokio::test]
async fn every_promise_is_listed_and_said_to_be_late_only_where_it_is() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("周末在家里补课").await;
    let triage = intake.triage();
    let tip = triage.only_tip().await;
    for (sequence, deadline) in (1_u8..).zip(all_that_can_be()) {
        let mut message = MailboxMessage::new(
            u32::from(sequence),
            today(),
            MessageKind::Status,
            Status::Received,
        );
        message.deadlines = vec![deadline.clone()];
        let posted = triage.answers(&tip, sequence, &message).await;
        assert_eq!(posted.stored.len(), 1);
        for (language, sorry) in [
            ("zh-Hans", "对不起"),
            ("zh-Hant", "對不起"),
            ("en", "We are sorry"),
        ] {
            let page = page(&anonymous, language, &reporter.code).await;
            let late = deadline.met_day.unwrap_or(today()) > deadline.due_day;
            assert_eq!(
                page.matches("data-promise").count(),
                2,
                "the list and its one line"
            );
            assert_eq!(page.contains(sorry), late, "{deadline:?} {language}");
            assert_eq!(page.contains("class=\"late\""), late, "{deadline:?}");
            let first = deadline.first_due_day.map(|day| day.to_string());
            let said = ["原来答应", "原來答應", "first promised for"];
            let says_first = said.iter().any(|words| page.contains(words));
            assert_eq!(says_first, first.is_some(), "{deadline:?}");
            let ahead = deadline.met_day.is_none() && deadline.due_day >= today();
            let link = format!("/{OFFICE}/{language}/day/{}.ics", deadline.due_day);
            assert_eq!(page.contains(&link), ahead, "{deadline:?}");
            // The link says which day it saves.
            let save = page.split(&link).nth(1).unwrap_or_default();
            let save = save.split("</a>").next().unwrap_or_default();
            let day = deadline.due_day.date().day();
            assert_eq!(
                save.contains(&day.to_string()),
                ahead,
                "{deadline:?}: {save}"
            );
        }
    }
    intake.stop().await;
}

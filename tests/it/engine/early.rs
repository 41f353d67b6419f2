//! What was said of a tip may be fetched before the tip itself, since intake lists by random ids: it is put to the case once that is
//! there, in whatever order they came. What was said of a tip that never came stays apart.

use super::joining::on_both_stores;
use super::{office, said, sample_tips, staff};
use mifeng_opening::Identity;
use mifeng_sealing::tip::Said;
use mifeng_sealing::{MailboxSecrets, PickupCode};
use mifeng_triage::ingest::{self, Arrived, Ingested, ingest, try_early_again};
use mifeng_triage::model::{CaseNumber, QuarantineReason};
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;

const TIPS: usize = 3;
const ADDITIONS: usize = 2;

on_both_stores! {
    in_any_order, what_comes_before_its_tip_is_put_to_it_in_sqlite, what_comes_before_its_tip_is_put_to_it_in_postgresql;
}

/// The `number`-th order of some things: each number draws the next of what is left.
fn shuffled<T>(mut things: Vec<T>, mut number: usize) -> Vec<T> {
    let mut order = Vec::with_capacity(things.len());
    while !things.is_empty() {
        order.push(things.remove(number % things.len()));
        number = number / 2 + 7;
    }
    order
}

async fn in_any_order(store: Arc<dyn TriageStore>) {
    let key = Identity::generate();
    let office = office(&key, store).await;
    let stranger = MailboxSecrets::derive(
        &PickupCode::generate(&mifeng_foundation::entropy::SystemEntropy),
        "qingxi",
    );
    let text = |what: &str| Said::Addition {
        text: what.to_owned(),
    };
    let orphan = said(&key, &stranger, text("没有这件举报"));
    assert_eq!(
        ingest(&office, &orphan).await.expect("kept"),
        Ingested::Quarantined(QuarantineReason::UnknownMailbox)
    );
    for (number, tips) in sample_tips(&key).chunks_exact(TIPS).take(6).enumerate() {
        let mut things: Vec<Arrived> = Vec::new();
        for (_, reporter, tip) in tips {
            // The additions first: the orders begin with them as often as not.
            for one in 0..ADDITIONS {
                things.push(said(
                    &key,
                    reporter,
                    text(&format!("第{number}轮补充{one}")),
                ));
            }
            things.push(tip.clone());
        }
        let mut cases = Vec::new();
        for one in shuffled(things.clone(), 5 * number) {
            match ingest(&office, &one).await.expect("stored or kept") {
                Ingested::Case(number) => cases.push(CaseNumber(number)),
                Ingested::Reply | Ingested::Quarantined(QuarantineReason::UnknownMailbox) => {}
                other => panic!("{other:?}"),
            }
            try_early_again(&office).await.expect("the store answers");
        }
        assert_eq!(cases.len(), TIPS);
        for case in cases {
            let file = views::case(&office, &staff()[0], &case)
                .await
                .expect("a case");
            let said = file.messages.iter();
            let said = said.filter(|one| one.text.starts_with(&format!("第{number}轮补充")));
            assert_eq!(said.count(), ADDITIONS, "{case:?} in round {number}");
        }
        for one in &things {
            let again = ingest(&office, one).await.expect("known");
            assert_eq!(again, Ingested::Known, "once");
        }
        let apart = ingest::quarantine(&office, &staff()[0])
            .await
            .expect("listed");
        assert_eq!(apart.len(), 1, "the one whose tip never came");
    }
}

//! Tips become cases: opened once, routed, clocked, read only by whom they are for, answered, and there after a restart.

use super::{arrived, cases, conclude, office, sample_tips, staff, today};
use crate::sealing::vectors::signed_on;
use crate::support::postgres;
use mifeng_opening::Identity;
use mifeng_sealing::tip::Said;
use mifeng_sealing::{EnvelopeKind, seal_bytes, seal_reply};
use mifeng_similarity::Tier;
use mifeng_triage::cases::QueueView;
use mifeng_triage::ingest::{self, Arrived, Ingested, ingest};
use mifeng_triage::model::{CaseNumber, CaseState, QuarantineReason, Viewer};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::collections::HashMap;
use std::sync::Arc;

async fn journey(store: Arc<dyn TriageStore>) {
    let key = Identity::generate();
    let office = office(&key, Arc::clone(&store)).await;
    let tips = sample_tips(&key);
    let mut numbers = HashMap::new();
    for (id, _, envelope) in &tips {
        match ingest(&office, envelope).await.expect("stored") {
            Ingested::Case(number) => numbers.insert(id.clone(), CaseNumber(number)),
            other => panic!("{id}: {other:?}"),
        };
        assert_eq!(
            ingest(&office, envelope).await.expect("stored"),
            Ingested::Known
        );
    }
    for poison in [
        b"no age file".to_vec(),
        tips[0].2.ciphertext[..3000].to_vec(),
    ] {
        let outcome = ingest(&office, &arrived(EnvelopeKind::Tip, poison))
            .await
            .expect("kept");
        assert!(matches!(outcome, Ingested::Quarantined(_)));
    }
    let foreign = seal_bytes(b"{}", &[Identity::generate().recipient()]).expect("sealed");
    let outcome = ingest(&office, &arrived(EnvelopeKind::Tip, foreign.into_bytes())).await;
    assert_eq!(
        outcome.expect("kept"),
        Ingested::Quarantined(QuarantineReason::WrongKey)
    );
    let staff = staff();
    let (dispatcher, supervisor, administrator) = (&staff[0], &staff[1], &staff[2]);
    assert_eq!(
        ingest::quarantine(&office, dispatcher)
            .await
            .expect("listed")
            .len(),
        3
    );
    let all = views::queue(&office, dispatcher, QueueView::Open)
        .await
        .expect("the queue");
    assert_eq!(all.rows.len(), tips.len());
    the_same_matter_is_proposed(&office, dispatcher, &numbers).await;
    for (one, other) in [("s15", "s16"), ("s18", "s19")] {
        let file = views::case(&office, dispatcher, &numbers[one])
            .await
            .expect("a case");
        assert_eq!(file.same_text, [numbers[other].clone()]);
        let mate = views::case(&office, dispatcher, &numbers[other])
            .await
            .expect("a case");
        assert_eq!(file.handler_id, mate.handler_id, "copies go to one person");
    }
    assert!(matches!(
        views::case(&office, supervisor, &numbers["s09"]).await,
        Err(OfficeError::NotYours)
    ));
    assert!(matches!(
        views::case(&office, administrator, &numbers["s01"]).await,
        Err(OfficeError::NotPermitted)
    ));
    let harm = views::case(&office, dispatcher, &numbers["s21"])
        .await
        .expect("a case");
    assert_eq!(harm.row.due_day, Some(today()));
    conclude(&office, dispatcher, &numbers["s01"]).await;
    let addition = Said::Addition {
        text: "补充".to_owned(),
    };
    let reply = signed_on(&tips[0].1, today(), addition, &[]);
    let seal = || {
        let sealed = seal_reply(&reply, &[key.recipient()]).expect("sealed");
        sealed.0.into_bytes()
    };
    // Sent twice, a release in between: sealed anew under the id that its words have.
    let (again, reply) = (seal(), arrived(EnvelopeKind::Reply, seal()));
    let again = Arrived {
        ciphertext: again,
        ..reply.clone()
    };
    assert_eq!(
        ingest(&office, &reply).await.expect("stored"),
        Ingested::Reply
    );
    for repeat in [&reply, &again] {
        assert_eq!(
            ingest(&office, repeat).await.expect("stored"),
            Ingested::Known
        );
    }
    let again = self::office(&key, store).await;
    let file = views::case(&again, dispatcher, &numbers["s01"])
        .await
        .expect("a case after a restart");
    assert!(file.row.reporter_wrote && file.row.state == CaseState::Concluded);
    assert_eq!(file.messages.len(), 2);
}

/// One matter in other words and in another language is proposed, with reasons; two schools never are.
async fn the_same_matter_is_proposed(
    office: &Office,
    dispatcher: &Viewer,
    numbers: &HashMap<String, CaseNumber>,
) {
    for (one, other, tier) in [
        ("s33", "s35", Tier::Same),
        ("s33", "s34", Tier::Maybe),
        ("s01", "s03", Tier::Maybe),
    ] {
        let file = views::case(office, dispatcher, &numbers[one])
            .await
            .expect("a case");
        let alike = file.alike.iter().find(|it| it.number == numbers[other]);
        let alike = alike.unwrap_or_else(|| panic!("{one} and {other}"));
        assert!(alike.compared.tier >= tier, "{one} and {other}");
        assert!(!alike.said.is_empty());
    }
    let file = views::case(office, dispatcher, &numbers["s01"])
        .await
        .expect("a case");
    let other_school = file.alike.iter().find(|it| it.number == numbers["s52"]);
    assert!(other_school.is_none_or(|it| it.compared.tier < Tier::Maybe));
}

#[tokio::test]
async fn tips_become_cases_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("triage.sqlite");
    journey(cases(&format!("sqlite:{}", path.display())).await).await;
}

#[tokio::test]
async fn tips_become_cases_in_postgresql() {
    journey(cases(&postgres::fresh_database().await).await).await;
}

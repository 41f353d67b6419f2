//! Whoever has everything but the code: what he says in a reporter's name is kept, marked, and does nothing. What is said
//! with the code counts once, in whatever order it comes, and again at the office above.

use super::joining::on_both_stores;
use super::{arrived, conclude, office, said, sample_tips, staff, today};
use crate::sealing::vectors::signed_on;
use mifeng_opening::Identity;
use mifeng_sealing::tip::{
    PassedKind, PassedPaper, ReplyDocument, ReplyStatement, Said, SaidKind, SignedStatement,
    Stopped, TipDocument,
};
use mifeng_sealing::{EnvelopeKind, MailboxSecrets, seal_reply, seal_tip};
use mifeng_triage::cases::CaseFile;
use mifeng_triage::casework;
use mifeng_triage::ingest::{Arrived, Ingested, ingest};
use mifeng_triage::model::{CaseNumber, QuarantineReason, Viewer};
use mifeng_triage::office::Office;
use mifeng_triage::store::TriageStore;
use mifeng_triage::views;
use std::sync::Arc;

struct Scene {
    key: Identity,
    store: Arc<dyn TriageStore>,
    office: Arc<Office>,
    staff: Vec<Viewer>,
}

/// A tip that was taken in, and its reporter's secrets, which nobody else has.
struct Told {
    number: CaseNumber,
    reporter: MailboxSecrets,
}

/// Everything that words of a reporter could have changed, and do not.
#[derive(Debug, PartialEq)]
struct Standing {
    file: String,
    mailed: usize,
    posted: usize,
    readers: Vec<String>,
}

impl Scene {
    async fn new(store: Arc<dyn TriageStore>) -> Self {
        let key = Identity::generate();
        let office = office(&key, Arc::clone(&store)).await;
        Self {
            office,
            key,
            store,
            staff: staff(),
        }
    }

    fn dispatcher(&self) -> &Viewer {
        &self.staff[0]
    }

    /// A case that is concluded, of a tip whose seal has a key, or of one from before there were any.
    async fn told(&self, has_key: bool) -> Told {
        let (_, reporter, envelope) = sample_tips(&self.key).swap_remove(32);
        let opened = self.key.open(&envelope.ciphertext).expect("ours");
        let mut tip = TipDocument::from_json(&opened).expect("a tip");
        if !has_key {
            let mut address = reporter.address();
            address.reply_key = None;
            let mut json: serde_json::Value = serde_json::from_slice(&opened).expect("JSON");
            json["type"] = "mifeng/tip/1".into();
            json["mailbox"] = serde_json::to_value(&address).expect("JSON");
            let json = serde_json::to_vec(&json).expect("JSON");
            tip = TipDocument::from_json(&json).expect("a tip of the first version");
        }
        let sealed = seal_tip(&tip, &[self.key.recipient()]).expect("sealed");
        let envelope = arrived(EnvelopeKind::Tip, sealed.0.into_bytes());
        let Ingested::Case(number) = ingest(&self.office, &envelope).await.expect("stored") else {
            panic!("no case");
        };
        let number = CaseNumber(number);
        conclude(&self.office, self.dispatcher(), &number).await;
        Told { number, reporter }
    }

    async fn file(&self, told: &Told) -> CaseFile {
        let file = views::case(&self.office, self.dispatcher(), &told.number).await;
        file.expect("a case")
    }

    async fn standing(&self, told: &Told) -> Standing {
        let file = self.file(told).await;
        let tip = &file.tips[0];
        let read = file.messages.iter().filter(|message| message.read).count();
        let facts = (
            (file.row.state, file.row.reporter_wrote, file.row.due_day),
            (file.row.corrected, file.row.withdrawn, file.objected),
            (tip.corrected, tip.withdrawn, tip.reporter_gone, read),
            (&file.deadlines, file.end.kept_until, file.row.changed_day),
        );
        Standing {
            file: format!("{facts:?}"),
            mailed: self.store.mail_due().await.expect("read").len(),
            posted: self.store.queued_messages(1000).await.expect("read").len(),
            readers: file.readers,
        }
    }

    async fn takes(&self, reply: &ReplyDocument) -> Ingested {
        let sealed = seal_reply(reply, &[self.key.recipient()]).expect("sealed");
        let envelope = arrived(EnvelopeKind::Reply, sealed.0.into_bytes());
        ingest(&self.office, &envelope).await.expect("stored")
    }
}

/// One of every kind. The words name someone who may see the case.
fn every_kind(named: &str) -> Vec<Said> {
    let text = format!("{named}也收了钱");
    vec![
        Said::Addition { text: text.clone() },
        Said::Objection { text: text.clone() },
        Said::Correction { text: text.clone() },
        Said::Withdrawal { text: text.clone() },
        Said::Aftercare {
            after_days: 30,
            stopped: Stopped::No,
            treated_badly: true,
            text,
        },
        Said::Read { messages: 1 },
        Said::Farewell,
    ]
}

/// A forger's ways, each with what it takes: a copy of intake's database (whose digests name every mailbox), and what a
/// handler knows who opened the tip and everything that its reporter said.
fn forged(said: Said, told: &Told, genuine: &ReplyDocument) -> Vec<ReplyDocument> {
    let mailbox = told.reporter.address();
    let statement = ReplyStatement {
        office: "qingxi".to_owned(),
        lookup_digest: mailbox.lookup_digest.clone(),
        reply_id: "5a".repeat(32),
        received_day: today(),
        said: said.clone(),
        files: Vec::new(),
    };
    let stranger = sample_tips(&Identity::generate()).swap_remove(0).1;
    let by_stranger = stranger.sign(&statement);
    let proof = genuine.proof().expect("signed");
    let with = |signature: &str, mac: &str| SignedStatement {
        statement: statement.to_json(),
        signature: signature.to_owned(),
        mac: mac.to_owned(),
    };
    let signed = [
        by_stranger.clone(),
        with(&proof.signature, &proof.mac),
        with("", ""),
    ];
    let signed = signed.map(|one| ReplyDocument::signed(one, |_| None).expect("a statement"));
    let bare = ReplyDocument::new("qingxi", mailbox.lookup_digest.clone(), today(), said);
    signed.into_iter().chain([bare]).collect()
}

async fn what_is_forged_acts_on_nothing(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let supervisor = scene.staff[1].clone();
    for has_key in [true, false] {
        for way in 0..4 {
            let told = scene.told(has_key).await;
            let earlier = Said::Addition {
                text: "转账是九月三日".to_owned(),
            };
            let genuine = signed_on(&told.reporter, today(), earlier, &[]);
            assert_eq!(scene.takes(&genuine).await, Ingested::Reply);
            let before = scene.standing(&told).await;
            for said in every_kind(&supervisor.name) {
                let kind = said.kind();
                let forged = forged(said, &told, &genuine).swap_remove(way);
                assert_eq!(
                    scene.takes(&forged).await,
                    Ingested::Unproven,
                    "{way} {kind:?}"
                );
                assert_eq!(scene.standing(&told).await, before, "{way} {kind:?}");
                let file = views::case(&scene.office, &supervisor, &told.number).await;
                let file = file.expect("being named by anybody takes nothing from her");
                let last = file.messages.last().expect("kept");
                assert!(last.unproven && last.from_reporter && last.kind == Some(kind));
                assert!(file.row.unproven_words);
            }
            // The reporter is heard as before.
            let own = Said::Correction {
                text: "不是九月三日".to_owned(),
            };
            let own = signed_on(&told.reporter, today(), own, &[]);
            assert_eq!(scene.takes(&own).await, Ingested::Reply);
            assert!(scene.file(&told).await.tips[0].corrected);
        }
    }
}

async fn a_flood_of_forgeries_is_set_aside(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let told = scene.told(true).await;
    let digest = told.reporter.lookup().digest().to_hex();
    let forged = |text: String| {
        let said = Said::Addition { text };
        ReplyDocument::new("qingxi", digest.clone(), today(), said)
    };
    for at in 0..20 {
        let taken = scene.takes(&forged(format!("第{at}条"))).await;
        assert_eq!(taken, Ingested::Unproven);
    }
    for at in 20..23 {
        let taken = scene.takes(&forged(format!("第{at}条"))).await;
        assert_eq!(taken, Ingested::Quarantined(QuarantineReason::Unproven));
    }
    let own = Said::Withdrawal {
        text: String::new(),
    };
    let own = signed_on(&told.reporter, today(), own, &[]);
    assert_eq!(scene.takes(&own).await, Ingested::Reply);
    let file = scene.file(&told).await;
    assert!(file.tips[0].withdrawn && file.row.withdrawn && file.row.reporter_wrote);
    let unproven = file.messages.iter().filter(|message| message.unproven);
    assert_eq!(unproven.count(), 20);
    // An answer to the reporter says that it was seen.
    let write = casework::write_to_reporter(
        &scene.office,
        scene.dispatcher(),
        &told.number,
        None,
        "已收到",
    );
    write.await.expect("written");
    assert!(!scene.file(&told).await.row.unproven_words);
}

async fn what_is_said_counts_once_and_in_any_order(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let mut outcomes = Vec::new();
    for order in 0..4 {
        let told = scene.told(order % 2 == 0).await;
        let mut kinds = every_kind("某人");
        match order {
            0 => {}
            1 => kinds.reverse(),
            2 => kinds.rotate_left(3),
            _ => kinds.swap(1, 6),
        }
        let mut genuine = Vec::new();
        for said in kinds {
            let reply = signed_on(&told.reporter, today(), said, &[]);
            assert_eq!(scene.takes(&reply).await, Ingested::Reply);
            genuine.push(reply);
        }
        let before = scene.standing(&told).await;
        let heard = scene.file(&told).await.messages.len();
        // Sealed anew by whoever opened them, and by the reporter who sent them twice.
        for reply in &genuine {
            assert_eq!(scene.takes(reply).await, Ingested::Known);
        }
        assert_eq!(scene.standing(&told).await, before);
        let file = scene.file(&told).await;
        assert_eq!(file.messages.len(), heard);
        let tip = &file.tips[0];
        let mut said: Vec<_> = file
            .messages
            .iter()
            .filter(|message| message.from_reporter)
            .map(|message| (message.kind.map(SaidKind::code), message.text.clone()))
            .collect();
        said.sort();
        let flags = (
            tip.corrected,
            tip.withdrawn,
            tip.reporter_gone,
            file.objected,
        );
        outcomes.push((said, flags));
    }
    for outcome in &outcomes {
        assert_eq!(outcome, &outcomes[0]);
    }
    // In another mailbox nothing of it counts.
    let (one, other) = (scene.told(true).await, scene.told(true).await);
    let before = scene.standing(&other).await;
    for said in every_kind("某人") {
        let reply = signed_on(&one.reporter, today(), said, &[]);
        let json = String::from_utf8(reply.to_json()).expect("JSON");
        let digest = |told: &Told| told.reporter.lookup().digest().to_hex();
        let json = json.replace(&digest(&one), &digest(&other));
        let moved = ReplyDocument::from_json(json.as_bytes()).expect("a reply");
        assert_eq!(scene.takes(&moved).await, Ingested::Unproven);
    }
    assert_eq!(scene.standing(&other).await, before);
}

/// A repeat that comes in another envelope under the same id at intake was told apart by that id; a forger may choose one.
async fn an_id_at_intake_that_a_forger_took_first_keeps_nothing_out(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let told = scene.told(true).await;
    let text = "真的".to_owned();
    let genuine = said(&scene.key, &told.reporter, Said::Addition { text });
    let digest = told.reporter.lookup().digest().to_hex();
    let text = "假的".to_owned();
    let forged = ReplyDocument::new("qingxi", digest, today(), Said::Addition { text });
    let sealed = seal_reply(&forged, &[scene.key.recipient()]).expect("sealed");
    let forged = Arrived {
        ciphertext: sealed.0.into_bytes(),
        ..genuine.clone()
    };
    let taken = ingest(&scene.office, &forged).await.expect("stored");
    assert_eq!(taken, Ingested::Unproven);
    let taken = ingest(&scene.office, &genuine).await.expect("stored");
    assert_eq!(taken, Ingested::Reply);
}

on_both_stores! {
    what_is_forged_acts_on_nothing, what_is_forged_acts_on_nothing_in_sqlite,
        what_is_forged_acts_on_nothing_in_postgresql;
    a_flood_of_forgeries_is_set_aside, a_flood_of_forgeries_is_set_aside_in_sqlite,
        a_flood_of_forgeries_is_set_aside_in_postgresql;
    what_is_said_counts_once_and_in_any_order, what_is_said_counts_once_and_in_any_order_in_sqlite,
        what_is_said_counts_once_and_in_any_order_in_postgresql;
    an_id_at_intake_that_a_forger_took_first_keeps_nothing_out,
        an_id_at_intake_that_a_forger_took_first_keeps_nothing_out_in_sqlite,
        an_id_at_intake_that_a_forger_took_first_keeps_nothing_out_in_postgresql;
}

/// Only a tip that another office passed up brings papers and messages with it: a stranger's to this office never does.
#[tokio::test]
async fn no_strangers_tip_brings_papers_of_an_office() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    let key = Identity::generate();
    let office = office(&key, super::cases(&url).await).await;
    for (papers, before) in [(1, 0), (3, 0), (0, 1), (0, u32::MAX), (2, 7)] {
        let (_, mut document) = super::unsealed_tip("周末在家里补课");
        document.messages_before = before;
        document.papers = vec![
            PassedPaper {
                kind: PassedKind::Note,
                author: "监察室 宁怀远".to_owned(),
                day: today(),
                text: "已核实，属诬告，不予受理".to_owned(),
            };
            papers
        ];
        let sealed = seal_tip(&document, &[key.recipient()]).expect("sealed");
        let tip = arrived(EnvelopeKind::Tip, sealed.0.into_bytes());
        let taken = ingest(&office, &tip).await.expect("kept");
        assert_eq!(
            taken,
            Ingested::Quarantined(QuarantineReason::NotATip),
            "{papers} {before}"
        );
    }
}

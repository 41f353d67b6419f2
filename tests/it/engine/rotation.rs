//! Another key for the office: broken off at each row and between any two files it goes on where it was, and meanwhile the
//! office works under the key that its settings name. What was sealed to the old key still opens, and compares as it did;
//! once nothing is left of its time, the old key is destroyed.

use super::{parts, sample_tips, staff};
use crate::support::postgres::fresh_database;
use crate::support::trap::Trap;
use mifeng_foundation::clock::{Clock as _, ManualClock, SystemClock};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_opening::{Identity, OfficeIdentityFile, SketchKey};
use mifeng_operator::{
    KeyFiles, OfficeDetails, Opener, Rotated, Rotation, init_keys, rotate_keys, sign_manifest_file,
};
use mifeng_sealing::Contact;
use mifeng_similarity::Tier;
use mifeng_triage::casework::{self, wipe};
use mifeng_triage::ingest::{Arrived, Ingested, ingest};
use mifeng_triage::jobs::expire;
use mifeng_triage::model::{AuditQuery, CaseNumber, CaseState, Move, QuarantineReason};
use mifeng_triage::office::{Office, OfficeError};
use mifeng_triage::store::{OutgoingState, TriageStore};
use mifeng_triage::views;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const PASSPHRASE: &str = "correct horse battery staple";
const DAY: Duration = Duration::from_hours(24);

/// More rows than are ever written at once.
const ROWS_MAX: u32 = 200;

/// Two copies of one text, one incident in three ways, and another.
const TOLD: [&str; 6] = ["s15", "s16", "s33", "s34", "s35", "s01"];

/// An office with its keys and settings in files, and a few cases.
struct Place {
    folder: PathBuf,
    store: Arc<dyn TriageStore>,
    clock: Arc<ManualClock>,
    old: Identity,
    numbers: BTreeMap<String, CaseNumber>,
    /// Sealed to the old key and on its way.
    late: Vec<Arrived>,
}

impl Place {
    async fn new(folder: &Path, url: &str) -> Self {
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        let today = super::today();
        let office = OfficeDetails {
            slug: "qingxi".to_owned(),
            name_zh: "青溪县教育局".to_owned(),
            name_en: "Qingxi County Education Bureau".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            today,
            not_after: today.plus_days(100),
            parent: None,
            contact: Contact::default(),
            relay_hosts: vec!["localhost".to_owned()],
        };
        let keys = folder.join("keys");
        let files = init_keys(&keys, &office, PASSPHRASE.into(), &SystemEntropy).expect("keys");
        let manifest = folder.join("office.manifest");
        sign_manifest_file(
            &files.manifest_body,
            &files.manifest_signing_key,
            &manifest,
            clock.as_ref(),
        )
        .expect("signed");
        let public = std::fs::read_to_string(&files.manifest_public_key).expect("the key");
        let settings = format!(
            "store_url = \"{url}\"\nmanifest_file = \"{}\"\nmanifest_public_key = \"{}\"\n\
             office_identity_file = \"{}\"\nrouting_file = \"routing.toml\"\n\
             [listen]\naddress = \"127.0.0.1:0\"\n[relay]\nurl = \"http://127.0.0.1:1\"\ntoken_file = \"token\"\n",
            manifest.display(),
            public.trim(),
            files.office_identity.display(),
        );
        std::fs::write(folder.join("triage.toml"), settings).expect("settings");
        let mut place = Self {
            folder: folder.to_owned(),
            store: super::cases(url).await,
            clock,
            old: unlocked(&files.office_identity),
            numbers: BTreeMap::new(),
            late: Vec::new(),
        };
        place.takes_in().await;
        place
    }

    async fn takes_in(&mut self) {
        let office = self.office(&self.old).await.expect("it loads");
        for (id, _, envelope) in sample_tips(&self.old) {
            if !TOLD.contains(&id.as_str()) {
                self.late.push(envelope);
                continue;
            }
            let Ingested::Case(number) = ingest(&office, &envelope).await.expect("stored") else {
                panic!("no case of {id}");
            };
            self.numbers.insert(id, CaseNumber(number));
        }
    }

    /// The office as it starts under `key`.
    async fn office(&self, key: &Identity) -> Result<Arc<Office>, OfficeError> {
        let clock = Arc::clone(&self.clock);
        let parts = parts(key, Arc::clone(&self.store), clock);
        Office::load(parts).await.map(Arc::new)
    }

    fn rotation(&self, folder: &str) -> Rotation {
        Rotation {
            config: self.folder.join("triage.toml"),
            from: None,
            opener: Opener::Passphrase(PASSPHRASE.into()),
            folder: self.folder.join(folder),
            passphrase: PASSPHRASE.into(),
            signing_key: Some(KeyFiles::in_folder(&self.folder.join("keys")).manifest_signing_key),
            not_after: None,
            sealed_until: None,
        }
    }

    async fn rotates(&self, folder: &str) -> Result<Rotated, mifeng_operator::OperatorError> {
        rotate_keys(&self.rotation(folder), self.clock.as_ref()).await
    }

    /// Every case can be read, and is as like the others as the tier says.
    async fn likeness(&self, office: &Arc<Office>) -> BTreeMap<(String, String), Tier> {
        let office = Arc::clone(office);
        let dispatcher = &staff()[0];
        let mut likeness = BTreeMap::new();
        for number in self.numbers.values() {
            let file = views::case(&office, dispatcher, number)
                .await
                .expect("a case");
            for one in file.alike {
                let pair = (number.0.clone(), one.number.0);
                likeness.insert(pair, one.compared.tier);
            }
            for same in file.same_text {
                likeness.insert(
                    (number.0.clone(), format!("{} word for word", same.0)),
                    Tier::Same,
                );
            }
        }
        assert!(likeness.len() > 4, "{likeness:?}");
        likeness
    }

    /// Whose key opens how many of the cases and of the sketches.
    async fn opened_by(&self, key: &Identity) -> (usize, usize) {
        let cases = self.store.cases().await.expect("read");
        let cases = cases
            .iter()
            .filter(|row| key.open_identity(&row.wrapped_identity).is_ok());
        let sketch_key = SketchKey::derive(key);
        let tips = self.store.tips(None).await.expect("read");
        let tips = tips
            .iter()
            .filter(|tip| sketch_key.opener().open(&tip.id, &tip.sketch).is_ok());
        (cases.count(), tips.count())
    }
}

fn unlocked(file: &Path) -> Identity {
    let file = OfficeIdentityFile::from_bytes(std::fs::read(file).expect("the identity"));
    file.unlock(PASSPHRASE.into()).expect("the passphrase")
}

async fn rotated_at_each_row(url: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut place = Place::new(folder.path(), url).await;
    let all = place.numbers.len();
    let office = place.office(&place.old).await.expect("it loads");
    let before = place.likeness(&office).await;
    let mut trap = Trap::in_store(url).await;

    // The tool: at each row it writes.
    let mut row = 0;
    let rotated = loop {
        row += 1;
        assert!(row < ROWS_MAX);
        trap.set(row).await;
        let done = place.rotates("next").await;
        trap.set(0).await;
        if let Ok(rotated) = done {
            break rotated;
        }
        assert_eq!(place.store.retired_keys().await.expect("read"), []);
    };
    assert!(row > 1, "it writes");
    let new = unlocked(&rotated.identity);
    // And between any two files.
    for gone in [
        vec![rotated.manifest.clone().expect("signed")],
        vec![
            rotated.manifest.clone().expect("signed"),
            rotated.body.clone(),
        ],
    ] {
        for file in &gone {
            std::fs::remove_file(file).expect("it was there");
        }
        let again = place.rotates("next").await.expect("it goes on");
        assert_eq!(again.recipient, rotated.recipient, "no third key");
        assert!(gone.iter().all(|file| file.exists()));
    }
    assert_eq!(place.store.retired_keys().await.expect("read").len(), 1);
    let audit_log = office
        .audit_log()
        .rows(AuditQuery::default(), 1000)
        .await
        .expect("rows");
    let rotations = audit_log
        .iter()
        .filter(|row| row.link.kind == "key-rotated");
    assert!(rotations.count() >= 1);
    // Nothing has changed for whoever works under the old one.
    let office = place
        .office(&place.old)
        .await
        .expect("the old key works on");
    assert_eq!(place.likeness(&office).await, before);
    assert_eq!(place.opened_by(&place.old).await, (all, all));

    // Triage's first start under the new one: at each row.
    let mut row = 0;
    let office = loop {
        row += 1;
        assert!(row < ROWS_MAX);
        trap.set(row).await;
        let loaded = place.office(&new).await;
        trap.set(0).await;
        match loaded {
            Ok(office) => break office,
            Err(OfficeError::Store(_)) => {}
            Err(cause) => panic!("at row {row}: {cause}"),
        }
        let (cases, sketches) = place.opened_by(&new).await;
        let (old_cases, old_sketches) = place.opened_by(&place.old).await;
        assert_eq!((cases + old_cases, sketches + old_sketches), (all, all));
    };
    assert_eq!(place.opened_by(&new).await, (all, all));
    assert_eq!(place.opened_by(&place.old).await, (0, 0));
    assert_eq!(views::rebuilt_sketches(&office,), 0);
    assert_eq!(place.likeness(&office).await, before, "compared as before");
    wipe(&office).await.expect("wiped");
    assert_eq!(place.store.remains().await.expect("read"), []);
    let stranger = place.office(&Identity::generate()).await;
    assert!(matches!(stranger, Err(OfficeError::Damaged)));
    // What was on its way.
    let late = place.late.pop().expect("one is left");
    assert!(matches!(
        ingest(&office, &late).await,
        Ok(Ingested::Case(_))
    ));
    assert_eq!(place.opened_by(&new).await, (all + 1, all + 1));
}

async fn twice_and_to_the_end(url: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut place = Place::new(folder.path(), url).await;
    let first = place.rotates("next").await.expect("rotated");
    let second_key = unlocked(&first.identity);
    let office = place.office(&second_key).await.expect("it loads");
    drop(office);
    // Once more, from the key that the settings name now.
    let from = Rotation {
        from: Some(first.identity.clone()),
        ..place.rotation("third")
    };
    let second = rotate_keys(&from, place.clock.as_ref())
        .await
        .expect("rotated");
    let third_key = unlocked(&second.identity);
    let office = place.office(&third_key).await.expect("it loads");
    assert_eq!(place.store.retired_keys().await.expect("read").len(), 2);
    let late = place.late.pop().expect("one is left");
    assert!(matches!(
        ingest(&office, &late).await,
        Ok(Ingested::Case(_))
    ));

    // The old manifest runs out after a hundred days; cases of its time are left.
    assert_eq!(office.destroy_retired().await.expect("read"), 0);
    place.clock.advance(DAY * 101);
    assert_eq!(office.destroy_retired().await.expect("read"), 0);
    let (office, people) = (Arc::clone(&office), staff());
    let cases = place.store.cases().await.expect("read");
    for row in cases {
        let number = CaseNumber(row.number);
        let declined = Move {
            told: "不归我们管",
            ..Move::new(CaseState::Declined, "不归本局")
        };
        let version = views::case(&office, &people[0], &number)
            .await
            .expect("a case")
            .version;
        let done = casework::change_state(&office, &people[0], &number, version, declined).await;
        done.expect("declined");
    }
    let queued = place.store.queued_messages(1000).await.expect("read");
    let ids: Vec<_> = queued.iter().map(|row| row.id).collect();
    let posted = place.store.mark_messages(&ids, OutgoingState::Posted).await;
    posted.expect("delivered");
    place.clock.advance(DAY * 367);
    assert!(expire(&office).await.expect("destroyed") > 0);
    assert_eq!(office.destroy_retired().await.expect("destroyed"), 2);
    wipe(&office).await.expect("wiped");
    assert_eq!(place.store.retired_keys().await.expect("read"), []);
    // Nothing opens any more that is sealed to it.
    let late = place.late.pop().expect("one is left");
    let ingested = ingest(&office, &late).await.expect("kept");
    assert_eq!(ingested, Ingested::Quarantined(QuarantineReason::WrongKey));
    let office = place.office(&third_key).await.expect("it loads");
    office
        .audit_log()
        .verify(&[])
        .await
        .expect("read")
        .expect("it holds");
}

fn sqlite_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("triage.sqlite").display())
}

#[tokio::test]
async fn the_key_is_rotated_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    rotated_at_each_row(&sqlite_in(folder.path())).await;
}

#[tokio::test]
async fn the_key_is_rotated_in_postgresql() {
    rotated_at_each_row(&fresh_database().await).await;
}

#[tokio::test]
async fn old_keys_go_in_the_end_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    twice_and_to_the_end(&sqlite_in(folder.path())).await;
}

#[tokio::test]
async fn old_keys_go_in_the_end_in_postgresql() {
    twice_and_to_the_end(&fresh_database().await).await;
}

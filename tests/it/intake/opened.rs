//! On which day a mailbox was last opened: for whoever has its code, and for nobody who has the disk, at whatever two moments.

use super::{Intake, OFFICE};
use crate::support::postgres::fresh_database;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::{SystemEntropy, random_id};
use mifeng_foundation::storage::StoreUrl;
use mifeng_intake::opened::OpenedDays;
use mifeng_intake::store::{IntakeStore, NewEnvelope, NewSubmission, OpenedRow, Submitted, open};
use mifeng_sealing::{
    ContentHash, LookupDigest, MailboxSecrets, OPENED_FIELD_BYTES, OpenedField, PickupCode,
    SubmissionTag,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

const QUOTA: u64 = 1 << 30;
/// More than one piece of the writing.
const MAILBOXES: usize = 300;

type Rows = BTreeMap<LookupDigest, OpenedRow>;

struct Host {
    store: Arc<dyn IntakeStore>,
    opened: OpenedDays,
    reporters: Vec<MailboxSecrets>,
}

fn day(number: i32) -> Day {
    let first: Day = "2026-11-01".parse().expect("a day");
    first.plus_days(number)
}

fn digest(reporter: &MailboxSecrets) -> LookupDigest {
    reporter.lookup().digest()
}

fn reporter() -> MailboxSecrets {
    MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), OFFICE)
}

async fn store_at(url: &str) -> Arc<dyn IntakeStore> {
    let url: StoreUrl = url.parse().expect("a URL");
    open(&url, QUOTA).await.expect("a store")
}

impl Host {
    /// With mailboxes of which every fifth brought no key, as those from before there were any.
    async fn with(url: &str, mailboxes: usize) -> Self {
        let mut host = Self::at(url).await;
        for at in 0..mailboxes {
            let reporter = reporter();
            let ciphertext = vec![0; 8];
            let submission = NewSubmission {
                envelope: NewEnvelope {
                    id: random_id(&SystemEntropy),
                    addressee: OFFICE.to_owned(),
                    content_hash: ContentHash::of(&ciphertext),
                    ciphertext,
                    received_day: day(0),
                    attachments: Vec::new(),
                },
                office: OFFICE.to_owned(),
                lookup_digest: digest(&reporter),
                submission_tag: SubmissionTag::from_bytes([0; 32]),
            };
            let submitted = host.store.submit(submission).await.expect("a store");
            assert_eq!(submitted, Submitted::Stored);
            if at % 5 != 4 {
                host.opened.begin(digest(&reporter), reporter.opened_key());
            }
            host.reporters.push(reporter);
        }
        host
    }

    async fn at(url: &str) -> Self {
        let store = store_at(url).await;
        Self {
            opened: OpenedDays::new(Arc::clone(&store), Arc::new(SystemEntropy)),
            store,
            reporters: Vec::new(),
        }
    }

    /// What is on the disk.
    async fn rows(&self) -> Rows {
        let rows = self.store.opened().expect("rows");
        let page = rows.page(None, 10_000).await.expect("a page");
        let rows = page.into_iter();
        rows.map(|(mailbox, row)| (mailbox, row.expect("every mailbox has a row")))
            .collect()
    }

    /// Opens a mailbox; when it was opened before.
    async fn opens(&self, at: usize, on: Day) -> Option<Day> {
        let reporter = &self.reporters[at];
        let field = self.opened.open(Some(digest(reporter)), on).await;
        reporter.opened_day(&field.expect("a field"), on)
    }
}

/// Nothing on the disk stays as it was, for any mailbox, and everything is of one length.
fn all_anew(before: &Rows, after: &Rows) {
    assert_eq!(before.len(), after.len());
    for (mailbox, row) in after {
        let old = &before[mailbox];
        let (old, new) = (old.field.to_bytes(), row.field.to_bytes());
        assert_eq!(new.len(), OPENED_FIELD_BYTES);
        for (one, other) in old.chunks(32).zip(new.chunks(32)) {
            assert_ne!(one, other);
        }
        assert_eq!(before[mailbox].key, row.key);
    }
}

async fn every_field_is_written_anew_at_once(url: String) {
    let host = Host::with(&url, MAILBOXES).await;
    let written = host.opened.rewrite(true).await.expect("written");
    assert_eq!(written, MAILBOXES as u64);
    let before = host.rows().await;
    assert_eq!(host.opened.rewrite(false).await.expect("nothing to do"), 0);
    assert_eq!(host.rows().await, before);

    assert_eq!(host.opens(7, day(3)).await, None, "not opened yet");
    assert_eq!(host.opens(7, day(3)).await, Some(day(3)), "today");
    assert_eq!(host.rows().await, before, "only memory knows");
    host.opened.rewrite(false).await.expect("written");
    let after = host.rows().await;
    all_anew(&before, &after);
    for (at, reporter) in host.reporters.iter().enumerate() {
        let said = reporter.opened_day(&after[&digest(reporter)].field, day(20));
        assert_eq!(said, (at == 7).then_some(day(3)), "{at}");
        let other = host.reporters[(at + 1) % MAILBOXES]
            .opened_day(&after[&digest(reporter)].field, day(20));
        assert_eq!(other, None, "nobody but whoever has the code");
    }
    // One that brought no key looks like any other, and says nothing.
    assert_eq!(host.opens(4, day(5)).await, None);
    assert_eq!(host.opens(7, day(5)).await, Some(day(3)));
    host.opened.rewrite(false).await.expect("written");
    all_anew(&after, &host.rows().await);
    assert_eq!(host.opens(4, day(6)).await, None);

    // After a start what was written is there, and the rest is not.
    host.opens(8, day(6)).await;
    host.store.close().await;
    let reporters = host.reporters;
    let host = Host {
        reporters,
        ..Host::at(&url).await
    };
    assert_eq!(host.opens(7, day(9)).await, Some(day(5)));
    assert_eq!(host.opens(8, day(9)).await, None);

    // A mailbox that is deleted takes its row along.
    let gone = digest(&host.reporters[7]);
    let farewell = NewEnvelope {
        id: random_id(&SystemEntropy),
        addressee: OFFICE.to_owned(),
        content_hash: ContentHash::of(b"farewell"),
        ciphertext: b"farewell".to_vec(),
        received_day: day(9),
        attachments: Vec::new(),
    };
    host.store
        .forget(OFFICE, gone, farewell)
        .await
        .expect("forgotten");
    let rows = host.store.opened().expect("rows");
    assert_eq!(rows.one(gone).await.expect("read"), None);
    host.opened.rewrite(true).await.expect("written");
    assert_eq!(rows.one(gone).await.expect("read"), None);
    assert_eq!(host.rows().await.len(), MAILBOXES - 1);
    host.store.close().await;
}

#[tokio::test]
async fn every_field_is_written_anew_at_once_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("intake.sqlite");
    every_field_is_written_anew_at_once(format!("sqlite:{}", path.display())).await;
}

#[tokio::test]
async fn every_field_is_written_anew_at_once_in_postgresql() {
    every_field_is_written_anew_at_once(fresh_database().await).await;
}

/// What happens at a host, in any order.
#[derive(Clone, Copy, Debug)]
enum Step {
    Opens(usize, i32),
    Writes,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..6_usize, 0..3_i32).prop_map(|(who, later)| Step::Opens(who, later)),
        1 => Just(Step::Writes),
    ];
    proptest::collection::vec(step, 1..20)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is opened and written in between, each is told her own last day.
    #[test]
    fn each_is_told_her_own_last_day(steps in steps()) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime.block_on(async {
            let folder = tempfile::tempdir().expect("a folder");
            let path = folder.path().join("intake.sqlite");
            let host = Host::with(&format!("sqlite:{}", path.display()), 6).await;
            let mut last = [None; 6];
            let mut now = 0;
            for step in steps {
                match step {
                    Step::Opens(who, later) => {
                        now += later;
                        let expected = last[who].filter(|_| who % 5 != 4);
                        assert_eq!(host.opens(who, day(now)).await, expected);
                        last[who] = Some(day(now));
                    }
                    Step::Writes => {
                        host.opened.rewrite(true).await.expect("written");
                    }
                }
            }
            host.store.close().await;
        });
    }
}

#[tokio::test]
async fn whoever_comes_back_is_told_when_the_code_was_used_before() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let code = anonymous.tells("周末在家里补课").await.code;
    let asked = json!({"pickup_code": code});
    let first = anonymous.api("pickups", &asked).await.json();
    assert_eq!(first["opened_before"], Value::Null);
    let second = anonymous.api("pickups", &asked).await.json();
    assert_eq!(second["opened_before"], super::TODAY);
    let fields = [("pickup_code", code.as_str())];
    for (language, words) in [
        (
            "zh-Hans",
            "今天（2026年11月23日）已经用这个取件码打开过本页",
        ),
        (
            "zh-Hant",
            "今天（2026年11月23日）已經用這個取件碼打開過本頁",
        ),
        (
            "en",
            "opened with this code earlier today (23 November 2026)",
        ),
    ] {
        let page = anonymous
            .form(&format!("/{OFFICE}/{language}/check"), &fields)
            .await;
        assert!(page.text.contains(words), "{}", page.text);
        let sent = [fields[0], ("text", language)];
        let reply = anonymous
            .form(&format!("/{OFFICE}/{language}/check/reply"), &sent)
            .await;
        assert!(
            !reply.text.contains(words),
            "she opened it herself a moment ago"
        );
    }
    // And the page that opens it itself.
    let secrets = MailboxSecrets::derive(&PickupCode::parse(&code).expect("a code"), OFFICE);
    let lookup = super::reporter::lookup_hex(&PickupCode::parse(&code).expect("a code"));
    let sealed = anonymous
        .api("sealed-pickups", &json!({"lookup": lookup}))
        .await
        .json();
    let field = hex::decode(sealed["opened"].as_str().expect("hex")).expect("hex");
    let field = OpenedField::from_bytes(&field).expect("a field");
    let today = super::TODAY.parse().expect("a day");
    assert_eq!(secrets.opened_day(&field, today), Some(today));
    let unknown = anonymous
        .api("sealed-pickups", &json!({"lookup": "00".repeat(32)}))
        .await;
    let unknown = unknown.json();
    assert_eq!(
        unknown["opened"].as_str().map(str::len),
        Some(2 * OPENED_FIELD_BYTES)
    );
    intake.stop().await;
}

//! The engine over both stores: real envelopes, opened, routed, clocked, answered.

mod batch;
mod casework;
mod daily;
mod dated;
mod deadlines;
mod early;
mod forged;
#[path = "../attack/jobs.rs"]
mod jobs;
mod joining;
mod large_file;
mod lost_answers;
pub mod mail;
mod mail_head;
pub mod mail_server;
mod mail_tls;
mod meant;
mod numbers;
mod passing;
mod poison;
mod references;
mod replies;
mod rotation;
mod routing;
mod sketches;
mod tips;
#[path = "../attack/two_persons.rs"]
mod two_persons;
mod year;

use crate::sealing::vectors;
pub use mail::mail_of;
use mifeng_triage::views;

use async_trait::async_trait;
use mifeng_foundation::clock::{Clock, Day, SystemClock};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_foundation::storage::StoreError;
use mifeng_opening::Identity;
use mifeng_sealing::tip::{Channel, MailboxMessage, RawTip, Said, Tip, TipDocument};
use mifeng_sealing::{
    EnvelopeKind, MailboxSecrets, ParentOffice, PickupCode, seal_reply, seal_tip,
};
use mifeng_triage::deadlines::DeadlineRules;
use mifeng_triage::engine::open_stores;
use mifeng_triage::ingest::Arrived;
use mifeng_triage::model::{
    CaseNumber, CaseState, Conclusion, Finding, Member, MemberId, Mode, Move, Outcome, Role, Viewer,
};
use mifeng_triage::office::{Office, OfficeError, Parts};
use mifeng_triage::routing::Rules;
use mifeng_triage::staff::Directory;
use mifeng_triage::store::TriageStore;
use std::sync::{Arc, LazyLock};

const SAMPLES: &str = include_str!("../../samples/tips.json");
const RULES: &str = include_str!("../../../deploy/routing.toml");

pub struct Staff(pub Vec<Member>);

#[async_trait]
impl Directory for Staff {
    async fn members(&self) -> Result<Vec<Member>, StoreError> {
        Ok(self.0.clone())
    }
}

/// The key of the office above.
static ABOVE: LazyLock<Identity> = LazyLock::new(Identity::generate);

fn above() -> ParentOffice {
    ParentOffice {
        slug: "heyuan".to_owned(),
        name_zh: "河源市教育局".to_owned(),
        name_en: "Heyuan Education Bureau".to_owned(),
        recipients: vec![ABOVE.recipient()],
    }
}

/// The keys of the members of every test of the process, by number.
static KEYS: LazyLock<[Arc<Identity>; 100]> =
    LazyLock::new(|| std::array::from_fn(|_| Arc::new(Identity::generate())));

fn member(id: u8, role: Role, unit: Option<&str>) -> Member {
    Member {
        id: MemberId([id; 16]),
        login: format!("m{id}"),
        name: format!("承办人第{id}号"),
        role,
        unit: unit.map(str::to_owned),
        email: String::new(),
        recused_schools: Vec::new(),
        recused_names: Vec::new(),
        active: true,
        recipient: Some(KEYS[usize::from(id)].recipient()),
        confirmed: true,
        leave: None,
        skills: Vec::new(),
        titles: Vec::new(),
    }
}

/// The member as she is when she is signed in.
fn viewer(member: Member) -> Viewer {
    let identity = Arc::clone(&KEYS[usize::from(member.id.0[0])]);
    Viewer::new(member, identity)
}

fn viewers(members: Vec<Member>) -> Vec<Viewer> {
    members.into_iter().map(viewer).collect()
}

pub fn staff() -> Vec<Viewer> {
    viewers(members())
}

pub fn members() -> Vec<Member> {
    let mut staff = vec![
        member(1, Role::Dispatcher, None),
        member(2, Role::Supervisor, None),
        member(3, Role::Administrator, None),
    ];
    let units = [
        "jiancha",
        "dudao",
        "jijiao",
        "zhengjiao",
        "zhicheng",
        "jijiao",
    ];
    staff.extend(
        (10..)
            .zip(units)
            .map(|(id, unit)| member(id, Role::Investigator, Some(unit))),
    );
    staff[1].recused_schools = vec!["qx-1z".to_owned()];
    staff[1].recused_names = vec!["何志远".to_owned()];
    staff
}

pub async fn office(key: &Identity, store: Arc<dyn TriageStore>) -> Arc<Office> {
    let clock = Arc::new(SystemClock::new());
    Arc::new(office_by(key, store, clock).await)
}

/// An office of which something is other than usual.
pub async fn office_as(
    key: &Identity,
    store: Arc<dyn TriageStore>,
    change: impl FnOnce(&mut Parts),
) -> Arc<Office> {
    let mut parts = parts(key, store, Arc::new(SystemClock::new()));
    change(&mut parts);
    Arc::new(Office::load(parts).await.expect("the cases load"))
}

/// An office whose days are those of `clock`.
async fn office_by(key: &Identity, store: Arc<dyn TriageStore>, clock: Arc<dyn Clock>) -> Office {
    let loaded = Office::load(parts(key, store, clock)).await;
    loaded.expect("the cases load")
}

pub fn parts(key: &Identity, store: Arc<dyn TriageStore>, clock: Arc<dyn Clock>) -> Parts {
    Parts {
        slug: "qingxi".to_owned(),
        zone: crate::support::office_zone(),
        identity: key.clone(),
        store,
        directory: Arc::new(Staff(members())),
        rules: Rules::parse(RULES).expect("the sample"),
        deadline_rules: DeadlineRules::embedded(),
        parent: Some(above()),
        clock,
        entropy: Arc::new(SystemEntropy),
    }
}

pub fn today() -> Day {
    SystemClock::new().today(&crate::support::office_zone())
}

pub fn arrived(kind: EnvelopeKind, ciphertext: Vec<u8>) -> Arrived {
    let id = mifeng_foundation::entropy::random_id(&SystemEntropy);
    Arrived {
        id,
        kind,
        received_day: today(),
        ciphertext,
        files: Vec::new(),
    }
}

pub fn sample_tips(key: &Identity) -> Vec<(String, MailboxSecrets, Arrived)> {
    let samples: Vec<serde_json::Value> = serde_json::from_str(SAMPLES).expect("JSON");
    let field = |sample: &serde_json::Value, name: &str| {
        sample[name].as_str().unwrap_or_default().to_owned()
    };
    samples
        .iter()
        .map(|sample| {
            let raw = RawTip {
                category: field(sample, "category"),
                school: field(sample, "school"),
                subject: field(sample, "subject"),
                when: field(sample, "when"),
                text: field(sample, "text"),
                language: field(sample, "language"),
                attachments: Vec::new(),
                only_above: false,
            };
            let (secrets, envelope) = sealed_tip(key, &raw, today());
            (field(sample, "id"), secrets, envelope)
        })
        .collect()
}

/// A tip of `text` as it stands in a seal, and its reporter's side.
fn unsealed_tip(text: &str) -> (MailboxSecrets, TipDocument) {
    let raw = RawTip {
        category: "tutoring".to_owned(),
        school: String::new(),
        subject: String::new(),
        when: String::new(),
        text: text.to_owned(),
        language: "zh-Hans".to_owned(),
        attachments: Vec::new(),
        only_above: false,
    };
    let tip = Tip::parse(&raw).expect("a tip");
    let secrets = MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), "qingxi");
    let address = secrets.address();
    let document = TipDocument::new(&tip, "qingxi", today(), Channel::Web, address);
    (secrets, document)
}

/// A tip as it comes from intake, and its reporter's side.
pub fn sealed_tip(key: &Identity, raw: &RawTip, received_day: Day) -> (MailboxSecrets, Arrived) {
    let tip = Tip::parse(raw).expect("a tip");
    let secrets = MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), "qingxi");
    let address = secrets.address();
    let document = TipDocument::new(&tip, "qingxi", received_day, Channel::Web, address);
    let sealed = seal_tip(&document, &[key.recipient()]).expect("sealed");
    let envelope = Arrived {
        received_day,
        ..arrived(EnvelopeKind::Tip, sealed.0.into_bytes())
    };
    (secrets, envelope)
}

/// What a reporter says, as it comes from intake.
pub fn said(key: &Identity, reporter: &MailboxSecrets, said: Said) -> Arrived {
    let reply = vectors::signed_on(reporter, today(), said, &[]);
    let sealed = seal_reply(&reply, &[key.recipient()]).expect("sealed");
    arrived(EnvelopeKind::Reply, sealed.0.into_bytes())
}

async fn conclude(office: &Office, actor: &Viewer, number: &CaseNumber) {
    let version = views::case(office, actor, number)
        .await
        .expect("a case")
        .version;
    mifeng_triage::casework::change_state(
        office,
        actor,
        number,
        version,
        Move::accept(Mode::Direct, "属于本局职责"),
    )
    .await
    .expect("accepted");
    let stale = mifeng_triage::casework::change_state(
        office,
        actor,
        number,
        version,
        Move::new(CaseState::UnderInquiry, "再次"),
    )
    .await;
    assert!(matches!(stale, Err(OfficeError::Changed)));
    let conclusion = Conclusion {
        findings: vec![Finding::of_the_only_one(Outcome::Upheld)],
        answer_to_reporter: "已查实".to_owned(),
        own_answers: std::collections::BTreeMap::new(),
        reason: "证据充分".to_owned(),
    };
    mifeng_triage::casework::conclude(office, actor, number, version + 1, conclusion)
        .await
        .expect("concluded");
}

/// What was sent to a reporter's mailbox and waits for intake, in order.
async fn sent_to(store: &dyn TriageStore, reporter: &MailboxSecrets) -> Vec<MailboxMessage> {
    let mailbox = crate::sealing::vectors::mailbox_identity(reporter);
    let queued = store.queued_messages(1000).await.expect("read");
    let mut messages: Vec<_> = queued
        .iter()
        .filter_map(|row| mailbox.open(&row.ciphertext).ok())
        .map(|json| MailboxMessage::from_json(&json).expect("a message"))
        .collect();
    messages.sort_by_key(|message| message.sequence);
    messages
}

/// The cases' store in the database at `url`.
pub async fn cases(url: &str) -> Arc<dyn TriageStore> {
    let url = url.parse().expect("a URL");
    open_stores(&url).await.expect("a store").cases
}

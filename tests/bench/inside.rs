//! Triage's share: tips opened, compared, routed and stored, one after the other.

use crate::measure::{Figures, Run};
use async_trait::async_trait;
use mifeng_foundation::clock::{Clock as _, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_id};
use mifeng_foundation::storage::StoreError;
use mifeng_opening::Identity;
use mifeng_sealing::tip::{Channel, RawTip, Tip, TipDocument};
use mifeng_sealing::{EnvelopeKind, MailboxSecrets, PickupCode, Recipient, seal_tip};
use mifeng_triage::deadlines::DeadlineRules;
use mifeng_triage::engine::open_stores;
use mifeng_triage::ingest::{Arrived, Ingested, ingest};
use mifeng_triage::model::{Member, MemberId, Role};
use mifeng_triage::office::{Office, Parts};
use mifeng_triage::routing::Rules;
use mifeng_triage::staff::Directory;
use std::path::Path;
use std::sync::{Arc, LazyLock};

const RULES: &str = include_str!("../../deploy/routing.toml");
const SAMPLES: &str = include_str!("../samples/tips.json");
const TIPS: usize = 300;

/// A member's, for whom each case's key is sealed too.
static RECIPIENT: LazyLock<Recipient> = LazyLock::new(|| Identity::generate().recipient());

struct Staff;

#[async_trait]
impl Directory for Staff {
    async fn members(&self) -> Result<Vec<Member>, StoreError> {
        let units = ["jiancha", "dudao", "jijiao", "zhengjiao", "zhicheng"];
        let member = |(id, unit): (u8, &str)| Member {
            id: MemberId([id; 16]),
            login: format!("m{id}"),
            name: format!("承办人第{id}号"),
            role: Role::Investigator,
            unit: Some(unit.to_owned()),
            email: String::new(),
            recused_schools: Vec::new(),
            recused_names: Vec::new(),
            active: true,
            recipient: Some(RECIPIENT.clone()),
            confirmed: true,
            leave: None,
            skills: Vec::new(),
            titles: Vec::new(),
        };
        Ok((1..).zip(units).map(member).collect())
    }
}

fn sealed_tips(key: &Identity) -> Vec<Arrived> {
    let samples: Vec<serde_json::Value> = serde_json::from_str(SAMPLES).expect("JSON");
    let today = SystemClock::new().today(&jiff::tz::TimeZone::UTC);
    let seal = |(number, sample): (usize, &serde_json::Value)| {
        let field = |name: &str| sample[name].as_str().unwrap_or_default().to_owned();
        let tip = Tip::parse(&RawTip {
            category: field("category"),
            school: field("school"),
            subject: field("subject"),
            when: field("when"),
            text: format!("{} {number}", field("text")),
            language: field("language"),
            attachments: Vec::new(),
            only_above: false,
        })
        .expect("a sample is a tip");
        let secrets = MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), "qingxi");
        let address = secrets.address();
        let document = TipDocument::new(&tip, "qingxi", today, Channel::Web, address);
        let sealed = seal_tip(&document, &[key.recipient()]).expect("sealed");
        Arrived {
            id: random_id(&SystemEntropy),
            kind: EnvelopeKind::Tip,
            received_day: today,
            ciphertext: sealed.0.into_bytes(),
            files: Vec::new(),
        }
    };
    samples
        .iter()
        .cycle()
        .take(TIPS)
        .enumerate()
        .map(seal)
        .collect()
}

/// One round over a new store.
pub async fn round(figures: &mut Figures, folder: &Path) {
    let folder = tempfile::tempdir_in(folder).expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("triage.sqlite").display());
    let key = Identity::generate();
    let parts = Parts {
        slug: "qingxi".to_owned(),
        zone: jiff::tz::TimeZone::get("Asia/Shanghai").expect("bundled"),
        identity: key.clone(),
        store: open_stores(&url.parse().expect("a URL"))
            .await
            .expect("a store")
            .cases,
        directory: Arc::new(Staff),
        rules: Rules::parse(RULES).expect("the sample"),
        deadline_rules: DeadlineRules::embedded(),
        parent: None,
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy),
    };
    let office = Office::load(parts).await.expect("an office");
    let tips = sealed_tips(&key);
    let clock = SystemClock::new();
    let mut times = Vec::new();
    for tip in &tips {
        let begun = clock.elapsed();
        let ingested = ingest(&office, tip).await.expect("stored");
        assert!(matches!(ingested, Ingested::Case(_)));
        times.push(clock.elapsed().saturating_sub(begun));
    }
    let run = Run {
        wall: clock.elapsed(),
        times,
    };
    figures.add("tips taken in by triage".to_owned(), &run);
}

//! An office with very many cases: written straight into the store, sealed as the service seals them, and loaded by it.

use mifeng_foundation::clock::{Clock as _, Day, SystemClock};
use mifeng_foundation::entropy::{Entropy as _, SystemEntropy, random_bytes, random_id};
use mifeng_opening::{Identity, NumberKey, SketchKey};
use mifeng_sealing::tip::{Category, Channel, RawTip, Tip, TipDocument};
use mifeng_sealing::{
    ContentHash, EnvelopeKind, MailboxSecrets, PickupCode, Recipient, seal_bytes, seal_tip,
};
use mifeng_similarity::{Fields, Index, Reading};
use mifeng_triage::deadlines::{DeadlineRules, Start};
use mifeng_triage::engine::{Stores, open_stores};
use mifeng_triage::ingest::Arrived;
use mifeng_triage::model::{CaseId, CaseNumber, CaseState, CaseSummary, Member, MemberId, Role};
use mifeng_triage::office::{Office, Parts};
use mifeng_triage::routing::Rules;
use mifeng_triage::staff::Passwords;
use mifeng_triage::store::{
    CaseRow, DeadlineRow, NewTip, Rewrap, StoredEnvelope, TipRow, TipStored,
};
use std::path::Path;
use std::sync::Arc;

const RULES: &str = include_str!("../../../deploy/routing.toml");
const SAMPLES: &str = include_str!("../../samples/tips.json");
pub const PASSWORD: &str = "twelve green bottles";
/// Supervisors, dispatchers, investigators.
pub const PEOPLE: [(Role, usize); 3] = [
    (Role::Supervisor, 2),
    (Role::Dispatcher, 3),
    (Role::Investigator, 25),
];

/// Where a case stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    Open,
    Concluded,
    /// Declined so long ago that it is to be destroyed.
    Old,
}

/// Days after which whatever was declined is destroyed.
const OLD_DAYS: i32 = 1_500;

fn today() -> Day {
    SystemClock::new().today(&jiff::tz::TimeZone::UTC)
}

pub struct Place {
    pub stores: Stores,
    pub url: String,
    pub key: Identity,
    pub members: Vec<Member>,
    samples: Vec<serde_json::Value>,
    /// Characters that occur in tips, each as often as it does.
    letters: Vec<char>,
    /// How many there are.
    pub cases: usize,
}

impl Place {
    pub async fn open(folder: &Path) -> Self {
        let url = format!("sqlite:{}", folder.join("triage.sqlite").display());
        let stores = open_stores(&url.parse().expect("a URL"))
            .await
            .expect("a store");
        let samples: Vec<serde_json::Value> = serde_json::from_str(SAMPLES).expect("JSON");
        let texts = samples.iter().filter_map(|sample| sample["text"].as_str());
        let letters = texts
            .flat_map(str::chars)
            .filter(|c| !c.is_ascii())
            .collect();
        let members = people(&stores).await;
        Self {
            stores,
            url,
            key: Identity::generate(),
            members,
            samples,
            letters,
            cases: 0,
        }
    }

    /// Adds cases until there are `count`; `stand` says of each number where its case stands.
    pub async fn grow(&mut self, count: usize, stand: impl Fn(usize) -> Stand + Sync) {
        let numbers: Vec<usize> = (self.cases..count).collect();
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        for batch in numbers.chunks(2_000) {
            let parts = batch.chunks(batch.len().div_ceil(cores));
            let made: Vec<NewTip> = std::thread::scope(|scope| {
                let threads: Vec<_> = parts
                    .map(|part| {
                        let (place, stand) = (&*self, &stand);
                        scope.spawn(move || {
                            let one = |number: &usize| place.case(*number, stand(*number));
                            part.iter().map(one).collect::<Vec<_>>()
                        })
                    })
                    .collect();
                let joined = threads
                    .into_iter()
                    .map(|thread| thread.join().expect("made"));
                joined.flatten().collect()
            });
            let stored = self.stores.cases.store_tips(&made).await.expect("stored");
            if stored.is_none() {
                // Of very many, one has a number that another has: it takes a longer one where each is stored by itself.
                for one in &made {
                    let stored = self.stores.cases.store_tip(one).await.expect("stored");
                    assert!(matches!(stored, TipStored::New(_)));
                }
            }
        }
        self.cases = count;
    }

    fn parts(&self) -> Parts {
        Parts {
            slug: "qingxi".to_owned(),
            zone: jiff::tz::TimeZone::UTC,
            identity: self.key.clone(),
            store: Arc::clone(&self.stores.cases),
            directory: Arc::clone(&self.stores.staff) as _,
            rules: Rules::parse(RULES).expect("the sample"),
            deadline_rules: DeadlineRules::embedded(),
            parent: None,
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SystemEntropy),
        }
    }

    pub async fn load(&self) -> Arc<Office> {
        Arc::new(Office::load(self.parts()).await.expect("it loads"))
    }

    /// A text as nobody else wrote it: a sample, and as much again of what people write with.
    fn text(&self, sample: &serde_json::Value) -> String {
        let mut text = sample["text"].as_str().unwrap_or_default().to_owned();
        for _ in 0..60 {
            let at = u32::from_le_bytes(random_bytes(&SystemEntropy)) as usize;
            text.push(self.letters[at % self.letters.len()]);
        }
        text
    }

    fn document(&self, number: usize, received: Day) -> (TipDocument, MailboxSecrets) {
        let sample = &self.samples[number % self.samples.len()];
        let field = |name: &str| sample[name].as_str().unwrap_or_default().to_owned();
        let raw = RawTip {
            category: field("category"),
            school: field("school"),
            subject: field("subject"),
            when: field("when"),
            text: self.text(sample),
            language: field("language"),
            attachments: Vec::new(),
            only_above: false,
        };
        let tip = Tip::parse(&raw).expect("a sample is a tip");
        let secrets = MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), "qingxi");
        let address = secrets.address();
        let document = TipDocument::new(&tip, "qingxi", received, Channel::Web, address);
        (document, secrets)
    }

    fn case(&self, number: usize, stand: Stand) -> NewTip {
        let back = i32::try_from(number % 300).expect("small");
        let back = back + if stand == Stand::Old { OLD_DAYS } else { 0 };
        let (document, secrets) = self.document(number, today().plus_days(-back));
        self.sealed(&document, secrets.lookup().digest(), number, stand)
    }

    /// A tip as it comes from intake.
    pub fn envelope(&self, number: usize) -> Arrived {
        let (document, _) = self.document(number, today());
        let sealed = seal_tip(&document, &[self.key.recipient()]).expect("sealed");
        Arrived {
            id: random_id(&SystemEntropy),
            kind: EnvelopeKind::Tip,
            received_day: today(),
            ciphertext: sealed.0.into_bytes(),
            files: Vec::new(),
        }
    }

    fn sealed(
        &self,
        document: &TipDocument,
        mailbox: mifeng_sealing::LookupDigest,
        number: usize,
        stand: Stand,
    ) -> NewTip {
        let key = Identity::generate();
        let to = key.recipient();
        let seal = |bytes: &[u8]| sealed(bytes, &to);
        let received = document.received_day;
        let (case, tip, content) = (
            CaseId(random_id(&SystemEntropy)),
            random_id(&SystemEntropy),
            ContentHash::from_bytes(random_bytes(&SystemEntropy)),
        );
        let investigators = self
            .members
            .iter()
            .filter(|one| one.role == Role::Investigator);
        let investigators: Vec<&Member> = investigators.collect();
        let handler = investigators[number % investigators.len()];
        let card = card(document, handler);
        let row = CaseRow {
            id: case,
            number: String::new(),
            state: match stand {
                Stand::Open => CaseState::Accepted,
                Stand::Concluded => CaseState::Concluded,
                Stand::Old => CaseState::Declined,
            },
            handler: Some(handler.id),
            opened_day: received,
            changed_day: received,
            version: 1,
            recipient: to.to_string(),
            wrapped_identity: key.wrap(&self.key.recipient()).expect("wrapped"),
            summary: seal(&card),
            joined: None,
        };
        let holders = self
            .members
            .iter()
            .filter(|one| one.role != Role::Investigator);
        let give = holders.chain([handler]).map(|member| {
            let to = member.recipient.as_ref().expect("a key");
            (member.id, key.wrap(to).expect("wrapped"))
        });
        let sketch_key = SketchKey::derive(&self.key);
        let rules = Rules::parse(RULES).expect("the sample");
        let reading = Reading::of(&Fields::from(document), rules.compared_schools());
        let sketch = Index::default().sketch(&reading, &sketch_key);
        NewTip {
            envelope: StoredEnvelope {
                content,
                intake_id: random_id(&SystemEntropy),
                received_day: received,
                from_quarantine: false,
            },
            numbers: CaseNumber::of_envelope(&NumberKey::derive(&self.key), &content),
            tip: TipRow {
                id: tip,
                case,
                content,
                received_day: received,
                mailbox,
                sealed: seal(&document.to_json()),
                sketch: sketch.seal(&tip, &sketch_key, &SystemEntropy),
            },
            deadlines: deadlines(document.category, case, received, stand != Stand::Open),
            history: Vec::new(),
            outgoing: Vec::new(),
            mail: Vec::new(),
            attachments: Vec::new(),
            opening: None,
            rewrap: Rewrap {
                case,
                give: give.collect(),
                take: Vec::new(),
            },
            case: row,
        }
    }
}

fn sealed(bytes: &[u8], to: &Recipient) -> Vec<u8> {
    let sealed = seal_bytes(bytes, std::slice::from_ref(to)).expect("sealed");
    sealed.into_bytes()
}

fn card(document: &TipDocument, handler: &Member) -> Vec<u8> {
    let card = serde_json::json!({
        "category": document.category,
        "school_id": null,
        "school": document.school,
        "subject": document.subject,
        "unit": handler.unit,
        "reasons": [],
        "outcome": null,
        "mode": "direct",
        "reporter_wrote": false,
    });
    let card = card.to_string().into_bytes();
    serde_json::from_slice::<CaseSummary>(&card).expect("a card");
    card
}

fn deadlines(
    category: Category,
    case: CaseId,
    received: Day,
    is_finished: bool,
) -> Vec<DeadlineRow> {
    let deadline_rules = DeadlineRules::embedded();
    let rules = deadline_rules.starting(category, Start::Receipt);
    let clock = |rule| DeadlineRow {
        met_day: is_finished.then_some(received),
        ..DeadlineRow::new(
            random_id(&SystemEntropy),
            case,
            rule,
            received,
            deadline_rules.due(rule, received),
        )
    };
    rules.into_iter().map(clock).collect()
}

/// The staff, with passwords and keys.
async fn people(stores: &Stores) -> Vec<Member> {
    let passwords = Passwords::new(Arc::new(SystemEntropy)).expect("hashing works");
    let units = ["jiancha", "dudao", "jijiao", "zhengjiao", "zhicheng"];
    let roles = PEOPLE
        .iter()
        .flat_map(|(role, many)| std::iter::repeat_n(*role, *many));
    for (number, role) in roles.enumerate() {
        let mut id = [0; 16];
        SystemEntropy.fill(&mut id);
        let member = Member {
            id: MemberId(id),
            login: format!("m{number}"),
            name: format!("承办人第{number}号"),
            role,
            unit: (role == Role::Investigator).then(|| units[number % units.len()].to_owned()),
            email: String::new(),
            recused_schools: vec!["qx-1z".to_owned()],
            recused_names: vec![format!("孔令{number}仪")],
            active: true,
            recipient: None,
            confirmed: true,
            leave: None,
            skills: Vec::new(),
            titles: Vec::new(),
        };
        let chosen = passwords.choose(PASSWORD.to_owned().into(), None).await;
        let chosen = chosen.expect("credentials");
        assert!(stores.staff.add(&member, &chosen).await.expect("stored"));
    }
    stores.staff.members().await.expect("members")
}

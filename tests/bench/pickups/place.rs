//! A store with mailboxes of each kind, and the real program over it.

use super::kinds::Kind;
use mifeng_foundation::clock::{Clock as _, Day, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_bytes, random_id};
use mifeng_intake::store::{
    IntakeStore as _, NewEnvelope, NewMessage, NewSubmission, SqliteIntakeStore,
};
use mifeng_operator::{KeyFiles, OfficeDetails, init_keys, sign_manifest_file};
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Status};
use mifeng_sealing::{
    Contact, ContentHash, MailboxSecrets, PickupCode, SubmissionTag, seal_message,
};
use serde_json::json;
use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const SLUG: &str = "bench";

/// Codes of each kind, asked for in turn.
const CODES: usize = 50;

/// How it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The form, without scripts.
    Form,
    /// By a program that shows the code.
    Api,
    /// By a page or a program that shows the lookup, and opens the mailbox itself.
    Sealed,
}

impl Way {
    pub fn name(self) -> &'static str {
        match self {
            Self::Form => "form without scripts",
            Self::Api => "API with the code",
            Self::Sealed => "opened in the page",
        }
    }
}

/// The program with its codes; ended with the benchmark.
pub struct Place {
    service: Child,
    client: reqwest::Client,
    url: String,
    codes: BTreeMap<Kind, Vec<Code>>,
    _folder: tempfile::TempDir,
}

struct Code {
    digits: String,
    lookup: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = self.service.kill();
        let _ = self.service.wait();
    }
}

impl Place {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let codes = filled(folder.path()).await;
        let [public, relay] = [(); 2].map(|()| {
            let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
            listener.local_addr().expect("bound").port()
        });
        let config = folder.path().join("intake.toml");
        fs::write(&config, settings(folder.path(), public, relay)).expect("a disk");
        let service = Command::new(env!("CARGO_BIN_EXE_mifeng-intake"))
            .arg("--config")
            .arg(&config)
            .stdout(Stdio::null())
            .spawn()
            .expect("built with the benchmark");
        let address = format!("127.0.0.1:{public}");
        for _ in 0..600 {
            if TcpStream::connect(&address).is_ok() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Self {
            service,
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            url: format!("http://{address}"),
            codes,
            _folder: folder,
        }
    }

    /// The request for one code of a kind.
    pub fn request(&self, way: Way, kind: Kind, round: usize) -> reqwest::RequestBuilder {
        let Code { digits, lookup } = &self.codes[&kind][round % CODES];
        let api = format!("{}/api/v1/offices/{SLUG}", self.url);
        match way {
            Way::Form => {
                let request = self
                    .client
                    .post(format!("{}/{SLUG}/zh-Hans/check", self.url));
                request.form(&[("pickup_code", digits)])
            }
            Way::Api => {
                let request = self.client.post(format!("{api}/pickups"));
                request.json(&json!({"pickup_code": digits}))
            }
            Way::Sealed => {
                let request = self.client.post(format!("{api}/sealed-pickups"));
                request.json(&json!({"lookup": lookup}))
            }
        }
    }
}

/// The office's keys and a store with all mailboxes.
async fn filled(folder: &Path) -> BTreeMap<Kind, Vec<Code>> {
    let clock = SystemClock::new();
    let today = clock.today(&jiff::tz::TimeZone::UTC);
    let keys = init_keys(
        &folder.join("keys"),
        &details(today),
        "bench".into(),
        &SystemEntropy,
    );
    let keys: KeyFiles = keys.expect("keys");
    sign_manifest_file(
        &keys.manifest_body,
        &keys.manifest_signing_key,
        &folder.join("manifest"),
        &clock,
    )
    .expect("a manifest");
    let store = SqliteIntakeStore::open(&folder.join("intake.sqlite"), u64::MAX).await;
    let store = store.expect("a store");
    let mut codes = BTreeMap::new();
    for kind in Kind::ALL {
        let mut list = Vec::new();
        for _ in 0..CODES {
            let code = PickupCode::generate(&SystemEntropy);
            if let Some(messages) = kind.messages() {
                fill(&store, &code, messages, today).await;
            }
            list.push(Code {
                digits: code.digits().to_owned(),
                lookup: lookup_hex(&code),
            });
        }
        codes.insert(kind, list);
    }
    store.close().await;
    codes
}

/// A tip under `code`, and what the office wrote.
async fn fill(store: &SqliteIntakeStore, code: &PickupCode, messages: u32, today: Day) {
    let secrets = MailboxSecrets::derive(code, SLUG);
    let lookup_digest = secrets.lookup().digest();
    let submission = NewSubmission {
        envelope: NewEnvelope {
            id: random_id(&SystemEntropy),
            addressee: SLUG.to_owned(),
            content_hash: ContentHash::from_bytes(random_bytes(&SystemEntropy)),
            ciphertext: random_bytes::<4096>(&SystemEntropy).to_vec(),
            received_day: today,
            attachments: Vec::new(),
        },
        office: SLUG.to_owned(),
        lookup_digest,
        submission_tag: SubmissionTag::from_bytes(random_bytes(&SystemEntropy)),
    };
    store.submit(submission).await.expect("stored");
    let recipient = secrets.recipient().parse().expect("a recipient");
    for sequence in 1..=messages {
        let mut message =
            MailboxMessage::new(sequence, today, MessageKind::Message, Status::UnderInquiry);
        "请再说说时间和地点，最好有收据或者转账记录。".clone_into(&mut message.text);
        let sealed = seal_message(&message, &recipient).expect("sealed");
        let message = NewMessage {
            id: random_id(&SystemEntropy),
            lookup_digest,
            ciphertext: sealed.0.into_bytes(),
        };
        assert!(store.post(SLUG, message).await.expect("stored"));
    }
}

/// What a page sends in place of the code.
fn lookup_hex(code: &PickupCode) -> String {
    let derived = hkdf::Hkdf::<sha2::Sha256>::new(Some(SLUG.as_bytes()), code.digits().as_bytes());
    let mut lookup = [0; 32];
    derived
        .expand(b"mifeng/lookup/1", &mut lookup)
        .expect("32 bytes");
    hex::encode(lookup)
}

fn details(today: Day) -> OfficeDetails {
    OfficeDetails {
        slug: SLUG.to_owned(),
        name_zh: "县教育局".to_owned(),
        name_en: "County Bureau".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        today,
        not_after: today.plus_days(30),
        parent: None,
        contact: Contact::default(),
        relay_hosts: vec!["127.0.0.1".to_owned()],
    }
}

fn settings(folder: &Path, public: u16, relay: u16) -> String {
    let key = fs::read_to_string(folder.join("keys/manifest-signing.pub")).expect("just made");
    format!(
        "store_url = \"sqlite:{folder}/intake.sqlite\"\npublic.address = \"127.0.0.1:{public}\"\n\
         relay.address = \"127.0.0.1:{relay}\"\n[limits]\nenabled = false\n\
         [[office]]\nmanifest_file = \"{folder}/manifest\"\nmanifest_public_key = \"{key}\"\n\
         relay_token_file = \"{folder}/keys/relay.token\"\n",
        folder = folder.display(),
        key = key.trim(),
    )
}

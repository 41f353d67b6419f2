//! One office on disk, its services as real processes, and what a client and the office see of them.

mod service;

pub use service::Service;

use mifeng_foundation::clock::{Clock as _, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_intake::store::{IntakeStore as _, SqliteIntakeStore};
use mifeng_opening::{Identity, OfficeIdentityFile};
use mifeng_operator::{KeyFiles, OfficeDetails, init_keys, sign_manifest_file};
use mifeng_sealing::relay::{
    EnvelopeList, FETCH_PATH, FetchRequest, FetchResponse, HELLO_PATH, Hello, LIST_PATH,
};
use mifeng_sealing::tip::TipDocument;
use mifeng_sealing::{Contact, LookupDigest, MailboxSecrets, PickupCode};
use serde_json::{Value, json};
use std::fs::{self};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

pub const SLUG: &str = "qingxi";

const PASSPHRASE: &str = "crash-test";

/// Keys, manifest and configurations of one office.
pub struct Place {
    folder: TempDir,
    pub keys: KeyFiles,
    token: String,
    public_key: String,
    pub client: reqwest::Client,
    pub public_url: String,
    pub relay_url: String,
}

/// Free ports below those that the system gives to outgoing connections: nobody takes them between two lives.
fn free_ports<const N: usize>() -> [u16; N] {
    // Held until all are chosen, or two might be one.
    let listeners: [TcpListener; N] = std::array::from_fn(|_| {
        loop {
            let port = 20_000 + u16::from_le_bytes(random_bytes(&SystemEntropy)) % 12_000;
            if let Ok(listener) = TcpListener::bind(("127.0.0.1", port)) {
                return listener;
            }
        }
    });
    listeners.map(|listener| listener.local_addr().expect("bound").port())
}

fn details() -> OfficeDetails {
    let today = SystemClock::new().today(&crate::support::office_zone());
    OfficeDetails {
        slug: SLUG.to_owned(),
        name_zh: "青溪县教育和科学技术局".to_owned(),
        name_en: "Qingxi County Education Bureau".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        today,
        not_after: today.plus_days(365),
        parent: None,
        contact: Contact {
            phone: "0555-0100".to_owned(),
            hours_zh: "工作日".to_owned(),
            hours_en: "working days".to_owned(),
            letter_box_zh: "大厅左侧".to_owned(),
            letter_box_en: "in the hall".to_owned(),
            emergency_phone: "110".to_owned(),
            quick_exit_url: "https://www.weather.com.cn/".to_owned(),
            ..Contact::default()
        },
        relay_hosts: vec!["127.0.0.1".to_owned()],
    }
}

impl Place {
    pub fn make() -> Self {
        // Tests of other rooms may have installed it before.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        let keys = init_keys(
            &folder.path().join("keys"),
            &details(),
            PASSPHRASE.into(),
            &SystemEntropy,
        )
        .expect("keys");
        sign_manifest_file(
            &keys.manifest_body,
            &keys.manifest_signing_key,
            &folder.path().join("manifest"),
            &SystemClock::new(),
        )
        .expect("signed");
        let text = |path: &Path| {
            fs::read_to_string(path)
                .expect("just made")
                .trim()
                .to_owned()
        };
        let [public, relay] = free_ports();
        let place = Self {
            token: text(&keys.relay_token),
            public_key: text(&keys.manifest_public_key),
            keys,
            client: reqwest::Client::builder()
                .no_proxy()
                .timeout(Duration::from_secs(5))
                .build()
                .expect("a client"),
            public_url: format!("http://127.0.0.1:{public}"),
            relay_url: format!("http://127.0.0.1:{relay}"),
            folder,
        };
        place.write_intake_config(public, relay);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_intake_config(&self, public: u16, relay: u16) {
        let config = format!(
            "store_url = \"sqlite:{store}\"\n\
             [public]\naddress = \"127.0.0.1:{public}\"\n\
             [relay]\naddress = \"127.0.0.1:{relay}\"\n\
             [limits]\nenabled = false\n\
             [[office]]\nmanifest_file = \"{manifest}\"\nmanifest_public_key = \"{key}\"\n\
             relay_token_file = \"{token}\"\n",
            store = self.path("intake.sqlite").display(),
            manifest = self.path("manifest").display(),
            key = self.public_key,
            token = self.keys.relay_token.display(),
        );
        fs::write(self.path("intake.toml"), config).expect("written");
    }

    /// As `mifeng demo` writes it.
    pub fn write_triage_config(&self) -> PathBuf {
        let routing = Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy/routing.toml");
        fs::write(self.path("passphrase"), PASSPHRASE).expect("written");
        let config = format!(
            "store_url = \"sqlite:{store}\"\n\
             office_identity_file = \"{identity}\"\npassphrase_file = \"{passphrase}\"\n\
             manifest_file = \"{manifest}\"\nmanifest_public_key = \"{key}\"\n\
             routing_file = \"{routing}\"\nrelease = \"at-once\"\n\
             [listen]\naddress = \"127.0.0.1:{port}\"\n\
             [relay]\nurl = \"{relay}\"\ntoken_file = \"{token}\"\npoll_interval_s = 1\n",
            store = self.path("triage.sqlite").display(),
            identity = self.keys.office_identity.display(),
            passphrase = self.path("passphrase").display(),
            manifest = self.path("manifest").display(),
            key = self.public_key,
            routing = routing.display(),
            port = free_ports::<1>()[0],
            relay = self.relay_url,
            token = self.keys.relay_token.display(),
        );
        let file = self.path("triage.toml");
        fs::write(&file, config).expect("written");
        file
    }

    /// Starts intake and waits until it takes tips.
    pub async fn start_intake(&self) -> Service {
        let program = env!("CARGO_BIN_EXE_mifeng-intake");
        let log = self.path("intake.log");
        let service = Service::start(program, &self.path("intake.toml"), &log);
        self.until_ready(service).await
    }

    /// Starts intake with its store and its files on a disk of so many mebibytes, which only it sees.
    pub async fn start_intake_on_a_small_disk(&self, mebibytes: u32) -> Service {
        let disk = self.path("disk");
        fs::create_dir(&disk).expect("a folder");
        let config = fs::read_to_string(self.path("intake.toml")).expect("just made");
        let config = config.replace("/intake.sqlite", "/disk/intake.sqlite");
        fs::write(self.path("small.toml"), config).expect("written");
        let script = format!(
            "mount -t tmpfs -o size={mebibytes}m tmpfs {} && exec {} --config {}",
            disk.display(),
            env!("CARGO_BIN_EXE_mifeng-intake"),
            self.path("small.toml").display()
        );
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", &script]);
        let service = Service::start_command(command, &self.path("intake.log"));
        self.until_ready(service).await
    }

    async fn until_ready(&self, mut service: Service) -> Service {
        for _ in 0..6000 {
            let ready = self
                .client
                .get(format!("{}/readyz", self.public_url))
                .send()
                .await;
            if ready.is_ok_and(|answer| answer.status().is_success()) {
                return service;
            }
            assert!(service.is_running(), "intake did not start: {}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("intake is not ready after half a minute");
    }

    /// What intake logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("intake.log")).unwrap_or_default()
    }

    /// The answer to a new tip with this text, if it came.
    pub async fn send(&self, text: &str) -> Option<reqwest::Response> {
        let url = format!("{}/api/v1/offices/{SLUG}/tips", self.public_url);
        let body = json!({"category": "tutoring", "school": "", "subject": "", "when": "",
            "text": text, "language": "zh-Hans"});
        self.client.post(url).json(&body).send().await.ok()
    }

    /// The code for a new tip with this text, if the answer came.
    pub async fn submit(&self, text: &str) -> Option<String> {
        let answer = self.send(text).await?;
        assert_eq!(answer.status(), 201, "a running intake takes tips");
        let answer: Value = answer.json().await.ok()?;
        Some(answer["pickup_code"].as_str().expect("a code").to_owned())
    }

    /// What the mailbox of `code` says.
    pub async fn pick_up(&self, code: &str) -> Value {
        let url = format!("{}/api/v1/offices/{SLUG}/pickups", self.public_url);
        let request = self.client.post(url).json(&json!({"pickup_code": code}));
        let answer = request.send().await.expect("intake runs");
        assert_eq!(answer.status(), 200, "a code that was given out is known");
        answer.json().await.expect("JSON")
    }

    pub fn identity(&self) -> Identity {
        let file = fs::read(&self.keys.office_identity).expect("just made");
        OfficeIdentityFile::from_bytes(file)
            .unlock(PASSPHRASE.into())
            .expect("the passphrase is right")
    }

    /// A client that may speak for the office.
    pub fn relay_client(&self) -> reqwest::Client {
        let mut headers = reqwest::header::HeaderMap::new();
        let value = format!("Bearer {}", self.token).parse().expect("hex");
        headers.insert("Authorization", value);
        reqwest::Client::builder()
            .no_proxy()
            .default_headers(headers)
            .build()
            .expect("a client")
    }

    pub async fn waiting(&self) -> u64 {
        let url = format!("{}{HELLO_PATH}", self.relay_url);
        let answer = self
            .relay_client()
            .get(url)
            .send()
            .await
            .expect("intake runs");
        answer.json::<Hello>().await.expect("hello").waiting
    }

    /// Everything intake holds, opened with the office's key.
    pub async fn held_tips(&self) -> Vec<TipDocument> {
        let (client, identity) = (self.relay_client(), self.identity());
        let (mut after, mut ids, mut tips) = (String::new(), Vec::new(), Vec::new());
        loop {
            let url = format!("{}{LIST_PATH}?state=held&after={after}", self.relay_url);
            let answer = client.get(url).send().await.expect("intake runs");
            let page: EnvelopeList = answer.json().await.expect("a list");
            ids.extend(page.envelopes.iter().map(|entry| entry.id.clone()));
            let wanted = FetchRequest {
                ids: page
                    .envelopes
                    .iter()
                    .map(|entry| entry.id.clone())
                    .collect(),
            };
            let url = format!("{}{FETCH_PATH}", self.relay_url);
            let answer = client
                .post(url)
                .json(&wanted)
                .send()
                .await
                .expect("intake runs");
            let fetched: FetchResponse = answer.json().await.expect("envelopes");
            assert_eq!(fetched.envelopes.len(), page.envelopes.len());
            tips.extend(fetched.envelopes.iter().map(|envelope| {
                let json = identity.open(&envelope.ciphertext).expect("it opens");
                TipDocument::from_json(&json).expect("it is a tip")
            }));
            match page.envelopes.last() {
                Some(last) if page.more => after.clone_from(&last.id),
                _ => break,
            }
        }
        let listed = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), listed, "an envelope was listed twice");
        tips
    }

    /// How many messages lie in the mailbox of each code; intake must not run.
    pub async fn message_counts(&self, codes: &[String]) -> Vec<usize> {
        let store = SqliteIntakeStore::open(&self.path("intake.sqlite"), u64::MAX >> 1)
            .await
            .expect("the store opens");
        let mut counts = Vec::new();
        for code in codes {
            let messages = store.messages(digest_of(code)).await.expect("read");
            counts.push(messages.len());
        }
        store.close().await;
        counts
    }
}

pub fn digest_of(code: &str) -> LookupDigest {
    let code = PickupCode::parse(code).expect("intake gives out good codes");
    MailboxSecrets::derive(&code, SLUG).lookup().digest()
}

/// A random time between the two, in milliseconds.
pub fn random_wait(from_ms: u64, to_ms: u64) -> Duration {
    let random = u64::from(u16::from_le_bytes(random_bytes(&SystemEntropy)));
    Duration::from_millis(from_ms + random % (to_ms - from_ms + 1))
}

//! The public door over a store of choice, and the clients that knock.

use crate::measure::Run;
use actix_web::web::Data;
use actix_web::{App, HttpServer};
use mifeng_foundation::clock::{Clock as _, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_bytes, random_id};
use mifeng_foundation::serving::{install_tls_provider, security_headers};
use mifeng_intake::api;
use mifeng_intake::config::{FloodConfig, LimitsConfig};
use mifeng_intake::desk::IntakeDesk;
use mifeng_intake::offices::Offices;
use mifeng_intake::opened::OpenedDays;
use mifeng_intake::rate_limits::RateLimits;
use mifeng_intake::store::{IntakeStore, NewEnvelope, NewSubmission, Submitted};
use mifeng_operator::{KeyFiles, OfficeDetails, init_keys, sign_manifest_file};
use mifeng_sealing::{Contact, ContentHash, LookupDigest, OfficeManifest, SubmissionTag};
use parking_lot::Mutex;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::future::Future;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Length of the sealed file that [`account`] becomes, in bytes.
const BLOB_BYTES: usize = 4096;

/// A service on loopback.
pub struct Door {
    tips: String,
    pickups: String,
    client: reqwest::Client,
    codes: Mutex<Vec<String>>,
}

/// What a parent types on a phone.
fn account() -> Value {
    json!({
        "category": "tutoring",
        "school": "城东小学",
        "subject": "",
        "when": "每周六上午",
        "text": "老师在校外租房补课，一次收一百八十元，全班去了一大半。".repeat(8),
        "language": "zh-Hans",
    })
}

/// Keys in `folder`, and the manifest they sign in `folder/manifest`.
pub fn manifest(folder: &Path) -> (OfficeManifest, KeyFiles) {
    let clock = SystemClock::new();
    let today = clock.today(&jiff::tz::TimeZone::UTC);
    let word = String::new;
    let details = OfficeDetails {
        slug: "qingxi".to_owned(),
        name_zh: "青溪县教育和科学技术局".to_owned(),
        name_en: "Qingxi County Education Bureau".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        today,
        not_after: today.plus_days(365),
        parent: None,
        contact: Contact {
            phone: "0555-0100".to_owned(),
            hours_zh: word(),
            hours_en: word(),
            letter_box_zh: word(),
            letter_box_en: word(),
            emergency_phone: "110".to_owned(),
            quick_exit_url: "https://www.weather.com.cn/".to_owned(),
            ..Contact::default()
        },
        relay_hosts: vec!["127.0.0.1".to_owned()],
    };
    let keys = init_keys(folder, &details, "bench".into(), &SystemEntropy).expect("keys");
    let file = folder.join("manifest");
    let manifest = sign_manifest_file(
        &keys.manifest_body,
        &keys.manifest_signing_key,
        &file,
        &clock,
    );
    (manifest.expect("a manifest"), keys)
}

impl Door {
    /// The API over `store`, put together as the service does it.
    pub fn open(folder: &Path, name: &str, store: Arc<dyn IntakeStore>) -> Self {
        install_tls_provider();
        let (manifest, _) = manifest(&folder.join(name));
        let desk = Data::new(IntakeDesk {
            opened: OpenedDays::new(Arc::clone(&store), Arc::new(SystemEntropy)),
            store,
            attachments: None,
            offices: Offices {
                served: BTreeMap::from([(manifest.slug().to_owned(), Arc::new(manifest))]),
                refused: Vec::new(),
            },
            clock: Arc::new(SystemClock::new()),
            entropy: Arc::new(SystemEntropy),
        });
        let config = LimitsConfig {
            enabled: false,
            ..LimitsConfig::default()
        };
        let limits = Data::new(RateLimits::new(
            config,
            FloodConfig::default(),
            None,
            Arc::new(SystemClock::new()),
            Arc::new(SystemEntropy),
        ));
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
        let address = listener.local_addr().expect("bound");
        let server = HttpServer::new(move || {
            App::new()
                .wrap(security_headers("no-referrer", false))
                .app_data(desk.clone())
                .app_data(limits.clone())
                .configure(api::configure)
        })
        .disable_signals()
        .listen(listener)
        .expect("listening");
        tokio::spawn(server.run());
        Self::at(&address.to_string())
    }

    /// The one that listens at `address`.
    pub fn at(address: &str) -> Self {
        Self {
            tips: format!("http://{address}/api/v1/offices/qingxi/tips"),
            pickups: format!("http://{address}/api/v1/offices/qingxi/pickups"),
            client: reqwest::Client::builder()
                .no_proxy()
                .build()
                .expect("a client"),
            codes: Mutex::default(),
        }
    }

    /// Submissions of `clients` at once.
    pub async fn submit(&self, clients: usize, during: Duration) -> Run {
        let body = account().to_string();
        repeat(clients, during, || {
            let request = self
                .client
                .post(&self.tips)
                .header("Content-Type", "application/json")
                .body(body.clone());
            async move {
                let answer = request.send().await.expect("an answer");
                assert_eq!(answer.status(), 201);
                let answer: Value = answer.json().await.expect("JSON");
                let code = answer["pickup_code"].as_str().expect("a code").to_owned();
                let mut codes = self.codes.lock();
                if codes.len() < 500 {
                    codes.push(code);
                }
            }
        })
        .await
    }

    /// Pickups with the codes of earlier submissions.
    pub async fn pick_up(&self, clients: usize, during: Duration) -> Run {
        let codes = self.codes.lock().clone();
        let mut next = codes.iter().cycle();
        let next = Mutex::new(&mut next);
        repeat(clients, during, || {
            let code = next.lock().next().expect("endless");
            let request = self
                .client
                .post(&self.pickups)
                .json(&json!({"pickup_code": code}));
            async move {
                let answer = request.send().await.expect("an answer");
                assert_eq!(answer.status(), 200);
                answer.bytes().await.expect("a body");
            }
        })
        .await
    }
}

/// The rate at which the store itself commits blobs of the size of a sealed tip.
pub async fn commit_bare(store: &Arc<dyn IntakeStore>, tasks: usize, during: Duration) -> Run {
    let blob = random_bytes::<BLOB_BYTES>(&SystemEntropy).to_vec();
    let today = SystemClock::new().today(&jiff::tz::TimeZone::UTC);
    repeat(tasks, during, || {
        let submission = NewSubmission {
            envelope: NewEnvelope {
                id: random_id(&SystemEntropy),
                addressee: "qingxi".to_owned(),
                content_hash: ContentHash::from_bytes(random_bytes(&SystemEntropy)),
                ciphertext: blob.clone(),
                received_day: today,
                attachments: Vec::new(),
            },
            office: "qingxi".to_owned(),
            lookup_digest: LookupDigest::from_bytes(random_bytes(&SystemEntropy)),
            submission_tag: SubmissionTag::from_bytes(random_bytes(&SystemEntropy)),
        };
        async move {
            let stored = store.submit(submission).await.expect("stored");
            assert_eq!(stored, Submitted::Stored);
        }
    })
    .await
}

/// `workers` do the same over and over.
async fn repeat<F, W>(workers: usize, during: Duration, work: W) -> Run
where
    F: Future<Output = ()>,
    W: Fn() -> F,
{
    let clock = SystemClock::new();
    let worker = || async {
        let mut times = Vec::new();
        while clock.elapsed() < during {
            let begun = clock.elapsed();
            work().await;
            times.push(clock.elapsed().saturating_sub(begun));
        }
        times
    };
    let all = futures_util::future::join_all((0..workers).map(|_| worker())).await;
    Run {
        wall: clock.elapsed(),
        times: all.concat(),
    }
}

//! The public service from outside: what reporters send and see, what triage asks, and what must be refused.

mod api;
mod bad_input;
mod calendar;
#[path = "../attack/closed_mailbox.rs"]
mod closed_mailbox;
mod coming_back;
mod config;
mod endless;
pub mod flood;
mod languages;
mod limits;
mod mixing;
mod onion;
mod opened;
mod order;
mod pages;
pub mod poster;
mod promised;
mod reporter;
mod schema;
mod script;
mod sealed;
mod sealed_mailbox;
mod store;
mod tls;
mod triage;
mod urgent;
mod weight;
mod what_was_sent;

pub use reporter::{Anonymous, tip};

use crate::support::headers::once_each;
use mifeng_foundation::clock::{Clock as _, Day, ManualClock, SystemClock};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_intake::config::{IntakeConfig, IntakeError};
use mifeng_intake::service;
use mifeng_opening::Identity;
use mifeng_operator::{CertificatePair, client_certificate};
use mifeng_sealing::{
    Contact, HelpLine, ManifestBody, ManifestSigningKey, OwnWords, ParentOffice, RelayClient,
    sign_manifest,
};
use serde_json::Value;
use std::path::PathBuf;
use std::sync::Arc;
use tempfile::TempDir;

pub const OFFICE: &str = "qingxi";
pub const PARENT: &str = "city";
pub const TODAY: &str = "2026-11-23";

/// An office, its parent, and a folder with their signed manifests.
pub struct Place {
    pub folder: TempDir,
    pub office: Identity,
    pub parent: Identity,
    pub signing: ManifestSigningKey,
    pub client: CertificatePair,
}

/// A day range that holds the real today, which TLS looks at.
pub fn term() -> (Day, Day) {
    let today = SystemClock::new().today(&crate::support::office_zone());
    (today.plus_days(-1), today.plus_days(30))
}

impl Place {
    pub fn new() -> Self {
        mifeng_foundation::serving::install_tls_provider();
        let (from, until) = term();
        let place = Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            office: Identity::generate(),
            parent: Identity::generate(),
            signing: ManifestSigningKey::generate(&SystemEntropy),
            client: client_certificate(OFFICE, from, until).expect("a certificate"),
        };
        place.write_manifest(&place.body(), &place.signing);
        place.write(
            "parent.manifest",
            &signed(&place.parent_body(), &place.signing),
        );
        place.write("token", "office-token\n");
        place.write("parent-token", "parent-token\n");
        place
    }

    pub fn body(&self) -> ManifestBody {
        ManifestBody {
            slug: OFFICE.to_owned(),
            name_zh: "清溪县教育局".to_owned(),
            name_en: "Qingxi County Education Bureau".to_owned(),
            time_zone: "Asia/Shanghai".to_owned(),
            // Far off, since browsers look at a clock that no test sets.
            not_after: "2099-12-31".parse().expect("a day"),
            serial: 0,
            revoked: Vec::new(),
            recipients: vec![self.office.recipient()],
            leader_posts: Vec::new(),
            parent: Some(ParentOffice {
                slug: PARENT.to_owned(),
                name_zh: "市教育局".to_owned(),
                name_en: "City Education Bureau".to_owned(),
                recipients: vec![self.parent.recipient()],
            }),
            relay_client: RelayClient {
                certificate_pem: self.client.certificate_pem.clone(),
            },
            contact: mifeng_sealing::Contact::default(),
        }
    }

    /// A place whose office says everything about itself that it can.
    pub fn furnished() -> Self {
        let place = Self::new();
        let body = ManifestBody {
            contact: contact(),
            ..place.body()
        };
        place.write_manifest(&body, &place.signing);
        place
    }

    pub fn parent_body(&self) -> ManifestBody {
        let (from, until) = term();
        let certificate = client_certificate(PARENT, from, until).expect("a certificate");
        ManifestBody {
            slug: PARENT.to_owned(),
            name_zh: "市教育局".to_owned(),
            name_en: "City Education Bureau".to_owned(),
            recipients: vec![self.parent.recipient()],
            parent: None,
            relay_client: RelayClient {
                certificate_pem: certificate.certificate_pem,
            },
            ..self.body()
        }
    }

    pub fn write_manifest(&self, body: &ManifestBody, key: &ManifestSigningKey) {
        self.write("office.manifest", &signed(body, key));
    }

    pub fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).expect("our own folder");
        path
    }

    /// The settings, without limits, with `extra` keys of the `[limits]` table.
    pub fn config(&self, extra: &str) -> IntakeConfig {
        let folder = self.folder.path().display();
        let key = self.signing.public();
        let office = |name: &str, token: &str| {
            format!(
                "[[office]]\nmanifest_file = \"{folder}/{name}.manifest\"\n\
                 manifest_public_key = \"{key}\"\nrelay_token_file = \"{folder}/{token}\"\n"
            )
        };
        let text = format!(
            "store_url = \"sqlite:{folder}/intake.sqlite\"\npublic.address = \"127.0.0.1:0\"\n\
             relay.address = \"127.0.0.1:0\"\n{}{}[limits]\n{extra}\n",
            office("office", "token"),
            office("parent", "parent-token"),
        );
        toml::from_str(&text).expect("good settings")
    }
}

fn contact() -> Contact {
    let names = [("zh-Hans", "青少年热线"), ("en", "Youth line")];
    Contact {
        phone: "0555-0100".to_owned(),
        hours_zh: "工作日 8:30–17:30".to_owned(),
        hours_en: "working days 8:30–17:30".to_owned(),
        letter_box_zh: "一楼大厅左侧".to_owned(),
        letter_box_en: "ground-floor hall, on the left".to_owned(),
        emergency_phone: "110".to_owned(),
        quick_exit_url: "https://weather.example/".to_owned(),
        help_lines: vec![HelpLine {
            phone: "12355".to_owned(),
            name: names
                .map(|(tag, name)| (tag.to_owned(), name.to_owned()))
                .into(),
        }],
        in_language: [(
            "zh-Hant".to_owned(),
            OwnWords {
                name: "清溪縣教育局".to_owned(),
                letter_box: "一樓大廳左側".to_owned(),
                ..OwnWords::default()
            },
        )]
        .into(),
    }
}

fn signed(body: &ManifestBody, key: &ManifestSigningKey) -> String {
    sign_manifest(body, key).expect("a good manifest")
}

/// A running intake.
pub struct Intake {
    pub place: Place,
    service: service::Intake,
    pub public: String,
    pub relay: String,
    /// Where the onion service would connect to.
    pub onion: Option<String>,
}

/// Starts the service on `config` at a fixed day.
pub async fn start(config: IntakeConfig) -> Result<service::Intake, IntakeError> {
    let noon = format!("{TODAY}T04:00:00Z");
    let clock = Arc::new(ManualClock::at(noon.parse().expect("a timestamp")));
    service::start(config, clock, Arc::new(SystemEntropy)).await
}

impl Intake {
    /// Without limits on the address that all tests share.
    pub async fn unlimited() -> Self {
        Self::with("enabled = false").await
    }

    /// The same for an office that says everything about itself.
    pub async fn furnished() -> Self {
        let place = Place::furnished();
        let config = place.config("enabled = false");
        Self::on(place, config).await
    }

    pub async fn with(limits: &str) -> Self {
        let place = Place::new();
        let config = place.config(limits);
        Self::on(place, config).await
    }

    pub async fn on(place: Place, config: IntakeConfig) -> Self {
        let service = start(config).await.expect("it starts");
        let address = |address: Option<std::net::SocketAddr>| address.expect("not a Unix socket");
        Self {
            public: format!("http://{}", address(service.public_address)),
            relay: format!("http://{}", address(service.relay_address)),
            onion: service
                .onion_listener
                .map(|address| format!("http://{address}")),
            place,
            service,
        }
    }

    pub async fn stop(self) {
        self.stop_keeping().await;
    }

    /// Stops, and leaves what is on disk for another start.
    pub async fn stop_keeping(self) -> Place {
        self.service.stop().await;
        self.place
    }
}

/// A client that follows nothing, so that redirects can be looked at.
pub fn client() -> reqwest::Client {
    mifeng_foundation::serving::install_tls_provider();
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client")
}

/// An answer, read whole.
pub struct Answer {
    pub status: u16,
    pub headers: reqwest::header::HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(request: reqwest::RequestBuilder) -> Self {
        let response = request.send().await.expect("an answer");
        once_each(response.headers(), response.url().path());
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: response.text().await.expect("a text"),
        }
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().expect("ASCII"))
    }
}

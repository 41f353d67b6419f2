//! Offices with manifests on one intake, and the office above.

use crate::intake::{Anonymous, Answer, PARENT, Place, client, start};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_intake::config::{IntakeConfig, IntakeError};
use mifeng_intake::service::Intake;
use mifeng_opening::Identity;
use mifeng_sealing::{ManifestBody, ManifestSigningKey, ParentOffice, sign_manifest};

/// An office of its own, beside others.
pub(super) struct Desk {
    pub(super) slug: &'static str,
    pub(super) signing: ManifestSigningKey,
    pub(super) body: ManifestBody,
    /// What stands in its file.
    pub(super) file: String,
}

impl Desk {
    pub(super) fn new(place: &Place, slug: &'static str, parent: Option<&Identity>) -> Self {
        let signing = ManifestSigningKey::generate(&SystemEntropy);
        let parent = parent.map(|key| ParentOffice {
            slug: PARENT.to_owned(),
            name_zh: "市教育局".to_owned(),
            name_en: "City Education Bureau".to_owned(),
            recipients: vec![key.recipient()],
        });
        let body = ManifestBody {
            slug: slug.to_owned(),
            name_zh: format!("{slug}教育局"),
            name_en: format!("Bureau of {slug}"),
            serial: 5,
            recipients: vec![Identity::generate().recipient()],
            parent,
            ..place.body()
        };
        let file = sign_manifest(&body, &signing).expect("a good manifest");
        Self {
            slug,
            signing,
            body,
            file,
        }
    }

    pub(super) fn signs(&mut self, change: impl FnOnce(&mut ManifestBody)) {
        let mut body = self.body.clone();
        change(&mut body);
        self.file = sign_manifest(&body, &self.signing).expect("a good manifest");
    }
}

/// Three offices, the one above among them, and what their intake is set to.
pub(super) struct Scene {
    pub(super) place: Place,
    pub(super) desks: Vec<Desk>,
    pub(super) store: Option<String>,
}

impl Scene {
    /// With the one above at `at`.
    pub(super) fn new(at: usize, store: Option<String>) -> Self {
        let place = Place::new();
        let mut desks = vec![
            Desk::new(&place, "qingxi", Some(&place.parent)),
            Desk::new(&place, "heping", Some(&place.parent)),
        ];
        let mut above = Desk::new(&place, PARENT, None);
        above.body.recipients = vec![place.parent.recipient()];
        above.signs(|_| ());
        desks.insert(at, above);
        Self {
            place,
            desks,
            store,
        }
    }

    pub(super) fn config(&self) -> IntakeConfig {
        let mut config = self.place.config("enabled = false");
        let usual = config.office.remove(0);
        config.office = self
            .desks
            .iter()
            .map(|desk| {
                let mut office = usual.clone();
                let name = format!("{}.manifest", desk.slug);
                office.manifest_file = self.place.write(&name, &desk.file);
                office.manifest_public_key = desk.signing.public().to_string();
                let name = format!("{}-token", desk.slug);
                office.relay_token_file = Some(self.place.write(&name, &name));
                office
            })
            .collect();
        if self.store.is_some() {
            config.store_url.clone_from(&self.store);
        }
        config
    }

    pub(super) async fn start(&self) -> Result<Intake, IntakeError> {
        start(self.config()).await
    }

    /// Starts, looks at every office, and stops.
    pub(super) async fn serves(&self, refused: &[&str], above: Option<&str>) {
        let intake = self.start().await.expect("some office is left");
        let address = intake.public_address.expect("not a Unix socket");
        let public = format!("http://{address}");
        let ready = Answer::of(client().get(format!("{public}/readyz"))).await;
        assert_eq!(ready.status, 200);
        for desk in &self.desks {
            let is_refused = refused.contains(&desk.slug);
            assert_eq!(ready.text.contains(desk.slug), is_refused, "{}", ready.text);
            looks_right(&public, desk, is_refused, above).await;
        }
        let relay = intake.relay_address.expect("not a Unix socket");
        for desk in &self.desks {
            let url = format!("http://{relay}{}", mifeng_sealing::relay::HELLO_PATH);
            let asked = client()
                .get(url)
                .bearer_auth(format!("{}-token", desk.slug));
            let is_refused = refused.contains(&desk.slug);
            assert_eq!(Answer::of(asked).await.status == 200, !is_refused);
        }
        intake.stop().await;
    }
}

/// Every public door of an office, in every language.
async fn looks_right(public: &str, desk: &Desk, is_refused: bool, above: Option<&str>) {
    let slug = desk.slug;
    let get = async |path: &str| Answer::of(client().get(format!("{public}{path}"))).await;
    for (language, said, back) in [
        ("zh-Hans", "目前不能在这里接收举报", "取件码"),
        ("zh-Hant", "目前不能在這裡接收舉報", "取件碼"),
        ("en", "cannot be taken here at the moment", "your code"),
    ] {
        for page in ["", "write", "check", "help", "l/write"] {
            // What is served is looked at elsewhere.
            if !is_refused && (language, page) != ("en", "write") {
                continue;
            }
            let answer = get(&format!("/{slug}/{language}/{page}")).await;
            if !is_refused {
                assert_eq!(answer.status, 200, "/{slug}/{language}/{page}");
                continue;
            }
            assert_eq!(answer.status, 503, "/{slug}/{language}/{page}");
            assert!(answer.text.contains(said), "{}", answer.text);
            let code = answer.text.contains(back) || answer.text.contains("a code");
            assert!(code, "what of those who have a code: {}", answer.text);
            assert!(!answer.text.contains(&desk.body.name_en), "its own words");
            let turns = above.filter(|above| *above != slug);
            for other in ["qingxi", "heping", PARENT] {
                let link = format!("href=\"/{other}/{language}/\"");
                let is_there = answer.text.contains(&link);
                // Its own address, in the other languages only.
                assert_eq!(is_there, turns == Some(other), "{other}: {}", answer.text);
            }
        }
    }
    let anonymous = Anonymous {
        http: client(),
        url: public.to_owned(),
        language: "en",
    };
    let tip = serde_json::json!({"category": "other", "school": "", "subject": "", "when": "",
        "text": "周六补课", "language": "zh-Hans"});
    let tips = format!("/api/v1/offices/{slug}/tips");
    let sent = anonymous
        .post(&tips, "application/json", tip.to_string())
        .await;
    let manifest = get(&format!("/api/v1/offices/{slug}/manifest")).await;
    if is_refused {
        assert_eq!((sent.status, manifest.status), (503, 503));
        assert_eq!(sent.json()["type"], "urn:mifeng:problem-not-served");
    } else {
        assert_eq!((sent.status, manifest.status), (201, 200), "{}", sent.text);
    }
}

//! A reporter at a browser, whose requests to an intake are listened to.

use super::browser::{Browser, Scripts};
use super::code_in;
use super::recorder::{Line, Recorder};
use crate::intake::{Intake, OFFICE, Place};
use mifeng_sealing::tip::TipDocument;
use mifeng_sealing::{HelpLine, ManifestBody, OwnWords};
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

pub const POST: &str = "POST /api/v1/offices/qingxi/sealed-tips";
pub const SUBJECT: &str = "欧阳金鹭";
pub const ACCOUNT: &str = "每周六上午在金鹭花园租房补课，一次收费一百八十元。";
pub const CANARIES: [&str; 4] = [SUBJECT, "金鹭花园", "城东小学", "收费一百八十元"];

/// A reporter whose browser reaches an intake through a line that is listened to.
pub struct Visit {
    pub intake: Intake,
    pub line: Recorder,
    pub browser: Browser,
    pub origin: String,
    pub language: &'static str,
    pub name: String,
}

impl Visit {
    pub async fn begin(name: &str, width: u32, language: &'static str) -> Self {
        Self::on("127.0.0.1", name, width, language).await
    }

    pub async fn on(host: &str, name: &str, width: u32, language: &'static str) -> Self {
        Self::over(Line::Good, host, name, width, language).await
    }

    pub async fn over(
        state: Line,
        host: &str,
        name: &str,
        width: u32,
        language: &'static str,
    ) -> Self {
        let place = Place::new();
        let mut body = place.body();
        body.contact.quick_exit_url = neutral_page().await;
        everything_a_manifest_may_say(&mut body);
        place.write_manifest(&body, &place.signing);
        let config = place.config("enabled = false");
        let intake = Intake::on(place, config).await;
        let line = Recorder::before(&intake.public).await;
        line.becomes(state);
        let origin = format!("http://{host}:{}", line.port());
        let browser = Browser::open(Scripts::On, width, language).await;
        let name = format!("sealing-{name}-{language}-{width}");
        let visit = Self {
            intake,
            line,
            browser,
            origin,
            language,
            name,
        };
        visit.opens_form().await;
        visit
    }

    pub async fn opens_form(&self) {
        let address = format!("{}/{OFFICE}/{}/write", self.origin, self.language);
        self.browser.go(&address).await;
    }

    pub async fn picture(&self, state: &str) {
        self.browser
            .picture(&format!("{}-{state}", self.name))
            .await;
        assert!(
            !self.browser.scrolls_sideways().await,
            "{} {state}",
            self.name
        );
    }

    pub async fn writes(&self, category: &str, text: &str) {
        let kind = format!("input[name=category][value={category}]");
        self.browser.click(&kind).await;
        self.browser
            .type_into("input[name=school]", "城东小学")
            .await;
        self.browser.type_into("[name=subject]", SUBJECT).await;
        self.browser.type_into("textarea[name=text]", text).await;
    }

    pub async fn sends(&self) {
        self.browser.click("main form button[type=submit]").await;
    }

    /// The code, once it is on the page.
    pub async fn code(&self) -> String {
        let text = self.browser.reads_until("ol.code li:nth-child(7)").await;
        code_in(&text).unwrap_or_else(|| panic!("no code on the page: {text}"))
    }

    pub async fn only_tip(&self) -> TipDocument {
        self.intake.triage().only_tip().await
    }

    pub async fn typed_text(&self) -> String {
        let script = "return document.querySelector('#text').value";
        self.browser.value_of(script).await
    }

    /// Whether the browser would ask before this page is left.
    pub async fn warns_before_leaving(&self) -> bool {
        let script = "const event = new Event('beforeunload', {cancelable: true}); \
                      window.dispatchEvent(event); return String(event.defaultPrevented)";
        self.browser.value_of(script).await == "true"
    }

    pub async fn end(self) {
        self.browser.close().await;
        self.intake.stop().await;
    }
}

/// Quotation marks, lists of tables, further languages: the page reads what the signer writes.
fn everything_a_manifest_may_say(body: &mut ManifestBody) {
    "Qingxi \"County\" Bureau's office".clone_into(&mut body.name_en);
    "一楼\n大门左侧\\".clone_into(&mut body.contact.letter_box_zh);
    let line = |phone: &str| HelpLine {
        phone: phone.to_owned(),
        name: BTreeMap::from([("zh-Hans".to_owned(), "热线".to_owned())]),
    };
    body.contact.help_lines = vec![line("12355"), line("12345")];
    let words = OwnWords {
        name: "清溪縣教育局".to_owned(),
        ..OwnWords::default()
    };
    body.contact.in_language = BTreeMap::from([("zh-Hant".to_owned(), words)]);
}

/// Where the quick exit leads: a page of no interest, in place of the weather.
async fn neutral_page() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let mut asked = [0; 4096];
            let _ = client.read(&mut asked).await;
            let page =
                "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\nrain";
            let _ = client.write_all(page.as_bytes()).await;
        }
    });
    format!("http://{address}/")
}

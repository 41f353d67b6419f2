//! What passes between the proxy that ends TLS and intake, packet by packet, while a browser seals a tip: not a word of
//! it, and not its code. A form without scripts in the same capture shows that the search would find them.

use super::browser::{Browser, Scripts};
use super::canary::holds;
use super::visit::{ACCOUNT, CANARIES, SUBJECT};
use super::{code_in, spaced};
use crate::attachments::photo;
use crate::intake::{Intake, OFFICE};
use crate::support::capture::{Capture, Passed};
use crate::support::proxy::{HOST, TlsProxy};

/// A file's name, and what stands in its picture.
const FILE: &str = "转账凭条在此.jpg";
const PICTURED: &str = "canary-in-a-picture";

/// What is sent in the clear for comparison.
const OPEN_WORDS: &str = "明文对照的金丝雀";

fn port_of(url: &str) -> u16 {
    let port = url.rsplit(':').next().expect("a port");
    port.parse().expect("a number")
}

async fn browser_seals(proxy: &TlsProxy) -> String {
    let device = tempfile::tempdir().expect("a folder");
    let file = device.path().join(FILE);
    std::fs::write(&file, photo("", 300_000, PICTURED).bytes).expect("our own folder");
    let browser = Browser::open(Scripts::On, 360, "zh-Hans").await;
    browser
        .go(&format!("{}/{OFFICE}/zh-Hans/write", proxy.origin()))
        .await;
    browser.reads_until("[data-fingerprint]").await;
    browser.click("input[name=category][value=tutoring]").await;
    for (field, words) in [
        ("input[name=school]", "城东小学"),
        ("[name=subject]", SUBJECT),
        ("textarea[name=text]", ACCOUNT),
    ] {
        browser.type_into(field, words).await;
    }
    let field = browser.find("#files").await;
    let path = file.to_string_lossy();
    field.send_keys(&path).await.expect("a field");
    browser.reads_until(".file:nth-child(1)").await;
    browser.click("main form button[type=submit]").await;
    let text = browser.reads_until("ol.code li:nth-child(7)").await;
    browser.close().await;
    code_in(&text).unwrap_or_else(|| panic!("no code on the page: {text}"))
}

/// The same form posted without scripts, whose words intake seals.
async fn form_is_posted(proxy: &TlsProxy) {
    let url = format!("{}/{OFFICE}/zh-Hans/write", proxy.origin());
    let fields = [("category", "tutoring"), ("text", OPEN_WORDS)];
    let sent = proxy.client().post(url).form(&fields).send().await;
    assert_eq!(sent.expect("an answer").status(), 200);
}

fn tells_nothing(passed: &Passed, port: u16, code: &str) {
    let bytes = passed.at(port);
    let spaced = spaced(code);
    let forms = [code, &spaced, &code[..14], &code[14..]];
    let secrets = CANARIES.into_iter().chain(forms);
    for words in secrets.chain([FILE, "转账凭条", PICTURED]) {
        assert!(!holds(&bytes, words), "{words} passed port {port}");
    }
}

#[tokio::test]
async fn nothing_of_a_sealed_tip_passes_the_plain_leg() {
    let intake = Intake::furnished().await;
    let inner = port_of(&intake.public);
    let proxy = TlsProxy::before(inner).await;
    let capture = Capture::of(&[inner, proxy.port]);
    let code = browser_seals(&proxy).await;
    form_is_posted(&proxy).await;
    let passed = capture.end();

    let plain = passed.at(inner);
    assert!(holds(&plain, "POST /api/v1/offices/qingxi/sealed-tips"));
    assert!(holds(&plain, "POST /api/v1/offices/qingxi/attachments"));
    assert!(
        holds(&plain, "submission_tag") && holds(&plain, OPEN_WORDS),
        "the search works"
    );
    tells_nothing(&passed, inner, &code);
    tells_nothing(&passed, proxy.port, &code);
    let outer = passed.at(proxy.port);
    assert!(
        outer.len() > 10_000 && !holds(&outer, OPEN_WORDS),
        "TLS hides the form as well"
    );
    assert!(holds(&outer, HOST), "a handshake was captured");
    // Nothing of the browser itself comes through.
    for header in ["user-agent", "referer", "cookie"] {
        let told = String::from_utf8_lossy(&plain).to_ascii_lowercase();
        assert!(!told.contains(&format!("\r\n{header}:")), "{header}");
    }

    let triage = intake.triage();
    let mut texts = Vec::new();
    for entry in triage.list("held").await {
        let json = triage.open(&entry).await;
        texts.push(
            mifeng_sealing::tip::TipDocument::from_json(&json)
                .expect("a tip")
                .text
                .clone(),
        );
    }
    texts.sort_unstable();
    let mut sent = [ACCOUNT, OPEN_WORDS];
    sent.sort_unstable();
    assert_eq!(texts, sent);
    intake.stop().await;
}

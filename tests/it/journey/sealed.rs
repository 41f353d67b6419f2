//! Sealing in a real browser: what leaves the page, what the page says and keeps, and what becomes of a bad line.

use super::browser::{Browser, Scripts};
use super::canary::holds;
use super::recorder::Line;
use super::visit::{ACCOUNT, CANARIES, POST, SUBJECT, Visit};
use super::{code_in, spaced};
use crate::intake::{Intake, OFFICE};
use mifeng_sealing::EnvelopeKind;
use std::time::Duration;

/// Control and V, as a driver presses them.
const PASTE: &str = "\u{e009}v\u{e000}";

/// What a camera reads off a picture.
fn scanned(png: &[u8]) -> String {
    let picture = image::load_from_memory(png).expect("a picture").to_luma8();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let light = |x: usize, y: usize| picture.as_raw()[y * width + x];
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width, height, light);
    let found = picture.detect_grids();
    found[0].decode().expect("readable").1
}

async fn only_ciphertext_leaves(width: u32, language: &'static str, fingerprint_words: &str) {
    let visit = Visit::begin("sent", width, language).await;
    let browser = &visit.browser;
    let said = browser.reads_until("[data-fingerprint]").await;
    let fingerprint = visit.fingerprint_on_poster();
    assert!(said.contains(&fingerprint), "{fingerprint} in {said}");
    assert!(said.contains(fingerprint_words), "{said}");
    visit.writes("tutoring", ACCOUNT).await;
    visit.picture("form").await;
    visit.sends().await;
    let code = visit.code().await;
    visit.picture("code").await;

    let sent = visit.line.sent();
    assert_eq!(visit.line.requests(POST), 1);
    for words in CANARIES
        .into_iter()
        .chain([code.as_str(), &spaced(&code), "tutoring"])
    {
        assert!(!holds(&sent, words), "{words} left the page");
    }
    // The search itself works: what is said in clear is found.
    assert!(holds(&sent, "submission_tag"));
    let tip = visit.only_tip().await;
    assert_eq!(
        (tip.text.as_str(), tip.subject.as_str()),
        (ACCOUNT, SUBJECT)
    );

    let kept = browser
        .value_of(
            "return [location.href, document.title, document.cookie, localStorage.length, \
             sessionStorage.length, JSON.stringify(history.state), history.length, \
             document.querySelectorAll('form').length].join(' | ')",
        )
        .await;
    assert!(!kept.contains(&code[..8]), "{kept}");
    assert!(kept.contains(" |  | 0 | 0 | null | "), "{kept}");
    assert!(kept.ends_with("| 0"), "the form is gone: {kept}");

    visit.lets_go_only_after_the_last_group(&code).await;
    assert_eq!(visit.line.requests(POST), 1);
    visit.end().await;
}

impl Visit {
    /// As the poster has it, in fours.
    fn fingerprint_on_poster(&self) -> String {
        let hex = self.intake.place.signing.public().fingerprint();
        let fours: Vec<&str> = (0..32).step_by(4).map(|at| &hex[at..at + 4]).collect();
        fours.join(" ")
    }

    async fn lets_go_only_after_the_last_group(&self, code: &str) {
        let browser = &self.browser;
        let before = browser.address().await;
        assert!(self.warns_before_leaving().await);
        browser.click("[data-go]").await;
        assert_eq!(browser.address().await, before, "nothing was typed yet");
        let wrong = if code.ends_with("0000") {
            "1111"
        } else {
            "0000"
        };
        browser.type_into("#last-group", wrong).await;
        browser.click("[data-go]").await;
        assert_eq!(browser.address().await, before, "the wrong group was typed");
        assert!(self.warns_before_leaving().await);
        self.picture("wrong-group").await;
        // What is copied and pasted is the whole code, and will do.
        // Not half under the bar.
        browser.value_of("scrollTo(0, 0); return ''").await;
        browser.click("[data-copy]").await;
        let field = browser.find("#last-group").await;
        field.clear().await.expect("a field");
        field.send_keys(PASTE).await.expect("a field");
        let pasted = "return document.querySelector('#last-group').value.replace(/\\D/g, '')";
        assert_eq!(browser.value_of(pasted).await, code);
        assert!(!self.warns_before_leaving().await);
        browser.type_into("#last-group", &code[24..]).await;
        assert!(!self.warns_before_leaving().await);
        self.picture("right-group").await;
        browser.value_of("scrollTo(0, 0); return ''").await;
        browser.click("[data-save]").await;
        let saved = browser.downloaded("card.png").await;
        assert_eq!(scanned(&saved), code);
        browser.click("[data-go]").await;
        browser.reads_until("[name=pickup_code]").await;
        assert!(browser.address().await.ends_with("/check"));
        browser.back().await;
        let text = browser.reads_until("textarea[name=text]").await;
        assert!(code_in(&text).is_none(), "the code came back");
        assert_eq!(self.typed_text().await, "", "what was typed came back");
    }
}

#[tokio::test]
async fn only_ciphertext_leaves_a_phone() {
    only_ciphertext_leaves(360, "zh-Hans", "本页在您的浏览器里加密").await;
}

#[tokio::test]
async fn only_ciphertext_leaves_a_desk() {
    only_ciphertext_leaves(1280, "en", "This page encrypts in your browser").await;
}

#[tokio::test]
async fn about_the_office_the_browser_seals_to_the_parent_only() {
    let visit = Visit::begin("about-the-office", 360, "zh-Hant").await;
    visit.browser.reads_until("[data-fingerprint]").await;
    visit.writes("office-staff", ACCOUNT).await;
    visit.sends().await;
    visit.code().await;
    visit.picture("code").await;
    // Who does not want to check it is let go all the same, by a link that says so.
    assert!(visit.warns_before_leaving().await);
    visit.browser.click("[data-anyway]").await;
    let text = visit.browser.reads_until("a.button[href$='/write']").await;
    assert!(code_in(&text).is_none(), "{text}");
    assert!(visit.intake.triage().list("held").await.is_empty());
    let parent = visit.intake.triage_of(crate::intake::PARENT);
    assert_eq!(parent.only_tip().await.text, ACCOUNT);
    visit.end().await;
}

#[tokio::test]
async fn a_lost_answer_costs_a_press_and_makes_no_second_tip() {
    let visit = Visit::begin("lost-answer", 360, "zh-Hans").await;
    visit.browser.reads_until("[data-fingerprint]").await;
    visit.writes("tutoring", ACCOUNT).await;
    visit.line.becomes(Line::LosesAnswers);
    visit.sends().await;
    let text = visit.browser.reads_until("#problem:not([hidden])").await;
    assert!(text.contains("没有收到回音"), "{text}");
    assert_eq!(visit.typed_text().await, ACCOUNT);
    assert!(visit.warns_before_leaving().await);
    visit.picture("unanswered").await;
    assert_eq!(visit.only_tip().await.text, ACCOUNT, "it had arrived");
    visit.line.becomes(Line::Good);
    // What is changed now is not in what arrived, and the page says so.
    visit
        .browser
        .type_into("textarea[name=text]", "后来改成这样")
        .await;
    visit.sends().await;
    visit.code().await;
    let text = visit
        .browser
        .reads_until("[data-earlier]:not([hidden])")
        .await;
    assert!(text.contains("第一次发出的那一份"), "{text}");
    visit.picture("earlier").await;
    assert_eq!(visit.only_tip().await.text, ACCOUNT);
    visit.end().await;
}

#[tokio::test]
async fn the_same_sent_again_after_a_lost_answer_gives_the_code() {
    let visit = Visit::begin("sent-again", 1280, "en").await;
    visit.browser.reads_until("[data-fingerprint]").await;
    visit.writes("tutoring", ACCOUNT).await;
    visit.line.becomes(Line::LosesAnswers);
    visit.sends().await;
    visit.browser.reads_until("#problem:not([hidden])").await;
    visit.line.becomes(Line::Good);
    visit.sends().await;
    let code = visit.code().await;
    let tip = visit.only_tip().await;
    let parsed = mifeng_sealing::PickupCode::parse(&code).expect("a code");
    let secrets = mifeng_sealing::MailboxSecrets::derive(&parsed, OFFICE);
    assert_eq!(
        tip.mailbox.lookup_digest,
        secrets.lookup().digest().to_hex()
    );
    visit.end().await;
}

#[tokio::test]
async fn without_a_network_the_text_stays_in_the_page() {
    let visit = Visit::begin("offline", 360, "en").await;
    visit.browser.reads_until("[data-fingerprint]").await;
    visit.writes("gifts", ACCOUNT).await;
    visit.line.becomes(Line::Dead);
    visit.sends().await;
    visit.browser.reads_until("#problem:not([hidden])").await;
    visit.picture("no-network").await;
    assert_eq!(visit.typed_text().await, ACCOUNT);
    assert!(visit.intake.triage().list("held").await.is_empty());
    visit.line.becomes(Line::Good);
    visit.sends().await;
    visit.code().await;
    assert_eq!(visit.only_tip().await.text, ACCOUNT);
    visit.end().await;
}

#[tokio::test]
async fn two_clicks_send_once() {
    let visit = Visit::begin("two-clicks", 1280, "zh-Hans").await;
    visit.browser.reads_until("[data-fingerprint]").await;
    visit.writes("gifts", ACCOUNT).await;
    let twice = "const button = document.querySelector('main form button[type=submit]'); \
                 button.click(); button.click(); return ''";
    visit.browser.value_of(twice).await;
    visit.code().await;
    assert_eq!(visit.line.requests(POST), 1);
    visit.end().await;
}

#[tokio::test]
async fn an_altered_manifest_is_sealed_to_by_nobody() {
    let intake_key = |visit: &Visit| visit.intake.place.office.recipient().to_string();
    let visit = Visit::begin("altered-keys", 360, "zh-Hans").await;
    let foreign = mifeng_opening::Identity::generate().recipient().to_string();
    visit
        .line
        .becomes(Line::Alters(foreign, intake_key(&visit)));
    visit.opens_form().await;
    let text = visit.browser.reads_until("#problem:not([hidden])").await;
    assert!(text.contains("没有通过核对"), "{text}");
    visit.picture("refused").await;
    let button = "return String(document.querySelector('main form button[type=submit]').disabled)";
    assert_eq!(visit.browser.value_of(button).await, "true");
    visit.end().await;
}

#[tokio::test]
async fn without_a_secure_context_the_form_posts_and_the_page_says_so() {
    let visit = Visit::on("plain.test", "server-seals", 360, "zh-Hans").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let said = visit.browser.text().await;
    assert!(said.contains("本页由服务器在内存里加密"), "{said}");
    assert!(!said.contains("本页在您的浏览器里加密"), "{said}");
    visit.writes("gifts", ACCOUNT).await;
    visit.sends().await;
    let code = visit.code().await;
    let said = visit.browser.text().await;
    assert!(said.contains("内容由服务器在内存里加密后保存"), "{said}");
    visit.picture("code").await;
    assert_eq!(visit.line.requests(POST), 0);
    assert_eq!(visit.only_tip().await.text, ACCOUNT);
    assert!(visit.warns_before_leaving().await);
    visit.browser.type_into("#last-group", &spaced(&code)).await;
    assert!(
        !visit.warns_before_leaving().await,
        "the whole code will do"
    );
    visit.end().await;
}

/// As in a browser of 2023: the script asks for a curve that its browser does not know.
#[tokio::test]
async fn without_the_curve_the_form_posts_as_well() {
    let line = |known: &str, unknown: &str| Line::Alters(unknown.to_owned(), known.to_owned());
    let line = line("generateKey(\"X25519\"", "generateKey(\"X00000\"");
    let visit = Visit::over(line, "127.0.0.1", "no-curve", 1280, "en").await;
    // Long enough for the script to come over this slow line and to look around.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let said = visit.browser.text().await;
    assert!(
        said.contains("The server encrypts this in memory"),
        "{said}"
    );
    visit.writes("gifts", ACCOUNT).await;
    visit.sends().await;
    visit.code().await;
    let said = visit.browser.text().await;
    assert!(said.contains("encrypted by the server in memory"), "{said}");
    assert_eq!(visit.line.requests(POST), 0);
    assert_eq!(visit.only_tip().await.text, ACCOUNT);
    visit.end().await;
}

#[tokio::test]
async fn who_leaves_at_once_is_asked_nothing_and_leaves_nothing_behind() {
    for form_only in [true, false] {
        let visit = Visit::begin("exit", 1280, "zh-Hans").await;
        visit.browser.reads_until("[data-fingerprint]").await;
        visit.writes("gifts", ACCOUNT).await;
        if !form_only {
            visit.sends().await;
            visit.code().await;
        }
        assert!(visit.warns_before_leaving().await);
        visit.browser.click("a.exit").await;
        for _ in 0..50 {
            if visit.browser.text().await == "rain" {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(visit.browser.text().await, "rain");
        visit.browser.back().await;
        let address = visit.browser.address().await;
        assert!(
            !address.contains(OFFICE),
            "the page stands behind: {address}"
        );
        visit.end().await;
    }
}

#[tokio::test]
async fn while_writing_a_hint_stays_in_the_page() {
    for (width, language, text, marked) in [
        (
            360,
            "zh-Hans",
            "我儿子王小明每周六去补课，3月5日转了1800元。",
            "我儿子王小明",
        ),
        (
            1280,
            "en",
            "My son Wang Xiaoming went. Call me at 13812345678.",
            "13812345678",
        ),
    ] {
        let visit = Visit::begin("hints", width, language).await;
        visit.browser.reads_until("[data-fingerprint]").await;
        let before = visit.line.sent().len();
        visit.browser.type_into("textarea[name=text]", text).await;
        visit.browser.reads_until("#hints:not([hidden]) mark").await;
        let marks = "return [...document.querySelectorAll('#hints mark')].map(m => m.textContent).join('|')";
        let marks = visit.browser.value_of(marks).await;
        assert!(marks.contains(marked), "{marks}");
        visit.browser.show("#hints").await;
        visit.picture("shown").await;
        assert_eq!(visit.line.sent().len(), before, "something was sent");
        visit.browser.type_into("textarea[name=text]", "补课").await;
        visit.browser.reads_until("#hints[hidden]").await;
        visit.end().await;
    }
}

#[tokio::test]
async fn without_scripts_the_same_form_works_and_the_checklist_is_text() {
    let intake = Intake::unlimited().await;
    let browser = Browser::open(Scripts::Off, 1280, "zh-Hans").await;
    browser
        .go(&format!("{}/{OFFICE}/zh-Hans/write", intake.public))
        .await;
    browser.click("input[name=category][value=gifts]").await;
    browser.click("details.checklist summary").await;
    let said = browser.text().await;
    assert!(
        said.contains("请留好原件") && said.contains("本页由服务器在内存里加密"),
        "{said}"
    );
    browser
        .picture("sealing-scripts-off-zh-Hans-1280-form")
        .await;
    browser.type_into("textarea[name=text]", ACCOUNT).await;
    browser.click("main form button[type=submit]").await;
    let text = browser.reads_until("ol.code li:nth-child(7)").await;
    assert!(text.contains("特别是第 7 组"), "{text}");
    assert!(code_in(&text).is_some());
    browser
        .picture("sealing-scripts-off-zh-Hans-1280-code")
        .await;
    let held = intake.triage().list("held").await;
    assert!(held.iter().all(|entry| entry.kind == EnvelopeKind::Tip) && held.len() == 1);
    browser.close().await;
    intake.stop().await;
}

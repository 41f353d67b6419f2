//! What the page's script makes of it: hints while writing, errors found in the page, the code after sealing.

use super::super::browser::{Browser, Scripts};
use super::{axe, broken, too_wide};
use crate::intake::{Intake, TODAY};
use crate::journey::files::Device;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Status};
use std::time::Duration;

const ACCOUNT: &str = "我孩子王小明坐在第三排，三月五日转账一千八百元，我的电话是 13800138000。";

/// Looks at the page as it stands, at two widths.
async fn look(browser: &Browser, axe: &str, name: &str, wrong: &mut Vec<String>) {
    for width in [320, 1280] {
        browser.widen(width).await;
        // What happens to lie half under the bar would count as too small to hit.
        browser.value("scrollTo(0, 0); return 1").await;
        let found = broken(browser, axe).await;
        wrong.extend(
            found
                .into_iter()
                .map(|told| format!("{name} at {width}: {told}")),
        );
        let wide = too_wide(browser).await;
        wrong.extend(
            wide.into_iter()
                .map(|html| format!("{name} at {width}: too wide: {html}")),
        );
        browser.whole_picture(&format!("made-{name}-{width}")).await;
    }
}

async fn shown(browser: &Browser, css: &str) {
    let script = format!(
        "const it = document.querySelector('{css}'); return !!it && it.getClientRects().length > 0"
    );
    for _ in 0..100 {
        if browser.value(&script).await == true {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{css} never showed: {}", browser.text().await);
}

#[tokio::test]
async fn what_the_script_makes_is_whole_too() {
    let intake = Intake::furnished().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    let axe = axe();
    let mut wrong = Vec::new();
    for language in ["zh-Hans", "zh-Hant", "en"] {
        browser
            .go(&format!("{}/qingxi/{language}/write", intake.public))
            .await;
        browser.click("main form button[type=submit]").await;
        shown(&browser, "#problem").await;
        look(&browser, &axe, &format!("problem-{language}"), &mut wrong).await;
        browser.type_into("textarea[name=text]", ACCOUNT).await;
        shown(&browser, "#hints").await;
        look(&browser, &axe, &format!("hints-{language}"), &mut wrong).await;
        // Scrolled to by the driver, it would lie under the bar.
        browser
            .value("document.querySelector('#category').scrollIntoView(); return 1")
            .await;
        browser.click("input[name=category][value=tutoring]").await;
        browser.click("main form button[type=submit]").await;
        shown(&browser, "#last-group").await;
        browser.click("details[data-qr-fold] summary").await;
        browser.type_into("#last-group", "0000").await;
        look(&browser, &axe, &format!("code-{language}"), &mut wrong).await;
    }
    assert_eq!(intake.triage().list("waiting").await.len(), 3);
    browser.close().await;
    intake.stop().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files in every state that the page shows them in.
#[tokio::test]
async fn files_are_whole_in_every_state() {
    let intake = Intake::furnished().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    let axe = axe();
    let device = Device::new();
    let files = [
        device.photo().0,
        device.pdf(),
        device.talk(40_000).0,
        device.program(),
    ];
    let paths: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
    let mut wrong = Vec::new();
    for language in ["zh-Hans", "zh-Hant", "en"] {
        browser
            .go(&format!("{}/qingxi/{language}/write", intake.public))
            .await;
        shown(&browser, "[data-fingerprint]").await;
        let field = browser.find("#files").await;
        field.send_keys(&paths.join("\n")).await.expect("a field");
        shown(&browser, ".file:nth-child(4) [data-wrong]").await;
        look(&browser, &axe, &format!("files-{language}"), &mut wrong).await;
        let press = |css: &str| format!("document.querySelector('{css}').click(); return 1");
        browser
            .value(&press(".file:nth-child(4) [data-remove]"))
            .await;
        browser
            .value(&press("input[name=category][value=gifts]"))
            .await;
        browser.type_into("textarea[name=text]", "补课").await;
        browser.value(&press("main form button[type=submit]")).await;
        shown(&browser, ".file:nth-child(2) [data-wrong]").await;
        look(
            &browser,
            &axe,
            &format!("files-undecided-{language}"),
            &mut wrong,
        )
        .await;
        browser
            .value(&press(".file:nth-child(2) [value=server]"))
            .await;
        browser.value(&press("main form button[type=submit]")).await;
        shown(&browser, "[data-sent-files]").await;
        look(
            &browser,
            &axe,
            &format!("files-sent-{language}"),
            &mut wrong,
        )
        .await;
    }
    browser.close().await;
    intake.stop().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The page behind a code, when the script made it.
#[tokio::test]
async fn a_mailbox_opened_in_the_page_is_whole_too() {
    let intake = Intake::furnished().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    let axe = axe();
    let mut wrong = Vec::new();
    for language in ["zh-Hans", "zh-Hant", "en"] {
        let code = {
            let anonymous = intake.anonymous();
            anonymous.tells("补课").await.code
        };
        let triage = intake.triage();
        let waiting = triage.list("waiting").await;
        let tip = triage.open(&waiting[0]).await;
        let tip = mifeng_sealing::tip::TipDocument::from_json(&tip).expect("a tip");
        let today: mifeng_foundation::clock::Day = TODAY.parse().expect("a day");
        let mut question = MailboxMessage::new(
            1,
            today.plus_days(-60),
            MessageKind::Message,
            Status::Received,
        );
        "请问在银杏巷几号？".clone_into(&mut question.text);
        let mut result = MailboxMessage::new(
            2,
            today.plus_days(-30),
            MessageKind::Result,
            Status::Concluded,
        );
        "查实了，已处理。".clone_into(&mut result.text);
        result.messages_read = 1;
        for (id, message) in [(1, &question), (2, &result)] {
            assert_eq!(triage.answers(&tip, id, message).await.stored.len(), 1);
        }
        assert_eq!(triage.acknowledge(&waiting[0]).await, 1);
        browser
            .go(&format!("{}/qingxi/{language}/check", intake.public))
            .await;
        shown(&browser, "[data-when=sealed-by-browser]").await;
        browser.type_into("#pickup_code", "1234").await;
        let press = |css: &str| format!("document.querySelector('{css}').click(); return 1");
        browser.value(&press("main form button")).await;
        shown(&browser, "#problem").await;
        look(&browser, &axe, &format!("mistyped-{language}"), &mut wrong).await;
        browser.type_into("#pickup_code", &code).await;
        browser.value(&press("main form button")).await;
        shown(&browser, "[data-status]").await;
        browser.value(&press("details.forget summary")).await;
        look(&browser, &axe, &format!("status-{language}"), &mut wrong).await;
        browser.value(&press("[data-says=aftercare] button")).await;
        shown(&browser, "#problem").await;
        look(
            &browser,
            &axe,
            &format!("status-unanswered-{language}"),
            &mut wrong,
        )
        .await;
        browser.value(&press("[data-says=read] button")).await;
        shown(&browser, "[data-done]").await;
        look(
            &browser,
            &axe,
            &format!("status-done-{language}"),
            &mut wrong,
        )
        .await;
        browser.value(&press("[name=sure]")).await;
        browser.value(&press("[data-says=farewell] button")).await;
        shown(&browser, "h1 + p + p + p > a[data-exit]").await;
        look(&browser, &axe, &format!("forgotten-{language}"), &mut wrong).await;
        for entry in triage.list("waiting").await {
            assert_eq!(triage.acknowledge(&entry).await, 1);
        }
    }
    browser.close().await;
    intake.stop().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

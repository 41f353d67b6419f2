//! What the page's script makes of it: hints while writing, errors found in the page, the code after sealing.

use super::super::browser::{Browser, Scripts};
use super::{axe, broken, too_wide};
use crate::intake::Intake;
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

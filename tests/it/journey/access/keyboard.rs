//! Without a mouse: everything is reached, what has the focus is seen, and a tip can be sent.

use super::super::browser::{Browser, Scripts};
use super::gallery::Gallery;
use crate::intake::{Intake, Place};
use serde_json::Value;

const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";

/// What has the focus: what it is, whether it is seen, and whether the bar covers it.
const FOCUSED: &str = "const it = document.activeElement; if (!it || it === document.body) return null; \
    const box = it.getBoundingClientRect(); const style = getComputedStyle(it); \
    const bar = document.querySelector('.bar').getBoundingClientRect(); \
    const inBar = it.closest('.bar') || it.matches('.skip'); \
    window.seen = window.seen || new Set(); window.seen.add(it.type === 'radio' ? 'radio' : it); \
    return { seen: window.seen.size, what: (it.id || it.name || it.textContent.trim().slice(0, 30)), \
      outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, \
      shown: box.width > 0 && box.height > 0 && box.left >= 0 && box.top >= 0 && box.top < innerHeight, \
      covered: !inBar && box.top < bar.bottom - 1 }";

/// How many things the keyboard should reach: a group of radio buttons is one.
const REACHABLE: &str = "const all = [...document.querySelectorAll('a[href], button, summary, input:not([type=hidden]), textarea, [tabindex=\"0\"]')] \
    .filter((it) => it.getClientRects().length > 0 && it.checkVisibility()); \
    const radios = all.filter((it) => it.type === 'radio'); \
    return all.length - Math.max(0, radios.length - 1)";

async fn walk(browser: &Browser, place: &str) -> Vec<String> {
    let expected = browser.value(REACHABLE).await.as_u64().expect("a number");
    let mut wrong = Vec::new();
    let mut reached = 0;
    // Twice round: a page that reports an error has put the focus in its middle.
    for _ in 0..2 * expected + 5 {
        browser.press(TAB).await;
        let focused = browser.value(FOCUSED).await;
        if focused == Value::Null {
            continue;
        }
        let good =
            focused["outlined"] == true && focused["shown"] == true && focused["covered"] == false;
        if !good {
            wrong.push(format!("{place}: {focused}"));
        }
        reached = focused["seen"].as_u64().expect("a number").max(reached);
        if reached == expected {
            break;
        }
    }
    if reached != expected {
        wrong.push(format!("{place}: {reached} of {expected} reached"));
    }
    wrong
}

#[tokio::test]
async fn everything_is_reached_and_seen() {
    let gallery = Gallery::open().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    let mut wrong = Vec::new();
    for (number, state) in gallery.states.iter().enumerate() {
        // The order is the same in every language; widths differ, so one language a width.
        let width = match state.language {
            "zh-Hans" => 360,
            "en" => 1280,
            _ => continue,
        };
        browser.widen(width).await;
        browser.go(&gallery.address(number, true)).await;
        wrong.extend(walk(&browser, &format!("{} at {width}", state.name)).await);
    }
    browser.close().await;
    gallery.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn an_error_is_where_the_focus_goes() {
    let gallery = Gallery::open().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    for (number, state) in gallery.states.iter().enumerate() {
        let is_error = matches!(
            state.name,
            "form-empty" | "form-429" | "check-mistyped" | "check-unknown"
        );
        if !is_error {
            continue;
        }
        browser.go(&gallery.address(number, true)).await;
        let focused = browser
            .value("return document.activeElement.className")
            .await;
        assert_eq!(focused, "summary", "{} {}", state.name, state.language);
        let title = browser.title().await;
        let beginning = match state.language {
            "zh-Hans" => "错误：",
            "zh-Hant" => "錯誤：",
            _ => "Error: ",
        };
        assert!(title.starts_with(beginning), "{title}");
    }
    browser.close().await;
    gallery.close().await;
}

/// Tabs until the element that `css` names has the focus.
async fn tab_to(browser: &Browser, css: &str) {
    for _ in 0..60 {
        browser.press(TAB).await;
        let there = browser
            .value(&format!("return document.activeElement.matches('{css}')"))
            .await;
        if there == true {
            return;
        }
    }
    panic!("{css} is not reached: {}", browser.text().await);
}

#[tokio::test]
async fn a_tip_is_sent_with_the_keyboard_alone() {
    let intake = Intake::furnished().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-TW").await;
    browser.go(&intake.public).await;
    assert!(
        browser.address().await.ends_with("/qingxi/zh-Hant/"),
        "{}",
        browser.address().await
    );
    tab_to(&browser, "a.button[href$=\"/write\"]").await;
    browser.press(ENTER).await;
    tab_to(&browser, "input[type=radio]").await;
    browser.press(" ").await;
    tab_to(&browser, "textarea").await;
    browser.press("每個星期六在家裡收費補課。").await;
    tab_to(&browser, "form[action$=\"/write\"] button[type=submit]").await;
    browser.press(ENTER).await;
    for _ in 0..50 {
        if browser.text().await.contains("請現在抄下取件碼") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(
        browser.text().await.contains("請現在抄下取件碼"),
        "{}",
        browser.text().await
    );
    let tip = intake.triage().only_tip().await;
    assert_eq!(tip.language, mifeng_foundation::words::Language::ZhHant);
    browser.close().await;
    intake.stop().await;
}

#[tokio::test]
async fn three_escapes_leave_and_back_does_not_return() {
    let place = Place::furnished();
    let intake = Intake::unlimited().await;
    // The neutral page is a page of another office here, so that nothing is fetched from outside.
    let mut body = place.body();
    body.contact.quick_exit_url = format!("{}/qingxi/en/help", intake.public);
    place.write_manifest(&body, &place.signing);
    let config = place.config("enabled = false");
    let left = Intake::on(place, config).await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    browser
        .go(&format!("{}/qingxi/en/check", left.public))
        .await;
    browser
        .go(&format!("{}/qingxi/en/write", left.public))
        .await;
    browser.type_into("textarea", "half a sentence").await;
    for _ in 0..3 {
        browser.press(ESCAPE).await;
    }
    let mut address = String::new();
    for _ in 0..50 {
        address = browser.address().await;
        if address == body.contact.quick_exit_url {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(address, body.contact.quick_exit_url);
    browser.client.back().await.expect("goes back");
    assert!(
        browser.address().await.ends_with("/check"),
        "to the page before, not to the form"
    );
    browser.close().await;
    left.stop().await;
    intake.stop().await;
}

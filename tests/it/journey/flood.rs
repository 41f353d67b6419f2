//! Many come at once: with scripts the page works for its tip and says so, without it waits by itself.

use super::browser::{Browser, Scripts};
use super::code_in;
use crate::intake::flood::while_waiting;
use crate::intake::{Intake, OFFICE, client, tip};

const ACCOUNT: &str = "周末在出租屋补课，一次收一百八十元。";

/// Above the mark from the first tip on.
async fn busy(more: &str) -> Intake {
    let limits = format!(
        "requests_per_minute = 60000\nburst = 60000\n[flood]\nload_mark_per_minute = 0\n{more}"
    );
    Intake::with(&limits).await
}

async fn writes(browser: &Browser, intake: &Intake, language: &str) {
    browser
        .go(&format!("{}/{OFFICE}/{language}/write", intake.public))
        .await;
    browser.click("input[name=category][value=tutoring]").await;
    browser.type_into("textarea[name=text]", ACCOUNT).await;
}

#[tokio::test]
async fn with_scripts_the_page_pays_and_says_what_it_does() {
    // Long enough to be seen, short enough for a test.
    let intake = busy("proof_least_bits = 15\nproof_most_bits = 15").await;
    let browser = Browser::open(Scripts::On, 360, "zh-CN").await;
    for language in ["zh-Hans", "zh-Hant", "en"] {
        writes(&browser, &intake, language).await;
        browser.reads_until("[data-fingerprint]").await;
        browser.show("main form button[type=submit]").await;
        // Whether the page said that it works is kept for the test.
        browser
            .value_of(
                "window.said = ''; const place = document.querySelector('[data-when=working]'); \
                 new MutationObserver(() => { if (!place.hidden) window.said = place.innerText; })\
                 .observe(place, {attributes: true}); return ''",
            )
            .await;
        browser.click("main form button[type=submit]").await;
        let working = fantoccini::Locator::Css("[data-when=working]:not([hidden])");
        if browser.client.find(working).await.is_ok() {
            browser.picture(&format!("flood-proof-{language}")).await;
        }
        let page = browser.reads_until("ol.code").await;
        assert!(code_in(&page).is_some(), "{page}");
        let said = browser.value_of("return window.said").await;
        assert!(said.chars().count() > 20, "{language}: {said}");
    }
    assert_eq!(intake.triage().list("waiting").await.len(), 3);
    browser.close().await;
    intake.stop().await;
}

#[tokio::test]
async fn without_scripts_the_page_waits_by_itself_and_ends_with_the_code() {
    let intake = busy("queue_per_minute = 6").await;
    for (language, width, words) in [
        ("zh-Hans", 500, "请让本页开着"),
        ("en", 1280, "Please leave this page open"),
    ] {
        let browser = Browser::open(Scripts::Off, width, "zh-CN").await;
        writes(&browser, &intake, language).await;
        // Someone came just before.
        let url = format!("{}/{OFFICE}/en/write", intake.public);
        let other = client()
            .post(url)
            .form(&[("category", "other"), ("text", "x")]);
        let other = other.send().await.expect("an answer");
        // The page is there while it waits: the driver's click returns only when it is whole.
        let press = browser.find("main form button[type=submit]").await;
        let (pressed, ()) = futures_util::future::join(press.click(), async {
            let _ = other.text().await;
        })
        .await;
        pressed.expect("can be pressed");
        let page = browser.reads_until("ol.code").await;
        assert!(code_in(&page).is_some(), "{page}");
        assert!(!page.contains(words), "hidden by now: {page}");
        browser.picture(&format!("flood-waited-{language}")).await;
        let source = browser.client.source().await.expect("a page");
        assert!(source.contains(words), "it had waited");
        browser.close().await;
    }
    intake.stop().await;
}

/// The page as it stands while one waits, for the pictures: a copy that is whole, since a driver waits for the end.
#[tokio::test]
async fn the_page_of_those_who_wait_is_looked_at() {
    let intake = busy("queue_per_minute = 1").await;
    let taken = intake
        .anonymous()
        .form(
            &format!("/{OFFICE}/en/write"),
            &[("category", "other"), ("text", "first")],
        )
        .await;
    assert_eq!(taken.status, 200, "the first place");
    assert_eq!(
        intake
            .anonymous()
            .api("tips", &tip("other", "x"))
            .await
            .status,
        429
    );
    for (language, width, words) in [
        ("zh-Hans", 500, "下一个就是您"),
        ("zh-Hant", 500, "前面還有 1 位"),
        ("en", 1280, "2 before you, about 3 min"),
    ] {
        let url = format!("{}/{OFFICE}/{language}/write", intake.public);
        let request = client()
            .post(url)
            .form(&[("category", "other"), ("text", ACCOUNT)]);
        let mut response = request.send().await.expect("an answer");
        let page = while_waiting(&mut response).await;
        // With its style inside: a browser takes none from elsewhere.
        let mut style = String::new();
        for name in ["public.css", "waiting.css"] {
            style += &intake
                .anonymous()
                .get(&format!("/assets/{name}"))
                .await
                .text;
        }
        let page = page.replacen("<title>", &format!("<style>{style}</style><title>"), 1);
        let file = intake
            .place
            .write(&format!("waiting-{language}.html"), &page);
        let browser = Browser::open(Scripts::Off, width, "zh-CN").await;
        browser.go(&format!("file://{}", file.display())).await;
        let said = browser.text().await;
        assert!(said.contains(words), "{said}");
        // Without a phone to imitate, the browser's screen is smaller than its window.
        assert!(width > 500 || !browser.scrolls_sideways().await);
        browser.picture(&format!("flood-waiting-{language}")).await;
        browser.close().await;
    }
    intake.stop().await;
}

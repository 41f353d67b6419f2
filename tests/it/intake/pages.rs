//! The pages, as a browser without scripts sees them.

use super::{Answer, Intake, OFFICE, client};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::PickupCode;

/// The hidden code of a form page.
fn hidden_code(page: &str) -> String {
    let (_, rest) = page
        .split_once("name=\"code\" value=\"")
        .expect("a hidden code");
    rest[..28].to_owned()
}

fn groups(code: &str) -> String {
    let code = PickupCode::parse(code).expect("a code");
    format!(
        "<li><span>{}</span></li>",
        code.groups().join("</span></li><li><span>")
    )
}

#[tokio::test]
async fn the_browser_language_decides_where_one_starts() {
    let intake = Intake::unlimited().await;
    let mut anonymous = intake.anonymous();
    for (language, tag) in [
        ("zh-CN,zh;q=0.9", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
        ("en-GB", "en"),
        ("fr", "zh-Hans"),
    ] {
        anonymous.language = language;
        for path in ["/", "/qingxi", "/qingxi/"] {
            let answer = anonymous.get(path).await;
            assert_eq!(answer.status, 303, "{path}");
            assert_eq!(answer.header("location"), format!("/{OFFICE}/{tag}/"));
        }
        let start = anonymous.get(&format!("/{OFFICE}/{tag}/")).await;
        assert_eq!(start.status, 200);
        assert!(start.text.contains(&format!("<html lang=\"{tag}\"")));
    }
    intake.stop().await;
}

#[tokio::test]
async fn a_form_sent_twice_is_one_tip_and_shows_one_code() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let path = format!("/{OFFICE}/en/write");
    let (first, second) = (anonymous.get(&path).await, anonymous.get(&path).await);
    let code = hidden_code(&first.text);
    assert_ne!(code, hidden_code(&second.text), "each form has its own");
    let fields = [
        ("code", code.as_str()),
        ("category", "gifts"),
        ("school", "No. 3"),
        ("subject", "Li"),
        ("when", "Monday"),
        ("text", "A gift card\r\nfor a seat in front"),
    ];
    for _ in 0..2 {
        let answer = anonymous.form(&path, &fields).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert!(answer.text.contains(&groups(&code)), "seven groups");
    }
    let tip = intake.triage().only_tip().await;
    assert_eq!(tip.text, "A gift card\nfor a seat in front");
    let mut other = fields;
    other[5].1 = "Something else that I typed";
    let refused = anonymous.form(&path, &other).await;
    assert_eq!(refused.status, 409);
    assert!(refused.text.contains("Something else that I typed"));
    assert!(!refused.text.contains(&code));
    assert_eq!(intake.triage().list("held").await.len(), 1);
    intake.stop().await;
}

#[tokio::test]
async fn the_status_page_has_one_size_for_known_and_unknown_codes() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("补课").await;
    let unknown = PickupCode::generate(&SystemEntropy);
    for language in ["zh-Hans", "zh-Hant", "en"] {
        let path = format!("/{OFFICE}/{language}/check");
        let spaced = PickupCode::parse(&reporter.code)
            .expect("ours")
            .groups()
            .join(" ");
        let known = anonymous.form(&path, &[("pickup_code", &spaced)]).await;
        let none = anonymous
            .form(&path, &[("pickup_code", unknown.digits())])
            .await;
        assert_eq!((known.status, none.status), (200, 404));
        assert_eq!(known.text.len(), none.text.len(), "{language}");
        assert_eq!(known.headers.len(), none.headers.len());
        assert!(none.text.contains(unknown.digits()), "what was typed stays");
        let slip = anonymous.form(&path, &[("pickup_code", "1234")]).await;
        assert_eq!(slip.status, 422);
        let reply = [("pickup_code", reporter.code.as_str()), ("text", language)];
        let added = anonymous.form(&format!("{path}/reply"), &reply).await;
        assert_eq!(added.status, 200);
        assert_eq!(added.text.len(), known.text.len());
    }
    assert_eq!(intake.triage().list("held").await.len(), 4);
    intake.stop().await;
}

#[tokio::test]
async fn every_answer_is_guarded_and_sets_no_cookie() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let mut answers = Vec::new();
    for path in [
        "/",
        "/qingxi/en/",
        "/qingxi/en/help",
        "/qingxi/en/write",
        "/qingxi/zh-Hans/check",
        "/qingxi/zh-Hans/l/check",
        "/qingxi/zh-Hant/poster",
        "/qingxi/zh-Hant/card",
        "/assets/public.css",
        "/assets/none",
        "/nowhere/",
        "/qingxi/en/none",
        "/healthz",
        "/readyz",
        "/api/openapi.json",
        "/api/v1/offices/qingxi/tips",
        "/..%2f..%2fetc/passwd",
    ] {
        answers.push((path, anonymous.get(path).await));
    }
    let post = anonymous.form("/qingxi/en/write", &[("text", "")]).await;
    answers.push(("a form", post));
    let api = anonymous.api("tips", &serde_json::json!({})).await;
    answers.push(("the API", api));
    let put = client().put(format!("{}/qingxi/en/write", intake.public));
    answers.push(("PUT", Answer::of(put).await));
    for (path, answer) in answers {
        let csp = answer.header("content-security-policy");
        assert!(csp.starts_with("default-src 'none'"), "{path}");
        assert!(!csp.contains("unsafe"), "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("set-cookie"), "", "{path}");
        assert_eq!(answer.header("server"), "", "{path}");
        if !path.starts_with("/assets/") {
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        }
        assert!(
            !answer.text.contains(" style=\""),
            "{path}: the policy forbids it"
        );
    }
    intake.stop().await;
}

#[tokio::test]
async fn language_and_size_switch_in_place() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    for place in ["", "help", "write", "check", "poster", "card"] {
        let page = anonymous.get(&format!("/qingxi/en/{place}")).await.text;
        for href in [
            format!("/qingxi/zh-Hans/{place}"),
            format!("/qingxi/zh-Hant/{place}"),
            format!("/qingxi/en/l/{place}"),
        ] {
            assert!(
                page.contains(&format!("href=\"{href}\"")),
                "{place}: {href}"
            );
        }
        let large = anonymous.get(&format!("/qingxi/en/l/{place}")).await;
        assert_eq!(large.status, 200, "{place}");
        assert!(large.text.contains("class=\"large\""), "{place}");
        for href in [
            format!("/qingxi/zh-Hans/l/{place}"),
            format!("/qingxi/en/{place}"),
        ] {
            assert!(
                large.text.contains(&format!("href=\"{href}\"")),
                "{place}: {href}"
            );
        }
        // Every other way on leads to large pages too.
        let ways = large.text.split("=\"/qingxi/en/").skip(1);
        let small: Vec<&str> = ways.filter(|way| !way.starts_with("l/")).collect();
        assert_eq!(
            small.len(),
            1,
            "{place}: the switch alone leads back: {small:?}"
        );
    }
    intake.stop().await;
}

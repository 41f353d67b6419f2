//! What nobody should send, and what becomes of it: told in the reader's language, nothing stored, nothing lost.

mod documents;

use super::{Intake, OFFICE, tip};
use serde_json::{Value, json};

mod unseen_characters;

const JSON: &str = "application/json";

const FORM: &str = "application/x-www-form-urlencoded";

const CODE: &str = "0000000000000000000000000000";

fn with(field: &str, value: &str) -> String {
    let mut tip = tip("tutoring", "补课");
    tip[field] = Value::from(value);
    tip.to_string()
}

async fn is_empty(intake: &Intake) -> bool {
    intake.triage().list("held").await.is_empty()
}

#[tokio::test]
async fn the_api_says_what_is_wrong_in_both_languages() {
    let intake = Intake::unlimited().await;
    let mut anonymous = intake.anonymous();
    let long = "长".repeat(100_001);
    let table: Vec<(&str, u16, &str, Vec<u8>)> = vec![
        ("no text", 422, "empty-text", with("text", " \n　").into()),
        ("long", 413, "text-too-long", with("text", &long).into()),
        (
            "long school",
            413,
            "field-too-long",
            with("school", &long[..1503]).into(),
        ),
        ("no kind", 422, "no-category", with("category", "").into()),
        (
            "kind",
            422,
            "unknown-category",
            with("category", "nonsense").into(),
        ),
        (
            "language",
            422,
            "unknown-language",
            with("language", "fr").into(),
        ),
        ("not JSON", 400, "malformed", b"{\"category\":".to_vec()),
        ("a list", 400, "malformed", b"[]".to_vec()),
        ("unknown key", 400, "malformed", with("name", "x").into()),
        (
            "surrogate",
            400,
            "malformed",
            br#"{"category":"tutoring","text":"a \ud800 b"}"#.to_vec(),
        ),
        (
            "not UTF-8",
            400,
            "malformed",
            b"{\"category\":\"tutoring\",\"text\":\"\xff\"}".to_vec(),
        ),
        ("deep", 400, "malformed", "[".repeat(50_000).into()),
        ("large", 413, "too-large", vec![b' '; 1024 * 1024 + 1]),
    ];
    for (name, status, key, body) in table {
        let mut titles = Vec::new();
        for language in ["zh-CN", "en"] {
            anonymous.language = language;
            let path = format!("/api/v1/offices/{OFFICE}/tips");
            let answer = anonymous.post(&path, JSON, body.clone()).await;
            assert_eq!(answer.status, status, "{name}: {}", answer.text);
            let problem = answer.json();
            assert_eq!(
                problem["type"],
                format!("urn:mifeng:problem-{key}"),
                "{name}"
            );
            titles.push(problem["title"].clone());
        }
        assert_ne!(titles[0], titles[1], "{name}");
    }
    let elsewhere = "/api/v1/offices/nowhere/tips";
    let answer = anonymous.post(elsewhere, JSON, with("text", "x")).await;
    assert_eq!(answer.status, 404);
    assert_eq!(answer.json()["type"], "urn:mifeng:problem-unknown-office");
    assert!(is_empty(&intake).await);
    // The longest text is a tip.
    let longest = json!({"category": "other", "text": &long[3..]});
    assert_eq!(anonymous.api("tips", &longest).await.status, 201);
    intake.stop().await;
}

#[tokio::test]
async fn the_form_keeps_what_was_typed() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let long = "长".repeat(100_001);
    for language in ["zh-Hans", "en"] {
        let path = format!("/{OFFICE}/{language}/write");
        for (name, status, category, text, school) in [
            ("no text", 422, "gifts", "", "第三小学 <b>"),
            ("long", 413, "gifts", long.as_str(), "第三小学 <b>"),
            ("no kind", 422, "", "收了红包 & 购物卡", "第三小学 <b>"),
            ("kind", 422, "x", "收了红包 & 购物卡", "第三小学 <b>"),
        ] {
            let fields = [
                ("code", CODE),
                ("category", category),
                ("text", text),
                ("school", school),
            ];
            let answer = anonymous.form(&path, &fields).await;
            assert_eq!(answer.status, status, "{name} {language}");
            assert!(
                answer.text.contains(&format!("lang=\"{language}\"")),
                "{name}"
            );
            assert!(answer.text.contains("role=\"alert\""), "{name}");
            assert!(
                answer.text.contains("第三小学 &#60;b&#62;"),
                "{name}: school"
            );
            assert!(answer.text.contains(CODE), "{name}: the code stays");
            let kept = text.replace('&', "&#38;");
            assert!(answer.text.contains(&kept), "{name}: text");
        }
    }
    assert!(is_empty(&intake).await);
    intake.stop().await;
}

#[tokio::test]
async fn a_broken_form_is_a_plain_page() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let multipart = "multipart/form-data; boundary=edge";
    let part = "--edge\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n";
    let mut large = part.as_bytes().to_vec();
    large.resize(1024 * 1024 + 4096, b'x');
    large.extend_from_slice(b"\r\n--edge--\r\n");
    let table: Vec<(&str, u16, &str, Vec<u8>)> = vec![
        ("cut short", 400, multipart, format!("{part}half").into()),
        (
            "no boundary",
            400,
            "multipart/form-data",
            format!("{part}x").into(),
        ),
        ("no parts", 400, multipart, b"nothing of the kind".to_vec()),
        (
            "not UTF-8",
            400,
            multipart,
            [part.as_bytes(), b"\xff\xfe\r\n--edge--\r\n"].concat(),
        ),
        (
            "URL: not UTF-8",
            400,
            FORM,
            b"category=other&text=%ff%fe".to_vec(),
        ),
        (
            "URL: surrogate",
            400,
            FORM,
            b"category=other&text=%ED%A0%80".to_vec(),
        ),
        (
            "URL: raw bytes",
            400,
            FORM,
            b"category=other&text=\xff".to_vec(),
        ),
        ("large", 413, multipart, large),
        ("URL: large", 413, FORM, vec![b'x'; 1024 * 1024 + 1]),
    ];
    for language in ["zh-Hans", "en"] {
        for place in ["write", "check", "check/reply"] {
            for (name, status, kind, body) in &table {
                let path = format!("/{OFFICE}/{language}/{place}");
                let answer = anonymous.post(&path, kind, body.clone()).await;
                assert_eq!(answer.status, *status, "{name} {path}");
                assert!(
                    answer.header("content-type").starts_with("text/html"),
                    "{name}"
                );
                assert!(
                    answer.text.contains(&format!("lang=\"{language}\"")),
                    "{name}"
                );
                // What came of the text is given back.
                let kept = match *name {
                    "cut short" => "half",
                    "large" => "xxxxxxxx",
                    _ => "",
                };
                assert!(answer.text.contains(kept), "{name} {path}");
            }
        }
    }
    for path in ["/nowhere/en/write", "/qingxi/fr/write", "/qingxi/en/none"] {
        let answer = anonymous.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(answer.header("content-type").starts_with("text/html"));
    }
    assert!(is_empty(&intake).await);
    intake.stop().await;
}

#[tokio::test]
async fn a_wrong_addition_keeps_its_words() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("补课").await;
    let long = "长".repeat(100_001);
    let path = format!("/{OFFICE}/en/check/reply");
    let fields = [
        ("pickup_code", reporter.code.as_str()),
        ("text", long.as_str()),
    ];
    let answer = anonymous.form(&path, &fields).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text.contains(&long));
    for text in ["", "\0\u{b}", " \n"] {
        assert_eq!(reporter.adds(text).await.status, 422);
    }
    assert_eq!(intake.triage().list("held").await.len(), 1);
    intake.stop().await;
}

/// Whatever a browser or a program makes of what somebody typed, it stands on the page that answers.
#[tokio::test]
async fn no_form_that_is_refused_loses_what_was_typed() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("补课").await;
    let typed = "孩子的话";
    let long = typed.repeat(90_000);
    let fields: Vec<String> = (0..200).map(|at| format!("f{at}=x&")).collect();
    let fields = fields.concat();
    let broken: [(&str, u16, Vec<u8>); 7] = [
        ("bytes", 400, [b"text=\xff", typed.as_bytes()].concat()),
        ("codes", 400, format!("text={typed}%ff%fe").into_bytes()),
        (
            "surrogate",
            400,
            format!("text=%ED%A0%80{typed}").into_bytes(),
        ),
        (
            "other field",
            400,
            format!("stopped=%ff&text={typed}").into_bytes(),
        ),
        ("name", 400, format!("%ff=1&text={typed}").into_bytes()),
        ("fields", 400, format!("{fields}text={typed}").into_bytes()),
        ("long", 413, format!("text={long}").into_bytes()),
    ];
    for act in ["reply", "withdraw", "aftercare"] {
        for (name, status, body) in &broken {
            let code = format!("pickup_code={}&", reporter.code);
            let body = [code.as_bytes(), body].concat();
            let path = format!("/{OFFICE}/zh-Hans/check/{act}");
            let answer = anonymous.post(&path, FORM, body).await;
            assert_eq!(answer.status, *status, "{act} {name}");
            assert!(answer.text.contains(typed), "{act} {name}");
        }
    }
    assert_eq!(
        intake.triage().list("held").await.len(),
        1,
        "nothing more is kept"
    );
    // What only looks broken is what it says.
    for (at, text) in ["全收100%", "%zz %", "前\u{fffd}后", "a%2"]
        .into_iter()
        .enumerate()
    {
        let body = format!("pickup_code={}&text={text}", reporter.code);
        let path = format!("/{OFFICE}/zh-Hans/check/withdraw");
        let answer = anonymous.post(&path, FORM, body.into_bytes()).await;
        assert_eq!(answer.status, 200, "{text}");
        assert_eq!(intake.triage().list("held").await.len(), at + 2, "{text}");
        assert!(answer.text.contains(text), "{text}");
    }
    intake.stop().await;
}

//! Too many, too much, and offices that must not be served.

use super::{Answer, Intake, OFFICE, Place, TODAY, client, start, tip};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_intake::config::IntakeError;
use mifeng_sealing::{ManifestError, ManifestSigningKey};
use serde_json::json;

const STRICT: &str =
    "requests_per_minute = 1\nburst = 3\nslow_down_max_ms = 0\nguesses_per_minute = 3\n";

async fn from(intake: &Intake, forwarded: &str, path: &str) -> Answer {
    let request = client()
        .post(format!("{}{path}", intake.public))
        .header("x-forwarded-for", forwarded)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("pickup_code=1&category=other&text=kept-words");
    Answer::of(request).await
}

#[tokio::test]
async fn after_the_burst_one_is_asked_to_wait() {
    for path in ["write", "check", "check/reply"] {
        let intake = Intake::with(STRICT).await;
        let path = format!("/{OFFICE}/en/{path}");
        for _ in 0..3 {
            assert_ne!(from(&intake, "", &path).await.status, 429, "{path}");
        }
        let late = from(&intake, "", &path).await;
        assert_eq!(late.status, 429, "{path}");
        let seconds: u64 = late.header("retry-after").parse().expect("seconds");
        assert!((1..=61).contains(&seconds), "{path}: {seconds}");
        assert!(
            path.ends_with("/check") || late.text.contains("kept-words"),
            "{path}"
        );
        let api = intake.anonymous().api("tips", &tip("other", "x")).await;
        if path.ends_with("/write") {
            assert_eq!(api.status, 429);
            assert_ne!(api.header("retry-after"), "");
        } else {
            assert_eq!(
                api.status, 201,
                "a slip of the pen uses up nobody's sending"
            );
        }
        assert_eq!(intake.anonymous().get("/healthz").await.status, 200);
        intake.stop().await;
    }
}

#[tokio::test]
async fn other_prefixes_are_not_disturbed() {
    let intake = Intake::with(&format!("{STRICT}behind_local_proxy = true")).await;
    let path = format!("/{OFFICE}/en/check");
    for _ in 0..3 {
        assert_eq!(from(&intake, "203.0.113.7", &path).await.status, 422);
    }
    for (address, status) in [
        ("203.0.113.99", 429),
        ("198.51.100.1, 203.0.113.7", 429),
        ("203.0.114.7", 422),
        ("::ffff:203.0.113.8", 429),
        ("2001:db8:1::1", 422),
    ] {
        assert_eq!(
            from(&intake, address, &path).await.status,
            status,
            "{address}"
        );
    }
    intake.stop().await;
}

#[tokio::test]
async fn a_header_is_not_believed_without_a_proxy() {
    let intake = Intake::with(STRICT).await;
    let path = format!("/{OFFICE}/en/check");
    for last in 0..3 {
        from(&intake, &format!("10.0.{last}.1"), &path).await;
    }
    assert_eq!(from(&intake, "10.9.9.9", &path).await.status, 429);
    intake.stop().await;
}

#[tokio::test]
async fn a_full_store_gives_no_code() {
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.quota_bytes = 1000;
    let intake = Intake::on(place, config).await;
    let anonymous = intake.anonymous();
    let api = anonymous.api("tips", &tip("other", "x")).await;
    assert_eq!(api.status, 503);
    assert_eq!(api.json().get("pickup_code"), None);
    let fields = [("category", "other"), ("text", "words to keep")];
    let page = anonymous
        .form(&format!("/{OFFICE}/en/write"), &fields)
        .await;
    assert_eq!(page.status, 503);
    assert!(page.text.contains("words to keep"));
    assert!(!page.text.contains("<li><span>"), "groups of a code");
    // It is not the reporter who has something to mend.
    let heading = |page: &str| {
        (
            page.contains("Not sent yet"),
            page.contains("needs changing"),
        )
    };
    assert_eq!(heading(&page.text), (true, false));
    let empty = [("category", "other"), ("text", "")];
    let path = format!("/{OFFICE}/en/write");
    let empty = anonymous.form(&path, &empty).await;
    assert_eq!(heading(&empty.text), (false, true));
    assert!(intake.triage().list("held").await.is_empty());
    intake.stop().await;
}

#[tokio::test]
async fn forged_foreign_and_expired_manifests_are_refused() {
    let yesterday: Day = TODAY.parse::<Day>().expect("a day").plus_days(-1);
    // Alone: beside another office, only this one is not served.
    let alone = |place: &Place| {
        let mut config = place.config("");
        config.office.truncate(1);
        config
    };
    let refusal = async |place: &Place| match start(alone(place)).await {
        Err(IntakeError::Manifest { cause, file }) => {
            assert!(file.ends_with("office.manifest"));
            cause
        }
        Err(other) => panic!("another reason: {other}"),
        Ok(_) => panic!("it started"),
    };
    let place = Place::new();
    place.write_manifest(&place.body(), &ManifestSigningKey::generate(&SystemEntropy));
    assert_eq!(refusal(&place).await, ManifestError::BadSignature);

    let place = Place::new();
    let file = place.folder.path().join("office.manifest");
    let text = std::fs::read_to_string(&file).expect("our own");
    let swapped = text.replace(
        &place.office.recipient().to_string(),
        &mifeng_opening::Identity::generate().recipient().to_string(),
    );
    assert_ne!(text, swapped);
    place.write("office.manifest", &swapped);
    assert_eq!(refusal(&place).await, ManifestError::BadSignature);

    let unsigned: String = text.lines().filter(|l| !l.contains("signature")).collect();
    place.write("office.manifest", &unsigned);
    assert_eq!(refusal(&place).await, ManifestError::Unsigned);

    let place = Place::new();
    let mut body = place.body();
    body.not_after = yesterday;
    place.write_manifest(&body, &place.signing);
    let expired = refusal(&place).await;
    assert_eq!(
        expired,
        ManifestError::Expired {
            not_after: yesterday
        }
    );
    assert!(expired.to_string().contains("2026-11-22"), "it says why");
}

#[tokio::test]
async fn a_relay_without_its_token_says_nothing() {
    let intake = Intake::unlimited().await;
    intake.anonymous().tells("补课").await;
    for token in ["", "wrong", "office-token ", "OFFICE-TOKEN"] {
        for path in [
            mifeng_sealing::relay::HELLO_PATH,
            "/relay/v1/envelopes?state=held",
        ] {
            let request = client().get(format!("{}{path}", intake.relay));
            let request = request.header("authorization", format!("Bearer {token}x"));
            let answer = Answer::of(request).await;
            assert_eq!((answer.status, answer.text.as_str()), (403, ""));
        }
    }
    // Neither listener answers for the other.
    let public = client().get(format!(
        "{}{}",
        intake.public,
        mifeng_sealing::relay::HELLO_PATH
    ));
    assert_eq!(
        Answer::of(public.bearer_auth("office-token")).await.status,
        404
    );
    let relay = client()
        .post(format!("{}/api/v1/offices/{OFFICE}/tips", intake.relay))
        .body(json!({}).to_string());
    assert_eq!(Answer::of(relay).await.status, 404);
    intake.stop().await;
}

//! What is refused, in the reporter's words, with nothing lost: the text stays, and so do the files that were fine.

use super::{
    Chosen, code_on, form_body, pdf, photo, rows, sealed_files, send, small_intake, tip_fields,
};
use crate::intake::Intake;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::PickupCode;

const TEXT: &str = "周六在家里补课，收钱";

async fn tries(intake: &Intake, language: &str, files: &[Chosen]) -> (u16, String, String) {
    let code = PickupCode::generate(&SystemEntropy).digits().to_owned();
    let body = form_body(&tip_fields(&code, TEXT), files);
    let answer = send(intake, language, body).await;
    (answer.status, answer.text, code)
}

/// The value of the hidden field with the files that arrived.
fn kept_field(page: &str) -> String {
    let part = page.split("name=\"files_kept\" value=\"").nth(1);
    let value = part
        .and_then(|part| part.split('"').next())
        .expect("a field");
    value
        .replace("&#34;", "\"")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

#[tokio::test]
async fn each_wrong_file_is_told_and_the_text_stays() {
    let intake = small_intake("").await;
    let chosen = |name, bytes: &[u8]| Chosen {
        name,
        bytes: bytes.to_vec(),
    };
    let mut hidden = photo("收据.jpg", 5000, "").bytes;
    hidden.extend(b"PK\x05\x06");
    hidden.extend([0; 18]);
    for (file, status, zh, en) in [
        (chosen("空.jpg", b""), 422, "是空的", "is empty"),
        (
            chosen("a.exe", b"MZ\x90\0 and more"),
            415,
            "类型我们不收",
            "do not take",
        ),
        (
            chosen("a.html", b"<html><script>"),
            415,
            "类型我们不收",
            "do not take",
        ),
        (
            chosen("a.pdf", &photo("", 900, "").bytes),
            422,
            "对不上",
            "than its name says",
        ),
        (
            chosen("收据.xyz", &photo("", 900, "").bytes),
            422,
            "对不上",
            "than its name says",
        ),
        (
            chosen("收据.jpg", &hidden),
            422,
            "藏着别的",
            "hidden in a file",
        ),
        (
            chosen("a.jpg", b"\xff\xd8\xff\xe0 %PDF-1.4"),
            422,
            "藏着别的",
            "hidden in a file",
        ),
        (
            photo("大.jpg", 100_001, ""),
            413,
            "太大，最大 0 MB",
            "too large: 0 MB",
        ),
    ] {
        for (language, words) in [("zh-Hans", zh), ("en", en)] {
            let fine = pdf("证据.pdf");
            let (got, page, _) = tries(&intake, language, &[fine, file.clone()]).await;
            assert_eq!(got, status, "{}: {page}", file.name);
            assert!(page.contains(words), "{words}: {page}");
            assert!(page.contains(TEXT), "the text stays");
            assert!(page.contains("证据.pdf"), "the other file stays");
        }
    }
    let left = sealed_files(&intake);
    assert_eq!(left.len(), 16, "only the fine ones are there: {left:?}");
    assert!(left.iter().all(|name| name.len() == 32), "and whole");
    assert_eq!(rows(&intake).await, "ready 16");
    intake.stop().await;
}

#[tokio::test]
async fn twenty_one_files_are_one_too_many() {
    let intake = small_intake("").await;
    let files = vec![photo("一.jpg", 2000, ""); 21];
    let (status, page, _) = tries(&intake, "zh-Hans", &files).await;
    assert_eq!(status, 413);
    assert!(page.contains("文件太多，最多 20 个"), "{page}");
    assert_eq!(page.matches("name=\"keep-").count(), 20);
    intake.stop().await;
}

#[tokio::test]
async fn files_too_large_together_are_told_and_the_rest_goes_with_the_next_try() {
    let intake = small_intake("").await;
    let files = [photo("一.jpg", 90_000, ""), photo("二.jpg", 70_000, "")];
    let (status, page, code) = tries(&intake, "zh-Hans", &files).await;
    assert_eq!(status, 413);
    assert!(page.contains("文件合计太大"), "{page}");
    let kept = kept_field(&page);
    let list: serde_json::Value = serde_json::from_str(&kept).expect("JSON");
    let id = list[0]["id"].as_str().expect("an id");
    let keep = format!("keep-{id}");
    let mut fields = tip_fields(&code, TEXT);
    fields.extend([(keep.as_str(), "on"), ("files_kept", kept.as_str())]);
    let third = photo("三.jpg", 1000, "");
    let sent = send(
        &intake,
        "zh-Hans",
        form_body(&fields, std::slice::from_ref(&third)),
    )
    .await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert!(sent.text.contains("已一起加密发出的文件"));
    let tip = intake.triage().only_tip().await;
    let names: Vec<&str> = tip
        .attachments
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["一.jpg", "三.jpg"]);
    assert_eq!(rows(&intake).await, "claimed 2");

    // The same form again is the same tip: its new copy of the third file is thrown away.
    let again = send(&intake, "zh-Hans", form_body(&fields, &[third])).await;
    assert_eq!((again.status, code_on(&again.text)), (200, code));
    assert_eq!(rows(&intake).await, "claimed 2");
    assert_eq!(sealed_files(&intake).len(), 2);
    intake.stop().await;
}

#[tokio::test]
async fn an_unticked_file_stays_behind() {
    let intake = small_intake("").await;
    let wrong = Chosen {
        name: "空.jpg",
        bytes: Vec::new(),
    };
    let (_, page, code) = tries(&intake, "en", &[pdf("a.pdf"), wrong]).await;
    let kept = kept_field(&page);
    let mut fields = tip_fields(&code, TEXT);
    fields.push(("files_kept", kept.as_str()));
    let sent = send(&intake, "en", form_body(&fields, &[])).await;
    assert_eq!(sent.status, 200);
    assert!(intake.triage().only_tip().await.attachments.is_empty());
    intake.stop().await;
}

#[tokio::test]
async fn an_empty_choice_is_no_file() {
    let intake = small_intake("").await;
    let none = Chosen {
        name: "",
        bytes: Vec::new(),
    };
    let (status, page, _) = tries(&intake, "en", &[none]).await;
    assert_eq!(status, 200, "{page}");
    assert!(intake.triage().only_tip().await.attachments.is_empty());
    assert!(sealed_files(&intake).is_empty());
    intake.stop().await;
}

#[tokio::test]
async fn files_before_the_kind_are_asked_for_again() {
    let intake = small_intake("").await;
    let mut fields = tip_fields("", TEXT);
    fields.retain(|(name, _)| *name != "category");
    let answer = send(&intake, "en", form_body(&fields, &[pdf("a.pdf")])).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.text.contains("choose a kind first"),
        "{}",
        answer.text
    );
    assert!(answer.text.contains(TEXT));
    assert!(sealed_files(&intake).is_empty());
    intake.stop().await;
}

#[tokio::test]
async fn a_full_quota_takes_the_text_without_its_files() {
    let place = crate::intake::Place::new();
    let mut config = place.config("enabled = false");
    config.quota_bytes = 60_000;
    let intake = Intake::on(place, config).await;
    let (status, page, code) = tries(&intake, "en", &[photo("a.jpg", 70_000, "")]).await;
    assert_eq!(status, 503);
    assert!(page.contains("Files cannot be stored just now"), "{page}");
    assert!(sealed_files(&intake).is_empty());
    let body = form_body(&tip_fields(&code, TEXT), &[]);
    assert_eq!(send(&intake, "en", body).await.status, 200);
    intake.stop().await;
}

#[tokio::test]
async fn where_no_place_is_set_no_files_are_offered() {
    let place = crate::intake::Place::new();
    let mut config = place.config("enabled = false");
    config.store_url = Some(crate::support::postgres::fresh_database().await);
    let intake = Intake::on(place, config).await;
    let form = intake.anonymous().get("/qingxi/en/write").await;
    assert!(!form.text.contains("type=\"file\""));
    let (status, page, _) = tries(&intake, "en", &[pdf("a.pdf")]).await;
    assert_eq!(status, 404);
    assert!(page.contains("No files are taken here") && page.contains(TEXT));
    intake.stop().await;
}

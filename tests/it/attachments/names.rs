//! Names that mislead arrive clean.

use super::{Chosen, form_body, photo, send, small_intake, tip_fields};

#[tokio::test]
async fn names_lose_paths_and_marks_before_they_are_sealed() {
    let intake = small_intake("").await;
    let bytes = photo("", 900, "").bytes;
    let chosen = |name| Chosen {
        name,
        bytes: bytes.clone(),
    };
    let files = [
        chosen("../../etc/收据.jpg"),
        chosen("发票\u{202e}fdp.jpg"),
        chosen("ab\u{200b}c.jpg"),
    ];
    let answer = send(&intake, "en", form_body(&tip_fields("", "words"), &files)).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let tip = intake.triage().only_tip().await;
    let names: Vec<&str> = tip
        .attachments
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, ["收据.jpg", "发票fdp.jpg", "abc.jpg"]);
    for file in &tip.attachments {
        assert_eq!(file.media_type, "image/jpeg");
        assert_eq!(file.size_bytes, bytes.len() as u64);
    }
    intake.stop().await;
}

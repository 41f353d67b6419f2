//! What tells on its maker is taken out of a file on its way in, and the reporter is told.

use super::{Chosen, FORM, code_on, form_body, send, small_intake, tip_fields};
use crate::intake::OFFICE;
use crate::metadata::cases::{DOCUMENTS, read};
use crate::metadata::samples::{CANARIES, Workshop, photos};
use mifeng_metadata::{Outcome, Reason, Stripper};
use mifeng_sealing::tip::FileKind;
use sha2::{Digest as _, Sha256};

#[tokio::test]
async fn a_photo_is_sealed_without_its_place_and_the_page_says_so() {
    let shop = Workshop::new();
    let telling = photos(&shop).into_iter().find(|(_, kind, file)| {
        let text = String::from_utf8_lossy(file);
        *kind == FileKind::Jpeg && text.contains(CANARIES[0])
    });
    let (_, kind, bytes) = telling.expect("a telling photo");
    let mut cleaned = Vec::new();
    let mut stripper = Stripper::new(kind);
    stripper.feed(&bytes, &mut cleaned);
    stripper.finish(&mut cleaned);
    assert_ne!(bytes, cleaned);

    let intake = small_intake("").await;
    let name = "photo.jpg";
    for (language, taken_out) in [("zh-Hans", "已去除："), ("en", "Taken out: ")] {
        let photo = Chosen {
            name,
            bytes: bytes.clone(),
        };
        let body = form_body(&tip_fields("", "补课"), &[photo]);
        let sent = send(&intake, language, body).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        assert!(sent.text.contains(name) && sent.text.contains(taken_out));
        let triage = intake.triage();
        for entry in triage.list("waiting").await {
            let json = triage.open(&entry).await;
            let tip = mifeng_sealing::tip::TipDocument::from_json(&json).expect("a tip");
            let [file] = tip.attachments.as_slice() else {
                panic!("one file");
            };
            assert_eq!(file.sha256, hex::encode(Sha256::digest(&cleaned)));
            assert_eq!(file.size_bytes, cleaned.len() as u64);
        }
    }
    intake.stop().await;
}

#[tokio::test]
async fn where_nothing_can_be_taken_out_the_page_says_that() {
    let intake = small_intake("").await;
    let mut bytes = b"#!AMR\n".to_vec();
    bytes.extend([0x3c; 600]);
    let recording = Chosen {
        name: "talk.amr",
        bytes,
    };
    let body = form_body(&tip_fields("", "补课"), &[recording]);
    let sent = send(&intake, "en", body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    assert!(
        sent.text
            .contains("cannot be taken out of files of this kind")
    );
    intake.stop().await;
}

/// What the English page says of a document that came out like this.
fn sentence(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Cleaned => "Taken out: ",
        Outcome::NothingFound => "Nothing about place, device or author was found.",
        Outcome::CouldNot(Reason::Embedded) => "There are other files inside this one",
        Outcome::CouldNot(Reason::Reviewable) => "whoever opens it can read them",
        Outcome::CouldNot(_) => "could not be checked",
    }
}

#[tokio::test]
async fn of_each_document_the_form_says_how_it_came_out_and_a_reply_takes_it() {
    let intake = small_intake("").await;
    let plain = send(&intake, "en", form_body(&tip_fields("", "补课"), &[])).await;
    let code = code_on(&plain.text);
    // Whether these two pass the door is told elsewhere.
    let known = DOCUMENTS
        .iter()
        .filter(|case| !case.name.starts_with("o12") && !case.name.starts_with("p03"));
    for case in known {
        let file = Chosen {
            name: case.name,
            bytes: read(case.name),
        };
        let body = form_body(&tip_fields("", "补课"), std::slice::from_ref(&file));
        let sent = send(&intake, "en", body).await;
        assert_eq!(sent.status, 200, "{}: {}", case.name, sent.text);
        assert!(
            sent.text.contains(sentence(case.outcome)),
            "{}: {}",
            case.name,
            sent.text
        );
        let fields = [
            ("pickup_code", code.as_str()),
            ("text", "还有一份"),
            ("objection", "no"),
        ];
        let path = format!("/{OFFICE}/en/check/reply");
        let body = form_body(&fields, &[file]);
        let replied = intake.anonymous().post(&path, FORM, body).await;
        assert_eq!(replied.status, 200, "{}: {}", case.name, replied.text);
    }
    intake.stop().await;
}

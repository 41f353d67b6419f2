//! Files that a page has cleaned by intake, since it cannot do it itself.

use super::{photo, rows, sealed_files, small_intake};
use crate::intake::{Answer, Intake, OFFICE, PARENT, tip};
use crate::metadata::samples::{CANARIES, Workshop, photos};
use mifeng_sealing::tip::FileKind;
use std::io::Read as _;

async fn post(intake: &Intake, query: &str, file: Vec<u8>) -> Answer {
    let path = format!("/api/v1/offices/{OFFICE}/attachments/cleaned{query}");
    let anonymous = intake.anonymous();
    anonymous
        .post(&path, "application/octet-stream", file)
        .await
}

#[tokio::test]
async fn a_file_is_cleaned_and_sealed_and_told_of_by_its_ending_alone() {
    let shop = Workshop::new();
    let telling = photos(&shop).into_iter().find(|(_, kind, file)| {
        *kind == FileKind::Jpeg && String::from_utf8_lossy(file).contains(CANARIES[0])
    });
    let (_, _, bytes) = telling.expect("a telling photo");
    let intake = small_intake("").await;
    let answer = post(&intake, "?ending=JPG&addressee=city", bytes).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let answer = answer.json();
    let told = answer["told"].as_str().expect("words");
    assert!(told.starts_with("Taken out: "), "{told}");
    let mut described = answer["attachment"].clone();
    assert_eq!(described["media_type"], "image/jpeg");
    described["name"] = "a.jpg".into();
    let mut body = tip("office-staff", "w");
    body["attachments"] = [described.clone()].as_slice().into();
    let sent = intake.anonymous().api("tips", &body).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    assert_eq!(intake.triage_of(PARENT).list("held").await.len(), 1);
    let id = described["id"].as_str().expect("an id");
    let folder = intake.place.folder.path().join("intake.attachments");
    let sealed = std::fs::read(folder.join(id)).expect("a sealed file");
    let stream = intake.place.parent.open_stream(sealed.as_slice());
    let mut content = Vec::new();
    let mut stream = stream.expect("the parent's key");
    stream.read_to_end(&mut content).expect("whole");
    for canary in CANARIES {
        assert!(!String::from_utf8_lossy(&content).contains(canary));
    }
    intake.stop().await;
}

#[tokio::test]
async fn what_is_no_such_file_is_refused_and_leaves_nothing() {
    let intake = small_intake("").await;
    let good = photo("a.jpg", 20_000, "").bytes;
    for (query, file, status) in [
        ("?ending=pdf", good.clone(), 422),
        ("?ending=jpg", b"MZ\x90\0".to_vec(), 415),
        ("?ending=jpg", Vec::new(), 422),
        ("?ending=jpg", photo("a.jpg", 120_000, "").bytes, 413),
        ("?ending=../jpg", good.clone(), 422),
        ("?ending=jpgjpgjpgjpg", good.clone(), 422),
        ("?ending=jpg&addressee=elsewhere", good.clone(), 422),
        ("?ending=jpg&name=a", good.clone(), 400),
        ("", good.clone(), 400),
    ] {
        let answer = post(&intake, query, file).await;
        assert_eq!(answer.status, status, "{query}: {}", answer.text);
    }
    assert!(sealed_files(&intake).is_empty());
    assert_eq!(rows(&intake).await, "");
    assert_eq!(post(&intake, "?ending=jpg", good).await.status, 201);
    intake.stop().await;
}

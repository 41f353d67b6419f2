//! Files that the sender seals: what a program or the page's script sends.

use super::{photo, rows, sealed_files, small_intake};
use crate::intake::{Answer, Intake, OFFICE, PARENT, client, tip};
use mifeng_opening::Identity;
use mifeng_sealing::relay::{ATTACHMENTS_PATH, EnvelopeEntry};
use mifeng_sealing::{AttachmentSeal, AttachmentSealer};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};

/// A file sealed to `identity`, as a sender does it.
pub fn seal(identity: &Identity, content: &[u8]) -> (Vec<u8>, AttachmentSeal) {
    let mut sealer =
        AttachmentSealer::begin(Vec::new(), &[identity.recipient()]).expect("a recipient");
    sealer.write_all(content).expect("memory");
    let (seal, file) = sealer.finish().expect("memory");
    (file, seal)
}

/// What a tip says of it.
pub fn described(id: &str, name: &str, seal: &AttachmentSeal) -> Value {
    json!({"id": id, "name": name, "media_type": "image/jpeg", "size_bytes": seal.content_bytes,
           "sha256": hex::encode(seal.content_sha256)})
}

async fn post(intake: &Intake, query: &str, file: Vec<u8>) -> Answer {
    let path = format!("/api/v1/offices/{OFFICE}/attachments{query}");
    let anonymous = intake.anonymous();
    anonymous
        .post(&path, "application/octet-stream", file)
        .await
}

async fn posted(intake: &Intake, query: &str, file: Vec<u8>) -> String {
    let answer = post(intake, query, file).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let id = answer.json()["attachment_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    assert_eq!(id.len(), 32);
    id
}

fn with_files(mut body: Value, files: &[Value]) -> Value {
    body["attachments"] = files.into();
    body
}

/// The whole of a sealed file, range by range, as triage fetches it.
async fn fetched(intake: &Intake, token: &str, envelope: &EnvelopeEntry, id: &str) -> Vec<u8> {
    let url = format!("{}{ATTACHMENTS_PATH}/{}/{id}", intake.relay, envelope.id);
    let mut bytes = Vec::new();
    loop {
        let request = client().get(&url).bearer_auth(token);
        let range = format!("bytes={}-", bytes.len());
        let answer = request
            .header("range", range)
            .send()
            .await
            .expect("an answer");
        match answer.status().as_u16() {
            206 => bytes.extend(answer.bytes().await.expect("bytes")),
            416 => return bytes,
            status => panic!("{status}"),
        }
    }
}

#[tokio::test]
async fn a_sealed_file_goes_with_its_tip_and_with_an_addition() {
    let intake = small_intake("").await;
    let (anonymous, triage) = (intake.anonymous(), intake.triage());
    let content = photo("a.jpg", 70_000, "").bytes;
    let (file, about) = seal(&intake.place.office, &content);
    let id = posted(&intake, "", file.clone()).await;
    assert_eq!(rows(&intake).await, "ready 1");
    let body = with_files(
        tip("tutoring", "words"),
        &[described(&id, "../\u{7}a.jpg", &about)],
    );
    let answer = anonymous.api("tips", &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let code = answer.json()["pickup_code"]
        .as_str()
        .expect("a code")
        .to_owned();

    let held = triage.list("waiting").await;
    let listed: Vec<_> = held[0]
        .attachments
        .iter()
        .map(|one| (one.id.as_str(), one.size_bytes))
        .collect();
    assert_eq!(listed, [(id.as_str(), file.len() as u64)]);
    let tip = triage.only_tip().await;
    assert_eq!(tip.attachments[0].name, "a.jpg");
    let relayed = fetched(&intake, "office-token", &held[0], &id).await;
    assert_eq!(relayed, file);
    let mut opened = Vec::new();
    let stream = intake.place.office.open_stream(relayed.as_slice());
    stream
        .expect("our key")
        .read_to_end(&mut opened)
        .expect("whole");
    assert_eq!(&opened[..content.len()], content);
    assert!(opened[content.len()..].iter().all(|byte| *byte == 0));

    let (file, about) = seal(&intake.place.office, b"\xff\xd8\xff more");
    let second = posted(&intake, "", file).await;
    let body = json!({"pickup_code": code, "text": "more",
                      "attachments": [described(&second, "b.jpg", &about)]});
    assert_eq!(anonymous.api("pickups/replies", &body).await.status, 201);
    assert_eq!(rows(&intake).await, "claimed 2");
    assert_eq!(triage.acknowledge(&held[0]).await, 1);
    assert_eq!(
        sealed_files(&intake).len(),
        2,
        "acknowledged is not released"
    );
    assert_eq!(triage.release(&held[0]).await, 1);
    assert_eq!(
        sealed_files(&intake),
        [second],
        "only its own files go with an envelope"
    );
    assert_eq!(rows(&intake).await, "claimed 1");
    intake.stop().await;
}

#[tokio::test]
async fn a_tip_is_taken_with_all_its_files_or_not_at_all() {
    let intake = small_intake("").await;
    let anonymous = intake.anonymous();
    let (file, about) = seal(&intake.place.office, b"\xff\xd8\xff");
    let id = posted(&intake, "", file).await;
    let unknown = described(&"0".repeat(32), "b.jpg", &about);
    let here = described(&id, "a.jpg", &about);
    for (files, status) in [
        (vec![here.clone(), unknown], 409),
        (vec![here.clone(), here.clone()], 422),
        (
            vec![
                json!({"id": "x", "name": "", "media_type": "a/b", "size_bytes": 1, "sha256": ""}),
            ],
            422,
        ),
    ] {
        let answer = anonymous
            .api("tips", &with_files(tip("tutoring", "w"), &files))
            .await;
        assert_eq!(answer.status, status, "{}", answer.text);
        assert_eq!(answer.json()["field"], "attachments");
    }
    let about_the_office = with_files(tip("office-staff", "w"), std::slice::from_ref(&here));
    let answer = anonymous.api("tips", &about_the_office).await;
    assert_eq!(
        answer.status, 409,
        "sealed to the office, not to its parent"
    );
    assert!(intake.triage().list("held").await.is_empty());
    let once = with_files(tip("tutoring", "first"), std::slice::from_ref(&here));
    assert_eq!(anonymous.api("tips", &once).await.status, 201);
    let twice = with_files(tip("tutoring", "second"), &[here]);
    assert_eq!(
        anonymous.api("tips", &twice).await.status,
        409,
        "a file belongs to one tip"
    );
    assert_eq!(intake.triage().list("held").await.len(), 1);
    intake.stop().await;
}

#[tokio::test]
async fn what_is_not_sealed_as_ours_are_is_refused() {
    let intake = small_intake("").await;
    let (good, _) = seal(&intake.place.office, &[7].repeat(40_000));
    let mut scrypt = b"age-encryption.org/v1\n-> scrypt c2FsdA 18\nAAAA\n--- AAAA\n".to_vec();
    scrypt.resize(good.len(), 0);
    let mut altered_header = good.clone();
    altered_header[3] ^= 1;
    for (file, status) in [
        (good[..good.len() - 1].to_vec(), 422),
        ([good.as_slice(), b"x"].concat(), 422),
        (scrypt, 422),
        (altered_header, 422),
        (vec![b'a'; 20_000], 422),
        (b"short".to_vec(), 422),
        (Vec::new(), 422),
        (seal(&intake.place.office, &[7].repeat(130_000)).0, 413),
    ] {
        let length = file.len();
        let answer = post(&intake, "", file).await;
        assert_eq!(answer.status, status, "{length}: {}", answer.text);
    }
    let answer = post(&intake, "?addressee=elsewhere", good.clone()).await;
    assert_eq!(answer.status, 422);
    assert!(sealed_files(&intake).is_empty());
    assert_eq!(rows(&intake).await, "");
    posted(&intake, "", good).await;
    intake.stop().await;
}

#[tokio::test]
async fn a_file_about_the_office_is_for_the_parent_alone() {
    let intake = small_intake("").await;
    let anonymous = intake.anonymous();
    let (file, about) = seal(&intake.place.parent, b"\xff\xd8\xff");
    let id = posted(&intake, "?addressee=city", file.clone()).await;
    let body = with_files(tip("office-staff", "w"), &[described(&id, "a.jpg", &about)]);
    assert_eq!(anonymous.api("tips", &body).await.status, 201);
    let held = intake.triage_of(PARENT).list("held").await;
    let relayed = fetched(&intake, "parent-token", &held[0], &id).await;
    assert_eq!(relayed, file);
    let path = format!("{ATTACHMENTS_PATH}/{}/{id}", held[0].id);
    assert_eq!(
        intake.triage().get(&path).await.status,
        404,
        "not the office's"
    );
    assert_eq!(intake.triage_of(PARENT).get(&path).await.status, 206);
    intake.stop().await;
}

#[tokio::test]
async fn too_many_uploads_at_once_are_asked_to_come_back() {
    let intake = small_intake("uploads_at_once_max = 1").await;
    let (file, _) = seal(&intake.place.office, &[7].repeat(90_000));
    let (sender, receiver) = tokio::sync::mpsc::channel::<Vec<u8>>(1);
    let stalled = futures_util::stream::unfold(receiver, async |mut receiver| {
        let bytes = receiver.recv().await?;
        Some((Ok::<_, std::io::Error>(bytes), receiver))
    });
    let url = format!("{}/api/v1/offices/{OFFICE}/attachments", intake.public);
    let first = client()
        .post(url)
        .body(reqwest::Body::wrap_stream(stalled))
        .send();
    let first = tokio::spawn(first);
    sender
        .send(file[..50_000].to_vec())
        .await
        .expect("being sent");
    while rows(&intake).await != "arriving 1" {
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let answer = post(&intake, "", file.clone()).await;
    assert_eq!(answer.status, 503);
    assert!(answer.text.contains("Too many files are arriving"));
    sender
        .send(file[50_000..].to_vec())
        .await
        .expect("being sent");
    drop(sender);
    let first = first.await.expect("no panic").expect("an answer");
    assert_eq!(first.status().as_u16(), 201);
    posted(&intake, "", file).await;
    intake.stop().await;
}

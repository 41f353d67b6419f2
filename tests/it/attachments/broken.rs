//! Connections that are lost and services that are killed while a file arrives: nothing half-stored is left, and what
//! was acknowledged is whole.

use super::sealed::{described, seal};
use super::{FORM, form_body, names_in, photo, rows, sealed_files, small_intake, tip_fields};
use crate::crash::place::{Place, SLUG, random_wait};
use crate::intake::{Intake, OFFICE};
use mifeng_sealing::relay::{ATTACHMENTS_PATH, EnvelopeList, LIST_PATH};
use serde_json::{Value, json};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Sends `sent` bytes of a request with `body` and hangs up.
fn hang_up_after(intake: &Intake, path: &str, kind: &str, body: &[u8], sent: usize) {
    let address = intake.public.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("intake runs");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    stream.write_all(&body[..sent]).expect("sent");
}

/// Waits until nothing is arriving and returns what files there are.
async fn settled(intake: &Intake) -> Vec<String> {
    for _ in 0..200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if !rows(intake).await.contains("arriving") {
            break;
        }
    }
    sealed_files(intake)
}

#[tokio::test]
async fn a_connection_lost_in_an_upload_leaves_nothing() {
    let place = crate::intake::Place::new();
    let config = place.config("enabled = false");
    let intake = Intake::on(place, config).await;
    let form = form_body(&tip_fields("", "words"), &[photo("a.jpg", 3_000_000, "")]);
    let path = format!("/{OFFICE}/en/write");
    for sent in [
        300,
        700,
        1000,
        5000,
        70_000,
        300_000,
        1_500_000,
        form.len() - 100,
        form.len() - 1,
    ] {
        hang_up_after(&intake, &path, FORM, &form, sent);
    }
    let (file, _) = seal(&intake.place.office, &[7].repeat(900_000));
    let path = format!("/api/v1/offices/{OFFICE}/attachments");
    for sent in [0, 1, 100, 3000, 300_000, file.len() - 1] {
        hang_up_after(&intake, &path, "application/octet-stream", &file, sent);
    }
    // A file that was whole when the rest of its form was lost is left to the sweep.
    let left = settled(&intake).await;
    assert!(
        left.len() <= 2 && left.iter().all(|name| name.len() == 32),
        "{left:?}"
    );
    assert!(
        intake.triage().list("held").await.is_empty(),
        "no tip without its form"
    );
    intake.stop().await;
}

#[tokio::test]
async fn what_no_tip_claims_is_swept() {
    let intake = small_intake("unclaimed_hours = 0").await;
    let (file, _) = seal(&intake.place.office, b"\xff\xd8\xff");
    let path = format!("/api/v1/offices/{OFFICE}/attachments");
    let anonymous = intake.anonymous();
    for _ in 0..3 {
        let sent = anonymous.post(&path, "application/octet-stream", file.clone());
        assert!(matches!(sent.await.status, 201 | 409));
    }
    for _ in 0..100 {
        if rows(&intake).await.is_empty() && sealed_files(&intake).is_empty() {
            intake.stop().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!(
        "still there: {} {:?}",
        rows(&intake).await,
        sealed_files(&intake)
    );
}

/// Uploads and claims until told to stop; what was acknowledged, by the id of the file.
async fn reporter(place: &Place, until: Duration) -> Vec<(String, Vec<u8>)> {
    let base = format!("{}/api/v1/offices/{SLUG}", place.public_url);
    let identity = place.identity();
    let mut given = Vec::new();
    let deadline = tokio::time::Instant::now() + until;
    while tokio::time::Instant::now() < deadline {
        let content = photo("", 400_000, "").bytes;
        let (file, about) = seal(&identity, &content);
        let upload = place.client.post(format!("{base}/attachments")).body(file);
        let Ok(answer) = upload.send().await else {
            tokio::time::sleep(Duration::from_millis(5)).await;
            continue;
        };
        let Ok(answer) = answer.json::<Value>().await else {
            continue;
        };
        let id = answer["attachment_id"].as_str().expect("an id").to_owned();
        let tip = json!({"category": "tutoring", "text": id,
                         "attachments": [described(&id, "a.jpg", &about)]});
        let sent = place
            .client
            .post(format!("{base}/tips"))
            .json(&tip)
            .send()
            .await;
        if let Ok(answer) = sent
            && answer
                .json::<Value>()
                .await
                .is_ok_and(|answer| answer["pickup_code"].is_string())
        {
            given.push((id, content));
        }
    }
    given
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_intake_keeps_what_it_acknowledged_and_sweeps_the_rest() {
    let place = Place::make();
    let mut given = Vec::new();
    for _ in 0..8 {
        let mut service = place.start_intake().await;
        let wait = random_wait(150, 500);
        let (some, ()) = tokio::join!(reporter(&place, wait + Duration::from_millis(50)), async {
            tokio::time::sleep(wait).await;
            service.kill();
        });
        given.extend(some);
    }
    assert!(!given.is_empty(), "there is something to look for");
    let folder = place.path("intake.attachments");
    let before = names_in(&folder).len();
    let config = place.path("intake.toml");
    let text = std::fs::read_to_string(&config).expect("just made");
    std::fs::write(&config, text + "[attachment_limits]\nunclaimed_hours = 0\n").expect("ours");
    let service = place.start_intake().await;
    let claimed: Vec<(String, String)> = claimed(&place).await;
    for _ in 0..100 {
        if names_in(&folder).len() == claimed.len() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let mut left = names_in(&folder);
    let mut expected: Vec<_> = claimed.iter().map(|(_, id)| id.clone()).collect();
    left.sort_unstable();
    expected.sort_unstable();
    assert_eq!(left, expected, "exactly what tips claim");
    let identity = place.identity();
    for (id, content) in &given {
        let (envelope, _) = claimed.iter().find(|(_, one)| one == id).expect("kept");
        let file = whole(&place, envelope, id).await;
        let mut opened = identity
            .open_stream(file.as_slice())
            .expect("our key")
            .take(content.len() as u64);
        let mut bytes = Vec::new();
        opened.read_to_end(&mut bytes).expect("whole");
        assert_eq!(&bytes, content);
    }
    println!(
        "{} acknowledged, {before} files before the sweep, {} after",
        given.len(),
        left.len()
    );
    drop(service);
}

/// Envelope and file of each file that a tip claims.
async fn claimed(place: &Place) -> Vec<(String, String)> {
    let (client, mut after, mut claimed) = (place.relay_client(), String::new(), Vec::new());
    loop {
        let url = format!("{}{LIST_PATH}?state=held&after={after}", place.relay_url);
        let page = client.get(url).send().await.expect("intake runs");
        let page: EnvelopeList = page.json().await.expect("a list");
        for envelope in &page.envelopes {
            let ids = envelope.attachments.iter();
            claimed.extend(ids.map(|one| (envelope.id.clone(), one.id.clone())));
        }
        match page.envelopes.last() {
            Some(last) if page.more => after.clone_from(&last.id),
            _ => return claimed,
        }
    }
}

async fn whole(place: &Place, envelope: &str, id: &str) -> Vec<u8> {
    let url = format!("{}{ATTACHMENTS_PATH}/{envelope}/{id}", place.relay_url);
    let mut bytes = Vec::new();
    loop {
        let request = place.relay_client().get(&url);
        let range = format!("bytes={}-", bytes.len());
        let answer = request
            .header("range", range)
            .send()
            .await
            .expect("an answer");
        if answer.status().as_u16() == 416 {
            return bytes;
        }
        bytes.extend(answer.bytes().await.expect("bytes"));
    }
}

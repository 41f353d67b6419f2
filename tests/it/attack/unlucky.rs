//! Nobody means harm here: a disk is full, a manifest runs out while somebody writes, the service is renewed under an open
//! page, a file is of an awkward size on a poor line.

use crate::attachments::sealed::seal;
use crate::attachments::{FORM, code_on, form_body, photo, tip_fields};
use crate::crash::place::Place as Installed;
use crate::intake::{Intake, OFFICE, Place, client, tip};
use crate::staff::Office;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::clock::ManualClock;
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_intake::service;
use mifeng_sealing::relay::{
    ACKNOWLEDGE_PATH, ATTACHMENTS_PATH, EnvelopeEntry, EnvelopeList, EnvelopeRef, EnvelopeRefs,
    LIST_PATH, RELEASE_PATH,
};
use mifeng_sealing::{PickupCode, seal_bytes};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const TEXT: &str = "周六上午在金鹭花园租房补课";

/// Triage has what there is, and lets it go.
async fn releases_all(place: &Installed) {
    let client = place.relay_client();
    let url = |path: &str| format!("{}{path}", place.relay_url);
    let list = client.get(url(LIST_PATH) + "?state=held").send().await;
    let list: EnvelopeList = list.expect("it runs").json().await.expect("a list");
    let refs = list.envelopes.iter().map(|one| EnvelopeRef {
        id: one.id.clone(),
        content_sha256: one.content_sha256.clone(),
    });
    let refs = EnvelopeRefs {
        envelopes: refs.collect(),
    };
    for path in [ACKNOWLEDGE_PATH, RELEASE_PATH] {
        let answer = client.post(url(path)).json(&refs).send().await;
        assert_eq!(answer.expect("it runs").status(), 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_files_fill_is_told_takes_text_and_goes_on_once_there_is_room() {
    let place = Installed::make();
    let service = place.start_intake_on_a_small_disk(20).await;
    let http = client();
    let post = async |files: &[crate::attachments::Chosen]| {
        let body = form_body(&tip_fields("", TEXT), files);
        let url = format!("{}/qingxi/en/write", place.public_url);
        let answer = http.post(url).header("content-type", FORM).body(body);
        let answer = answer.send().await.expect("an answer");
        (
            answer.status().as_u16(),
            answer.text().await.expect("a page"),
        )
    };
    let large = [photo("a.jpg", 12_000_000, "")];
    let (status, page) = post(&large).await;
    assert_eq!(status, 200, "{page}");
    code_on(&page);
    let (status, page) = post(&large).await;
    assert_eq!(status, 503, "{page}");
    assert!(
        page.contains("Files cannot be stored just now") && page.contains(TEXT),
        "{page}"
    );
    assert_eq!(place.held_tips().await.len(), 1, "nothing was sent");
    // Files stop before the disk is full: text goes on.
    for _ in 0..50 {
        let (status, page) = post(&[]).await;
        assert_eq!(status, 200, "{page}");
    }
    releases_all(&place).await;
    let (status, page) = post(&large).await;
    assert_eq!(status, 200, "there is room again: {page}");
    drop(service);
}

#[tokio::test]
async fn a_manifest_that_runs_out_under_an_open_page_keeps_the_text() {
    let place = Place::new();
    let mut body = place.body();
    // In Shanghai this day ends at 16:00 UTC.
    body.not_after = "2026-11-23".parse().expect("a day");
    place.write_manifest(&body, &place.signing);
    let last_second = "2026-11-23T15:59:59Z".parse().expect("a timestamp");
    let clock = Arc::new(ManualClock::at(last_second));
    let config = place.config("enabled = false");
    let service = service::start(config, clock.clone(), Arc::new(SystemEntropy));
    let service = service.await.expect("it starts");
    let url = format!("http://{}", service.public_address.expect("an address"));
    let http = client();
    let form = async || {
        let body = form_body(&tip_fields("", TEXT), &[photo("a.jpg", 1000, "")]);
        let request = http.post(format!("{url}/{OFFICE}/en/write"));
        let request = request.header("content-type", FORM).body(body);
        let answer = request.send().await.expect("an answer");
        (
            answer.status().as_u16(),
            answer.text().await.expect("a page"),
        )
    };
    let sealed = async || {
        let body = seal_bytes(&[b'x'; 100], &[place.office.recipient()]).expect("sealed");
        let request = json!({
            "addressee": OFFICE,
            "lookup": hex::encode(random_bytes::<32>(&SystemEntropy)),
            "submission_tag": hex::encode(random_bytes::<32>(&SystemEntropy)),
            "ciphertext": BASE64_STANDARD.encode(body.as_bytes()),
        });
        let url = format!("{url}/api/v1/offices/{OFFICE}/sealed-tips");
        let answer = http
            .post(url)
            .json(&request)
            .send()
            .await
            .expect("an answer");
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.expect("JSON"),
        )
    };
    assert_eq!(form().await.0, 200);
    assert_eq!(sealed().await.0, 201);
    clock.advance(Duration::from_secs(1));
    for _ in 0..2 {
        let (status, page) = form().await;
        assert_eq!(status, 503, "{page}");
        assert!(
            page.contains("Not receiving now") && page.contains(TEXT),
            "{page}"
        );
        let (status, problem) = sealed().await;
        assert_eq!(
            (status, &problem["type"]),
            (503, &"urn:mifeng:problem-away".into())
        );
        clock.advance(Duration::from_hours(24));
    }
    service.stop().await;
}

#[tokio::test]
async fn the_staff_are_told_weeks_before_the_manifest_runs_out() {
    let office = Office::start().await;
    let (soon, over) = ("runs out on", "ran out on");
    let mut said = Vec::new();
    // It runs out in a year.
    for (days, warned) in [(322, ""), (1, soon), (41, soon), (1, soon), (1, over)] {
        office.clock.advance(Duration::from_hours(24 * days));
        for (login, path) in [
            ("dispatcher", "/en/queue"),
            ("administrator", "/en/accounts"),
        ] {
            let page = office.signed_in(login).await.get(path).await.text;
            let told = [soon, over].into_iter().find(|words| page.contains(words));
            assert_eq!(told.unwrap_or_default(), warned, "{said:?} and {days}");
        }
        let page = office
            .signed_in("investigator")
            .await
            .get("/en/queue")
            .await;
        assert!(
            !page.text.contains(soon),
            "who can do nothing about it is not told"
        );
        said.push(days);
    }
    office.stop().await;
}

#[tokio::test]
async fn what_an_open_page_holds_is_taken_after_the_service_was_renewed() {
    let place = Place::new();
    let config = place.config("enabled = false");
    let intake = Intake::on(place, config.clone()).await;
    let page = intake.anonymous().get(&format!("/{OFFICE}/en/write")).await;
    let code = page.text.split("name=\"code\" value=\"").nth(1);
    let code = code
        .and_then(|rest| rest.split('"').next())
        .expect("a code")
        .to_owned();
    let (file, _) = seal(&intake.place.office, &[b'x'; 5000]);
    let path = format!("/api/v1/offices/{OFFICE}/attachments");
    let kind = "application/octet-stream";
    let uploaded = intake.anonymous().post(&path, kind, file).await;
    assert_eq!(uploaded.status, 201, "{}", uploaded.text);
    let id = uploaded.json()["attachment_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let reporter = intake.anonymous().tells("补课").await.code;

    let place = intake.stop_keeping().await;
    // Another manifest by the same key, as a renewal brings it.
    let mut body = place.body();
    body.serial = 3;
    place.write_manifest(&body, &place.signing);
    let intake = Intake::on(place, config).await;
    let anonymous = intake.anonymous();
    let path = format!("/{OFFICE}/en/write");
    let answer = anonymous.form(&path, &tip_fields(&code, TEXT)).await;
    assert_eq!((answer.status, code_on(&answer.text)), (200, code));
    let sealed = seal_bytes(&[b'x'; 100], &[intake.place.office.recipient()]).expect("sealed");
    let request = json!({
        "addressee": OFFICE,
        "lookup": hex::encode(random_bytes::<32>(&SystemEntropy)),
        "submission_tag": hex::encode(random_bytes::<32>(&SystemEntropy)),
        "ciphertext": BASE64_STANDARD.encode(sealed.as_bytes()),
        "attachments": [id],
    });
    assert_eq!(anonymous.api("sealed-tips", &request).await.status, 201);
    let looks = anonymous
        .api("pickups", &json!({"pickup_code": reporter}))
        .await;
    assert_eq!(looks.status, 200);
    assert_eq!(anonymous.api("tips", &tip("other", "x")).await.status, 201);
    intake.stop().await;
}

/// A file of a tip at intake, opened; filled up behind its end.
async fn opened(intake: &Intake, entry: &EnvelopeEntry) -> Vec<u8> {
    let id = &entry.attachments[0].id;
    let url = format!("{}{ATTACHMENTS_PATH}/{}/{id}", intake.relay, entry.id);
    let mut sealed = Vec::new();
    loop {
        let range = format!("bytes={}-", sealed.len());
        let request = client()
            .get(&url)
            .bearer_auth("office-token")
            .header("range", range);
        let answer = request.send().await.expect("an answer");
        if answer.status() == 416 {
            let mut content = Vec::new();
            let stream = intake.place.office.open_stream(sealed.as_slice());
            let read = stream.expect("it opens").read_to_end(&mut content);
            read.expect("it is whole");
            return content;
        }
        sealed.extend(answer.bytes().await.expect("bytes"));
    }
}

#[tokio::test]
async fn files_of_awkward_sizes_arrive_to_the_byte_on_a_line_that_stutters() {
    const MIB: usize = 1024 * 1024;
    let intake = Intake::unlimited().await;
    for size in [MIB - 1, MIB, MIB + 1, 4 * MIB + 1] {
        let file = photo("a.jpg", size, "");
        let hash = Sha256::digest(&file.bytes);
        let code = PickupCode::generate(&SystemEntropy);
        let body = form_body(&tip_fields(code.digits(), TEXT), &[file]);
        // In pieces of no even size, with a pause now and then.
        let pieces: Vec<Vec<u8>> = body.chunks(37_501).map(<[u8]>::to_vec).collect();
        let slow = futures_util::stream::unfold(pieces.into_iter(), |mut pieces| async move {
            let piece = pieces.next()?;
            tokio::time::sleep(Duration::from_millis(2)).await;
            Some((Ok::<_, std::io::Error>(piece), pieces))
        });
        let request = client().post(format!("{}/{OFFICE}/en/write", intake.public));
        let request = request.header("content-type", FORM);
        let answer = request.body(reqwest::Body::wrap_stream(slow)).send().await;
        assert_eq!(answer.expect("an answer").status(), 200, "{size}");
        let entries = intake.triage().list("held").await;
        let mut whole = Vec::new();
        for entry in &entries {
            whole.push(opened(&intake, entry).await);
        }
        let found = whole
            .iter()
            .any(|content| content.len() >= size && Sha256::digest(&content[..size]) == hash);
        assert!(found, "{size}");
        for entry in &entries {
            intake.triage().acknowledge(entry).await;
            intake.triage().release(entry).await;
        }
    }
    intake.stop().await;
}

#[test]
fn no_field_for_files_keeps_a_telephone_from_offering_them_all() {
    let mut seen = 0;
    for folder in ["src/intake/web/templates", "src/triage/web/templates"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a text");
            seen += text.matches("type=\"file\"").count();
            assert!(!text.contains("accept="), "{text}");
            assert!(!text.contains("capture"), "{text}");
        }
    }
    assert!(seen > 0, "there are such fields");
}

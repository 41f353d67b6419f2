//! When many come: a little work or patience, and whoever has a code is held up by nobody's guesses.

use super::reporter::lookup_hex;
use super::{Anonymous, Answer, Intake, OFFICE, Place, TODAY, client, tip};
use mifeng_foundation::clock::ManualClock;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_intake::service;
use mifeng_sealing::PickupCode;
use mifeng_sealing::tip::TipDocument;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::Duration;

/// Wide limits for the address that all tests share, and a mark that is reached at once.
fn flood(mark: u32, more: &str) -> String {
    format!(
        "requests_per_minute = 60000\nburst = 60000\nslow_down_max_ms = 0\nbehind_local_proxy = true\n\
         [flood]\nload_mark_per_minute = {mark}\nproof_least_bits = 6\nproof_most_bits = 8\n{more}"
    )
}

impl Anonymous {
    async fn submits(&self, text: &str, proof: &str) -> Answer {
        let url = format!("{}/api/v1/offices/{OFFICE}/tips", self.url);
        let request = self.http.post(url).header("mifeng-proof", proof);
        Answer::of(request.json(&tip("other", text))).await
    }
}

fn zero_bits(proof: &str) -> u32 {
    let hash = Sha256::digest(proof);
    let head = u64::from_be_bytes(hash[..8].try_into().expect("eight bytes"));
    head.leading_zeros()
}

/// As `openapi.json` says.
fn solve(answer: &Answer) -> String {
    assert_eq!(answer.status, 429, "{}", answer.text);
    let problem = answer.json();
    assert_eq!(problem["type"], "urn:mifeng:problem-proof-wanted");
    let challenge = problem["challenge"].as_str().expect("a challenge");
    let bits = problem["proof_bits"].as_u64().expect("bits");
    (0..1_000_000_u64)
        .map(|number| format!("{challenge}:{number}"))
        .find(|proof| u64::from(zero_bits(proof)) >= bits)
        .expect("there is one")
}

/// The same challenge with a number that does not solve it.
fn spoil(proof: &str) -> String {
    let (challenge, _) = proof.split_once(':').expect("a proof");
    let unsolved = (0..1000_u64).map(|number| format!("{challenge}:{number}"));
    let mut unsolved = unsolved.filter(|proof| zero_bits(proof) < 6);
    unsolved.next().expect("most are none")
}

#[tokio::test]
async fn above_the_mark_a_program_pays_with_work_for_the_one_submission() {
    let intake = Intake::with(&flood(3, "")).await;
    let anonymous = intake.anonymous();
    for _ in 0..3 {
        assert_eq!(anonymous.submits("few come", "").await.status, 201);
    }
    let asked = anonymous.submits("mine", "").await;
    let proof = solve(&asked);
    assert_eq!(
        intake.triage().list("held").await.len(),
        3,
        "nothing is stored unpaid"
    );
    for wrong in ["x", ":", "0:0", &spoil(&proof), &proof.replace(':', ": ")] {
        let refused = anonymous.submits("mine", wrong).await;
        assert_eq!(refused.status, 429, "{wrong}");
        assert_ne!(refused.json()["challenge"], asked.json()["challenge"]);
    }
    let foreign = anonymous.submits("another's", &proof).await;
    assert_eq!(foreign.status, 429, "bound to what was submitted");
    let paid = anonymous.submits("mine", &proof).await;
    assert_eq!(paid.status, 201, "{}", paid.text);
    assert_eq!(paid.json()["received_day"], TODAY);
    assert_eq!(
        anonymous.submits("mine", &proof).await.status,
        429,
        "it counts once"
    );
    assert_eq!(intake.triage().list("held").await.len(), 4);
    // Each doubling of what is let in doubles the work, up to the most.
    let mut bits = Vec::new();
    for number in 0..24 {
        let text = format!("one of many {number}");
        let asked = anonymous.submits(&text, "").await;
        bits.push(asked.json()["proof_bits"].as_u64().expect("bits"));
        assert_eq!(anonymous.submits(&text, &solve(&asked)).await.status, 201);
    }
    assert!(bits.is_sorted(), "{bits:?}");
    assert_eq!((bits[0], bits[23]), (6, 8), "{bits:?}");
    intake.stop().await;
}

#[tokio::test]
async fn a_proof_has_a_short_life_and_calm_asks_for_none() {
    let place = Place::new();
    let config = place.config(&flood(1, "proof_life_s = 5"));
    let noon = format!("{TODAY}T04:00:00Z").parse().expect("a timestamp");
    let clock = Arc::new(ManualClock::at(noon));
    let service = service::start(config, clock.clone(), Arc::new(SystemEntropy)).await;
    let service = service.expect("it starts");
    let url = |address: Option<std::net::SocketAddr>| format!("http://{}", address.expect("TCP"));
    let intake = Intake {
        public: url(service.public_address),
        relay: url(service.relay_address),
        onion: None,
        place,
        service,
    };
    let anonymous = intake.anonymous();
    assert_eq!(anonymous.submits("first", "").await.status, 201);
    for text in ["second", "third"] {
        let proof = solve(&anonymous.submits(text, "").await);
        assert_eq!(anonymous.submits(text, &proof).await.status, 201);
    }
    let late = solve(&anonymous.submits("late", "").await);
    clock.advance(Duration::from_secs(6));
    let again = anonymous.submits("late", &late).await;
    let proof = solve(&again);
    assert_eq!(anonymous.submits("late", &proof).await.status, 201);
    // Minutes later nobody is asked for anything, whatever he brings.
    clock.advance(Duration::from_mins(10));
    assert_eq!(anonymous.submits("calm", &late).await.status, 201);
    intake.stop().await;
}

/// A form without scripts whose answer is read as it comes.
async fn posts(intake: &Intake, from: &str, text: &str) -> reqwest::Response {
    let fields = [
        ("category", "other"),
        ("school", "第三小学"),
        ("text", text),
    ];
    client()
        .post(format!("{}/{OFFICE}/en/write", intake.public))
        .header("x-forwarded-for", from)
        .form(&fields)
        .send()
        .await
        .expect("an answer")
}

/// The page as far as it goes while one waits.
pub async fn while_waiting(response: &mut reqwest::Response) -> String {
    let mut page = Vec::new();
    while !page.ends_with(b"</li>\n") {
        let part = response.chunk().await.expect("a part");
        page.extend_from_slice(&part.expect("it goes on until the turn is told"));
    }
    String::from_utf8(page).expect("text")
}

/// What was told while waiting, one after the other.
fn told(page: &str) -> Vec<u32> {
    let (_, turns) = page.split_once("<ol class=\"turns\">").expect("there");
    let (turns, _) = turns.split_once("</ol>").expect("it ends");
    let number = |line: &str| {
        if let Some((number, _)) = line.split_once(" before you") {
            return number.parse().expect("a number");
        }
        assert_eq!(line, "You are next");
        0
    };
    let lines = turns.split("<li>").skip(1);
    lines
        .map(|line| number(line.split("</li>").next().expect("one")))
        .collect()
}

#[tokio::test]
async fn forms_without_scripts_wait_in_order_and_lose_nothing() {
    let intake = Intake::with(&flood(1, "queue_per_minute = 20")).await;
    let anonymous = intake.anonymous();
    assert_eq!(anonymous.submits("the load", "").await.status, 201);
    // The queue's first place is free at once.
    assert!(
        posts(&intake, "203.0.113.1", "nobody before")
            .await
            .text()
            .await
            .is_ok()
    );
    let texts = ["一、\n\"<b>教室</b>\" & 'x'", "第二个", "第三个", "第四个"];
    let mut waiting = Vec::new();
    for text in texts {
        let mut response = posts(&intake, "203.0.113.1", text).await;
        assert_eq!(response.status(), 200);
        let page = while_waiting(&mut response).await;
        assert!(page.contains("Please leave this page open"), "{page}");
        assert!(page.contains("readonly"), "what was written is on the page");
        assert!(!page.contains("<li><span>"), "no code before it is on disk");
        waiting.push((page, response));
    }
    for (at, (first, response)) in waiting.into_iter().enumerate() {
        let page = first + &response.text().await.expect("the rest");
        let told = told(&page);
        assert!(told[0] as usize <= at, "behind those who came before");
        assert!(
            told.is_sorted_by(|a, b| a > b),
            "and on from there: {told:?}"
        );
        assert!(page.contains("/assets/waited.css"), "{page}");
        assert!(page.trim_end().ends_with("</html>"), "whole");
        let digits = page.split("<li><span>").skip(1);
        let code: String = digits.map(|rest| &rest[..4]).collect();
        let asked = json!({"pickup_code": code});
        assert_eq!(anonymous.api("pickups", &asked).await.status, 200);
    }
    let mut stored = Vec::new();
    for entry in intake.triage().list("waiting").await {
        let opened = intake.triage().open(&entry).await;
        stored.push(TipDocument::from_json(&opened).expect("a tip").text.clone());
    }
    for text in texts {
        assert_eq!(
            stored.iter().filter(|one| *one == text).count(),
            1,
            "{text}"
        );
    }
    intake.stop().await;
}

#[tokio::test]
async fn where_there_is_no_room_the_form_comes_back_whole() {
    let intake = Intake::with(&flood(1, "queue_per_minute = 1\nqueue_most = 1")).await;
    assert_eq!(intake.anonymous().submits("the load", "").await.status, 201);
    posts(&intake, "203.0.113.1", "the first place")
        .await
        .text()
        .await
        .expect("whole");
    let mut waiting = posts(&intake, "203.0.113.1", "the only room").await;
    while_waiting(&mut waiting).await;
    let refused = posts(&intake, "203.0.113.1", "kept words").await;
    assert_eq!(refused.status(), 429);
    assert!(refused.headers().contains_key("retry-after"));
    let page = refused.text().await.expect("a page");
    assert!(page.contains("kept words") && page.contains("name=\"text\""));
    drop(waiting);
    intake.stop().await;
}

async fn looks(intake: &Intake, from: &str, code: &str) -> Answer {
    let url = format!("{}/api/v1/offices/{OFFICE}/pickups", intake.public);
    let request = client().post(url).header("x-forwarded-for", from);
    Answer::of(request.json(&json!({"pickup_code": code}))).await
}

async fn opens(intake: &Intake, from: &str, code: &str) -> Answer {
    let request = client()
        .post(format!("{}/{OFFICE}/en/check", intake.public))
        .header("x-forwarded-for", from);
    Answer::of(request.form(&[("pickup_code", code)])).await
}

/// Far more than a look-up takes on a busy machine, far less than what one over a budget may be made to wait here.
const SLOWED: Duration = Duration::from_secs(5);

#[tokio::test]
async fn guesses_hold_up_nobody_who_has_a_code() {
    // Strict for everything else: a look-up with a code is charged to none of it.
    let limits = "requests_per_minute = 1\nburst = 1\nslow_down_max_ms = 20000\nbehind_local_proxy = true\n\
                  guesses_per_minute = 5\nguesses_together_per_minute = 40\nvisits_per_minute = 2000";
    let intake = Intake::with(limits).await;
    let anonymous = intake.anonymous();
    let code = anonymous.tells("补课").await.code;
    let guess = || PickupCode::generate(&SystemEntropy).digits().to_owned();
    let mut seen = Vec::new();
    for _ in 0..60 {
        let api = looks(&intake, "203.0.113.7", &guess()).await;
        let page = opens(&intake, "203.0.113.8", &guess()).await;
        seen.push((api.status, page.status));
        assert_eq!(api.text.len(), 8192);
        assert_eq!(page.text.len(), 16384);
        for from in ["203.0.113.9", "198.51.100.1"] {
            let begun = tokio::time::Instant::now();
            let honest = looks(&intake, from, &code).await;
            assert_eq!((honest.status, honest.text.len()), (200, 8192), "{from}");
            let took = begun.elapsed();
            assert!(took < SLOWED, "{from}: held up for {took:?}");
        }
    }
    assert_eq!(seen[..2], [(404, 404), (404, 404)]);
    let refused = seen.iter().filter(|one| **one == (429, 429)).count();
    assert!(refused > 40, "{seen:?}");
    assert_eq!(opens(&intake, "203.0.113.9", &code).await.status, 200);
    // The same for pages that open the mailbox themselves.
    let fetch = async |code: &PickupCode| {
        let url = format!("{}/api/v1/offices/{OFFICE}/sealed-pickups", intake.public);
        let request = client().post(url).header("x-forwarded-for", "203.0.113.7");
        Answer::of(request.json(&json!({"lookup": lookup_hex(code)}))).await
    };
    let known = fetch(&PickupCode::parse(&code).expect("a code")).await;
    let guessed = fetch(&PickupCode::generate(&SystemEntropy)).await;
    assert_eq!((known.status, guessed.status), (200, 429));
    assert_eq!(known.json()["known"], true);
    assert_eq!(known.text.len(), guessed.text.len());
    // From many prefixes: all guesses together have a budget, and codes are still not held up by it.
    let mut last = 0;
    for number in 0..60 {
        last = looks(&intake, &format!("198.18.{number}.1"), &guess())
            .await
            .status;
    }
    assert_eq!(last, 429);
    assert_eq!(looks(&intake, "198.18.1.1", &code).await.status, 200);
    intake.stop().await;
}

/// Whoever shares an address with somebody who tries codes, by whichever door, can still look, answer and send.
#[tokio::test]
async fn guesses_use_up_nobodys_sending() {
    let limits = "requests_per_minute = 1\nburst = 5\nslow_down_max_ms = 0\n\
                  guesses_per_minute = 5\nvisits_per_minute = 2000";
    let intake = Intake::with(limits).await;
    let anonymous = intake.anonymous();
    let code = anonymous.tells("补课").await.code;
    let said = |code: &str| json!({"pickup_code": code, "text": "tried"});
    let pages = ["reply", "read", "aftercare", "forget"];
    for number in 0..20 {
        let guess = PickupCode::generate(&SystemEntropy).digits().to_owned();
        // Every other one is no code at all.
        let guess = if number % 2 == 0 {
            guess
        } else {
            "1".repeat(28)
        };
        let page = format!("/{OFFICE}/en/check/{}", pages[number % 4]);
        let fields = [("pickup_code", guess.as_str()), ("text", "tried")];
        let by_page = anonymous.form(&page, &fields).await.status;
        let by_api = anonymous.api("pickups/replies", &said(&guess)).await.status;
        let sealed = json!({
            "lookup": hex::encode([u8::try_from(number).expect("small"); 32]),
            "submission_tag": hex::encode([0; 32]),
            "ciphertext": "",
        });
        let sealed = anonymous.api("sealed-pickups/replies", &sealed).await;
        for status in [by_page, by_api, sealed.status] {
            let first = number < 1 && (status == 404 || status == 422);
            assert!(first || number < 2 || status == 429, "{number}: {status}");
        }
    }
    assert_eq!(looks(&intake, "", &code).await.status, 200);
    assert_eq!(opens(&intake, "", &code).await.status, 200);
    let answer = [("pickup_code", code.as_str()), ("text", "an answer")];
    let page = format!("/{OFFICE}/en/check/reply");
    assert_eq!(anonymous.form(&page, &answer).await.status, 200);
    let answer = anonymous.api("pickups/replies", &said(&code)).await;
    assert_eq!(answer.status, 201);
    let another = anonymous.api("tips", &tip("other", "one more")).await;
    assert_eq!(another.status, 201);
    intake.stop().await;
}

#[tokio::test]
async fn the_description_tells_programs_what_to_do() {
    let intake = Intake::unlimited().await;
    let api: Value = intake.anonymous().get("/api/openapi.json").await.json();
    for path in ["tips", "sealed-tips"] {
        let post = &api["paths"][format!("/api/v1/offices/{{office}}/{path}")]["post"];
        let header = &post["parameters"][1]["$ref"];
        assert_eq!(header, "#/components/parameters/proof", "{path}");
    }
    let problem = &api["components"]["schemas"]["Problem"]["properties"];
    assert!(problem["challenge"].is_object() && problem["proof_bits"].is_object());
    intake.stop().await;
}

//! What did not open, decided by persons: tried again and opened with its files, kept, discarded by two.

use super::names_in;
use super::quarantined::{office_identity, over_postgresql, page_with, sends};
use super::sealed::{described, seal};
use crate::intake::client;
use crate::staff::{Browser, Office, Page, numbers, value};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::clock::Clock as _;
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_opening::Identity;
use mifeng_sealing::tip::{Channel, RawTip, ReplyDocument, Said, Tip, TipDocument};
use mifeng_sealing::{Lookup, MailboxSecrets, PickupCode, seal_reply, seal_tip};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

const EARLY: &str = "收据我有，下周给你们看";
const WHY: &str = "一看就是机器乱发的";

/// Sends what is sealed to `path`; `files` are ids of files that were sent before.
async fn post(office: &Office, path: &str, lookup: &str, sealed: &[u8], files: &[String]) {
    let mut body = json!({
        "lookup": lookup,
        "submission_tag": hex::encode(random_bytes::<32>(&SystemEntropy)),
        "ciphertext": BASE64_STANDARD.encode(sealed),
        "attachments": files,
    });
    if path == "sealed-tips" {
        body["addressee"] = "qingxi".into();
    }
    let url = format!("{}/api/v1/offices/qingxi/{path}", office.intake_url());
    let answer = client().post(url).json(&body).send().await;
    assert_eq!(answer.expect("an answer").status(), 201, "{path}");
}

/// A tip under a lookup that its sender chose, as any program can send it.
async fn tip(office: &Office, own: &Identity, lookup: &str, text: &str) {
    let raw = RawTip {
        category: "tutoring".to_owned(),
        text: text.to_owned(),
        language: "zh-Hans".to_owned(),
        school: String::new(),
        subject: String::new(),
        when: String::new(),
        attachments: Vec::new(),
        only_above: false,
    };
    let secrets = MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), "qingxi");
    let mut address = secrets.address();
    address.lookup_digest = digest(lookup);
    let day = office.clock.today(&crate::support::office_zone());
    let tip = Tip::parse(&raw).expect("a tip");
    let document = TipDocument::new(&tip, "qingxi", day, Channel::Web, address);
    let sealed = seal_tip(&document, &[own.recipient()]).expect("sealed");
    post(office, "sealed-tips", lookup, &sealed.0.into_bytes(), &[]).await;
}

fn digest(lookup: &str) -> String {
    Lookup::from_hex(lookup)
        .expect("64 digits")
        .digest()
        .to_hex()
}

/// An addition with a file to a mailbox of which the office knows nothing yet.
async fn early_addition(office: &Office, own: &Identity, through: &str, to: &str, content: &[u8]) {
    let (file, about) = seal(own, content);
    let url = format!("{}/api/v1/offices/qingxi/attachments", office.intake_url());
    let sent = client().post(url).body(file).send().await;
    let sent: Value = sent.expect("an answer").json().await.expect("JSON");
    let id = sent["attachment_id"].as_str().expect("an id").to_owned();
    let said = Said::Addition {
        text: EARLY.to_owned(),
    };
    let day = office.clock.today(&crate::support::office_zone());
    let described = described(&id, "receipt.jpg", &about);
    let mut reply = ReplyDocument::new("qingxi", digest(to), day, said);
    reply.attachments = vec![serde_json::from_value(described).expect("a file")];
    let sealed = seal_reply(&reply, &[own.recipient()]).expect("sealed");
    let path = "sealed-pickups/replies";
    post(office, path, through, &sealed.0.into_bytes(), &[id]).await;
}

/// The number of the case with this text.
async fn case_with(staff: &Browser, text: &str) -> String {
    for _ in 0..150 {
        for number in numbers(&staff.get("/en/queue?view=open").await.text) {
            let case = staff.get(&format!("/en/case/{number}")).await.text;
            if case.contains(text) {
                return number;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("no case with {text}");
}

/// The part of the page that is about one envelope.
fn part<'a>(page: &'a str, words: &str) -> &'a str {
    let mut parts = page.split("<tr>").skip(1);
    parts
        .find(|part| part.contains(words))
        .unwrap_or_else(|| panic!("nothing {words}: {page}"))
}

/// Decides on the envelope whose line has `words`, as its form says.
async fn decides(staff: &Browser, words: &str, decision: &str, reason: &str) -> Page {
    let page = staff.get("/en/quarantine").await.text;
    let part = part(&page, words);
    let (id, version) = (id_in(part), value(part, "version"));
    let form = [("version", version.as_str()), ("reason", reason)];
    staff
        .post(&format!("/en/quarantine/{id}/{decision}"), &form)
        .await
}

fn id_in(part: &str) -> String {
    let part = part.split("/en/quarantine/").nth(1);
    let id = part.and_then(|part| part.split('/').next());
    id.expect("a form").to_owned()
}

async fn until(what: &str, mut is: impl AsyncFnMut() -> bool) {
    for _ in 0..150 {
        if is().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never: {what}");
}

async fn an_addition_opens_later(office: &Office, at_intake: &Path, here: &Path) {
    let own = office_identity(office.folder());
    let staff = office.signed_in("dispatcher").await;
    let [one, two] = [(); 2].map(|()| hex::encode(random_bytes::<32>(&SystemEntropy)));
    tip(office, &own, &one, "语文老师周末在家里补课").await;
    case_with(&staff, "语文老师周末在家里补课").await;
    let content = random_bytes::<4096>(&SystemEntropy).repeat(300);
    early_addition(office, &own, &one, &two, &content).await;
    let page = page_with(&staff, 1).await;
    assert!(page.contains("An addition, and no tip that it belongs to"));
    assert!(!page.contains(EARLY));
    until("released", async || names_in(at_intake).is_empty()).await;
    let queue = staff.get("/en/queue").await.text;
    assert!(
        queue.contains("wait for your decision: 1") && queue.contains("/en/quarantine"),
        "{queue}"
    );
    // Too early: the tip is not there yet.
    let still = decides(&staff, "An addition", "try", "").await;
    assert_eq!(still.location, "/en/quarantine?tried=still");
    let page = staff.get(&still.location).await.text;
    assert!(page.contains("still does not open") && page.contains("Last tried again on"));

    tip(office, &own, &two, "体育老师让买指定的球鞋").await;
    let number = case_with(&staff, "体育老师让买指定的球鞋").await;
    // Nobody has to press anything: it is put to its tip in the round that brought that one.
    until("it is with its tip", async || {
        let page = staff.get("/en/quarantine").await.text;
        page.contains("Everything that arrived could be opened")
    })
    .await;
    let mut case = String::new();
    until("the file is with the case", async || {
        case = staff.get(&format!("/en/case/{number}")).await.text;
        case.contains("receipt.jpg") && !case.contains("on its way from intake")
    })
    .await;
    assert!(case.contains(EARLY), "{case}");
    let file = case.split(&format!("/en/case/{number}/file/")).nth(1);
    let file = file
        .and_then(|rest| rest.split('"').next())
        .expect("a file");
    let saved = staff.fetch(&format!("/en/case/{number}/file/{file}")).await;
    assert!(
        saved.bytes().await.expect("bytes") == content,
        "byte for byte"
    );
    until("it lies here once", async || names_in(here).len() == 1).await;
}

async fn two_discard(office: &Office, here: &Path) {
    let own = office_identity(office.folder());
    let before = names_in(here).len();
    sends(office, &Identity::generate(), false).await;
    sends(office, &own, true).await;
    let staff = office.signed_in("dispatcher").await;
    page_with(&staff, 2).await;
    let (foreign, damaged) = ("Sealed to another key", "Damaged");
    let still = decides(&staff, damaged, "try", "").await;
    assert_eq!(still.location, "/en/quarantine?tried=still");

    let bare = decides(&staff, foreign, "discard", " ").await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        bare.text.contains("A text is missing or too long") && bare.text.contains("<details open")
    );
    let proposed = decides(&staff, foreign, "discard", WHY).await;
    assert_eq!(proposed.location, "/en/quarantine", "{}", proposed.text);
    let own_hand = decides(&staff, foreign, "approve", "").await;
    assert_eq!(own_hand.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(own_hand.text.contains("second person"), "{}", own_hand.text);
    let kept = decides(&staff, damaged, "keep", "警方可能要").await;
    assert_eq!(kept.location, "/en/quarantine", "{}", kept.text);
    let page = staff.get("/zh-Hans/quarantine").await.text;
    for words in [WHY, "警方可能要", "拟废弃，等第二人签字", "已保留"] {
        assert!(page.contains(words), "{words}: {page}");
    }

    let supervisor = office.signed_in("supervisor").await;
    let queue = supervisor.get("/en/queue").await.text;
    assert!(queue.contains("wait for your decision: 1"), "{queue}");
    let page = supervisor.get("/en/quarantine").await.text;
    let id = id_in(part(&page, foreign));
    let stale = supervisor
        .post(&format!("/en/quarantine/{id}/approve"), &[("version", "1")])
        .await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let approved = decides(&supervisor, foreign, "approve", "").await;
    assert_eq!(approved.location, "/en/quarantine", "{}", approved.text);
    let page = supervisor.get("/en/quarantine").await.text;
    assert!(
        page.contains("Discarded: 1") && page.contains(WHY),
        "the line stays"
    );
    assert!(page.contains("name of dispatcher") && page.contains("name of supervisor"));
    until("its file is gone", async || {
        names_in(here).len() == before + 1
    })
    .await;
    let id = mifeng_foundation::entropy::parse_id(&id).expect("an id");
    let row = office.stores().await.cases.quarantined_envelope(id).await;
    let row = row.expect("read").expect("the row stays");
    assert!(row.ciphertext.is_empty() && row.size_bytes > 0);
    assert!(!String::from_utf8_lossy(&row.why.expect("sealed")).contains(WHY));
    let form = [("version", "3"), ("reason", "again")];
    for decision in ["try", "keep", "discard", "approve"] {
        let path = format!("/en/quarantine/{}/{decision}", hex::encode(id));
        let late = supervisor.post(&path, &form).await;
        assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY, "{decision}");
    }
    let auditor = office.signed_in("auditor").await;
    let audit_log = auditor.audit_log().await;
    for act in [
        "tried again to open",
        "kept what did not open",
        "proposed to discard what did not open",
        "had discarded, as the second person, what did not open",
    ] {
        assert!(audit_log.contains(act), "{act}");
    }
    assert!(!audit_log.contains(WHY));
}

async fn persons_decide(office: Office, at_intake: &Path, here: &Path) {
    an_addition_opens_later(&office, at_intake, here).await;
    two_discard(&office, here).await;
    office.stop().await;
}

#[tokio::test]
async fn persons_decide_on_what_does_not_open_in_sqlite() {
    let office = Office::start().await;
    let folder = office.folder().to_owned();
    let (intake, triage) = ("intake.attachments", "triage.attachments");
    persons_decide(office, &folder.join(intake), &folder.join(triage)).await;
}

#[tokio::test]
async fn persons_decide_on_what_does_not_open_in_postgresql() {
    let files = tempfile::tempdir().expect("a folder");
    let office = over_postgresql(files.path()).await;
    let (intake, triage) = (files.path().join("intake"), files.path().join("triage"));
    persons_decide(office, &intake, &triage).await;
}

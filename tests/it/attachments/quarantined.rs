//! An envelope that does not open keeps its files: as they came, under whatever seal, until a person decides.

use super::names_in;
use super::sealed::seal;
use crate::intake::client;
use crate::staff::{Browser, Office, Setup};
use crate::support::postgres::fresh_database;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use mifeng_opening::{Identity, OfficeIdentityFile};
use mifeng_sealing::seal_bytes;
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// Sends a file and a tip that names it, both sealed to `identity`; the tip's last byte is wrong if it is `forged`. The
/// file as it was sent.
pub async fn sends(office: &Office, identity: &Identity, forged: bool) -> Vec<u8> {
    let api = format!("{}/api/v1/offices/qingxi", office.intake_url());
    let (file, _) = seal(identity, &random_bytes::<4096>(&SystemEntropy).repeat(500));
    let sent = client()
        .post(format!("{api}/attachments"))
        .body(file.clone());
    let sent = sent.send().await.expect("an answer");
    assert_eq!(sent.status(), 201);
    let sent: Value = sent.json().await.expect("JSON");
    let sealed = seal_bytes(b"{\"no\":\"tip\"}", &[identity.recipient()]);
    let mut tip = sealed.expect("sealed").into_bytes();
    if forged {
        *tip.last_mut().expect("bytes") ^= 1;
    }
    let body = json!({
        "addressee": "qingxi",
        "lookup": hex::encode(random_bytes::<32>(&SystemEntropy)),
        "submission_tag": hex::encode(random_bytes::<32>(&SystemEntropy)),
        "ciphertext": BASE64_STANDARD.encode(tip),
        "attachments": [sent["attachment_id"]],
    });
    let taken = client().post(format!("{api}/sealed-tips")).json(&body);
    assert_eq!(taken.send().await.expect("an answer").status(), 201);
    file
}

pub fn office_identity(folder: &Path) -> Identity {
    let file = std::fs::read(folder.join("keys/office-identity.age")).expect("just made");
    let passphrase = std::fs::read_to_string(folder.join("passphrase")).expect("just made");
    OfficeIdentityFile::from_bytes(file)
        .unlock(passphrase.into())
        .expect("the passphrase is right")
}

/// The page, once it shows so many envelopes with all their files.
pub async fn page_with(staff: &Browser, envelopes: usize) -> String {
    let mut page = String::new();
    for _ in 0..150 {
        page = staff.get("/en/quarantine").await.text;
        let words = "Files kept, sealed as they came: 1; still on their way: 0";
        if page.matches(words).count() == envelopes {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never {envelopes}: {page}");
}

/// An office over PostgreSQL, with its files in `intake` and `triage` under `folder`.
pub async fn over_postgresql(folder: &Path) -> Office {
    let place = |name: &str| {
        let folder = folder.join(name);
        format!("[attachments]\nurl = 'folder:{}'\n", folder.display())
    };
    Office::start_as(Setup {
        intake_url: Some(fresh_database().await),
        triage_url: Some(fresh_database().await),
        intake: place("intake"),
        triage: place("triage"),
        ..Setup::default()
    })
    .await
}

async fn files_stay(office: Office, at_intake: &Path, here: &Path) {
    let own = office_identity(office.folder());
    let mut sent = vec![
        sends(&office, &Identity::generate(), false).await,
        sends(&office, &own, true).await,
        sends(&office, &own, false).await,
    ];
    let staff = office.signed_in("dispatcher").await;
    let page = page_with(&staff, sent.len()).await;
    for reason in ["Sealed to another key", "Damaged", "Opened, but not a tip"] {
        assert!(page.contains(reason), "{reason}: {page}");
    }
    let chinese = staff.get("/zh-Hans/quarantine").await.text;
    assert!(chinese.contains("附件按原样密封保存：1 个"), "{chinese}");
    for _ in 0..150 {
        if names_in(at_intake).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(
        names_in(at_intake).is_empty(),
        "released once they are here"
    );
    let names = names_in(here).into_iter();
    let mut kept: Vec<Vec<u8>> = names
        .map(|name| std::fs::read(here.join(name)).expect("a file"))
        .collect();
    kept.sort_unstable();
    sent.sort_unstable();
    assert!(kept == sent, "byte for byte as they came");
    office.stop().await;
}

#[tokio::test]
async fn files_of_what_does_not_open_are_kept_beside_sqlite() {
    let office = Office::start().await;
    let folder = office.folder().to_owned();
    let (intake, triage) = ("intake.attachments", "triage.attachments");
    files_stay(office, &folder.join(intake), &folder.join(triage)).await;
}

#[tokio::test]
async fn files_of_what_does_not_open_are_kept_beside_postgresql() {
    let files = tempfile::tempdir().expect("a folder");
    let office = over_postgresql(files.path()).await;
    let (intake, triage) = (files.path().join("intake"), files.path().join("triage"));
    files_stay(office, &intake, &triage).await;
}

//! The office's key is rotated while people write: through both services, over both stores.

use super::{Office, PASSWORD};
use crate::support::postgres::fresh_database;
use mifeng::operator::{KeyFiles, Opener, Rotation, rotate_keys};
use reqwest::StatusCode;

const BEFORE: &str = "班主任让家长到他亲戚的书店买资料。";
const MEANWHILE: &str = "体育老师让家长买指定的球鞋。";
const QUESTION: &str = "请问书店在哪条街？";

async fn nobody_notices(url: Option<String>) {
    let office = Office::start_over(url).await;
    let (number, reporter) = office.case_about("青溪县第一中学", BEFORE).await;
    let config = office.folder().join("triage.toml");
    std::fs::write(&config, office.settings()).expect("our own folder");
    let next = office.folder().join("next");
    let rotation = Rotation {
        config,
        from: None,
        opener: Opener::Passphrase(PASSWORD.into()),
        folder: next.clone(),
        passphrase: "another good passphrase".into(),
        signing_key: Some(KeyFiles::in_folder(&office.folder().join("keys")).manifest_signing_key),
        not_after: None,
        sealed_until: None,
    };
    let rotated = rotate_keys(&rotation, office.clock.as_ref()).await;
    let rotated = rotated.expect("rotated");
    let passphrase = office.folder().join("next-passphrase");
    std::fs::write(&passphrase, "another good passphrase").expect("our own folder");
    let manifest = rotated.manifest.expect("signed");
    let point = |settings: &mut toml::Table, name: &str, path: &std::path::Path| {
        settings.insert(name.to_owned(), path.display().to_string().into());
    };
    let office = office
        .restarted_as(|settings| {
            point(settings, "office_identity_file", &rotated.identity);
            point(settings, "passphrase_file", &passphrase);
            point(settings, "manifest_file", &manifest);
        })
        .await;
    let staff = office.signed_in("dispatcher").await;
    let case = format!("/en/case/{number}");
    let page = staff.get(&case).await;
    assert!(page.status == StatusCode::OK && page.text.contains(BEFORE));
    let sent = staff
        .post(&format!("{case}/message"), &[("text", QUESTION)])
        .await;
    assert_eq!(sent.location, case);
    reporter.reads(QUESTION).await;
    // Intake seals under its old manifest still.
    let (late, _) = office.case_about("青溪县第三中学", MEANWHILE).await;
    let page = staff.get(&format!("/en/case/{late}")).await;
    assert!(page.status == StatusCode::OK && page.text.contains(MEANWHILE));
    let trail = office
        .signed_in("auditor")
        .await
        .get("/en/trail")
        .await
        .text;
    assert!(trail.contains("rotated the office key"));
    assert!(trail.contains("cases are sealed to the new office key"));
    office.stop().await;
}

#[tokio::test]
async fn nobody_notices_a_rotation_in_sqlite() {
    nobody_notices(None).await;
}

#[tokio::test]
async fn nobody_notices_a_rotation_in_postgresql() {
    nobody_notices(Some(fresh_database().await)).await;
}

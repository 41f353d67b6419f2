//! The office's key is rotated while people write: through both services, over both stores.

use super::ruling::{fields_of, place_of, set};
use super::{Browser, Office, PASSWORD, Setup, value};
use crate::attachments::quarantined::{page_with, sends};
use crate::attachments::travel::links;
use crate::attachments::{Chosen, FORM, form_body, photo, tip_fields};
use crate::support::postgres::fresh_database;
use mifeng_opening::Identity;
use mifeng_operator::{KeyFiles, Opener, Rotation, rotate_keys};
use reqwest::StatusCode;
use std::time::Duration;

const BEFORE: &str = "班主任让家长到他亲戚的书店买资料。";
const MEANWHILE: &str = "体育老师让家长买指定的球鞋。";
const IN_FLIGHT: &str = "食堂承包人每月给校长送钱，附转账截图。";
const WHY_KEPT: &str = "对方可能还会补发一份";
const WHY_RULES: &str = "小学的事改由督导室办";
const QUESTION: &str = "请问书店在哪条街？";

/// Reasons that are sealed to the office: for keeping what did not open, and for other rules.
async fn gives_reasons(office: &Office) {
    sends(office, &Identity::generate(), false).await;
    let staff = office.signed_in("dispatcher").await;
    let page = page_with(&staff, 1).await;
    let id = page.split("/en/quarantine/").nth(1);
    let id = id.and_then(|part| part.split('/').next()).expect("a form");
    let version = value(&page, "version");
    let form = [("version", version.as_str()), ("reason", WHY_KEPT)];
    let kept = staff
        .post(&format!("/en/quarantine/{id}/keep"), &form)
        .await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let mut fields = fields_of(&staff.get("/en/routing/edit").await.text);
    let rule = place_of(&fields, "teaching-primary");
    set(&mut fields, &format!("{rule}-unit"), "dudao");
    set(&mut fields, "reason", WHY_RULES);
    let saved = staff.sends("save", &fields).await;
    assert_eq!(saved.location, "/en/routing", "{}", saved.text);
}

/// The file that was on its way is here, as it was sent.
async fn the_file_is_whole(staff: &Browser, file: &Chosen) {
    let number = staff.finds(IN_FLIGHT).await;
    let mut page = String::new();
    for _ in 0..100 {
        page = staff.get(&format!("/en/case/{number}")).await.text;
        if let [link] = links(&page).as_slice() {
            let saved = staff.fetch(link).await;
            assert_eq!(saved.status(), 200);
            assert_eq!(saved.bytes().await.expect("whole"), file.bytes);
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never here: {page}");
}

async fn nobody_notices(setup: Setup) {
    let office = Office::start_as(setup).await;
    let (number, reporter) = office.case_about("青溪县第一中学", BEFORE).await;
    gives_reasons(&office).await;
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
    // While triage is away a tip comes with a file, both sealed to the old key.
    let file = photo("转账截图.jpg", 300_000, "");
    let intake = Browser::new(&office.intake_url());
    let office = office
        .restarted_between(
            async || {
                let body = form_body(&tip_fields("", IN_FLIGHT), std::slice::from_ref(&file));
                let sent = intake.post_as("/qingxi/en/write", FORM, body).await;
                assert_eq!(sent.status, StatusCode::OK, "{}", sent.text);
            },
            |settings| {
                point(settings, "office_identity_file", &rotated.identity);
                point(settings, "passphrase_file", &passphrase);
                point(settings, "manifest_file", &manifest);
            },
        )
        .await;
    let staff = office.signed_in("dispatcher").await;
    the_file_is_whole(&staff, &file).await;
    let shown = staff.get("/en/routing").await.text;
    assert!(
        shown.contains(WHY_RULES),
        "why the rules were changed: {shown}"
    );
    let shown = staff.get("/en/quarantine").await.text;
    assert!(shown.contains(WHY_KEPT), "why it is kept: {shown}");
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
    let audit_log = office.signed_in("auditor").await.audit_log().await;
    assert!(audit_log.contains("rotated the office key"));
    assert!(audit_log.contains("cases are sealed to the new office key"));
    office.stop().await;
}

#[tokio::test]
async fn nobody_notices_a_rotation_in_sqlite() {
    Box::pin(nobody_notices(Setup::default())).await;
}

#[tokio::test]
async fn nobody_notices_a_rotation_in_postgresql() {
    let files = tempfile::tempdir().expect("a folder");
    let place = files.path().display();
    Box::pin(nobody_notices(Setup {
        triage_url: Some(fresh_database().await),
        triage: format!("[attachments]\nurl = 'folder:{place}'\n"),
        ..Setup::default()
    }))
    .await;
}

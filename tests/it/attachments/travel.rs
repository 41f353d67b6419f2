//! The whole way: a parent's form with files, an investigator's download, release; over each engine and each place for
//! files, and nothing of it in the clear on the way.

use super::{Chosen, FORM, code_on, form_body, names_in, pdf, photo, tip_fields};
use crate::journey::canary;
use crate::staff::{Actor, Browser, Office, Setup, numbers};
use crate::support::s3::S3Server;
use sha2::{Digest as _, Sha256};
use std::path::Path;
use std::time::Duration;

const TEXT: &str = "周六上午在金鹭花园租房补课";
const PHOTO: &str = "转账截图金鹭.jpg";
const MARK: &str = "canary-in-a-photo";

/// What of a page lies behind each link to a file.
pub fn links(page: &str) -> Vec<String> {
    let parts = page.split("<a href=\"").skip(1);
    parts
        .filter_map(|part| part.split('"').next())
        .filter(|link| link.contains("/file/") && !link.ends_with("/view"))
        .map(str::to_owned)
        .collect()
}

/// The case, once it lists `count` files that are here.
async fn case_with(staff: &Browser, count: usize) -> (String, String) {
    let mut text = String::new();
    for _ in 0..150 {
        let queue = staff.get("/en/queue?view=open").await.text;
        if let Some(number) = numbers(&queue).first() {
            text = staff.get(&format!("/en/case/{number}")).await.text;
            if links(&text).len() == count {
                return (number.clone(), text);
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never {count} files: {text}");
}

async fn downloads(staff: &Browser, link: &str, file: &Chosen, encoded: &str) {
    let answer = staff.fetch(link).await;
    assert_eq!(answer.status(), 200);
    let header = |name: &str| {
        let value = answer.headers().get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned()
    };
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("content-type"), "application/octet-stream");
    assert_eq!(header("cache-control"), "no-store");
    assert!(header("content-disposition").starts_with("attachment; filename=\""));
    assert!(
        header("content-disposition").ends_with(encoded),
        "{}",
        header("content-disposition")
    );
    assert_eq!(answer.bytes().await.expect("whole"), file.bytes);
}

async fn whole_way(office: &Office, intake_files: impl AsyncFn() -> usize) {
    let parent = Browser::new(&office.intake_url());
    let files = [photo(PHOTO, 300_000, MARK), pdf("说明.pdf")];
    let body = form_body(&tip_fields("", TEXT), &files);
    let sent = parent.post_as("/qingxi/zh-Hans/write", FORM, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let code = code_on(&sent.text);

    let staff = office.signed_in("dispatcher").await;
    let (number, case) = case_with(&staff, 2).await;
    assert!(case.contains(PHOTO) && case.contains("image/jpeg") && case.contains("300 KB"));
    assert!(case.contains(&hex::encode(Sha256::digest(&files[0].bytes))));
    let first = links(&case);
    downloads(
        &staff,
        &first[0],
        &files[0],
        "filename*=UTF-8''%E8%BD%AC%E8%B4%A6%E6%88%AA%E5%9B%BE%E9%87%91%E9%B9%AD.jpg",
    )
    .await;
    downloads(&staff, &first[1], &files[1], ".pdf").await;

    let more = [photo("b.jpg", 1_500_000, MARK)];
    let fields = [("pickup_code", code.as_str()), ("text", "补充一张")];
    let body = form_body(&fields, &more);
    let sent = parent
        .post_as("/qingxi/zh-Hans/check/reply", FORM, body)
        .await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let (_, case) = case_with(&staff, 3).await;
    let all = links(&case);
    let link = all
        .iter()
        .find(|link| !first.contains(link))
        .expect("a third");
    downloads(&staff, link, &more[0], "b.jpg").await;

    only_for_the_case(office, &number, link).await;
    for _ in 0..100 {
        if intake_files().await == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(intake_files().await, 0, "released, and gone");
    let (_, case) = case_with(&staff, 3).await;
    assert_eq!(links(&case), all, "here they stay");
    nothing_in_clear(office.folder());
}

/// Whoever may not read the case gets no byte of its files.
async fn only_for_the_case(office: &Office, number: &str, link: &str) {
    for (actor, status) in [
        (Actor::Stranger, 303),
        (Actor::Administrator, 403),
        (Actor::Auditor, 403),
    ] {
        let browser = office.actor(actor).await;
        assert_eq!(browser.fetch(link).await.status(), status, "{actor:?}");
    }
    let staff = office.signed_in("dispatcher").await;
    let nowhere = format!("/en/case/{number}/file/{}", "0".repeat(32));
    assert_eq!(staff.fetch(&nowhere).await.status(), 404);
    let handler = ["investigator", "other"];
    let mut statuses = Vec::new();
    for login in handler {
        let browser = office.signed_in(login).await;
        statuses.push(browser.fetch(link).await.status().as_u16());
    }
    assert!(statuses.contains(&404), "not everyone's: {statuses:?}");
}

/// Neither a file's content nor its name stands in any file of the office.
fn nothing_in_clear(folder: &Path) {
    assert!(
        canary::file_count(folder) > 5,
        "there is something to look at"
    );
    for words in [MARK, "转账截图", "说明.pdf", "b.jpg", "金鹭花园"] {
        let found = canary::files_with(folder, words);
        assert!(found.is_empty(), "{words} in {found:?}");
    }
}

#[tokio::test]
async fn files_travel_over_sqlite_and_a_folder() {
    let office = Office::start().await;
    let folder = office.folder().join("intake.attachments");
    whole_way(&office, async || names_in(&folder).len()).await;
    office.stop().await;
}

#[tokio::test]
async fn files_travel_over_postgresql_and_a_folder() {
    let files = tempfile::tempdir().expect("a folder");
    let office = Office::start_as(Setup::over_postgresql(files.path()).await).await;
    let folder = files.path().join("intake");
    whole_way(&office, async || names_in(&folder).len()).await;
    nothing_in_clear_here(files.path());
    office.stop().await;
}

/// The same for a folder with little in it.
fn nothing_in_clear_here(folder: &Path) {
    assert_eq!(names_in(&folder.join("triage")).len(), 3);
    for words in [MARK, "转账截图"] {
        assert!(canary::files_with(folder, words).is_empty());
    }
}

#[tokio::test]
async fn files_travel_over_buckets() {
    let (server, folder) = (
        S3Server::start().await,
        tempfile::tempdir().expect("a folder"),
    );
    for bucket in ["public", "internal"] {
        server.bucket(bucket).await;
    }
    let office = Office::start_as(Setup {
        intake: server.settings(folder.path(), "public"),
        triage: server.settings(folder.path(), "internal"),
        ..Setup::default()
    })
    .await;
    whole_way(&office, async || server.names("public").await.len()).await;
    let kept = server.names("internal").await;
    assert_eq!(kept.len(), 3);
    for name in kept {
        let bytes = server.bytes("internal", &name).await;
        assert!(bytes.starts_with(b"age-encryption.org/v1\n"));
        assert!(
            !bytes
                .windows(MARK.len())
                .any(|part| part == MARK.as_bytes())
        );
    }
    office.stop().await;
}

#[tokio::test]
async fn a_large_file_goes_to_a_bucket_in_parts() {
    let (server, folder) = (
        S3Server::start().await,
        tempfile::tempdir().expect("a folder"),
    );
    server.bucket("public").await;
    let office = Office::start_as(Setup {
        intake: server.settings(folder.path(), "public"),
        ..Setup::default()
    })
    .await;
    let parent = Browser::new(&office.intake_url());
    let file = photo("a.jpg", 14_000_000, "");
    let body = form_body(&tip_fields("", TEXT), std::slice::from_ref(&file));
    let sent = parent.post_as("/qingxi/en/write", FORM, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let staff = office.signed_in("dispatcher").await;
    let (_, case) = case_with(&staff, 1).await;
    downloads(&staff, &links(&case)[0], &file, "a.jpg").await;
    office.stop().await;
}

#[tokio::test]
async fn a_bucket_that_is_away_is_told_and_the_text_goes_alone() {
    let (mut server, folder) = (
        S3Server::start().await,
        tempfile::tempdir().expect("a folder"),
    );
    server.bucket("public").await;
    let office = Office::start_as(Setup {
        intake: server.settings(folder.path(), "public"),
        ..Setup::default()
    })
    .await;
    server.stop();
    let parent = Browser::new(&office.intake_url());
    let body = form_body(&tip_fields("", TEXT), &[photo("a.jpg", 5000, "")]);
    let sent = parent.post_as("/qingxi/en/write", FORM, body).await;
    assert_eq!(sent.status, 503, "{}", sent.text);
    assert!(sent.text.contains("add them later with your code") && sent.text.contains(TEXT));
    let body = form_body(&tip_fields("", TEXT), &[]);
    let sent = parent.post_as("/qingxi/en/write", FORM, body).await;
    assert_eq!(sent.status, 200);
    office.stop().await;
}

//! What goes wrong while a file arrives, and what the reporter is told: the line is cut, the service killed, the disk
//! full, the bucket away. Nothing half-stored is left after a sweep, nothing acknowledged is lost.

use super::{FORM, code_on, form_body, names_in, photo, tip_fields};
use crate::crash::place::{Place, SLUG};
use crate::staff::{Browser, Office, Setup};
use crate::support::s3::S3Server;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::time::Duration;

const TEXT: &str = "周六上午在金鹭花园租房补课";

/// A request of the form of a tip, head and all.
fn request(language: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "POST /{SLUG}/{language}/write HTTP/1.1\r\nHost: intake\r\nContent-Type: {FORM}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn connect(place: &Place) -> TcpStream {
    let address = place.public_url.trim_start_matches("http://");
    let stream = TcpStream::connect(address).expect("intake runs");
    let limit = Some(Duration::from_mins(1));
    stream.set_read_timeout(limit).expect("a socket");
    stream
}

fn at(request: &[u8], words: &str, which: usize) -> usize {
    let windows = request.windows(words.len()).enumerate();
    let mut places = windows.filter(|(_, window)| *window == words.as_bytes());
    places.nth(which).expect("it is there").0
}

/// Places in a request with one file: in each line before the file, in the file, in the mark behind it.
fn cuts(request: &[u8]) -> Vec<usize> {
    let file = at(request, "filename=\"", 0);
    let content = file + at(&request[file..], "\r\n\r\n", 0) + 4;
    let end = request.len();
    let mut cuts = vec![
        1,
        at(request, "Content-Length", 0) + 7,
        at(request, "\r\n\r\n", 0) + 2,
        at(request, "\r\n\r\n", 0) + 4,
        at(request, "--edge", 1) + 3,
        file,
        file + 12,
        content - 3,
        content,
        content + 1,
        content + 65_536,
        content + 262_144,
        content + 1_000_000,
    ];
    // `\r\n--edge--\r\n` ends it: up to its last dash the form is not whole, from there on it is.
    cuts.extend(end - 13..end - 2);
    cuts
}

/// Waits until intake's folder holds `count` files, finished or not.
async fn until_files(folder: &Path, count: usize) {
    for _ in 0..200 {
        if names_in(folder).len() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("never {count}: {:?}", names_in(folder));
}

/// Lets whatever no tip claims be swept at once from the next start on.
fn sweep_at_once(place: &Place) {
    let config = place.path("intake.toml");
    let text = std::fs::read_to_string(&config).expect("just made");
    std::fs::write(&config, text + "[attachment_limits]\nunclaimed_hours = 0\n").expect("ours");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_cut_anywhere_leaves_nothing_and_is_told() {
    let place = Place::make();
    let mut service = place.start_intake().await;
    let file = photo("a.jpg", 1_500_000, "");
    let body = form_body(&tip_fields("", TEXT), std::slice::from_ref(&file));
    let whole = request("zh-Hans", &body);
    for cut in cuts(&whole) {
        // Gone altogether.
        connect(&place).write_all(&whole[..cut]).expect("sent");
        // Half gone: whoever still listens is told, in the page's language.
        let mut stream = connect(&place);
        stream.write_all(&whole[..cut]).expect("sent");
        stream.shutdown(Shutdown::Write).expect("a socket");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            !answer.contains("HTTP/1.1 200"),
            "{cut} of {}: {answer}",
            whole.len()
        );
        if cut > at(&whole, "filename=\"", 0) {
            assert!(answer.contains("没有传完整"), "{cut}: {answer}");
            assert!(
                answer.contains(TEXT),
                "the text comes back: {cut}: {answer}"
            );
        }
    }
    assert!(place.held_tips().await.is_empty(), "no tip without its end");
    service.kill();
    sweep_at_once(&place);
    let _service = place.start_intake().await;
    until_files(&place.path("intake.attachments"), 0).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_killed_in_an_upload_keeps_what_it_acknowledged() {
    let place = Place::make();
    let mut service = place.start_intake().await;
    let file = photo("a.jpg", 1_500_000, "");
    let body = form_body(&tip_fields("", TEXT), std::slice::from_ref(&file));
    let whole = request("en", &body);
    let mut stream = connect(&place);
    stream.write_all(&whole).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("a page");
    let code = code_on(&answer);
    let folder = place.path("intake.attachments");
    let acknowledged = names_in(&folder);
    assert_eq!(acknowledged.len(), 1);

    let mut stream = connect(&place);
    stream.write_all(&whole[..whole.len() / 2]).expect("sent");
    until_files(&folder, 2).await;
    service.kill();
    let left = names_in(&folder);
    assert!(
        left.iter().any(|name| name.contains(".part")),
        "half a file: {left:?}"
    );
    sweep_at_once(&place);
    let _service = place.start_intake().await;
    until_files(&folder, 1).await;
    assert_eq!(names_in(&folder), acknowledged);
    place.pick_up(&code).await;
    let tips = place.held_tips().await;
    assert_eq!((tips.len(), tips[0].attachments.len()), (1, 1));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disk_that_fills_in_an_upload_is_told_and_is_free_again() {
    let place = Place::make();
    let service = place.start_intake_on_a_small_disk(8).await;
    let folder = service.sees(&place.path("disk/intake.attachments"));
    let fits = form_body(&tip_fields("", TEXT), &[photo("a.jpg", 1_000_000, "")]);
    let large = form_body(&tip_fields("", TEXT), &[photo("b.jpg", 20_000_000, "")]);
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let post = async |language: &str, body: &[u8]| {
        let url = format!("{}/{SLUG}/{language}/write", place.public_url);
        let request = client.post(url).header("content-type", FORM);
        let answer = request.body(body.to_vec()).send().await.expect("an answer");
        (
            answer.status().as_u16(),
            answer.text().await.expect("a page"),
        )
    };
    let (status, page) = post("en", &fits).await;
    assert_eq!(status, 200, "{page}");
    let code = code_on(&page);
    for (language, words) in [
        ("zh-Hans", "暂时不能存文件"),
        ("zh-Hant", "暫時不能存檔案"),
        ("en", "Files cannot be stored just now"),
    ] {
        let (status, page) = post(language, &large).await;
        assert_eq!(status, 503, "{page}");
        assert!(page.contains(words) && page.contains(TEXT), "{page}");
        until_files(&folder, 1).await;
    }
    // What the reporter was told to do works.
    let (status, page) = post("en", &form_body(&tip_fields("", TEXT), &[])).await;
    assert_eq!(status, 200, "{page}");
    place.pick_up(&code).await;
    let tips = place.held_tips().await;
    let mut files: Vec<usize> = tips.iter().map(|tip| tip.attachments.len()).collect();
    files.sort_unstable();
    assert_eq!(files, [0, 1]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_goes_away_in_an_upload_is_told_and_swept_when_it_is_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut server = S3Server::start().await;
    server.bucket("public").await;
    let limits = "[attachment_limits]\nunclaimed_hours = 0\n";
    let office = Office::start_as(Setup {
        intake: server.settings(folder.path(), "public") + limits,
        ..Setup::default()
    })
    .await;
    let body = form_body(&tip_fields("", TEXT), &[photo("a.jpg", 14_000_000, "")]);
    let address = office.intake_url();
    let mut stream = TcpStream::connect(address.trim_start_matches("http://")).expect("it runs");
    let head = format!(
        "POST /qingxi/zh-Hans/write HTTP/1.1\r\nHost: intake\r\nContent-Type: {FORM}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    // One part is there, the second is on its way.
    stream.write_all(&body[..9_000_000]).expect("sent");
    tokio::time::sleep(Duration::from_secs(1)).await;
    server.stop();
    stream.write_all(&body[9_000_000..]).expect("sent");
    let page = tokio::task::spawn_blocking(move || {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).map(|_| answer)
    });
    let page = page.await.expect("no panic").expect("a page");
    assert!(page.starts_with("HTTP/1.1 503"), "{page}");
    assert!(
        page.contains("暂时不能存文件") && page.contains(TEXT),
        "{page}"
    );

    server.restart().await;
    server.bucket("public").await;
    let parent = Browser::new(&address);
    let whole = form_body(&tip_fields("", TEXT), &[photo("a.jpg", 7_000_000, "")]);
    let sent = parent.post_as("/qingxi/en/write", FORM, whole).await;
    assert!(matches!(sent.status.as_u16(), 200 | 409), "{}", sent.text);
    for _ in 0..150 {
        // A tip that was quicker than the sweep is released with its file; a slower one never had it.
        if server.names("public").await.is_empty() && rows_left(office.folder()).await == 0 {
            office.stop().await;
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!(
        "left: {:?}, {} rows",
        server.names("public").await,
        rows_left(office.folder()).await
    );
}

async fn rows_left(folder: &Path) -> i64 {
    use sqlx::{Connection as _, Row as _};
    let url = format!("sqlite:{}", folder.join("intake.sqlite").display());
    let mut store = sqlx::SqliteConnection::connect(&url)
        .await
        .expect("a store");
    let row = sqlx::query("SELECT COUNT(*) FROM attachment").fetch_one(&mut store);
    row.await.expect("a count").get(0)
}

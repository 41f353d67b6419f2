//! Bodies that are too long, or never end.

use super::{Answer, Intake, OFFICE, client};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[tokio::test]
async fn a_body_of_many_megabytes_still_gets_an_answer() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let api = format!("/api/v1/offices/{OFFICE}/tips");
    let page = format!("/{OFFICE}/en/write");
    let multipart = "multipart/form-data; boundary=edge";
    // Neither in a part nor between parts, with or without line ends.
    for (path, kind, piece) in [
        (&api, JSON, "x"),
        (&page, FORM, "x"),
        (&page, multipart, "x"),
        (&page, multipart, "x\n"),
        (
            &page,
            multipart,
            "--edge\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n",
        ),
    ] {
        let body = piece.repeat(16 * 1024 * 1024 / piece.len());
        let answer = anonymous.post(path, kind, body).await;
        assert_eq!(answer.status, 413, "{kind}");
    }
    intake.stop().await;
}

/// Sends what is given, keeps the connection open, and reads until the other side closes.
async fn held_open(intake: &Intake, begun: &str) -> String {
    let host = intake.public.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host)
        .await
        .expect("it listens");
    stream.write_all(begun.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(20), read).await;
    // A reset after the answer is an end too.
    let _ = ended.expect("what never ends does not hold a connection");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let intake = Intake::with("enabled = false\nrequest_timeout_s = 1").await;
    for (path, kind, begun) in [
        (
            format!("/api/v1/offices/{OFFICE}/tips"),
            JSON,
            "{\"category\":",
        ),
        (format!("/{OFFICE}/en/write"), FORM, "text=abc"),
        (
            format!("/{OFFICE}/en/write"),
            "multipart/form-data; boundary=edge",
            "--edge\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nabc",
        ),
    ] {
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {kind}\r\nContent-Length: 5000\r\n\r\n{begun}"
        );
        let answer = held_open(&intake, &request).await;
        assert!(
            answer.starts_with("HTTP/1.1 400"),
            "{path} {kind}: {answer}"
        );
    }
    let head = held_open(&intake, "GET /healthz HTTP/1.1\r\nHost: x\r\nX-").await;
    assert!(!head.starts_with("HTTP/1.1 200"), "{head}");
    let request = client().get(format!("{}/healthz", intake.public));
    assert_eq!(Answer::of(request).await.status, 200);
    assert!(intake.triage().list("held").await.is_empty());
    intake.stop().await;
}

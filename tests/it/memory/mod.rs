//! What intake's own memory holds a second after tips went through it in the clear: nothing of them, and no code.

mod scan;

use crate::attachments::{Chosen, FORM, form_body, photo};
use crate::crash::place::{Place, SLUG, Service};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::PickupCode;
use scan::{Needles, found_in};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

const TIPS: usize = 100;

/// One in so many brings a file.
const WITH_FILE: usize = 5;

/// One in so many is sent without a kind first, and comes back with its words.
const WRONG_FIRST: usize = 7;

/// Stands in everything that is sent, so that no piece of it is without.
const CANARY: &str = "金丝雀在矿井里唱歌";
const FILE_CANARY: &str = "canary-within-a-picture";
const NAME_CANARY: &str = "鹭岛转账截图";
const AUTHOR_CANARY: &str = "canary-of-the-camera";

fn needles() -> Needles {
    let mut needles = Needles::default();
    for words in [CANARY, FILE_CANARY, NAME_CANARY, AUTHOR_CANARY] {
        needles.words(words);
    }
    needles
}

/// A photo whose picture and whose metadata both sing.
fn telling_photo(at: usize) -> Chosen {
    let mut file = photo("", 30_000, &FILE_CANARY.repeat(20));
    let comment = AUTHOR_CANARY.repeat(10);
    let length = u16::try_from(comment.len() + 2).expect("short");
    let mut segment = vec![0xff, 0xfe];
    segment.extend(length.to_be_bytes());
    segment.extend(comment.bytes());
    file.bytes.splice(2..2, segment);
    let name: &'static str = Box::leak(format!("{NAME_CANARY}{at}.jpg").into_boxed_str());
    Chosen { name, ..file }
}

/// Connections that stay open, as a browser's do.
struct Line {
    stream: TcpStream,
    address: String,
}

impl Line {
    fn to(place: &Place) -> Self {
        let address = place.public_url.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&address).expect("intake runs");
        let limit = Some(Duration::from_secs(30));
        stream.set_read_timeout(limit).expect("a socket");
        Self { stream, address }
    }

    fn begin(&mut self, method: &str, path: &str, kind: &str, length: usize) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n",
            self.address
        );
        self.stream.write_all(head.as_bytes()).expect("sent");
    }

    fn send(&mut self, bytes: &[u8]) {
        self.stream.write_all(bytes).expect("sent");
    }

    /// The whole answer: as long as its head says.
    fn answer(&mut self) -> String {
        let (mut answer, mut piece) = (Vec::new(), [0; 16 * 1024]);
        loop {
            let read = self.stream.read(&mut piece).expect("an answer");
            answer.extend_from_slice(&piece[..read]);
            let text = String::from_utf8_lossy(&answer);
            if let Some((head, body)) = text.split_once("\r\n\r\n") {
                let length = head.lines().find_map(|line| {
                    let (name, value) = line.split_once(": ")?;
                    let named = name.eq_ignore_ascii_case("content-length");
                    named.then(|| value.parse::<usize>().expect("a number"))
                });
                if read == 0 || length.is_some_and(|length| body.len() >= length) {
                    return text.into_owned();
                }
            }
            assert_ne!(read, 0, "broken off: {text}");
        }
    }
}

fn urlencoded(fields: &[(&str, &str)]) -> String {
    let escape = |text: &str| -> String {
        let bytes = text.bytes().map(|byte| format!("%{byte:02X}"));
        bytes.collect()
    };
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn hidden_code(page: &str) -> PickupCode {
    let part = page.split("name=\"code\" value=\"").nth(1);
    let value = part.and_then(|part| part.split('"').next());
    PickupCode::parse(value.expect("a field")).expect("a good code")
}

/// Sends one tip as the form does without scripts; both connections stay open as long as intake lets them.
fn send_tip(place: &Place, at: usize) -> (PickupCode, Vec<Line>) {
    let path = format!("/{SLUG}/zh-Hans/write");
    let mut first = Line::to(place);
    first.begin("GET", &path, "text/plain", 0);
    let code = hidden_code(&first.answer());
    let text = format!("第{at}封。{}", CANARY.repeat(1 + 37 * (at % 20)));
    let fields = [
        ("code", code.digits()),
        ("category", "tutoring"),
        ("text", text.as_str()),
        ("school", CANARY),
        ("subject", CANARY),
        ("when", CANARY),
    ];
    let (kind, body) = if at.is_multiple_of(WITH_FILE) {
        (FORM, form_body(&fields, &[telling_photo(at)]))
    } else if at.is_multiple_of(2) {
        (FORM, form_body(&fields, &[]))
    } else {
        let kind = "application/x-www-form-urlencoded";
        (kind, urlencoded(&fields).into_bytes())
    };
    let mut lines = vec![first];
    if at.is_multiple_of(WRONG_FIRST) {
        let wrong = urlencoded(&[("code", code.digits()), ("text", text.as_str())]);
        let mut line = Line::to(place);
        line.begin(
            "POST",
            &path,
            "application/x-www-form-urlencoded",
            wrong.len(),
        );
        line.send(wrong.as_bytes());
        let answer = line.answer();
        assert!(answer.contains(CANARY), "the text comes back: {answer}");
        lines.push(line);
    }
    let mut second = Line::to(place);
    second.begin("POST", &path, kind, body.len());
    second.send(&body);
    let answer = second.answer();
    lines.push(second);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.contains(&code.groups()[0].to_owned()), "{answer}");
    (code, lines)
}

/// Comes back with a code, so that codes arrive from outside too.
fn come_back(place: &Place, code: &PickupCode) -> Line {
    let mut line = Line::to(place);
    let body = urlencoded(&[("pickup_code", &code.groups().join(" "))]);
    let path = format!("/{SLUG}/en/check");
    line.begin(
        "POST",
        &path,
        "application/x-www-form-urlencoded",
        body.len(),
    );
    line.send(body.as_bytes());
    let answer = line.answer();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    line
}

/// A form that has arrived but for its end; intake holds what came.
fn half_a_tip(place: &Place) -> Line {
    let mut line = Line::to(place);
    let text = "草稿里的金丝雀".repeat(40);
    let body = form_body(&[("category", "tutoring"), ("text", &text)], &[]);
    line.begin("POST", &format!("/{SLUG}/zh-Hans/write"), FORM, body.len());
    line.send(&body[..body.len() - 60]);
    line
}

fn sees_what_is_there(place: &Place, service: &Service) {
    let mut needles = Needles::default();
    needles.words("草稿里的金丝雀");
    assert!(found_in(service.id(), &needles).is_empty(), "not sent yet");
    let open = half_a_tip(place);
    std::thread::sleep(Duration::from_secs(1));
    let found = found_in(service.id(), &needles);
    assert!(!found.is_empty(), "the scan finds what a process holds");
    drop(open);
    std::thread::sleep(Duration::from_secs(1));
    let found = found_in(service.id(), &needles);
    assert!(
        found.is_empty(),
        "a form that is given up is forgotten: {found:#?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_of_a_hundred_tips_is_left_after_a_second() {
    let place = Place::make();
    let service = place.start_intake().await;
    let (mut needles, mut lines) = (needles(), Vec::new());
    for at in 0..TIPS {
        let (code, open) = send_tip(&place, at);
        lines.extend(open);
        if at.is_multiple_of(10) {
            lines.push(come_back(&place, &code));
        }
        needles.code(&code);
    }
    std::thread::sleep(Duration::from_secs(1));
    let found = found_in(service.id(), &needles);
    assert!(
        found.is_empty(),
        "{} left, among them: {:#?}",
        found.len(),
        &found[..found.len().min(20)]
    );
    drop(lines);
    sees_what_is_there(&place, &service);
    // Such a code was never sent, and the same scan finds one that was.
    let mut other = Needles::default();
    other.code(&PickupCode::generate(&SystemEntropy));
    assert!(found_in(service.id(), &other).is_empty());
    assert_eq!(place.held_tips().await.len(), TIPS);
}

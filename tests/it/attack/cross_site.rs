//! Other sites' pages: none of them makes its visitor's browser send, look up or delete anything, and none of them uses up
//! what honest senders may ask.

mod combinations;

use crate::intake::{Anonymous, Answer, Intake, OFFICE, Place, client, tip};
use crate::journey::browser::{Browser, Scripts};
use crate::journey::recorder::Recorder;
use crate::staff::{Actor, Office};
use combinations::{Address, addresses, combinations};
use mifeng_foundation::clock::Day;
use mifeng_operator::server_certificate;
use mifeng_triage::web::ROUTES;
use reqwest::Method;
use reqwest::header::HeaderMap;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// Somebody who sends whatever it takes.
struct Sender(reqwest::Client);

impl Sender {
    fn new() -> Self {
        Self(client())
    }

    async fn sends(&self, method: Method, url: String, headers: HeaderMap, kind: &str) -> Answer {
        let request = self.0.request(method, url).headers(headers);
        Answer::of(request.header("content-type", kind).body("x")).await
    }
}

const CROSS_SITE: u16 = 403;

const WRONG_TYPE: u16 = 415;

#[tokio::test]
async fn every_address_refuses_every_foreign_combination_and_no_other() {
    let intake = Intake::unlimited().await;
    let sender = Sender::new();
    for Address { path, kind } in addresses() {
        for (headers, passes) in combinations(&intake.public, true) {
            let url = format!("{}{path}", intake.public);
            let answer = sender.sends(Method::POST, url, headers.clone(), kind).await;
            let refused = answer.status == CROSS_SITE;
            assert_eq!(refused, !passes, "{path} {headers:?}: {}", answer.status);
            assert_ne!(answer.status, WRONG_TYPE, "{path} {headers:?}");
        }
    }
    intake.stop().await;
}

#[tokio::test]
async fn methods_that_no_page_of_ours_uses_are_refused_alike_and_reading_never_is() {
    let intake = Intake::unlimited().await;
    let sender = Sender::new();
    let foreign = combinations(&intake.public, true);
    for method in ["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        for (headers, passes) in &foreign {
            let url = format!("{}/{OFFICE}/en/write", intake.public);
            let form = "application/x-www-form-urlencoded";
            let answer = sender
                .sends(method.clone(), url, headers.clone(), form)
                .await;
            assert_eq!(answer.status == CROSS_SITE, !passes, "{method} {headers:?}");
        }
    }
    for (headers, _) in foreign {
        for path in [format!("/{OFFICE}/en/write"), format!("/{OFFICE}/")] {
            let request = sender.0.get(format!("{}{path}", intake.public));
            let answer = Answer::of(request.headers(headers.clone())).await;
            assert!(matches!(answer.status, 200 | 303), "a link leads here");
        }
    }
    intake.stop().await;
}

#[tokio::test]
async fn a_body_that_does_not_call_itself_what_is_taken_is_not_read() {
    let intake = Intake::unlimited().await;
    let sender = Sender::new();
    let kinds = [
        "application/json",
        "application/json; charset=utf-8",
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=edge",
        "text/plain",
        "text/plain;application/json",
        "text/json",
        "application/jsonp",
        "",
    ];
    for Address { path, kind } in addresses() {
        for called in kinds {
            let name = called.split(';').next().unwrap_or_default();
            let is_form = kind == "application/x-www-form-urlencoded";
            let fits = name == kind || (is_form && name == "multipart/form-data");
            let url = format!("{}{path}", intake.public);
            let answer = sender
                .sends(Method::POST, url.clone(), HeaderMap::new(), called)
                .await;
            assert_eq!(answer.status == WRONG_TYPE, !fits, "{path} {called}");
        }
        let none = sender.0.post(format!("{}{path}", intake.public)).body("x");
        let is_refused = Answer::of(none).await.status == WRONG_TYPE;
        let is_file = kind == "application/octet-stream";
        assert_eq!(is_refused, !is_file, "{path} untold");
    }
    // The very tip that would be taken, sent as the one kind of body that any page may send anywhere.
    let anonymous = intake.anonymous();
    let path = format!("/api/v1/offices/{OFFICE}/tips");
    let body = tip("other", "x").to_string();
    for (kind, status) in [("text/plain", WRONG_TYPE), ("application/json", 201)] {
        let answer = anonymous.post(&path, kind, body.clone()).await;
        assert_eq!(answer.status, status, "{kind}");
    }
    intake.stop().await;
}

/// Sends as a page of somebody else's would.
async fn lured(
    from: &Anonymous,
    path: &str,
    headers: &[(&str, &str)],
    fields: &[(&str, &str)],
) -> u16 {
    let mut request = from.http.post(format!("{}{path}", from.url)).form(fields);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    Answer::of(request).await.status
}

#[tokio::test]
async fn what_lured_browsers_send_changes_nothing_and_costs_nobody_anything() {
    // So few at once that any that counted would be felt.
    let limits = "requests_per_minute = 1\nburst = 6\nguesses_per_minute = 1\n\
                  guesses_together_per_minute = 1\nvisits_per_minute = 3\nslow_down_max_ms = 0";
    let intake = Intake::with(limits).await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("补课").await;
    let sandboxed: &[(&str, &str)] = &[("sec-fetch-site", "cross-site"), ("origin", "null")];
    let old: &[(&str, &str)] = &[("origin", "https://evil.example")];
    for headers in [sandboxed, old] {
        for _ in 0..50 {
            let fields = [("category", "other"), ("text", "planted")];
            let path = format!("/{OFFICE}/en/write");
            assert_eq!(lured(&anonymous, &path, headers, &fields).await, CROSS_SITE);
            for place in ["check", "check/reply", "check/forget"] {
                let known = [
                    ("pickup_code", reporter.code.as_str()),
                    ("sure", "yes"),
                    ("text", "planted"),
                ];
                let path = format!("/{OFFICE}/en/{place}");
                assert_eq!(lured(&anonymous, &path, headers, &known).await, CROSS_SITE);
                let guess = [("pickup_code", "1234 5678"), ("sure", "yes")];
                assert_eq!(lured(&anonymous, &path, headers, &guess).await, CROSS_SITE);
            }
        }
    }
    // The mailbox is there, its budget is whole, and so are those for sending and for slips.
    for _ in 0..3 {
        assert_eq!(reporter.looks().await.status, 200);
    }
    for _ in 0..5 {
        let taken = anonymous.api("tips", &tip("other", "honest")).await;
        assert_eq!(taken.status, 201);
    }
    assert_eq!(intake.triage().list("held").await.len(), 6);
    intake.stop().await;
}

#[tokio::test]
async fn under_the_names_that_the_settings_know_the_same_holds() {
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.public_url = Some(
        "https://tips.example"
            .to_owned()
            .try_into()
            .expect("an address"),
    );
    let intake = Intake::on(place, config).await;
    // A proxy that does not hand on the name under which it was asked.
    for (origin, status) in [
        ("https://tips.example", 400),
        ("https://tips.example:443", 400),
        ("http://tips.example", CROSS_SITE),
        ("https://tips.example:8443", CROSS_SITE),
    ] {
        let headers = [("origin", origin)];
        let request = client().post(format!("{}/api/v1/offices/{OFFICE}/tips", intake.public));
        let request = headers
            .iter()
            .fold(request, |it, (name, value)| it.header(*name, *value));
        let request = request.header("content-type", "application/json").body("x");
        assert_eq!(Answer::of(request).await.status, status, "{origin}");
    }
    intake.stop().await;
}

#[tokio::test]
async fn over_tls_browsers_are_told_to_stay_there_and_plain_pages_are_foreign() {
    let place = Place::new();
    let (from, until): (Day, Day) = crate::intake::term();
    let server = server_certificate(&["127.0.0.1".to_owned()], from, until).expect("a pair");
    let mut config = place.config("enabled = false");
    config.public.certificate_file = Some(place.write("public.pem", &server.certificate_pem));
    config.public.key_file = Some(place.write("public.key", &server.key_pem));
    let intake = Intake::on(place, config).await;
    let url = intake.public.replace("http://", "https://");
    let root = reqwest::Certificate::from_pem(server.certificate_pem.as_bytes()).expect("PEM");
    let http = reqwest::Client::builder().tls_certs_only([root]);
    let http = http.build().expect("a client");
    for path in [
        "/healthz",
        "/qingxi/en/write",
        "/nowhere",
        "/assets/public.css",
    ] {
        let answer = Answer::of(http.get(format!("{url}{path}"))).await;
        let told = answer.header("strict-transport-security");
        assert_eq!(told, "max-age=31536000", "{path}");
    }
    for (origin, status) in [
        (url.clone(), 400),
        (intake.public.clone(), CROSS_SITE),
        ("null".to_owned(), 400),
    ] {
        let request = http.post(format!("{url}/api/v1/offices/{OFFICE}/tips"));
        let request = request.header("content-type", "application/json").body("x");
        let answer = Answer::of(request.header("origin", &origin)).await;
        assert_eq!(answer.status, status, "{origin}");
    }
    intake.stop().await;
    let plain = Intake::unlimited().await;
    let answer = plain.anonymous().get("/healthz").await;
    assert_eq!(answer.header("strict-transport-security"), "");
    plain.stop().await;
}

#[tokio::test]
async fn the_staffs_pages_refuse_every_foreign_combination_and_silence() {
    let office = Office::start().await;
    let signed_in = office.actor(Actor::Administrator).await;
    let url = signed_in.url.clone();
    let sender = Sender::new();
    let posts: Vec<&str> = ROUTES
        .iter()
        .filter(|(method, _)| *method == "post")
        .map(|(_, path)| *path)
        .collect();
    assert!(posts.len() > 15, "the program lists them");
    for path in posts {
        let path = path.replace("{lang}", "en").replace(['{', '}'], "x");
        for (headers, passes) in combinations(&url, false) {
            let form = "application/x-www-form-urlencoded";
            let answer = sender
                .sends(Method::POST, format!("{url}{path}"), headers.clone(), form)
                .await;
            let refused =
                answer.status == CROSS_SITE && answer.text.contains("came from elsewhere");
            assert_eq!(
                refused, !passes,
                "{path} {headers:?}: {} {}",
                answer.status, answer.text
            );
        }
    }
    // What was refused signed nobody out.
    assert_eq!(signed_in.get("/en/accounts").await.status, 200);
    office.stop().await;
}

#[tokio::test]
async fn signing_out_clears_what_the_browser_kept_of_the_pages() {
    let office = Office::start().await;
    let signed_in = office.actor(Actor::Administrator).await;
    let left = signed_in.fetch_posted("/en/logout", &[]).await;
    let header = |name: &str| left.headers().get(name).and_then(|it| it.to_str().ok());
    assert_eq!(header("clear-site-data"), Some("\"cache\", \"storage\""));
    let cookie = header("set-cookie").unwrap_or_default().to_owned();
    assert!(
        cookie.starts_with("desk=;") && cookie.contains("Max-Age=0"),
        "{cookie}"
    );
    assert_eq!(header("location"), Some("/en/login"));
    assert_eq!(signed_in.get("/en/accounts").await.location, "/en/login");
    // The same browser signs in again as before.
    let again = office.actor(Actor::Administrator).await;
    assert_eq!(again.get("/en/accounts").await.status, 200);
    office.stop().await;
}

/// A page of somebody else's, served on loopback under any name.
async fn hostile_page(html: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let port = listener.local_addr().expect("bound").port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\r\n";
            let _ = stream.write_all(format!("{head}{html}").as_bytes()).await;
        }
    });
    port
}

/// Forms that send themselves to every address of the pages, each from within a sandbox.
fn sandboxed_forms(origin: &str, code: &str) -> String {
    let forms = ["write", "check", "check/reply", "check/forget"].map(|place| {
        format!(
            "<iframe sandbox='allow-forms allow-scripts' srcdoc=\"<form method=post enctype=multipart/form-data \
             action='{origin}/{OFFICE}/en/{place}'><input name=pickup_code value='{code}'><input name=sure value=yes>\
             <input name=category value=other><input name=text value=planted></form>\
             <script>document.forms[0].submit()</script>\"></iframe>"
        )
    });
    forms.concat()
}

#[tokio::test]
async fn a_real_browser_that_was_lured_sends_in_vain_and_one_without_scripts_is_served() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("补课").await;
    let line = Recorder::before(&intake.public).await;
    let ours = format!("http://127.0.0.1:{}", line.port());
    let port = hostile_page(sandboxed_forms(&ours, &reporter.code)).await;
    let browser = Browser::open(Scripts::On, 500, "zh-CN").await;
    browser.go(&format!("http://127.0.0.1:{port}/")).await;
    for _ in 0..100 {
        if line.requests("POST /qingxi/en/") >= 4 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let sent = String::from_utf8_lossy(&line.sent()).into_owned();
    assert_eq!(line.requests("POST /qingxi/en/"), 4, "{sent}");
    assert!(sent.contains("Sec-Fetch-Site: cross-site") && sent.contains("Origin: null"));
    // A form that is pressed, from a page under another name and from one at another port.
    for host in ["localhost", "127.0.0.1"] {
        let form = format!(
            "<form method=post action='{ours}/{OFFICE}/en/write'><input name=category value=other>\
             <input name=text value=planted><button id=go>go</button></form>"
        );
        let port = hostile_page(form).await;
        browser.go(&format!("http://{host}:{port}/")).await;
        browser.click("#go").await;
        let page = browser.reads_until("main").await;
        assert!(page.contains("not sent from our own page"), "{page}");
    }
    browser.close().await;
    assert_eq!(reporter.looks().await.status, 200, "the mailbox is there");
    assert_eq!(
        intake.triage().list("held").await.len(),
        1,
        "nothing was planted"
    );

    let browser = Browser::open(Scripts::Off, 500, "zh-CN").await;
    browser.go(&format!("{ours}/{OFFICE}/zh-Hans/write")).await;
    browser.click("input[name=category][value=tutoring]").await;
    browser.type_into("textarea[name=text]", "补课收费").await;
    browser.click("main form button[type=submit]").await;
    browser.reads_until("ol.code").await;
    browser.close().await;
    assert_eq!(intake.triage().list("held").await.len(), 2);
    intake.stop().await;
}

//! People at work through HTTP: each opens a page, reads, and goes on.

use super::place::PASSWORD;
use crate::measure::Run;
use actix_web::web::Data;
use actix_web::{App, HttpServer, dev::ServerHandle};
use mifeng_foundation::clock::{Clock as _, SystemClock};
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_foundation::supervisor::Supervisor;
use mifeng_triage::engine::Stores;
use mifeng_triage::feed::WrongTokens;
use mifeng_triage::office::Office;
use mifeng_triage::web::{StaffWords, WebState, configure, sign_in};
use reqwest::{Client, redirect};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Fields of a form.
pub type Form<'a> = &'a [(&'a str, &'a str)];

/// The staff's pages of an office.
pub struct Pages {
    pub url: String,
    handle: ServerHandle,
}

impl Pages {
    pub fn open(office: &Arc<Office>, stores: &Stores) -> Self {
        let clock = Arc::new(SystemClock::new());
        let staff = Arc::clone(&stores.staff);
        let entropy = Arc::new(SystemEntropy);
        let sign_in = sign_in(
            staff,
            clock.clone(),
            entropy.clone(),
            office.audit_log(),
            BTreeSet::new(),
        );
        let state = Data::new(WebState {
            office: Arc::clone(office),
            sign_in: Arc::new(sign_in.expect("hashing works")),
            entropy,
            office_names: ("青溪县".to_owned(), "Qingxi".to_owned()),
            manifest_until: "2099-12-31".parse().expect("a day"),
            routing_rules: String::new(),
            secure: false,
            renderer: None,
            words: StaffWords::new(),
            unlocking: None,
            wrong_feeds: Arc::new(WrongTokens::new(clock.clone())),
            supervisor: Supervisor::new(clock, tokio::sync::watch::channel(false).1),
        });
        let server = HttpServer::new(move || App::new().configure(configure(state.clone())))
            .disable_signals()
            .bind(("127.0.0.1", 0))
            .expect("a port");
        let url = format!("http://{}", server.addrs()[0]);
        let server = server.run();
        let handle = server.handle();
        tokio::spawn(server);
        Self { url, handle }
    }

    pub async fn close(self) {
        self.handle.stop(false).await;
    }
}

/// Somebody who has signed in.
pub struct Person {
    client: Client,
    url: String,
}

impl Person {
    pub async fn signs_in(pages: &Pages, login: &str) -> Self {
        let client = Client::builder()
            .no_proxy()
            .cookie_store(true)
            .redirect(redirect::Policy::none());
        let person = Self {
            client: client.build().expect("a client"),
            url: pages.url.clone(),
        };
        let form = [("login", login), ("password", PASSWORD)];
        let answer = person.posts("/zh-Hans/login", &form).await;
        assert!(answer.is_empty(), "{login} is let in");
        person
    }

    pub async fn gets(&self, path: &str) -> String {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await;
        let answer = answer.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        answer.text().await.expect("text")
    }

    pub async fn posts(&self, path: &str, form: &[(&str, &str)]) -> String {
        let request = self.client.post(format!("{}{path}", self.url));
        let answer = request.header("Origin", &self.url).form(form).send().await;
        let answer = answer.expect("an answer");
        assert!(
            answer.status().as_u16() < 400,
            "{path}: {}",
            answer.status()
        );
        answer.text().await.expect("text")
    }

    /// How long a page takes, read to its end.
    pub async fn timed(&self, path: &str, form: Option<&[(&str, &str)]>) -> Duration {
        let clock = SystemClock::new();
        let text = match form {
            Some(form) => self.posts(path, form).await,
            None => self.gets(path).await,
        };
        drop(text);
        clock.elapsed()
    }
}

/// Times by kind of page.
#[derive(Default)]
pub struct Times(pub BTreeMap<&'static str, Vec<Duration>>);

impl Times {
    pub fn add(&mut self, other: Self) {
        for (kind, times) in other.0 {
            self.0.entry(kind).or_default().extend(times);
        }
    }

    pub fn runs(self, wall: Duration) -> impl Iterator<Item = (&'static str, Run)> {
        let runs = self.0.into_iter();
        runs.map(move |(kind, times)| (kind, Run { wall, times }))
    }
}

/// What one person does until `until`, with a pause of `pause` between two pages.
pub async fn works(person: Person, number: usize, pause: Duration, until: Duration) -> Times {
    let clock = SystemClock::new();
    let mut times = Times::default();
    // Nobody begins in the same moment.
    tokio::time::sleep(pause * u32::try_from(number).expect("few") / 30).await;
    let list = person.gets("/zh-Hans/ledger?state=open").await;
    let cases: Vec<String> = list
        .split("/zh-Hans/case/")
        .skip(1)
        .filter_map(|part| Some(part.split('"').next()?.to_owned()))
        .collect();
    let case = &cases[number % cases.len()];
    let case_path = format!("/zh-Hans/case/{case}");
    let note_path = format!("{case_path}/note");
    let note = [("text", "到校核实")];
    let words = [("q", "补课 收费")];
    let steps: [(&'static str, &str, Option<Form<'_>>); 8] = [
        ("queue", "/zh-Hans/queue", None),
        ("case", &case_path, None),
        ("ledger", "/zh-Hans/ledger", None),
        ("queue, all open", "/zh-Hans/queue?view=open", None),
        (
            "ledger, filtered",
            "/zh-Hans/ledger?time=late&sort=received&order=last-first",
            None,
        ),
        ("search", "/zh-Hans/search", Some(&words)),
        ("note written", &note_path, Some(&note)),
        ("ledger, page 3", "/zh-Hans/ledger?sort=number&page=3", None),
    ];
    for (kind, path, form) in steps.into_iter().cycle().skip(number % steps.len()) {
        if clock.elapsed() >= until {
            return times;
        }
        let time = person.timed(path, form).await;
        times.0.entry(kind).or_default().push(time);
        tokio::time::sleep(pause).await;
    }
    times
}

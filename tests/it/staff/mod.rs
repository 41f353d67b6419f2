//! The staff's pages from outside: both services in this process, people at browsers that keep cookies.

mod accounts;
mod at_once;
mod board;
mod cases;
mod changing_at_once;
mod choosing;
mod feed;
mod joining;
mod keys;
mod ledger;
mod lists;
mod own;
mod passing;
mod passing_files;
mod roles;
mod rotated;
mod ruling;
mod sealed;
mod search;
mod second_factor;
mod sign_in;
mod starting;
mod together;
mod trail;

use crate::support::headers::once_each;
use crate::support::postgres::fresh_database;
use mifeng::clock::{Clock as _, ManualClock, SystemClock};
use mifeng::entropy::{SystemEntropy, random_id};
use mifeng::intake::service::{Intake, start as start_intake};
use mifeng::operator::{KeyFiles, OfficeDetails, check_manifest, init_keys, sign_manifest_file};
use mifeng::sealing::{Contact, ParentOffice};
use mifeng::triage::run::{Stores, open_stores};
use mifeng::triage::service::{Triage, start as start_triage};
use mifeng::triage::staff::{Member, MemberId, Passwords, Role};
use reqwest::{Client, StatusCode, redirect};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Password of every account that the harness makes.
pub const PASSWORD: &str = "twelve green bottles";

/// Login, role, unit, recused school.
const STAFF: [(&str, Role, Option<&str>, Option<&str>); 7] = [
    ("dispatcher", Role::Dispatcher, None, None),
    ("investigator", Role::Investigator, Some("dudao"), None),
    ("other", Role::Investigator, Some("jijiao"), None),
    ("supervisor", Role::Supervisor, None, None),
    ("principal", Role::Supervisor, None, Some("qx-1z")),
    ("administrator", Role::Administrator, None, None),
    ("auditor", Role::Auditor, None, None),
];

/// Who asks: someone with an account, by role, or a stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Dispatcher,
    /// Whose the case is.
    Handler,
    /// To whom the case is a stranger's.
    Investigator,
    /// A supervisor who has to do with the school.
    Recused,
    Supervisor,
    Administrator,
    Auditor,
    Stranger,
}

impl Actor {
    pub const ALL: [Self; 8] = [
        Self::Dispatcher,
        Self::Handler,
        Self::Investigator,
        Self::Recused,
        Self::Supervisor,
        Self::Administrator,
        Self::Auditor,
        Self::Stranger,
    ];

    fn login(self) -> Option<&'static str> {
        match self {
            Self::Dispatcher => Some("dispatcher"),
            Self::Handler => Some("other"),
            Self::Investigator => Some("investigator"),
            Self::Recused => Some("principal"),
            Self::Supervisor => Some("supervisor"),
            Self::Administrator => Some("administrator"),
            Self::Auditor => Some("auditor"),
            Self::Stranger => None,
        }
    }
}

/// An answer, read to its end.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

/// An answer, with no header twice: whatever page a test asks for.
async fn answered(request: reqwest::RequestBuilder) -> reqwest::Response {
    let answer = request.send().await.expect("an answer");
    once_each(answer.headers(), answer.url().path());
    answer
}

/// A browser at one address.
pub struct Browser {
    client: Client,
    pub url: String,
}

impl Browser {
    pub fn new(url: &str) -> Self {
        let client = Client::builder()
            .no_proxy()
            .cookie_store(true)
            .redirect(redirect::Policy::none());
        Self {
            client: client.build().expect("a client"),
            url: url.to_owned(),
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let answer = answered(request).await;
        let location = answer.headers().get("location");
        let location = location.and_then(|value| value.to_str().ok());
        Page {
            status: answer.status(),
            location: location.unwrap_or_default().to_owned(),
            text: answer.text().await.expect("text"),
        }
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.client.get(format!("{}{path}", self.url)))
            .await
    }

    /// An answer, if anybody listens.
    pub async fn try_get(&self, path: &str) -> Option<Page> {
        let request = self.client.get(format!("{}{path}", self.url));
        let answer = request.send().await.ok()?;
        Some(Page {
            status: answer.status(),
            location: String::new(),
            text: answer.text().await.ok()?,
        })
    }

    /// An answer as it came.
    pub async fn fetch(&self, path: &str) -> reqwest::Response {
        answered(self.client.get(format!("{}{path}", self.url))).await
    }

    /// An answer to a form, as it came.
    pub async fn fetch_posted(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
        let request = self.client.post(format!("{}{path}", self.url)).form(form);
        answered(request.header("Origin", &self.url)).await
    }

    /// Posts a body of another type.
    pub async fn post_as(&self, path: &str, kind: &str, body: Vec<u8>) -> Page {
        let request = self.client.post(format!("{}{path}", self.url)).body(body);
        self.send(request.header("Content-Type", kind)).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.post_from(path, form, &self.url).await
    }

    /// Posts as a page of `origin` would.
    pub async fn post_from(&self, path: &str, form: &[(&str, &str)], origin: &str) -> Page {
        let request = self.client.post(format!("{}{path}", self.url)).form(form);
        self.send(request.header("Origin", origin)).await
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Page {
        self.post("/en/login", &[("login", login), ("password", password)])
            .await
    }

    pub async fn json(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.url));
        let request = request
            .header("Content-Type", "application/json")
            .body(body.to_string());
        serde_json::from_str(&self.send(request).await.text).expect("JSON")
    }
}

/// A whole office: intake, triage, accounts.
pub struct Office {
    intake: Intake,
    triage: Triage,
    /// Triage's clock; stands still until it is moved.
    pub clock: Arc<ManualClock>,
    folder: tempfile::TempDir,
    /// Triage's settings.
    settings: String,
    /// The triage of the office above, where there is one.
    above: Option<Triage>,
}

/// What an office's settings have beside the usual.
#[derive(Default)]
pub struct Setup {
    pub intake_url: Option<String>,
    pub triage_url: Option<String>,
    /// Tables of intake's settings.
    pub intake: String,
    /// Tables of triage's settings.
    pub triage: String,
    /// Whether there is an office above, which pulls from the same intake.
    pub above: bool,
}

impl Setup {
    /// Over PostgreSQL, with the files of intake and of triage in folders of `files`.
    pub async fn over_postgresql(files: &Path) -> Self {
        let place =
            |name: &str| format!("[attachments]\nurl = 'folder:{}/{name}'\n", files.display());
        Self {
            intake_url: Some(fresh_database().await),
            triage_url: Some(fresh_database().await),
            intake: place("intake"),
            triage: place("triage"),
            ..Self::default()
        }
    }
}

impl Office {
    /// An office over SQLite.
    pub async fn start() -> Self {
        Self::start_over(None).await
    }

    /// An office whose triage keeps its cases and accounts at `url`.
    pub async fn start_over(url: Option<String>) -> Self {
        Self::start_as(Setup {
            triage_url: url,
            ..Setup::default()
        })
        .await
    }

    /// An office with settings of its own.
    pub async fn start_as(setup: Setup) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path();
        let now = SystemClock::new().now();
        let clock = Arc::new(ManualClock::at(now));
        let higher = dir.join("above");
        let above_keys = setup.above.then(|| sealed_above(&higher, &clock));
        let parent = above_keys
            .as_ref()
            .map(|keys| parent_of(&higher, keys, &clock));
        let keys = sealed_office(dir, "qingxi", parent, &clock);
        let intake_url = setup.intake_url;
        let intake_url =
            intake_url.unwrap_or_else(|| format!("sqlite:{}/intake.sqlite", dir.display()));
        let above_toml = above_keys.as_ref().map(|keys| office_toml(&higher, keys));
        let intake =
            intake_toml(dir, &keys, &intake_url) + &above_toml.unwrap_or_default() + &setup.intake;
        let intake = toml::from_str(&intake).expect("settings");
        let intake = start_intake(
            intake,
            Arc::new(SystemClock::new()),
            Arc::new(SystemEntropy),
        );
        let intake = intake.await.expect("intake starts");
        let relay = intake.relay_address.expect("an address").to_string();
        let url = setup.triage_url;
        let url = url.unwrap_or_else(|| format!("sqlite:{}/triage.sqlite", dir.display()));
        add_accounts(&url).await;
        let settings = triage_toml(dir, &keys, &url, &relay) + &setup.triage;
        let triage = toml::from_str(&settings).expect("settings");
        let triage = Box::pin(start_triage(triage, clock.clone(), Arc::new(SystemEntropy)));
        let above = match &above_keys {
            Some(keys) => Some(Box::pin(start_above(&higher, keys, &relay, &clock)).await),
            None => None,
        };
        Self {
            intake,
            triage: triage.await.expect("triage starts"),
            clock,
            folder,
            settings,
            above,
        }
    }

    /// A browser at the office above in which `login` has signed in.
    pub async fn signed_in_above(&self, login: &str) -> Browser {
        let above = self.above.as_ref().expect("an office above");
        let browser = Browser::new(&format!("http://{}", above.address.expect("an address")));
        let page = browser.sign_in(login, PASSWORD).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{login}: {}", page.text);
        browser
    }

    /// Where triage keeps its cases and accounts.
    pub fn store_url(&self) -> String {
        let settings: toml::Table = toml::from_str(&self.settings).expect("settings");
        settings["store_url"].as_str().expect("a URL").to_owned()
    }

    /// Its stores, as a thief of the disk would open them.
    pub async fn stores(&self) -> Stores {
        open_stores(&self.store_url().parse().expect("a URL"))
            .await
            .expect("the store")
    }

    /// The id of a member in hex.
    pub async fn id_of(&self, login: &str) -> MemberId {
        let member = self.stores().await.staff.member_by_login(login).await;
        member.expect("read").expect("a member").id
    }

    /// Stops triage, does `meanwhile` to its stores, and starts it again.
    pub async fn restarted(self, meanwhile: impl AsyncFnOnce(&Stores)) -> Self {
        let stores = self.stores().await;
        self.triage.stop().await;
        meanwhile(&stores).await;
        let settings = toml::from_str(&self.settings).expect("settings");
        let triage = start_triage(settings, self.clock.clone(), Arc::new(SystemEntropy));
        Self {
            triage: triage.await.expect("triage starts"),
            ..self
        }
    }

    /// The same with other settings.
    pub async fn restarted_as(mut self, change: impl FnOnce(&mut toml::Table)) -> Self {
        let mut settings: toml::Table = toml::from_str(&self.settings).expect("settings");
        change(&mut settings);
        self.settings = settings.to_string();
        self.restarted(async |_: &Stores| {}).await
    }

    /// The same, with `meanwhile` done while triage is away.
    pub async fn restarted_between(
        mut self,
        meanwhile: impl AsyncFnOnce(),
        change: impl FnOnce(&mut toml::Table),
    ) -> Self {
        let mut settings: toml::Table = toml::from_str(&self.settings).expect("settings");
        change(&mut settings);
        self.triage.stop().await;
        meanwhile().await;
        self.settings = settings.to_string();
        let settings = toml::from_str(&self.settings).expect("settings");
        let triage = start_triage(settings, self.clock.clone(), Arc::new(SystemEntropy));
        Self {
            triage: triage.await.expect("triage starts"),
            ..self
        }
    }

    /// The day it is there.
    pub fn today(&self) -> mifeng::clock::Day {
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").expect("a zone");
        self.clock.today(&zone)
    }

    /// Gives the case to `login`, so that it is nobody else's.
    pub async fn give(&self, number: &str, login: &str) {
        let dispatcher = self.signed_in("dispatcher").await;
        let page = dispatcher.get(&format!("/en/case/{number}")).await.text;
        let id = hex::encode(self.id_of(login).await.0);
        let version = value(&page, "version");
        let form = [
            ("version", version.as_str()),
            ("handler", id.as_str()),
            ("reason", "wants another pair of eyes"),
        ];
        let path = format!("/en/case/{number}/assign");
        let done = dispatcher.post(&path, &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }

    /// Triage's settings.
    pub fn settings(&self) -> &str {
        &self.settings
    }

    /// Where everything of the office lies.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where reporters come in.
    pub fn intake_url(&self) -> String {
        let address = self.intake.public_address.expect("an address");
        format!("http://{address}")
    }

    pub fn browser(&self) -> Browser {
        Browser::new(&format!(
            "http://{}",
            self.triage.address.expect("an address")
        ))
    }

    /// A browser in which `login` has signed in.
    pub async fn signed_in(&self, login: &str) -> Browser {
        let browser = self.browser();
        let page = browser.sign_in(login, PASSWORD).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{login}: {}", page.text);
        browser
    }

    pub async fn actor(&self, actor: Actor) -> Browser {
        match actor.login() {
            Some(login) => self.signed_in(login).await,
            None => self.browser(),
        }
    }

    pub fn reporter(&self) -> Reporter {
        let address = self.intake.public_address.expect("an address");
        Reporter {
            browser: Browser::new(&format!("http://{address}")),
            code: String::new(),
        }
    }

    /// Sends a tip about `school` and waits until it is a case; its number and reporter.
    pub async fn case_about(&self, school: &str, text: &str) -> (String, Reporter) {
        let mut reporter = self.reporter();
        reporter.submits(school, text).await;
        let dispatcher = self.signed_in("dispatcher").await;
        for _ in 0..100 {
            let queue = dispatcher.get("/en/queue?view=open").await.text;
            for number in numbers(&queue) {
                let case = dispatcher.get(&format!("/en/case/{number}")).await;
                if case.text.contains(text) {
                    return (number, reporter);
                }
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("the tip never came");
    }

    pub async fn stop(self) {
        if let Some(above) = self.above {
            above.stop().await;
        }
        self.triage.stop().await;
        self.intake.stop().await;
    }
}

/// Someone with a pickup code.
pub struct Reporter {
    browser: Browser,
    code: String,
}

impl Reporter {
    pub async fn submits(&mut self, school: &str, text: &str) {
        self.accuses("", school, text).await;
    }

    pub async fn accuses(&mut self, subject: &str, school: &str, text: &str) {
        let tip = json!({"category": "tutoring", "school": school, "subject": subject, "when": "",
                         "text": text, "language": "zh-Hans"});
        let answer = self.browser.json("/api/v1/offices/qingxi/tips", &tip).await;
        let code = answer["pickup_code"].as_str();
        code.unwrap_or_else(|| panic!("no code: {answer}"))
            .clone_into(&mut self.code);
    }

    /// Adds something under the code.
    pub async fn adds(&self, text: &str) {
        let said = json!({"kind": "addition", "text": text});
        let body = json!({"pickup_code": self.code, "said": said});
        let path = "/api/v1/offices/qingxi/pickups/replies";
        let answer = self.browser.json(path, &body).await;
        assert!(!answer.to_string().contains("problem"), "{answer}");
    }

    /// Asks with the code until the answer holds `words`.
    pub async fn reads(&self, words: &str) -> Value {
        let body = json!({"pickup_code": self.code});
        let mut answer = Value::Null;
        for _ in 0..100 {
            answer = self
                .browser
                .json("/api/v1/offices/qingxi/pickups", &body)
                .await;
            if answer.to_string().contains(words) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("never said {words}: {answer}");
    }
}

/// The numbers of the cases that a page links to.
pub fn numbers(page: &str) -> Vec<String> {
    let mut numbers: Vec<_> = page
        .split("/en/case/")
        .skip(1)
        .filter_map(|part| part.split('"').next())
        .map(str::to_owned)
        .collect();
    numbers.dedup();
    numbers
}

/// The value of a hidden or shown field.
pub fn value(page: &str, name: &str) -> String {
    let part = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let value = part.and_then(|part| part.split('"').next());
    value
        .unwrap_or_else(|| panic!("no field {name}"))
        .to_owned()
}

/// The office above, in a folder of its own.
fn sealed_above(dir: &Path, clock: &ManualClock) -> KeyFiles {
    std::fs::create_dir_all(dir).expect("our own folder");
    sealed_office(dir, "heyuan", None, clock)
}

fn parent_of(dir: &Path, keys: &KeyFiles, clock: &ManualClock) -> ParentOffice {
    let manifest = dir.join("manifest");
    let manifest = check_manifest(&manifest, &public_key(keys), clock).expect("a manifest");
    ParentOffice {
        slug: manifest.slug().to_owned(),
        name_zh: "河源市教育局".to_owned(),
        name_en: "Heyuan Education Bureau".to_owned(),
        recipients: manifest.body().recipients.clone(),
    }
}

async fn start_above(dir: &Path, keys: &KeyFiles, relay: &str, clock: &Arc<ManualClock>) -> Triage {
    let url = format!("sqlite:{}/triage.sqlite", dir.display());
    add_accounts(&url).await;
    let settings = toml::from_str(&triage_toml(dir, keys, &url, relay)).expect("settings");
    let triage = start_triage(settings, clock.clone(), Arc::new(SystemEntropy));
    triage.await.expect("triage starts")
}

fn sealed_office(
    dir: &Path,
    slug: &str,
    parent: Option<ParentOffice>,
    clock: &ManualClock,
) -> KeyFiles {
    let today = clock.today(&jiff::tz::TimeZone::UTC);
    let details = OfficeDetails {
        slug: slug.to_owned(),
        name_zh: "青溪县教育和科学技术局".to_owned(),
        name_en: "Qingxi Bureau".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        today,
        not_after: today.plus_days(365),
        parent,
        contact: Contact {
            quick_exit_url: "https://weather.example/".to_owned(),
            ..Contact::default()
        },
        relay_hosts: vec!["127.0.0.1".to_owned()],
    };
    let keys = init_keys(&dir.join("keys"), &details, PASSWORD.into(), &SystemEntropy);
    let keys = keys.expect("keys");
    sign_manifest_file(
        &keys.manifest_body,
        &keys.manifest_signing_key,
        &dir.join("manifest"),
        clock,
    )
    .expect("a manifest");
    std::fs::write(dir.join("passphrase"), PASSWORD).expect("our own folder");
    let rules = include_str!("../../../deploy/routing.toml");
    std::fs::write(dir.join("routing.toml"), rules).expect("our own folder");
    keys
}

fn public_key(keys: &KeyFiles) -> String {
    let text = std::fs::read_to_string(&keys.manifest_public_key).expect("a key");
    text.trim().to_owned()
}

fn intake_toml(dir: &Path, keys: &KeyFiles, url: &str) -> String {
    format!(
        "store_url = '{url}'\n\
         [public]\naddress = '127.0.0.1:0'\n[relay]\naddress = '127.0.0.1:0'\n\
         [limits]\nenabled = false\n{}",
        office_toml(dir, keys),
    )
}

fn office_toml(dir: &Path, keys: &KeyFiles) -> String {
    format!(
        "[[office]]\nmanifest_file = '{dir}/manifest'\nmanifest_public_key = '{key}'\n\
         relay_token_file = '{token}'\n",
        dir = dir.display(),
        key = public_key(keys),
        token = keys.relay_token.display(),
    )
}

fn triage_toml(dir: &Path, keys: &KeyFiles, url: &str, relay: &str) -> String {
    format!(
        "store_url = '{url}'\noffice_identity_file = '{identity}'\npassphrase_file = '{dir}/passphrase'\n\
         manifest_file = '{dir}/manifest'\nmanifest_public_key = '{key}'\n\
         routing_file = '{dir}/routing.toml'\nrelease = 'at-once'\n\
         [listen]\naddress = '127.0.0.1:0'\n\
         [relay]\nurl = 'http://{relay}'\ntoken_file = '{token}'\npoll_interval_s = 1\n",
        dir = dir.display(),
        identity = keys.office_identity.display(),
        key = public_key(keys),
        token = keys.relay_token.display(),
    )
}

async fn add_accounts(url: &str) {
    let stores = open_stores(&url.parse().expect("a URL")).await;
    let store = stores.expect("a store").staff;
    let passwords = Passwords::new(Arc::new(SystemEntropy)).expect("hashing works");
    for (login, role, unit, school) in STAFF {
        let member = Member {
            id: MemberId(random_id(&SystemEntropy)),
            login: login.to_owned(),
            name: format!("name of {login}"),
            role,
            unit: unit.map(str::to_owned),
            email: String::new(),
            recused_schools: school.into_iter().map(str::to_owned).collect(),
            recused_names: Vec::new(),
            active: true,
            recipient: None,
            confirmed: true,
            leave: None,
            skills: Vec::new(),
        };
        let chosen = passwords.choose(PASSWORD.to_owned().into(), None).await;
        let chosen = chosen.expect("credentials");
        assert!(store.add(&member, &chosen).await.expect("stored"));
    }
}

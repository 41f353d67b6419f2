//! A whole office in this process: intake, triage, accounts, and an office above where one is wanted.

use super::Actor;
use super::browser::{Browser, numbers, value};
use super::founding::{
    PASSWORD, add_accounts, intake_toml, office_toml, parent_of, sealed_above, sealed_office,
    triage_toml,
};
use super::reporter::Reporter;
use crate::support::postgres::fresh_database;
use mifeng_foundation::clock::{Clock as _, ManualClock, SystemClock};
use mifeng_foundation::entropy::{Entropy, SystemEntropy};
use mifeng_intake::service::{Intake, start as start_intake};
use mifeng_operator::KeyFiles;
use mifeng_triage::engine::{Stores, open_stores};
use mifeng_triage::model::MemberId;
use mifeng_triage::service::{Triage, start as start_triage};
use reqwest::StatusCode;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A whole office: intake, triage, accounts.
pub struct Office {
    pub(super) intake: Option<Box<Intake>>,
    pub triage: Box<Triage>,
    /// Triage's clock; stands still until it is moved.
    pub clock: Arc<ManualClock>,
    pub(super) folder: tempfile::TempDir,
    /// Triage's settings.
    pub(super) settings: String,
    /// The triage of the office above, where there is one.
    pub(super) above: Option<Box<Triage>>,
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
    /// What triage draws its randomness from, where that is not the system's.
    pub entropy: Option<Arc<dyn Entropy>>,
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
        let intake = Some(Box::new(intake));
        let url = setup.triage_url;
        let url = url.unwrap_or_else(|| format!("sqlite:{}/triage.sqlite", dir.display()));
        add_accounts(&url).await;
        let settings = triage_toml(dir, &keys, &url, &relay) + &setup.triage;
        let triage = toml::from_str(&settings).expect("settings");
        let entropy = setup.entropy.unwrap_or_else(|| Arc::new(SystemEntropy));
        let triage = Box::pin(start_triage(triage, clock.clone(), entropy));
        let above = match &above_keys {
            Some(keys) => Some(Box::new(
                Box::pin(start_above(&higher, keys, &relay, &clock)).await,
            )),
            None => None,
        };
        Self {
            intake,
            triage: Box::new(triage.await.expect("triage starts")),
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
            triage: Box::new(triage.await.expect("triage starts")),
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
            triage: Box::new(triage.await.expect("triage starts")),
            ..self
        }
    }

    /// The day it is there.
    pub fn today(&self) -> mifeng_foundation::clock::Day {
        let zone = crate::support::office_zone();
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

    /// The public service.
    pub(super) fn intake(&self) -> &Intake {
        self.intake.as_deref().expect("it was not stopped")
    }

    /// Stops the public service, and leaves triage alone.
    pub async fn without_intake(mut self) -> Self {
        self.intake.take().expect("once").stop().await;
        self
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
        let address = self.intake().public_address.expect("an address");
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
        let address = self.intake().public_address.expect("an address");
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
        if let Some(intake) = self.intake {
            intake.stop().await;
        }
    }
}

async fn start_above(dir: &Path, keys: &KeyFiles, relay: &str, clock: &Arc<ManualClock>) -> Triage {
    let url = format!("sqlite:{}/triage.sqlite", dir.display());
    add_accounts(&url).await;
    let settings = toml::from_str(&triage_toml(dir, keys, &url, relay)).expect("settings");
    let triage = start_triage(settings, clock.clone(), Arc::new(SystemEntropy));
    triage.await.expect("triage starts")
}

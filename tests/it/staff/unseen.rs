//! What a member may not see leaves no trace: an office with cases from which somebody is recused, and the same office to which
//! they never came, look alike to him byte for byte: pages, headers, exports, calendar, mails.
//!
//! Both are given the same envelopes and deeds in the same order, with the same source of randomness, which is set anew before
//! each of them: so ids and numbers are the same, and nothing has to be made alike before it is compared. Left out are the
//! header `date`, cookies, the secret address of a calendar, and the code that a page makes for whoever calls.

mod world;

use super::browser::Browser;
use super::founding::PASSWORD;
use super::roles::{Who, readable_routes};
use crate::engine::mail::smtp;
use crate::engine::mail_server::{Server, read};
use crate::support::postgres;
use async_trait::async_trait;
use mifeng_foundation::entropy::{Entropy, SystemEntropy};
use mifeng_foundation::storage::StoreError;
use mifeng_triage::casework::{self, Shown};
use mifeng_triage::deadlines::DeadlineRules;
use mifeng_triage::engine::open_stores;
use mifeng_triage::ingest::{Ingested, ingest};
use mifeng_triage::model::{CaseNumber, Member, Mode, Move, NewPaper};
use mifeng_triage::notify::Sender;
use mifeng_triage::office::{Office, Parts};
use mifeng_triage::routing::Rules;
use mifeng_triage::service::start;
use mifeng_triage::staff::{Directory, Passwords};
use mifeng_triage::views;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use world::{Deed, Event, RECUSED, Seeded, Staff, World};

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        let mut state = self.0.lock();
        for chunk in buffer.chunks_mut(32) {
            state.1 += 1;
            let hash = Sha256::new()
                .chain_update(state.0)
                .chain_update(state.1.to_be_bytes())
                .finalize();
            chunk.copy_from_slice(&hash[..chunk.len()]);
        }
    }
}

#[async_trait]
impl Directory for Staff {
    async fn members(&self) -> Result<Vec<Member>, StoreError> {
        Ok(self.0.clone())
    }
}

/// Everything that somebody was shown, by what it is.
type Shots = BTreeMap<String, Vec<u8>>;

/// An office of the world at `url`, with or without what concerns the recused: what each of them is shown.
async fn lived(world: &World, url: &str, with_unseen: bool) -> Shots {
    let stores = open_stores(&url.parse().expect("a URL")).await;
    let stores = stores.expect("a store");
    let passwords = Passwords::new(Arc::new(SystemEntropy)).expect("hashing works");
    for (member, identity) in &world.members {
        let chosen = passwords.choose(PASSWORD.to_owned().into(), Some(identity));
        let chosen = chosen.await.expect("credentials");
        assert!(stores.staff.add(member, &chosen).await.expect("stored"));
    }
    let members = Directory::members(&*stores.staff).await.expect("read");
    let entropy = Arc::new(Seeded::default());
    let rules = std::fs::read_to_string(world.folder.path().join("routing.toml"));
    let parts = Parts {
        slug: "qingxi".to_owned(),
        zone: crate::support::office_zone(),
        identity: world.key.clone(),
        store: Arc::clone(&stores.cases),
        directory: Arc::new(Staff(members)),
        rules: Rules::parse(&rules.expect("our own file")).expect("the sample"),
        deadline_rules: DeadlineRules::embedded(),
        parent: None,
        clock: Arc::clone(&world.clock) as _,
        entropy: Arc::clone(&entropy) as _,
    };
    let office = Arc::new(Office::load(parts).await.expect("it loads"));
    let numbers = happened(world, &office, &entropy, with_unseen).await;
    let mut shots = mailed(&office).await;
    drop(office);
    drop(stores);
    let settings = toml::from_str(&world.settings(url)).expect("settings");
    entropy.set(b"start");
    let triage = start(settings, world.clock.clone(), entropy.clone()).await;
    let triage = triage.expect("it starts");
    let address = format!("http://{}", triage.address.expect("an address"));
    for login in RECUSED {
        walk(world, (&address, login), &numbers, &entropy, &mut shots).await;
    }
    triage.stop().await;
    shots
}

/// Lets everything happen; the numbers of the tips, as far as they came.
async fn happened(
    world: &World,
    office: &Arc<Office>,
    entropy: &Seeded,
    with_unseen: bool,
) -> Vec<Option<CaseNumber>> {
    let office = Arc::clone(office);
    let mut numbers = Vec::new();
    for (at, event) in world.events.iter().enumerate() {
        entropy.set(&at.to_be_bytes());
        match event {
            Event::Tip { envelope, unseen } => {
                if *unseen && !with_unseen {
                    numbers.push(None);
                    continue;
                }
                match ingest(&office, envelope).await.expect("stored") {
                    Ingested::Case(number) => numbers.push(Some(CaseNumber(number))),
                    other => panic!("{other:?}"),
                }
            }
            Event::Deed { deed, one, other } => {
                let known = |at: &usize| numbers.get(*at).cloned().flatten();
                if let (Some(one), Some(other)) = (known(one), known(other)) {
                    done(world, &office, *deed, &one, &other).await;
                }
            }
        }
    }
    numbers
}

/// Does something, if it can be done.
async fn done(world: &World, office: &Office, deed: Deed, one: &CaseNumber, other: &CaseNumber) {
    let (dispatcher, id) = (world.viewer("dispatcher"), |login: &str| {
        world.viewer(login).id
    });
    let version = async |number: &CaseNumber| {
        let case = views::case(office, &dispatcher, number).await;
        case.expect("she sees all").version
    };
    let at = version(one).await;
    let reason = "for a reason";
    let outcome = match deed {
        Deed::Assign(login) => {
            casework::assign(office, &dispatcher, one, at, id(login), reason).await
        }
        Deed::Accept => {
            let step = Move::accept(Mode::Direct, reason);
            casework::change_state(office, &dispatcher, one, at, step).await
        }
        Deed::Note => {
            let text = "seen the place".to_owned();
            let paper = NewPaper::Note { text };
            casework::write_paper(office, &dispatcher, one, paper)
                .await
                .map(|_| ())
        }
        Deed::Task(login) => {
            let paper = NewPaper::Task {
                member: Some(id(login)),
                due_day: Some(world.today()),
                text: "call the school".to_owned(),
            };
            casework::write_paper(office, &dispatcher, one, paper)
                .await
                .map(|_| ())
        }
        Deed::Join => {
            let shown = Shown {
                one: (one, at),
                other: (other, version(other).await),
            };
            casework::join(office, &dispatcher, &shown, reason)
                .await
                .map(|_| ())
        }
        Deed::Apart => casework::hold_apart(office, &dispatcher, one, other, reason).await,
    };
    // Some cannot be done to a case as it stands; in the other office neither.
    drop(outcome);
}

/// The mails to the recused.
async fn mailed(office: &Arc<Office>) -> Shots {
    let server = Arc::new(Server::default());
    let mut sender = Sender::new(Arc::clone(office), smtp(server.listen(0).await));
    sender.send_reminders().await.expect("the store answers");
    let news = server.take();
    sender.send_daily().await.expect("the store answers");
    let daily = server.take();
    let mut shots = Shots::new();
    for (kind, mails) in [("news", news), ("daily", daily)] {
        for mail in mails {
            let (to, subject, body) = read(&mail);
            if RECUSED.iter().any(|login| to.starts_with(login)) {
                let whole = format!("{subject}\n{body}");
                shots.insert(format!("{kind} mail to {to}"), whole.into_bytes());
            }
        }
    }
    shots
}

/// Looks at everything that there is to be looked at.
async fn walk(
    world: &World,
    (address, login): (&str, &str),
    numbers: &[Option<CaseNumber>],
    entropy: &Seeded,
    shots: &mut Shots,
) {
    let browser = Browser::new(address);
    let entered = browser.sign_in(login, PASSWORD).await;
    assert_eq!(entered.location, "/en/queue", "{login}: {}", entered.text);
    // The relay was tried once: it is away from then on.
    for _ in 0..100 {
        if browser
            .get("/en/queue")
            .await
            .text
            .contains("class=\"alert warn\"")
        {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let seen: Vec<&CaseNumber> = numbers
        .iter()
        .zip(&world.unseen)
        .filter_map(|(number, unseen)| number.as_ref().filter(|_| !unseen))
        .collect();
    let mut paths = Vec::new();
    for (pattern, who) in readable_routes() {
        let Who::These(_) = who else { continue };
        if pattern.contains("{number}") || pattern.contains("{id}") {
            continue;
        }
        for lang in ["en", "zh-Hans"] {
            paths.push(pattern.replace("{lang}", lang));
        }
    }
    paths.push("/en/own".to_owned());
    for view in ["mine", "new", "due-soon", "overdue", "open", "finished"] {
        paths.push(format!("/en/queue?view={view}"));
    }
    for sort in [
        "number", "state", "received", "due", "handler", "unit", "category",
    ] {
        for order in ["first-first", "last-first"] {
            paths.push(format!("/en/ledger?sort={sort}&order={order}"));
        }
    }
    for more in ["?outside=1", "?year=2020"] {
        paths.push(format!("/en/board{more}"));
    }
    for number in &seen {
        paths.push(format!("/en/case/{}", number.0));
    }
    for pair in seen.windows(2) {
        paths.push(format!("/en/case/{}/compare/{}", pair[0].0, pair[1].0));
    }
    for path in paths {
        entropy.set(path.as_bytes());
        let shown = whole(browser.fetch(&path).await).await;
        shots.insert(format!("{login} get {path}"), without_code(shown));
    }
    let mut forms = vec![
        ("/en/ledger/csv", vec![("sort", "received")]),
        ("/en/ledger/xlsx", vec![]),
        ("/en/board/csv", vec![]),
        ("/en/board/xlsx", vec![]),
    ];
    for words in [
        "补课",
        "球鞋",
        "何志远",
        "第一中学",
        "答复",
        "for a reason",
        "the",
    ] {
        forms.push(("/en/search", vec![("q", words)]));
        forms.push(("/en/search", vec![("q", words), ("from", "20")]));
    }
    for (path, form) in forms {
        let answer = browser.fetch_posted(path, &form).await;
        shots.insert(format!("{login} post {path} {form:?}"), whole(answer).await);
    }
    // Two people get two addresses.
    entropy.set(format!("{login} calendar").as_bytes());
    let made = browser.post("/en/own/calendar/make", &[]).await.text;
    let token = made.split("/en/calendar/").nth(1);
    let token = token.unwrap_or_else(|| panic!("no address for {login}: {made}"));
    let token = token.split('"').next().expect("its end");
    let answer = browser.fetch(&format!("/en/calendar/{token}")).await;
    shots.insert(format!("{login} calendar"), whole(answer).await);
}

/// Without the code that a page made for whoever calls: other work may draw before it does.
fn without_code(shown: Vec<u8>) -> Vec<u8> {
    const FIELD: &str = "name=\"code\" value=\"";
    let Ok(text) = String::from_utf8(shown.clone()) else {
        return shown;
    };
    match text.split_once(FIELD) {
        Some((before, rest)) => {
            let after = rest.split_once('"').map_or("", |(_, after)| after);
            format!("{before}{FIELD}{after}").into_bytes()
        }
        None => shown,
    }
}

/// Status, headers and body.
async fn whole(answer: reqwest::Response) -> Vec<u8> {
    let mut headers: Vec<String> = answer
        .headers()
        .iter()
        .filter(|(name, _)| !["date", "set-cookie"].contains(&name.as_str()))
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    let head = format!("{}\n{}\n\n", answer.status(), headers.join("\n"));
    let body = answer.bytes().await.expect("read to its end");
    [head.as_bytes(), &body].concat()
}

/// What differs, with some words around it.
fn differs(with: &[u8], without: &[u8]) -> String {
    let at = with.iter().zip(without).take_while(|(a, b)| a == b).count();
    let around = |bytes: &[u8]| {
        let part = &bytes[at.saturating_sub(300).min(bytes.len())..(at + 200).min(bytes.len())];
        String::from_utf8_lossy(part).into_owned()
    };
    format!("with:\n{}\n\nwithout:\n{}", around(with), around(without))
}

async fn nothing_tells(seed: u64, urls: [String; 2]) {
    let world = World::found(seed);
    let with = lived(&world, &urls[0], true).await;
    let without = lived(&world, &urls[1], false).await;
    let names = |shots: &Shots| shots.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&with), names(&without), "seed {seed}");
    assert!(with.len() > 150, "{}", with.len());
    for (name, bytes) in &with {
        let other = &without[name];
        assert!(
            bytes == other,
            "seed {seed}: {name}\n{}",
            differs(bytes, other)
        );
    }
    // They looked at something, and others at more.
    for login in ["principal", "deputy"] {
        let shown = &with[&format!("{login} get /en/queue?view=open")];
        let shown = String::from_utf8_lossy(shown);
        assert!(shown.matches("/en/case/").count() > 5, "{login}: {shown}");
    }
}

fn in_folder(folder: &Path) -> [String; 2] {
    ["with", "without"].map(|name| format!("sqlite:{}/{name}.sqlite", folder.display()))
}

#[tokio::test]
async fn nothing_tells_of_what_one_may_not_see_over_sqlite() {
    for seed in 1..=3 {
        let folder = tempfile::tempdir().expect("a folder");
        nothing_tells(seed, in_folder(folder.path())).await;
    }
}

#[tokio::test]
async fn nothing_tells_of_what_one_may_not_see_over_postgresql() {
    let urls = [
        postgres::fresh_database().await,
        postgres::fresh_database().await,
    ];
    nothing_tells(4, urls).await;
}

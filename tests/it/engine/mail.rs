//! Reminders over a real connection: what arrives, what is kept when it does not, and what never stands in it.

mod scene;

pub use scene::Scene;

use super::SAMPLES;
use super::cases;
use super::mail_server::{Server, read};
use crate::support::headers::once_each_in_mail;
use crate::support::postgres;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mifeng_foundation::clock::SystemClock;
use mifeng_foundation::serving::told;
use mifeng_foundation::supervisor::Supervisor;
use mifeng_opening::Identity;
use mifeng_triage::administration;
use mifeng_triage::notify::{self, Digest, MailConfig, MailError, MailRun, Mailer, Sender};
use mifeng_triage::store::TriageStore;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpListener;

fn mailer(transport: &str) -> Mailer {
    let config =
        format!("from = 'Mifeng <office@example.org>'\ndigest_interval_s = 60\n{transport}");
    let config: MailConfig = toml::from_str(&config).expect("a section");
    Mailer::open(&config).expect("a mailer")
}

/// Writes mails into a folder.
pub fn mail_of(folder: &std::path::Path) -> Mailer {
    let path = folder.display();
    mailer(&format!("transport = {{ folder = {{ path = '{path}' }} }}"))
}

pub fn smtp(port: u16) -> Mailer {
    smtp_with(port, "")
}

/// The same with another line of settings.
pub fn smtp_with(port: u16, more: &str) -> Mailer {
    mailer(&format!(
        "{more}\ntransport = {{ smtp = {{ host = '127.0.0.1', port = {port}, security = 'plain-loopback-only' }} }}"
    ))
}

fn check(mails: &[String], expected: &BTreeMap<String, Digest>) {
    assert!(expected.len() > 2, "{expected:?}");
    let samples: Vec<serde_json::Value> = serde_json::from_str(SAMPLES).expect("JSON");
    let mut seen = BTreeSet::new();
    for mail in mails {
        let (to, subject, body) = read(mail);
        let digest = expected[&to];
        // Equal to the template, so there is room for nothing else.
        let letter = digest.letter();
        assert_eq!((subject, &body), (letter.subject, &letter.body));
        for sample in &samples {
            for name in ["school", "subject", "text"] {
                let canary = sample[name].as_str().unwrap_or_default();
                assert!(canary.is_empty() || !body.contains(canary));
            }
        }
        assert!(!body.contains("://"), "{body}");
        assert!(seen.insert(to), "one mail a member");
    }
    assert_eq!(seen.len(), expected.len());
}

async fn news_goes_out_once(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store, usize::MAX).await;
    let server = Arc::new(Server::default());
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(server.listen(0).await));
    let expected = scene.expected().await;
    let run = sender.send_reminders().await.expect("the store answers");
    assert_eq!((run.sent, run.failed), (expected.len(), 0));
    assert!(expected.values().any(|digest| digest.soon > 0));
    check(&server.take(), &expected);
    assert_eq!(
        scene.waiting().await,
        0,
        "nor for the one without an address"
    );
    assert_eq!(
        sender.send_reminders().await.expect("nothing"),
        MailRun::default()
    );
}

#[tokio::test]
async fn news_goes_out_once_from_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    news_goes_out_once(cases(&url).await).await;
}

#[tokio::test]
async fn news_goes_out_once_from_postgresql() {
    let url = postgres::fresh_database().await;
    news_goes_out_once(cases(&url).await).await;
}

#[tokio::test]
async fn a_server_that_says_later_is_tried_later() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::in_sqlite(folder.path(), usize::MAX).await;
    let server = Arc::new(Server::default());
    server.refusals.store(1, Ordering::SeqCst);
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(server.listen(0).await));
    let expected = scene.expected().await;
    let run = sender.send_reminders().await.expect("the store answers");
    assert_eq!((run.sent, run.failed), (expected.len() - 1, 1));
    let due = scene.store.mail_due().await.expect("listed");
    assert!(!due.is_empty() && due.iter().all(|news| news.attempts == 1));
    assert_eq!(
        sender.send_reminders().await.expect("too early"),
        MailRun::default()
    );
    scene.clock.advance(Duration::from_mins(2));
    let run = sender.send_reminders().await.expect("the store answers");
    assert_eq!((run.sent, run.failed), (1, 0));
    check(&server.take(), &expected);
    assert_eq!(scene.waiting().await, 0);
}

#[tokio::test]
async fn a_server_that_is_down_loses_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::in_sqlite(folder.path(), usize::MAX).await;
    let server = Arc::new(Server::default());
    let gone = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = gone.local_addr().expect("bound").port();
    drop(gone);
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(port));
    let run = sender.send_reminders().await.expect("the store answers");
    assert_eq!((run.sent, run.failed), (0, 1), "one try tells enough");
    assert!(scene.waiting().await > 0);
    server.listen(port).await;
    scene.clock.advance(Duration::from_mins(2));
    let expected = scene.expected().await;
    let run = sender.send_reminders().await.expect("the store answers");
    assert_eq!((run.sent, run.failed), (expected.len(), 0));
    check(&server.take(), &expected);
}

#[tokio::test]
async fn the_task_fills_a_folder_and_stops() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::in_sqlite(folder.path(), usize::MAX).await;
    let path = folder.path().join("mail");
    let mailer = mailer(&format!(
        "transport = {{ folder = {{ path = '{}' }} }}",
        path.display()
    ));
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let (office, mailer) = (Arc::clone(&scene.office), Arc::new(mailer));
    let supervisor = Supervisor::new(Arc::new(SystemClock::new()), stopped.clone());
    let task = supervisor.spawn("mail", Duration::from_mins(1), move |heartbeat| {
        let (office, mailer) = (Arc::clone(&office), Arc::clone(&mailer));
        notify::run(office, mailer, heartbeat, told(stopped.clone()))
    });
    while scene.waiting().await > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    stop.send(true).expect("it still runs");
    task.await.expect("it stops");
    let mut mails = Vec::new();
    for entry in std::fs::read_dir(&path).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|ending| ending == "eml") {
            mails.push(std::fs::read_to_string(path).expect("a mail"));
        }
    }
    // From eight in the morning on there are daily mails too.
    mails.retain(|mail| read(mail).1.contains("新事项"));
    check(&mails, &scene.expected().await);
}

#[test]
fn settings_that_cannot_be_used_are_named() {
    let open = |from: &str, smtp: &str| {
        let text = format!("from = '{from}'\n[transport.smtp]\nport = 25\n{smtp}");
        let config: MailConfig = toml::from_str(&text).expect("a section");
        match Mailer::open(&config) {
            Err(MailError::Setting(key)) => key,
            Err(other) => panic!("{other}"),
            Ok(_) => "none",
        }
    };
    let tls = "host = 'mail.example.org'\nsecurity = 'tls'";
    assert_eq!(open("a@example.org", tls), "none");
    assert_eq!(open("nobody", tls), "from");
    let plain = "host = 'mail.example.org'\nsecurity = 'plain-loopback-only'";
    assert_eq!(open("a@example.org", plain), "transport.smtp.security");
    let half = format!("{tls}\nusername = 'a'");
    assert_eq!(open("a@example.org", &half), "transport.smtp.password_file");
}

/// Takes a sealed mail apart: to whom, subject, and the file in it.
fn sealed(mail: &str) -> (String, String, Vec<u8>) {
    let (head, body) = mail.split_once("\r\n\r\n").expect("a mail has a head");
    once_each_in_mail(&head.replace("\r\n ", " "));
    let kept = head
        .split("\r\n")
        .filter(|line| !line.starts_with("Content-") && !line.starts_with(" boundary"));
    let plain = kept.collect::<Vec<_>>().join("\r\n");
    let (to, subject, _) = read(&format!("{plain}\r\n\r\n"));
    let (_, file) = body.split_once("mail.age").expect("a file");
    let (_, file) = file.split_once("\r\n\r\n").expect("its head");
    let (file, _) = file.split_once("\r\n--").expect("its end");
    let file = STANDARD.decode(file.replace("\r\n", "")).expect("base64");
    (to, subject, file)
}

async fn mail_is_sealed(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store, usize::MAX).await;
    let server = Arc::new(Server::default());
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(server.listen(0).await));
    let expected = scene.expected().await;
    let (key, other) = (Identity::generate(), Identity::generate());
    let address = expected.keys().next().expect("somebody has news");
    let mut members = scene.members.iter();
    let member = members.find(|one| one.email == *address).expect("hers");
    let office = Arc::clone(&scene.office);
    for recipient in [other.recipient(), key.recipient()] {
        administration::seal_mail(&office, member, Some(&recipient))
            .await
            .expect("set");
    }
    sender.send_reminders().await.expect("the store answers");
    let mut mails = server.take();
    let at = mails.iter().position(|mail| mail.contains("mail.age"));
    let mail = mails.remove(at.expect("one is sealed"));
    let (to, subject, file) = sealed(&mail);
    assert_eq!(to, *address);
    assert!(!subject.contains(char::is_numeric), "{subject}");
    assert!(other.open(&file).is_err());
    let text = key.open(&file).expect("hers");
    let text = std::str::from_utf8(&text).expect("UTF-8").trim_end();
    let letter = expected[address].letter();
    assert_eq!(
        text,
        format!("{}\r\n\r\n{}", letter.subject, letter.body).trim_end()
    );
    let mut others = expected.clone();
    others.remove(address);
    check(&mails, &others);
    // The daily mail too; and no longer once she wants it plain.
    scene.until_hour(9);
    sender.send_daily().await.expect("the store answers");
    let daily = server.take();
    let hers = |mails: &[String]| {
        let mut mails = mails.iter();
        mails
            .find(|mail| mail.contains(&format!("To: {address}")))
            .cloned()
    };
    if let Some(daily) = hers(&daily) {
        assert!(key.open(&sealed(&daily).2).is_ok());
    }
    administration::seal_mail(&office, member, None)
        .await
        .expect("set");
    assert_eq!(
        administration::mail_recipients(&office)
            .await
            .expect("read")
            .len(),
        0
    );
}

#[tokio::test]
async fn mail_is_sealed_from_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite:{}", folder.path().join("t.sqlite").display());
    mail_is_sealed(cases(&url).await).await;
}

#[tokio::test]
async fn mail_is_sealed_from_postgresql() {
    mail_is_sealed(cases(&postgres::fresh_database().await).await).await;
}

/// It takes the connection and says nothing: the others are not kept waiting, and nothing is lost.
#[tokio::test]
async fn a_server_that_is_slow_is_given_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::in_sqlite(folder.path(), usize::MAX).await;
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = silent.local_addr().expect("bound").port();
    let mailer = mailer(&format!(
        "transport = {{ smtp = {{ host = '127.0.0.1', port = {port}, timeout_s = 1, security = 'plain-loopback-only' }} }}"
    ));
    let mut sender = Sender::new(Arc::clone(&scene.office), mailer);
    let run = tokio::time::timeout(Duration::from_secs(20), sender.send_reminders()).await;
    let run = run.expect("it ends").expect("the store answers");
    assert_eq!((run.sent, run.failed), (0, 1), "one try tells enough");
    let server = Arc::new(Server::default());
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(server.listen(0).await));
    let expected = scene.expected().await;
    let run = sender.send_reminders().await.expect("the store answers");
    assert_eq!((run.sent, run.failed), (expected.len(), 0));
    check(&server.take(), &expected);
}

//! The daily mail, with a clock that is moved.

use super::mail::{Scene, smtp};
use super::mail_server::{Server, read};
use super::{arrived, conclude, staff};
use mifeng_sealing::EnvelopeKind;
use mifeng_triage::cases::QueueView;
use mifeng_triage::ingest::{self, ingest};
use mifeng_triage::notify::{Daily, MailRun, Sender, audit_letter};
use mifeng_triage::views;
use std::sync::Arc;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn the_auditor_is_told_each_day_where_the_audit_log_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::in_sqlite(folder.path(), 1).await;
    let server = Arc::new(Server::default());
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(server.listen(0).await));
    scene.until_hour(7);
    assert_eq!(
        sender.send_daily().await.expect("too early"),
        MailRun::default()
    );
    for _ in 0..3 {
        scene.clock.advance(HOUR);
        sender.send_daily().await.expect("the store answers");
        let mails = server.take();
        let [mail] = mails.as_slice() else {
            panic!("{mails:?}");
        };
        let (to, subject, body) = read(mail);
        assert_eq!(to, "auditor@example.org");
        let letter = audit_letter(scene.office.audit_log().head().await.expect("a head"));
        assert_eq!((subject, body), (letter.subject, letter.body));
        assert_eq!(sender.send_daily().await.expect("sent"), MailRun::default());
        scene.clock.advance(23 * HOUR);
    }
}

#[tokio::test]
async fn who_can_decide_is_told_what_waits_in_quarantine() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::with_a_dispatcher(folder.path()).await;
    for poison in [b"no age file".as_slice(), b"nor this"] {
        let envelope = arrived(EnvelopeKind::Tip, poison.to_vec());
        ingest(&scene.office, &envelope).await.expect("kept");
    }
    let server = Arc::new(Server::default());
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(server.listen(0).await));
    let told = async |server: &Server| {
        let mails = server.take();
        let mails = mails.iter().map(|mail| read(mail));
        mails
            .filter(|(to, ..)| !to.starts_with("auditor"))
            .collect::<Vec<_>>()
    };
    let two = Daily {
        quarantined: 2,
        ..Daily::default()
    };
    let letter = two.letter().expect("something to tell");
    assert!(letter.body.contains("隔离区等您处理的：2 项"));
    scene.until_hour(9);
    sender.send_daily().await.expect("the store answers");
    let [dispatcher] = told(&server).await.try_into().expect("one is told");
    let (to, subject, body): (String, String, String) = dispatcher;
    assert_eq!(to, "m1@example.org");
    assert_eq!((subject, body), (letter.subject, letter.body));
    // What a person keeps waits for nobody.
    let office = Arc::clone(&scene.office);
    let dispatcher = &staff()[0];
    for one in ingest::quarantine(&office, dispatcher)
        .await
        .expect("listed")
    {
        let mut id = [0; 16];
        hex::decode_to_slice(&one.id, &mut id).expect("an id");
        let kept = ingest::keep_in_quarantine(&office, dispatcher, id, one.version, "以后再看");
        kept.await.expect("kept");
    }
    scene.clock.advance(24 * HOUR);
    sender.send_daily().await.expect("the store answers");
    assert_eq!(told(&server).await, []);
}

/// Late cases press each day until they are concluded; what their reporters add then is news, and presses nobody.
#[tokio::test]
async fn nobody_is_reminded_of_what_is_concluded() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::in_sqlite(folder.path(), 3).await;
    let server = Arc::new(Server::default());
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(server.listen(0).await));
    let reminded = |server: &Server| {
        let mails = server.take();
        let all = mails.iter().map(|mail| read(mail).0);
        all.filter(|to| !to.starts_with("auditor")).count()
    };
    scene.until_hour(9);
    scene.clock.advance(200 * 24 * HOUR);
    sender.send_daily().await.expect("the store answers");
    assert!(reminded(&server) > 0, "they are late");
    let office = Arc::clone(&scene.office);
    let dispatcher = &staff()[0];
    let queue = views::queue(&office, dispatcher, QueueView::Open)
        .await
        .expect("listed");
    assert_eq!(queue.rows.len(), 3);
    for row in queue.rows {
        conclude(&office, dispatcher, &row.number).await;
    }
    scene.clock.advance(24 * HOUR);
    sender.send_daily().await.expect("the store answers");
    assert_eq!(reminded(&server), 0);
}

//! The daily mail, with a clock that is moved.

use super::mail::{Scene, Server, read, smtp};
use mifeng::triage::notify::{Round, Sender, trail_letter};
use std::sync::Arc;
use std::time::Duration;

const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn the_auditor_is_told_each_day_where_the_trail_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let scene = Scene::in_sqlite(folder.path(), 1).await;
    let server = Arc::new(Server::default());
    let mut sender = Sender::new(Arc::clone(&scene.office), smtp(server.listen(0).await));
    scene.until_hour(7);
    assert_eq!(
        sender.daily_round().await.expect("too early"),
        Round::default()
    );
    for _ in 0..3 {
        scene.clock.advance(HOUR);
        sender.daily_round().await.expect("the store answers");
        let mails = server.take();
        let [mail] = mails.as_slice() else {
            panic!("{mails:?}");
        };
        let (to, subject, body) = read(mail);
        assert_eq!(to, "auditor@example.org");
        let letter = trail_letter(scene.office.trail().head().await.expect("a head"));
        assert_eq!((subject, body), (letter.subject, letter.body));
        assert_eq!(sender.daily_round().await.expect("sent"), Round::default());
        scene.clock.advance(23 * HOUR);
    }
}

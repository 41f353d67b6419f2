//! Files that must be held whole to be cleaned share one bound on memory.

use super::{photo, sealed_files};
use crate::intake::{Answer, Intake, OFFICE, Place, client};
use futures_util::stream::unfold;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

fn url(intake: &Intake, ending: &str) -> String {
    let office = format!("{}/api/v1/offices/{OFFICE}", intake.public);
    format!("{office}/attachments/cleaned?ending={ending}")
}

fn pdf(length: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.7\n".to_vec();
    bytes.resize(length, b' ');
    bytes
}

/// A sender who takes his time: bytes go out as they are given, and the file ends when the giver is dropped.
fn slowly(intake: &Intake) -> (UnboundedSender<Vec<u8>>, JoinHandle<Answer>) {
    let (giver, taker) = unbounded_channel::<Vec<u8>>();
    let bytes = unfold(taker, async |mut taker| {
        let bytes = taker.recv().await?;
        Some((Ok::<_, std::io::Error>(bytes), taker))
    });
    let body = reqwest::Body::wrap_stream(bytes);
    let request = client().post(url(intake, "pdf")).body(body);
    (giver, tokio::spawn(Answer::of(request)))
}

async fn at_once(intake: &Intake, ending: &str, bytes: Vec<u8>) -> Answer {
    Answer::of(client().post(url(intake, ending)).body(bytes)).await
}

/// A slow sender whose document is held, and the first answer that there is no room beside it. Which of two comes first
/// is chance: where it was the other, the slow one is refused and begins anew.
async fn one_holds_on(intake: &Intake) -> (UnboundedSender<Vec<u8>>, JoinHandle<Answer>, Answer) {
    for _ in 0..50 {
        let (giver, slow) = slowly(intake);
        // At least four pieces of 128 KiB are held, twice, at most all of it: 1,200,000 of 1,500,000 bytes.
        giver.send(pdf(600_000)).expect("listening");
        while !slow.is_finished() {
            let answer = at_once(intake, "pdf", pdf(400_000)).await;
            if answer.status != 201 {
                return (giver, slow, answer);
            }
        }
    }
    panic!("the bound is never reached");
}

#[tokio::test]
async fn beyond_the_bound_one_is_told_to_come_again_and_nothing_is_left() {
    let place = Place::new();
    let mut config = place.config("enabled = false");
    config.attachment_limits.held_max_bytes = 1_500_000;
    config.attachment_limits.held_wait_s = 0;
    let intake = Intake::on(place, config).await;
    let (giver, slow, refused) = one_holds_on(&intake).await;
    assert_eq!(refused.status, 503, "{}", refused.text);
    assert_eq!(refused.json()["type"], "urn:mifeng:problem-file-busy");
    let before = sealed_files(&intake).len();
    assert_eq!(at_once(&intake, "pdf", pdf(400_000)).await.status, 503);
    // What passes as it comes needs no room, and a small document finds some.
    let picture = photo("a.jpg", 80_000, "").bytes;
    assert_eq!(at_once(&intake, "jpg", picture).await.status, 201);
    assert_eq!(at_once(&intake, "pdf", pdf(100_000)).await.status, 201);
    assert_eq!(sealed_files(&intake).len(), before + 2);
    drop(giver);
    assert_eq!(slow.await.expect("an answer").status, 201);
    // Given back, by those that were refused too.
    for _ in 0..5 {
        assert_eq!(at_once(&intake, "pdf", pdf(700_000)).await.status, 201);
    }
    intake.stop().await;
}

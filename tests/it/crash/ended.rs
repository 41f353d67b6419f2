//! With which code the program ends: whoever started it, systemd above all, learns from it whether it is to be started again.

use super::place::Place;

/// The disk is full, so that the writer needs a fresh connection, and the store is not there any more: as when a disk is
/// unmounted under the service. The writer dies each time it is begun.
#[tokio::test]
async fn a_program_whose_task_dies_again_and_again_ends_with_a_failure() {
    let place = Place::make();
    let mut service = place.start_intake_on_a_small_disk(1).await;
    let mut sent = 0;
    while place
        .send("周六在校外补课。")
        .await
        .expect("it runs")
        .status()
        == 201
    {
        sent += 1;
        assert!(sent < 1000, "a mebibyte holds fewer");
    }
    let store = service.sees(&place.path("disk/intake.sqlite"));
    std::fs::rename(&store, store.with_extension("away")).expect("moved");
    let answer = place.send("周六在校外补课。").await.expect("an answer");
    assert!(answer.status().is_server_error(), "{}", answer.status());
    assert_eq!(service.ended().await, Some(1), "{}", place.log());
    let log = place.log();
    assert_eq!(log.matches("task died").count(), 5, "{log}");
    assert_eq!(log.matches("task given up").count(), 1, "{log}");
    assert!(log.contains("the task writer died too often"), "{log}");
}

#[tokio::test]
async fn a_program_that_is_asked_to_stop_ends_without_a_failure() {
    let place = Place::make();
    let mut service = place.start_intake().await;
    let code = place.submit("周六在校外补课。").await.expect("it runs");
    service.ask_to_stop();
    assert_eq!(service.ended().await, Some(0), "{}", place.log());
    assert!(!place.log().contains("task"), "{}", place.log());
    let _service = place.start_intake().await;
    place.pick_up(&code).await;
}

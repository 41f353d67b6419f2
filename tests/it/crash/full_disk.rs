//! The disk fills up: whoever sends is told that nothing was sent, and every code given out before is still good.

use super::place::Place;
use serde_json::Value;

#[tokio::test]
async fn a_full_disk_refuses_tips_and_loses_none() {
    let place = Place::make();
    let service = place.start_intake_on_a_small_disk(1).await;
    let mut codes = Vec::new();
    let refused = loop {
        let text = format!("第{}封：周六在校外补课。", codes.len());
        let answer = place.send(&text).await.expect("intake runs");
        if answer.status() != 201 {
            break answer;
        }
        let answer: Value = answer.json().await.expect("JSON");
        codes.push(answer["pickup_code"].as_str().expect("a code").to_owned());
        assert!(codes.len() < 1000, "a mebibyte holds fewer");
    };
    assert_eq!(refused.status(), 503, "{}", place.log());
    let refused: Value = refused.json().await.expect("a problem document");
    assert_eq!(refused["type"], "urn:mifeng:problem-away");
    assert!(refused.get("pickup_code").is_none());

    assert!(!codes.is_empty(), "there is something to look for");
    for code in &codes {
        place.pick_up(code).await;
    }
    assert_eq!(place.held_tips().await.len(), codes.len());
    drop(service);
}

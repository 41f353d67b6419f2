//! Characters that nobody sees.

use super::super::{Intake, OFFICE, tip};
use super::{CODE, is_empty};
use mifeng_sealing::tip::{ReplyDocument, Said, TipDocument};
use serde_json::json;

/// Every control character, at every door without a browser's script (which `sealing.test.ts` holds to the same).
#[tokio::test]
async fn what_no_keyboard_makes_ends_a_line_at_every_door() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let signs = (0..=0x9f_u8).map(char::from).filter(|c| c.is_control());
    let signs: Vec<char> = signs.filter(|c| *c != '\t').collect();
    assert_eq!(signs.len(), 64);
    let pasted: String = signs.iter().flat_map(|sign| ['行', *sign]).collect();
    let kept = vec!["行"; signs.len()].join("\n");

    let body = json!({"category": "gifts", "school": "第三\u{b}中学", "text": pasted});
    let sent = anonymous.api("tips", &body).await;
    assert_eq!(sent.status, 201, "{}", sent.text);
    let tip = intake.triage().only_tip().await;
    assert_eq!(
        (tip.text.as_str(), tip.school.as_str()),
        (kept.as_str(), "第三 中学")
    );
    let code = sent.json()["pickup_code"]
        .as_str()
        .expect("a code")
        .to_owned();

    let fields = [
        ("category", "gifts"),
        ("school", "第三\u{b}中学"),
        ("text", &pasted),
    ];
    let path = format!("/{OFFICE}/zh-Hans/write");
    assert_eq!(anonymous.form(&path, &fields).await.status, 200);
    let path = format!("/{OFFICE}/zh-Hans/check/reply");
    let fields = [("pickup_code", code.as_str()), ("text", &pasted)];
    assert_eq!(anonymous.form(&path, &fields).await.status, 200);
    let (triage, mut seen) = (intake.triage(), 0);
    for entry in triage.list("waiting").await {
        let json = triage.open(&entry).await;
        let text = match ReplyDocument::from_json(&json) {
            Ok(reply) => match &reply.said {
                Said::Addition { text } => text.clone(),
                _ => panic!("an addition"),
            },
            Err(_) => TipDocument::from_json(&json).expect("a tip").text.clone(),
        };
        assert_eq!(text, kept);
        seen += 1;
    }
    assert_eq!(seen, 3);
    intake.stop().await;
}

/// Blanks of every kind, marks that are not seen, fillers and signs that are drawn empty.
const UNSEEN: [&str; 24] = [
    "\u{200b}",
    "\u{200c}\u{200d}",
    "\u{202e}",
    "\u{2066}\u{2069}",
    "\u{feff}",
    "\u{ad}",
    "\u{3164}",
    "\u{115f}\u{1160}",
    "\u{ffa0}",
    "\u{2800}\u{2800}",
    "\u{3000}",
    "\u{a0}\u{2003}\u{202f}\u{205f}",
    "\u{1680}",
    "\u{2028}\u{2029}",
    "\u{61c}",
    "\u{180e}",
    "\u{fe0f}",
    "\u{e0041}\u{e007f}",
    "\u{e0100}",
    "\u{34f}",
    "\u{2060}\u{2063}",
    "\u{17b4}",
    "\u{fffb}",
    "\u{1d173}",
];

#[tokio::test]
async fn what_cannot_be_seen_is_no_text_at_either_door() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let all = UNSEEN.concat();
    for text in UNSEEN.into_iter().chain([all.as_str()]) {
        let answer = anonymous.api("tips", &tip("tutoring", text)).await;
        assert_eq!(answer.status, 422, "{text:?}");
        assert_eq!(answer.json()["type"], "urn:mifeng:problem-empty-text");
        let fields = [("code", CODE), ("category", "gifts"), ("text", text)];
        let path = format!("/{OFFICE}/zh-Hans/write");
        let answer = anonymous.form(&path, &fields).await;
        assert_eq!(answer.status, 422, "{text:?}");
        assert!(answer.text.contains("请写发生了什么事"), "{text:?}");
    }
    assert!(is_empty(&intake).await);
    let seen = format!("{all}补课{all}");
    let reporter = anonymous.tells(&seen).await;
    assert_eq!(reporter.adds(&all).await.status, 422);
    assert_eq!(intake.triage().list("held").await.len(), 1);
    intake.stop().await;
}

//! What is written to a closed mailbox is refused, and said to be, with and without scripts, in every language.

use super::reporter::lookup_hex;
use super::{Answer, Intake, OFFICE, TODAY};
use mifeng_sealing::relay::{CLOSE_PATH, MessageEntry, PostMessages, Posted};
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Status, TipDocument};
use mifeng_sealing::{PickupCode, seal_message};
use serde_json::json;

const LAST: &str = "本件已经办结，依据保存期规定销毁。";
/// What the page says in each language, in part.
const SAID: [(&str, &str); 3] = [
    ("zh-Hans", "往来已经关闭"),
    ("zh-Hant", "往來已經關閉"),
    ("en", "was not sent"),
];

async fn closes(intake: &Intake, tip: &TipDocument) -> Posted {
    let mut message = MailboxMessage::new(
        2,
        TODAY.parse().expect("a day"),
        MessageKind::Closed,
        Status::Concluded,
    );
    LAST.clone_into(&mut message.text);
    let recipient = tip.mailbox.recipient.parse().expect("a recipient");
    let sealed = seal_message(&message, &recipient).expect("a message");
    let last = PostMessages {
        messages: vec![MessageEntry {
            id: "07".repeat(16),
            lookup_digest: tip.mailbox.lookup_digest.clone(),
            ciphertext: sealed.0.into_bytes(),
        }],
    };
    let answer = intake.triage().post(CLOSE_PATH, &last).await.json();
    serde_json::from_value(answer).expect("what became of it")
}

#[tokio::test]
async fn a_closed_mailbox_says_so() {
    let intake = Intake::unlimited().await;
    let mut anonymous = intake.anonymous();
    let code = anonymous.tells("周末在家里补课").await.code;
    let triage = intake.triage();
    let tip = triage.only_tip().await;
    for _ in 0..2 {
        assert_eq!(closes(&intake, &tip).await.stored.len(), 1);
    }
    let waiting = triage.list("waiting").await.len();
    for (language, said) in SAID {
        anonymous.language = language;
        let form = async |act: &str, fields: &[(&str, &str)]| -> Answer {
            let path = format!("/{OFFICE}/{language}/check{act}");
            let code = [("pickup_code", code.as_str())];
            let fields: Vec<_> = code.iter().chain(fields).copied().collect();
            anonymous.form(&path, &fields).await
        };
        // The last words stand there, and no form to write more.
        let page = form("", &[]).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains(LAST), "{language}");
        for act in ["/check/reply", "/check/aftercare"] {
            assert!(!page.text.contains(act), "{language}: {act}");
        }
        assert!(page.text.contains("/check/forget"), "{language}");
        // Whoever still has an older page open is told the truth.
        for fields in [
            &[("text", "还有一件事")][..],
            &[("text", "不同意"), ("objection", "yes")],
        ] {
            let refused = form("/reply", fields).await;
            assert_eq!(refused.status, 410, "{language}: {}", refused.text);
            assert!(refused.text.contains(said), "{language}: {}", refused.text);
        }
        let aftercare = form(
            "/aftercare",
            &[
                ("after_days", "30"),
                ("stopped", "no"),
                ("treated_badly", "yes"),
                ("text", ""),
            ],
        )
        .await;
        assert_eq!(aftercare.status, 410, "{language}");
        let said_by = json!({"pickup_code": code, "text": "还有一件事"});
        let program = anonymous.api("pickups/replies", &said_by).await;
        assert_eq!(program.status, 410);
        assert!(
            program.json()["title"]
                .as_str()
                .expect("words")
                .contains(said)
        );
        // As the page's own script sends it.
        let lookup = lookup_hex(&PickupCode::parse(&code).expect("a code"));
        let recipients = [intake.place.office.recipient()];
        let sealed = mifeng_sealing::seal_bytes(b"{}", &recipients).expect("sealed");
        let body = json!({
            "lookup": lookup,
            "submission_tag": "22".repeat(32),
            "ciphertext": base64::Engine::encode(&base64::prelude::BASE64_STANDARD, sealed.into_bytes()),
        });
        let scripted = anonymous.api("sealed-pickups/replies", &body).await;
        assert_eq!(scripted.status, 410, "{}", scripted.text);
        assert!(
            scripted.json()["title"]
                .as_str()
                .expect("words")
                .contains(said)
        );
    }
    assert_eq!(
        triage.list("waiting").await.len(),
        waiting,
        "nothing was stored"
    );
    // It can still be deleted, and is gone then.
    let path = format!("/{OFFICE}/en/check/forget");
    let gone = anonymous
        .form(&path, &[("pickup_code", &code), ("sure", "yes")])
        .await;
    assert_eq!(gone.status, 200, "{}", gone.text);
    let looked = anonymous
        .api("pickups", &json!({"pickup_code": code}))
        .await;
    assert_eq!(looked.status, 404);
    assert_eq!(
        triage.list("waiting").await.len(),
        waiting,
        "and nobody is told"
    );
    let again = closes(&intake, &tip).await;
    assert_eq!((again.stored.len(), again.no_mailbox.len()), (0, 1));
    intake.stop().await;
}

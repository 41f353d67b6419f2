//! Numbers in documents.

use super::super::Intake;
use serde_json::{Value, json};

/// Every integer that a document of the API takes, by the variant of `said` or the field of a file that has it.
fn integers(schema: &Value, at: &str, found: &mut Vec<(String, Value)>) {
    match schema {
        Value::Object(fields) => {
            if fields.get("type") == Some(&Value::from("integer")) {
                found.push((at.to_owned(), schema.clone()));
            }
            for (name, inner) in fields {
                integers(inner, &format!("{at}/{name}"), found);
            }
        }
        Value::Array(list) => {
            for (place, inner) in list.iter().enumerate() {
                integers(inner, &format!("{at}/{place}"), found);
            }
        }
        _ => {}
    }
}

#[tokio::test]
async fn every_integer_of_a_document_has_a_range_that_is_checked() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let reporter = anonymous.tells("补课").await;
    let api = anonymous.get("/api/openapi.json").await.json();
    let mut found = Vec::new();
    for taken in [
        "Said",
        "Attachment",
        "Tip",
        "Reply",
        "Pickup",
        "SealedTip",
        "SealedReply",
    ] {
        integers(&api["components"]["schemas"][taken], taken, &mut found);
    }
    let mut tried = 0;
    for (at, schema) in &found {
        let choices = schema["enum"].as_array();
        let (least, most) = match choices {
            Some(choices) => (choices[0].as_i64(), choices[choices.len() - 1].as_i64()),
            None => (schema["minimum"].as_i64(), schema["maximum"].as_i64()),
        };
        let (least, most) = (least.expect("a least"), most.expect("a most"));
        let name = at.rsplit('/').next().expect("a name");
        let mut wrong: Vec<Value> = vec![least - 1, most + 1, -1, i64::MAX]
            .into_iter()
            .map(Value::from)
            .collect();
        wrong.extend([
            json!(u64::MAX),
            json!(1.5),
            json!(1e300),
            json!(4_294_967_296_u64),
        ]);
        if choices.is_some() {
            wrong.extend(
                (least..most)
                    .filter(|it| ![30, 90].contains(it))
                    .map(Value::from),
            );
        }
        for number in wrong {
            let is_in = number
                .as_i64()
                .is_some_and(|it| (least..=most).contains(&it));
            if is_in && choices.is_none() {
                continue;
            }
            let mut body = json!({"pickup_code": reporter.code});
            match name {
                "after_days" => {
                    body["said"] = json!({"kind": "aftercare", "after_days": number, "stopped": "yes", "treated_badly": false, "text": ""});
                }
                "messages" => body["said"] = json!({"kind": "read", "messages": number}),
                "size_bytes" => {
                    body["text"] = json!("补充");
                    body["attachments"] = json!([{"id": "00".repeat(16), "name": "a.pdf", "media_type": "application/pdf", "size_bytes": number, "sha256": "00".repeat(32)}]);
                }
                other => panic!("{other} has no range that is tried here"),
            }
            let answer = anonymous.api("pickups/replies", &body).await;
            let is_told = matches!(answer.status, 400 | 422);
            assert!(is_told, "{name} {number}: {}", answer.text);
            let fits = number.as_u64().is_some_and(|it| it <= 65_535) && name != "size_bytes";
            if fits {
                assert_eq!(
                    answer.json()["type"],
                    "urn:mifeng:problem-number-out-of-range"
                );
                assert_eq!(answer.json()["field"], name);
            }
            tried += 1;
        }
    }
    assert!(found.len() >= 3 && tried > 70, "{found:?}");
    assert_eq!(intake.triage().list("held").await.len(), 1);
    for days in [30, 90] {
        let body = json!({"pickup_code": reporter.code, "said": {"kind": "aftercare", "after_days": days, "stopped": "yes", "treated_badly": false, "text": ""}});
        assert_eq!(anonymous.api("pickups/replies", &body).await.status, 201);
    }
    intake.stop().await;
}

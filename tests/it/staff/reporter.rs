//! Someone with a pickup code.

use super::browser::Browser;
use serde_json::{Value, json};
use std::time::Duration;

/// Someone with a pickup code.
pub struct Reporter {
    pub(super) browser: Browser,
    pub(super) code: String,
}

impl Reporter {
    pub async fn submits(&mut self, school: &str, text: &str) {
        self.accuses("", school, text).await;
    }

    pub async fn accuses(&mut self, subject: &str, school: &str, text: &str) {
        let tip = json!({"category": "tutoring", "school": school, "subject": subject, "when": "",
                         "text": text, "language": "zh-Hans"});
        let answer = self.browser.json("/api/v1/offices/qingxi/tips", &tip).await;
        let code = answer["pickup_code"].as_str();
        code.unwrap_or_else(|| panic!("no code: {answer}"))
            .clone_into(&mut self.code);
    }

    /// Adds something under the code.
    pub async fn adds(&self, text: &str) {
        let said = json!({"kind": "addition", "text": text});
        let body = json!({"pickup_code": self.code, "said": said});
        let path = "/api/v1/offices/qingxi/pickups/replies";
        let answer = self.browser.json(path, &body).await;
        assert!(!answer.to_string().contains("problem"), "{answer}");
    }

    /// Asks with the code until the answer holds `words`.
    pub async fn reads(&self, words: &str) -> Value {
        let body = json!({"pickup_code": self.code});
        let mut answer = Value::Null;
        for _ in 0..100 {
            answer = self
                .browser
                .json("/api/v1/offices/qingxi/pickups", &body)
                .await;
            if answer.to_string().contains(words) {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("never said {words}: {answer}");
    }
}

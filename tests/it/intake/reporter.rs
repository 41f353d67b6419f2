//! Those who report: with a browser or a program, without a code and with one.

use super::{Answer, Intake, OFFICE, TODAY, client};
use hkdf::Hkdf;
use mifeng_sealing::PickupCode;
use serde_json::{Value, json};
use sha2::Sha256;

impl Intake {
    pub fn anonymous(&self) -> Anonymous {
        Anonymous {
            http: client(),
            url: self.public.clone(),
            language: "en",
        }
    }
}

/// Someone with a browser and no code.
pub struct Anonymous {
    pub http: reqwest::Client,
    pub url: String,
    pub language: &'static str,
}

impl Anonymous {
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.url));
        Answer::of(request.header("accept-language", self.language)).await
    }

    pub async fn post(&self, path: &str, kind: &str, body: impl Into<reqwest::Body>) -> Answer {
        let request = self
            .http
            .post(format!("{}{path}", self.url))
            .header("accept-language", self.language)
            .header("content-type", kind);
        Answer::of(request.body(body)).await
    }

    /// Posts JSON to an address of the office's API.
    pub async fn api(&self, place: &str, body: &Value) -> Answer {
        let path = format!("/api/v1/offices/{OFFICE}/{place}");
        self.post(&path, "application/json", body.to_string()).await
    }

    /// Posts a form as the pages do without scripts.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = String::new();
        for (name, value) in fields {
            let head = "--edge\r\nContent-Disposition: form-data; name=";
            body.extend([head, "\"", name, "\"\r\n\r\n", value, "\r\n"]);
        }
        body.push_str("--edge--\r\n");
        self.post(path, "multipart/form-data; boundary=edge", body)
            .await
    }

    pub async fn tells(&self, text: &str) -> Reporter<'_> {
        self.tells_about("tutoring", text).await
    }

    pub async fn tells_about(&self, category: &str, text: &str) -> Reporter<'_> {
        let answer = self.api("tips", &tip(category, text)).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        let answer = answer.json();
        assert_eq!(answer["received_day"], TODAY);
        let code = answer["pickup_code"].as_str().expect("a code");
        Reporter {
            from: self,
            code: code.to_owned(),
        }
    }
}

/// What a page sends in place of a code.
pub fn lookup_hex(code: &PickupCode) -> String {
    let derived = Hkdf::<Sha256>::new(Some(OFFICE.as_bytes()), code.digits().as_bytes());
    let mut lookup = [0; 32];
    let label = b"mifeng/lookup/1";
    derived.expand(label, &mut lookup).expect("32 bytes");
    hex::encode(lookup)
}

pub fn tip(category: &str, text: &str) -> Value {
    json!({"category": category, "school": "第三小学", "subject": "李老师", "when": "上周六",
           "text": text, "language": "zh-Hans"})
}

/// Someone who has a code.
pub struct Reporter<'a> {
    pub from: &'a Anonymous,
    pub code: String,
}

impl Reporter<'_> {
    pub async fn looks(&self) -> Answer {
        let body = json!({"pickup_code": self.code});
        self.from.api("pickups", &body).await
    }

    pub async fn adds(&self, text: &str) -> Answer {
        let body = json!({"pickup_code": self.code, "text": text});
        self.from.api("pickups/replies", &body).await
    }
}

//! A browser that keeps cookies, and what stands on a page.

use crate::support::headers::once_each;
use reqwest::{Client, StatusCode, redirect};
use serde_json::Value;

/// An answer, read to its end.
#[derive(Debug, PartialEq, Eq)]
pub struct Page {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

impl Page {
    /// An answer that is read to its end, if it has one.
    async fn of(answer: reqwest::Response) -> Option<Self> {
        let location = answer.headers().get("location");
        let location = location.and_then(|value| value.to_str().ok());
        Some(Self {
            status: answer.status(),
            location: location.unwrap_or_default().to_owned(),
            text: answer.text().await.ok()?,
        })
    }
}

/// An answer, with no header twice: whatever page a test asks for.
async fn answered(request: reqwest::RequestBuilder) -> reqwest::Response {
    let answer = request.send().await.expect("an answer");
    once_each(answer.headers(), answer.url().path());
    answer
}

/// A browser at one address.
pub struct Browser {
    client: Client,
    pub url: String,
}

impl Browser {
    pub fn new(url: &str) -> Self {
        let client = Client::builder()
            .no_proxy()
            .cookie_store(true)
            .redirect(redirect::Policy::none());
        Self {
            client: client.build().expect("a client"),
            url: url.to_owned(),
        }
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Page {
        let page = Page::of(answered(request).await).await;
        page.expect("read to its end")
    }

    pub async fn get(&self, path: &str) -> Page {
        self.send(self.client.get(format!("{}{path}", self.url)))
            .await
    }

    /// An answer without its body.
    pub async fn head(&self, path: &str) -> Page {
        self.send(self.client.head(format!("{}{path}", self.url)))
            .await
    }

    /// An answer to a program that has one with this tag already.
    pub async fn fetch_unless(&self, path: &str, tag: &str) -> reqwest::Response {
        let request = self.client.get(format!("{}{path}", self.url));
        answered(request.header("If-None-Match", tag)).await
    }

    /// An answer, if anybody listens.
    pub async fn try_get(&self, path: &str) -> Option<Page> {
        let request = self.client.get(format!("{}{path}", self.url));
        Page::of(request.send().await.ok()?).await
    }

    /// An answer to a form, if it comes.
    pub async fn try_post(&self, path: &str, form: &[(&str, String)]) -> Option<Page> {
        let request = self.client.post(format!("{}{path}", self.url)).form(form);
        let request = request.header("Origin", &self.url);
        Page::of(request.send().await.ok()?).await
    }

    /// An answer as it came.
    pub async fn fetch(&self, path: &str) -> reqwest::Response {
        answered(self.client.get(format!("{}{path}", self.url))).await
    }

    /// An answer to a form, as it came.
    pub async fn fetch_posted(&self, path: &str, form: &[(&str, &str)]) -> reqwest::Response {
        let request = self.client.post(format!("{}{path}", self.url)).form(form);
        answered(request.header("Origin", &self.url)).await
    }

    /// Posts a body of another type.
    pub async fn post_as(&self, path: &str, kind: &str, body: Vec<u8>) -> Page {
        let request = self.client.post(format!("{}{path}", self.url)).body(body);
        self.send(request.header("Content-Type", kind)).await
    }

    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        self.post_from(path, form, &self.url).await
    }

    /// Posts as a page of `origin` would.
    pub async fn post_from(&self, path: &str, form: &[(&str, &str)], origin: &str) -> Page {
        let request = self.client.post(format!("{}{path}", self.url)).form(form);
        self.send(request.header("Origin", origin)).await
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Page {
        self.post("/en/login", &[("login", login), ("password", password)])
            .await
    }

    /// The whole audit log, the latest first: all its pages, one after the other.
    pub async fn audit_log(&self) -> String {
        let mut whole = String::new();
        let mut next = Some("/en/trail".to_owned());
        while let Some(path) = next {
            let page = self.get(&path).await.text;
            let links = page.split("href=\"").skip(1);
            let mut links = links.filter_map(|link| link.split('"').next());
            let older = links.find(|link| link.contains("before="));
            next = older.map(|link| link.replace("&#38;", "&").replace("&amp;", "&"));
            whole.push_str(&page);
        }
        whole
    }

    pub async fn json(&self, path: &str, body: &Value) -> Value {
        let request = self.client.post(format!("{}{path}", self.url));
        let request = request
            .header("Content-Type", "application/json")
            .body(body.to_string());
        serde_json::from_str(&self.send(request).await.text).expect("JSON")
    }
}

/// The numbers of the cases that a page links to.
pub fn numbers(page: &str) -> Vec<String> {
    let mut numbers: Vec<_> = page
        .split("/en/case/")
        .skip(1)
        .filter_map(|part| part.split('"').next())
        .map(str::to_owned)
        .collect();
    numbers.dedup();
    numbers
}

/// The value of a hidden or shown field.
pub fn value(page: &str, name: &str) -> String {
    let part = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let value = part.and_then(|part| part.split('"').next());
    value
        .unwrap_or_else(|| panic!("no field {name}"))
        .to_owned()
}

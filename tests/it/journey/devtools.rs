//! What `WebDriver` has no word for: a window of any width, colours and motion as a reader has set them, pictures of a
//! whole page, a page on paper.

use super::browser::Browser;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::wd::WebDriverCompatibleCommand;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use std::str::FromStr;

#[derive(Debug)]
struct Command {
    name: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as FromStr>::Err> {
        base.join(&format!(
            "session/{}/goog/cdp/execute",
            session.unwrap_or_default()
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({"cmd": self.name, "params": self.params});
        (Method::POST, Some(body.to_string()))
    }
}

/// What a reader has set in the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taste {
    Light,
    Dark,
    ForcedColors,
    ReducedMotion,
}

impl Browser {
    async fn devtools(&self, name: &'static str, params: Value) -> Value {
        let command = Command { name, params };
        self.client
            .issue_cmd(command)
            .await
            .expect("Chromium's own protocol")
    }

    /// Makes the window `width` points wide, whatever the screen.
    pub async fn widen(&self, width: u32) {
        let metrics =
            json!({"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    pub async fn taste(&self, taste: Taste) {
        let feature = |name: &str, value: &str| json!({"name": name, "value": value});
        let features = json!([
            feature(
                "prefers-color-scheme",
                if taste == Taste::Dark {
                    "dark"
                } else {
                    "light"
                }
            ),
            feature(
                "forced-colors",
                if taste == Taste::ForcedColors {
                    "active"
                } else {
                    "none"
                }
            ),
            feature(
                "prefers-reduced-motion",
                if taste == Taste::ReducedMotion {
                    "reduce"
                } else {
                    "no-preference"
                }
            ),
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features}))
            .await;
    }

    /// Keeps a picture of the whole page, not of the window alone.
    pub async fn whole_picture(&self, name: &str) {
        let params = json!({"format": "png", "captureBeyondViewport": true});
        let shot = self.devtools("Page.captureScreenshot", params).await;
        keep(&format!("{name}.png"), &shot);
    }

    /// The page on paper; also how many sheets it takes.
    pub async fn print(&self, name: &str) -> usize {
        let params = json!({"preferCSSPageSize": true, "printBackground": true});
        let printed = self.devtools("Page.printToPDF", params).await;
        let pdf = keep(&format!("{name}.pdf"), &printed);
        let text = String::from_utf8_lossy(&pdf);
        text.matches("/Type /Page\n").count() + text.matches("/Type /Page ").count()
    }

    /// What `script` returns.
    pub async fn value(&self, script: &str) -> Value {
        let value = self.client.execute(script, Vec::new()).await;
        value.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Presses keys as on a keyboard, wherever the focus is. Not sent to the element: a file field would take them for
    /// the name of a file.
    pub async fn press(&self, keys: &str) {
        let strokes = keys
            .chars()
            .flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }]);
        let actions = strokes.fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        let pressed = self.client.perform_actions(actions).await;
        pressed.expect("keys are taken");
    }
}

fn keep(name: &str, answer: &Value) -> Vec<u8> {
    let data = answer["data"].as_str().expect("Base64");
    let bytes = BASE64_STANDARD.decode(data).expect("Base64");
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots/pages");
    std::fs::create_dir_all(&folder).expect("the target folder is ours");
    std::fs::write(folder.join(name), &bytes).expect("the target folder is ours");
    bytes
}

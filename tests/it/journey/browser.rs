//! A person at a real browser: headless Chromium through `ChromeDriver`.

use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use rustix::process::{Pid, Signal, kill_process};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Whether pages may run scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scripts {
    On,
    Off,
}

/// A browser window. Its profile is its own and goes with it.
pub struct Browser {
    driver: Child,
    pub client: Client,
    profile: tempfile::TempDir,
}

impl Browser {
    /// Opens a window as wide as a phone's (360) or a desk's (1280).
    pub async fn open(scripts: Scripts, width: u32, language: &str) -> Self {
        let profile = tempfile::tempdir().expect("a temporary folder");
        let port = super::demo::free_ports().0;
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("`make test` installs chromium-driver");
        let capabilities = capabilities(scripts, width, language, profile.path());
        let client = connect(port, capabilities).await;
        Self {
            driver,
            client,
            profile,
        }
    }

    pub async fn go(&self, url: &str) {
        self.client.goto(url).await.expect("the page loads");
    }

    pub async fn find(&self, css: &str) -> Element {
        match self.client.find(Locator::Css(css)).await {
            Ok(element) => element,
            Err(error) => panic!(
                "{css} on {}: {error}\n{}",
                self.address().await,
                self.text().await
            ),
        }
    }

    pub async fn click(&self, css: &str) {
        self.find(css).await.click().await.expect("can be clicked");
    }

    /// Clicks on what brings another page, and waits until that is there.
    pub async fn click_through(&self, css: &str) {
        self.value_of("document.documentElement.dataset.left = 'yes'")
            .await;
        self.click(css).await;
        let there = "return String(document.readyState === 'complete' && !document.documentElement.dataset.left)";
        for _ in 0..100 {
            // Between two pages no script runs.
            if let Ok(is_there) = self.client.execute(there, Vec::new()).await
                && is_there == "true"
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} brings no other page: {}", self.text().await);
    }

    pub async fn type_into(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("a text field");
        field.send_keys(text).await.expect("a text field");
    }

    pub async fn choose(&self, css: &str, value: &str) {
        let list = self.find(css).await;
        list.select_by_value(value).await.expect("one of the list");
    }

    /// The words on the page.
    pub async fn text(&self) -> String {
        for _ in 0..50 {
            // Between two pages there is no body, or one that is going away.
            if let Ok(body) = self.client.find(Locator::Css("body")).await
                && let Ok(text) = body.text().await
                && !text.is_empty()
            {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        String::new()
    }

    /// The address of the first link in the table row that says `words`.
    pub async fn link_in_row_with(&self, words: &str) -> Option<String> {
        let path = format!("//tr[contains(., '{words}')]//a");
        let link = self.client.find(Locator::XPath(&path)).await.ok()?;
        link.prop("href").await.ok()?
    }

    /// The words on the page once there is something visible at `css`, or something hidden if `css` says so.
    pub async fn reads_until(&self, css: &str) -> String {
        let shown = !css.contains("[hidden]") || css.contains(":not([hidden])");
        for _ in 0..100 {
            if let Ok(element) = self.client.find(Locator::Css(css)).await
                && (!shown || element.is_displayed().await.unwrap_or(false))
            {
                return self.text().await;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{css} never came: {}", self.text().await);
    }

    /// What a script in the page gives back, as text.
    pub async fn value_of(&self, script: &str) -> String {
        let value = self.client.execute(script, Vec::new()).await;
        let value = value.expect("the script runs");
        value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned)
    }

    /// Scrolls there.
    pub async fn show(&self, css: &str) {
        let script = format!("document.querySelector('{css}').scrollIntoView({{block: 'center'}})");
        self.value_of(&script).await;
    }

    pub async fn back(&self) {
        self.client.back().await.expect("there is a page before");
    }

    /// A file that the page saved, once it is whole.
    pub async fn downloaded(&self, name: &str) -> Vec<u8> {
        let file = self.profile.path().join("downloads").join(name);
        for _ in 0..100 {
            if let Ok(content) = std::fs::read(&file) {
                return content;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{name} was never saved");
    }

    pub async fn title(&self) -> String {
        self.client.title().await.expect("a title")
    }

    pub async fn address(&self) -> String {
        self.client
            .current_url()
            .await
            .map(String::from)
            .unwrap_or_default()
    }

    /// Whether the page is wider than the window.
    pub async fn scrolls_sideways(&self) -> bool {
        // A phone shows a page that is too wide smaller, and calls that its width.
        let script = "const window_px = screen.width < 500 ? screen.width : innerWidth; \
                      return document.documentElement.scrollWidth > window_px";
        self.client
            .execute(script, Vec::new())
            .await
            .is_ok_and(|wide| wide == serde_json::Value::Bool(true))
    }

    /// Keeps a picture under `target/screenshots`.
    pub async fn picture(&self, name: &str) {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/screenshots");
        std::fs::create_dir_all(&folder).expect("the target folder is ours");
        let png = self.client.screenshot().await.expect("a picture");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("the target folder is ours");
    }

    pub async fn close(self) {
        let _ = self.client.clone().close().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        // A driver that is killed leaves its browser running, and with it a core that draws for nobody.
        end_those_with(&self.profile.path().to_string_lossy());
    }
}

/// Ends every process that was started with `argument` in its command line.
fn end_those_with(argument: &str) {
    let ids = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = ids.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
    for id in ids.filter_map(Pid::from_raw) {
        let line = std::fs::read(format!("/proc/{}/cmdline", id.as_raw_pid())).unwrap_or_default();
        if String::from_utf8_lossy(&line).contains(argument) {
            // It may have ended by itself meanwhile.
            let _ = kill_process(id, Signal::KILL);
        }
    }
}

fn capabilities(
    scripts: Scripts,
    width: u32,
    language: &str,
    profile: &Path,
) -> serde_json::Map<String, serde_json::Value> {
    let javascript = if scripts == Scripts::On { 1 } else { 2 };
    let mut options = serde_json::json!({
        // A proxy of the tests makes its certificate itself.
        "acceptInsecureCerts": true,
        "goog:chromeOptions": {
            "binary": "/usr/bin/chromium",
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--hide-scrollbars",
                // Another name than loopback's, which browsers trust without TLS.
                "--host-resolver-rules=MAP plain.test 127.0.0.1, MAP tips.example 127.0.0.1",
                format!("--window-size={width},1000"),
                format!("--user-data-dir={}", profile.display()),
            ],
            "prefs": {
                "profile.managed_default_content_settings.javascript": javascript,
                "intl.accept_languages": language,
                "download.default_directory": profile.join("downloads"),
            },
        }
    });
    if width < 500 && scripts == Scripts::On {
        // A window cannot be as narrow as a phone; an emulated one can, but not without scripts: ChromeDriver hangs.
        let metrics =
            serde_json::json!({"width": width, "height": 812, "pixelRatio": 2, "mobile": true});
        options["goog:chromeOptions"]["mobileEmulation"] =
            serde_json::json!({"deviceMetrics": metrics});
    }
    options.as_object().expect("an object").clone()
}

async fn connect(port: u16, capabilities: serde_json::Map<String, serde_json::Value>) -> Client {
    let address = format!("http://127.0.0.1:{port}");
    for _ in 0..100 {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.clone());
        match builder.connect(&address).await {
            Ok(client) => return client,
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
    panic!("ChromeDriver did not open a window; is Chromium installed?");
}

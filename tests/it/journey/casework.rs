//! Casework at two real browsers: one writes, concludes and proposes, another approves on a telephone. Nothing of it
//! stands in clear afterwards.

use super::access::{axe, broken};
use super::browser::{Browser, Scripts};
use super::demo::Demo;
use super::{ANSWER, CANARY, Parent, REASON, SUBJECT, canary};
use std::time::Duration;

const NOTE: &str = "家长丁某愿意作证";
const EVIDENCE: &str = "转账截图六张";
const INTERVIEW: &str = "丁某称上学期即开始";
const TASK: &str = "到翠屏路走访";
const DRAFT: &str = "请问翠屏路几号";
const MEASURES: &str = "补课费已退至翠屏路家长";
const WRITTEN: [&str; 6] = [NOTE, EVIDENCE, INTERVIEW, TASK, DRAFT, MEASURES];

/// Somebody of the staff at a window of a certain width, with a case open.
struct Desk {
    browser: Browser,
    case: String,
    axe: String,
}

impl Desk {
    async fn opens(demo: &Demo, role: &str, width: u32, language: &str) -> Self {
        let browser = Browser::open(Scripts::On, width, "zh-CN").await;
        let account = demo.description.account(role);
        let triage = demo.description.triage_url.trim_end_matches('/');
        browser.go(&format!("{triage}/{language}/login")).await;
        browser.type_into("[name=login]", &account.login).await;
        browser
            .type_into("[name=password]", &account.password)
            .await;
        browser.click_through("form[action$='/login'] button").await;
        for _ in 0..60 {
            browser
                .go(&format!("{triage}/{language}/queue?view=finished"))
                .await;
            let mut row = browser.link_in_row_with(SUBJECT).await;
            if row.is_none() {
                browser
                    .go(&format!("{triage}/{language}/queue?view=open"))
                    .await;
                row = browser.link_in_row_with(SUBJECT).await;
            }
            if let Some(case) = row {
                browser.go(&case).await;
                return Self {
                    browser,
                    case,
                    axe: axe(),
                };
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("the tip never came to the queue");
    }

    /// Opens the folded part that holds the form.
    async fn unfolds(&self, action: &str) {
        self.browser
            .find(&format!("form[action$='/{action}']"))
            .await;
        let script = format!(
            "document.querySelector(\"form[action$='/{action}']\").closest('details').open = true"
        );
        self.browser.value_of(&script).await;
    }

    async fn fills(&self, action: &str, fields: &[(&str, &str)]) {
        for (name, text) in fields {
            let css = format!("form[action$='/{action}'] [name={name}]");
            self.browser.type_into(&css, text).await;
        }
    }

    /// A day is typed as each locale orders it, so it is set.
    async fn sets_day(&self, action: &str, name: &str, days: i32) {
        let script = format!(
            "const day = new Date(Date.now() + {days} * 86400000).toISOString().slice(0, 10); \
             document.querySelector(\"form[action$='/{action}'] [name={name}]\").value = day; return day"
        );
        self.browser.value_of(&script).await;
    }

    async fn sends(&self, action: &str) {
        let css = format!("form[action$='/{action}'] button");
        self.browser.click_through(&css).await;
    }

    async fn looks(&self, name: &str) {
        self.browser.picture(name).await;
        assert!(!self.browser.scrolls_sideways().await, "{name}");
        assert_eq!(
            broken(&self.browser, &self.axe).await,
            Vec::<String>::new(),
            "{name}"
        );
    }

    async fn says(&self, words: &str) {
        let text = self.browser.text().await;
        assert!(text.contains(words), "never said {words}: {text}");
    }

    async fn writes_papers(&self) {
        self.browser
            .choose("form[action$='/state'] [name=mode]", "supervised")
            .await;
        self.fills("state", &[("reason", REASON)]).await;
        self.sends("state").await;
        self.says("督办").await;
        self.unfolds("note").await;
        self.fills("note", &[("text", NOTE)]).await;
        self.sends("note").await;
        self.unfolds("evidence").await;
        self.fills("evidence", &[("what", EVIDENCE), ("sha256", "ab")])
            .await;
        self.sends("evidence").await;
        self.says("存放在哪里").await;
        self.looks("casework-evidence-wrong").await;
        self.fills(
            "evidence",
            &[("place", "监察室铁柜"), ("sha256", &"ab".repeat(32))],
        )
        .await;
        self.sends("evidence").await;
        self.unfolds("interview").await;
        self.fills("interview", &[("with", "丁某"), ("text", INTERVIEW)])
            .await;
        self.sets_day("interview", "held", -2).await;
        self.sends("interview").await;
        self.unfolds("task").await;
        self.fills("task", &[("text", TASK)]).await;
        self.sets_day("task", "due", 2).await;
        self.sends("task").await;
        self.fills("message", &[("text", DRAFT)]).await;
        self.browser
            .click_through("button[formaction$='/draft']")
            .await;
        self.browser.go(&self.case).await;
        let script = "document.querySelector('button[formaction$=\"/phrase\"]').closest('details').open = true";
        self.browser.value_of(script).await;
        self.browser.click_through("button[value=where]").await;
        let kept = "return document.querySelector('#message-text').value";
        let kept = self.browser.value_of(kept).await;
        assert!(
            kept.starts_with(DRAFT) && kept.contains("附近有什么好认的"),
            "{kept}"
        );
    }

    async fn concludes(&self) {
        self.fills(
            "conclude",
            &[
                ("measures", MEASURES),
                ("answer", ANSWER),
                ("reason", REASON),
            ],
        )
        .await;
        self.looks("casework-concluding").await;
        self.sends("conclude").await;
    }

    async fn proposes(&self) {
        for _ in 0..60 {
            self.browser.go(&self.case).await;
            self.fills("close", &[("evidence", EVIDENCE), ("measures", MEASURES)])
                .await;
            self.sets_day("close", "revisit", 60).await;
            self.sends("close").await;
            let text = self.browser.text().await;
            if text.contains("等待第二人审批销号") {
                return;
            }
            assert!(text.contains("还没有送到举报人的取件码里"), "{text}");
            assert_eq!(
                self.browser
                    .value_of("return document.querySelector('#close-evidence').value")
                    .await,
                EVIDENCE,
                "nothing is lost"
            );
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        panic!("the result never came to the mailbox");
    }
}

#[tokio::test]
async fn a_case_is_written_concluded_and_closed_by_two() {
    let mut demo = Demo::start(2).await;
    let mut parent = Parent::arrive(&demo, Scripts::Off).await;
    parent.submits("casework-parent").await;
    let code = parent.code.clone();
    let dispatcher = Desk::opens(&demo, "dispatcher", 1280, "zh-Hans").await;
    dispatcher.looks("casework-received").await;
    dispatcher.writes_papers().await;
    dispatcher.looks("casework-papers").await;
    let queue = dispatcher.case.split("/case/").next().unwrap_or_default();
    dispatcher
        .browser
        .go(&format!("{queue}/queue?view=open"))
        .await;
    dispatcher.says(TASK).await;
    dispatcher.looks("casework-queue").await;
    dispatcher.browser.go(&dispatcher.case).await;
    dispatcher.concludes().await;
    dispatcher.proposes().await;
    dispatcher.looks("casework-proposed").await;
    dispatcher.sends_own_approval().await;

    let supervisor = Desk::opens(&demo, "supervisor", 375, "en").await;
    supervisor.looks("casework-phone-en").await;
    supervisor.browser.show("#closing").await;
    supervisor
        .browser
        .picture("casework-phone-en-closing")
        .await;
    supervisor.sends("approve").await;
    supervisor.says("Closed off").await;
    parent.reads("办结", "casework-parent-closed").await;
    dispatcher.cannot_end_it().await;
    for desk in [supervisor, dispatcher] {
        desk.browser.close().await;
    }
    parent.browser.close().await;
    demo.stop();
    for words in WRITTEN.iter().chain([&SUBJECT, &CANARY, &code.as_str()]) {
        let found = canary::files_with(demo.folder(), words);
        assert!(found.is_empty(), "found in clear in {found:?}");
    }
}

impl Desk {
    /// Nobody can have it destroyed yet: its reporter may still object.
    async fn cannot_end_it(&self) {
        self.browser.go(&self.case).await;
        self.says("尚未与规定原文核对").await;
        self.says("最早可提前销毁").await;
        let script = "return String(document.querySelector(\"form[action$='/delete']\"))";
        assert_eq!(self.browser.value_of(script).await, "null");
        self.browser.show("#end").await;
        self.looks("casework-end").await;
    }

    /// The one who proposed it has no button for it, and a forged request does not help.
    async fn sends_own_approval(&self) {
        let script = "return String(document.querySelector(\"form[action$='/approve']\"))";
        assert_eq!(self.browser.value_of(script).await, "null");
    }
}

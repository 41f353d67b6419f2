//! Staff pages that no journey comes by, looked at in both languages, on a telephone and on a desk: axe finds nothing, and
//! nothing is wider than the window. The pictures are under `target/screenshots/pages`.

use super::access::{axe, broken, too_wide};
use super::browser::{Browser, Scripts};
use crate::attachments::quarantined::{office_identity, page_with, sends};
use crate::attachments::{Chosen, FORM, form_body, pdf, tip_fields};
use crate::staff::{self, Office, PASSWORD, Setup, numbers};
use mifeng_opening::Identity;
use std::time::Duration;

pub(super) const LANGUAGES: [&str; 2] = ["zh-Hans", "en"];
const WIDTHS: [u32; 2] = [375, 1280];

/// Somebody of the staff at a browser.
pub(super) struct Window {
    pub browser: Browser,
    url: String,
    axe: String,
    wrong: Vec<String>,
}

impl Window {
    pub async fn of(office: &Office, login: &str) -> Self {
        let window = Self {
            browser: Browser::open(Scripts::On, 1280, "zh-CN").await,
            url: office.browser().url,
            axe: axe(),
            wrong: Vec::new(),
        };
        window.opens("/en/login").await;
        window.browser.type_into("[name=login]", login).await;
        window.browser.type_into("[name=password]", PASSWORD).await;
        let enter = "form[action$='/login'] button";
        window.browser.click_through(enter).await;
        window
    }

    pub async fn opens(&self, path: &str) {
        self.browser.go(&format!("{}{path}", self.url)).await;
    }

    /// Looks at what is open.
    pub async fn looks(&mut self, name: &str) {
        for width in WIDTHS {
            self.browser.widen(width).await;
            let place = format!("staff-{name}-{width}");
            self.browser.whole_picture(&place).await;
            let found = broken(&self.browser, &self.axe).await;
            let wide = too_wide(&self.browser).await;
            let wide = wide.into_iter().map(|html| format!("too wide: {html}"));
            let all = found.into_iter().chain(wide);
            self.wrong
                .extend(all.map(|told| format!("{place}: {told}")));
        }
    }

    pub async fn closes(self) {
        self.browser.close().await;
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

pub(super) const UNFOLD: &str =
    "document.querySelectorAll('details').forEach((one) => { one.open = true })";

#[tokio::test]
async fn what_does_not_open_and_typing_in() {
    let office = Office::start().await;
    let own = office_identity(office.folder());
    let mut window = Window::of(&office, "dispatcher").await;
    for language in LANGUAGES {
        window.opens(&format!("/{language}/quarantine")).await;
        window.looks(&format!("quarantine-empty-{language}")).await;
    }
    sends(&office, &Identity::generate(), false).await;
    sends(&office, &own, true).await;
    sends(&office, &own, false).await;
    let dispatcher = office.signed_in("dispatcher").await;
    page_with(&dispatcher, 3).await;
    for language in LANGUAGES {
        window.opens(&format!("/{language}/queue")).await;
        window.looks(&format!("queue-apart-{language}")).await;
        window.opens(&format!("/{language}/quarantine")).await;
        window.looks(&format!("quarantine-{language}")).await;
        window.browser.value_of(UNFOLD).await;
        window.looks(&format!("quarantine-forms-{language}")).await;
    }
    // The first is to be discarded, the second is kept.
    window
        .browser
        .type_into("[id^=discard-]", "机器乱发的，内容无法还原，已核对两次")
        .await;
    let discard = "form[action$='/discard'] button";
    window.browser.click_through(discard).await;
    window.browser.value_of(UNFOLD).await;
    window
        .browser
        .type_into("[id^=keep-]", "先留着，等换回旧钥匙再试")
        .await;
    window
        .browser
        .click_through("form[action$='/keep'] button")
        .await;
    for language in LANGUAGES {
        window
            .opens(&format!("/{language}/quarantine?tried=still"))
            .await;
        window.browser.value_of(UNFOLD).await;
        window
            .looks(&format!("quarantine-decided-{language}"))
            .await;
    }
    typing_in(&mut window).await;
    window.closes().await;

    let mut second = Window::of(&office, "supervisor").await;
    second.opens("/zh-Hans/quarantine").await;
    second.browser.value_of(UNFOLD).await;
    second.looks("quarantine-second-zh-Hans").await;
    second
        .browser
        .click_through("form[action$='/approve'] button")
        .await;
    for language in LANGUAGES {
        second.opens(&format!("/{language}/quarantine")).await;
        second.browser.value_of(UNFOLD).await;
        second
            .looks(&format!("quarantine-discarded-{language}"))
            .await;
    }
    second.closes().await;
    office.stop().await;
}

/// A call is typed in; the page with its code.
async fn typing_in(window: &mut Window) {
    for language in LANGUAGES {
        window.opens(&format!("/{language}/type-in")).await;
        window.looks(&format!("type-in-{language}")).await;
        let free =
            "document.querySelectorAll('[required]').forEach((one) => { one.required = false })";
        window.browser.value_of(free).await;
        window.browser.click_through("main form button").await;
        window.looks(&format!("type-in-wrong-{language}")).await;
        let account = "来电人说数学老师周末收费补课。";
        window.browser.type_into("[name=text]", account).await;
        window.browser.click_through("main form button").await;
        window.looks(&format!("typed-in-{language}")).await;
        assert_eq!(
            window
                .browser
                .value_of("return document.querySelectorAll('ol.groups li').length")
                .await,
            "7"
        );
    }
}

/// A file that cannot be drawn, one that can, and the form to extend a clock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn looking_at_files_and_extending() {
    let program = env!("CARGO_BIN_EXE_mifeng-triage");
    let office = Office::start_as(Setup {
        triage: format!("[viewer]\nprogram_file = \"{program}\"\n"),
        ..Setup::default()
    })
    .await;
    let photo = Chosen {
        name: "slip.jpg",
        bytes: crate::metadata::samples::jpeg(640, 480),
    };
    let body = form_body(&tip_fields("", "补课"), &[photo, pdf("broken.pdf")]);
    let parent = staff::Browser::new(&office.intake_url());
    let sent = parent.post_as("/qingxi/zh-Hans/write", FORM, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let supervisor = office.signed_in("supervisor").await;
    let (number, page) = with_files(&supervisor).await;
    let mut window = Window::of(&office, "supervisor").await;
    let views = page
        .split("<a href=\"/en")
        .filter_map(|part| part.split('"').next());
    let views: Vec<_> = views.filter(|link| link.ends_with("/view")).collect();
    assert_eq!(views.len(), 2);
    for language in LANGUAGES {
        for (turn, view) in views.iter().enumerate() {
            window.opens(&format!("/{language}{view}")).await;
            window.looks(&format!("view-{turn}-{language}")).await;
        }
        window.opens(&format!("/{language}/case/{number}")).await;
        window.browser.value_of(UNFOLD).await;
        window.looks(&format!("case-unfolded-{language}")).await;
        let free = "document.querySelector('#extend-reason').required = false";
        window.browser.value_of(free).await;
        window
            .browser
            .click_through("form[action$='/extend'] button")
            .await;
        window.looks(&format!("extend-wrong-{language}")).await;
    }
    window.closes().await;
    office.stop().await;
}

/// The page while the cases are being loaded, at `url`.
pub async fn look_at_loading(url: &str) {
    let mut window = Window {
        browser: Browser::open(Scripts::On, 1280, "zh-CN").await,
        url: url.to_owned(),
        axe: axe(),
        wrong: Vec::new(),
    };
    for language in LANGUAGES {
        window.opens(&format!("/{language}/queue")).await;
        window.looks(&format!("loading-{language}")).await;
    }
    window.closes().await;
}

async fn with_files(staff: &staff::Browser) -> (String, String) {
    for _ in 0..150 {
        let queue = staff.get("/en/queue?view=open").await.text;
        if let Some(number) = numbers(&queue).first() {
            let page = staff.get(&format!("/en/case/{number}")).await.text;
            if page.matches("/view\"").count() == 2 {
                return (number.clone(), page);
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never two files to look at");
}

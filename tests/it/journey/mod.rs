//! The whole way in a real browser, scripts off and on: a parent submits, an investigator asks and answers, the
//! parent reads the answer. Afterwards nothing of it stands in clear anywhere on the disk.

mod access;
pub mod browser;
pub mod canary;
mod captured;
mod casework;
pub mod demo;
mod devtools;
mod files;
mod flood;
mod joining;
mod pickup;
pub mod recorder;
mod routed;
mod sealed;
mod second_factor;
pub mod staff_pages;
mod visit;

use browser::{Browser, Scripts};
use demo::Demo;
use std::time::Duration;

const SUBJECT: &str = "欧阳金鹭";
const ACCOUNT: &str = "每周六上午在金鹭花园租房补课，一次收费一百八十元，全班去了一大半。";
const CANARY: &str = "金鹭花园";
const QUESTION: &str = "请问补课从哪一周开始，住在银杏巷几号？";
const ADDITION: &str = "开学第二周开始，在银杏巷十二号三楼。";
const ANSWER: &str = "经核实情况属实，已责令银杏巷补课点停办并退费。";
const REASON: &str = "现场核实笔录两份，玉兰路学校出具说明。";

/// A parent on a phone.
struct Parent {
    browser: Browser,
    office: String,
    code: String,
}

impl Parent {
    async fn arrive(demo: &Demo, scripts: Scripts) -> Self {
        let browser = Browser::open(scripts, 375, "zh-CN").await;
        browser.go(&demo.description.intake_url).await;
        let office = format!(
            "{}/{}/zh-Hans",
            demo.description.intake_url.trim_end_matches('/'),
            demo.description.office
        );
        Self {
            browser,
            office,
            code: String::new(),
        }
    }

    async fn submits(&mut self, pictures: &str) {
        let browser = &self.browser;
        browser.go(&format!("{}/", self.office)).await;
        browser.picture(&format!("{pictures}-start")).await;
        browser.go(&format!("{}/write", self.office)).await;
        browser.click("input[name=category][value=tutoring]").await;
        browser.type_into("input[name=school]", "城东小学").await;
        browser.type_into("[name=subject]", SUBJECT).await;
        browser.type_into("textarea[name=text]", ACCOUNT).await;
        browser.picture(&format!("{pictures}-form")).await;
        browser.click("main form button[type=submit]").await;
        let text = browser.reads_until("ol.code li:nth-child(7)").await;
        self.code = code_in(&text).unwrap_or_else(|| panic!("no code on the page: {text}"));
        let address = browser.address().await + &browser.title().await;
        assert!(
            !address.contains(&self.code[..8]),
            "the code is in the address or title"
        );
        self.browser.picture(&format!("{pictures}-code")).await;
    }

    /// Opens the pickup page until it says `words`.
    async fn reads(&self, words: &str, picture: &str) {
        let mut text = String::new();
        for _ in 0..60 {
            self.browser.go(&format!("{}/check", self.office)).await;
            self.browser
                .type_into("main form [name=pickup_code]", &self.code)
                .await;
            self.browser.click("main form button[type=submit]").await;
            // With scripts the page opens the mailbox itself, which takes a moment.
            for _ in 0..10 {
                text = self.browser.text().await;
                if text.contains(words) {
                    self.browser.picture(picture).await;
                    assert!(!self.browser.scrolls_sideways().await);
                    return;
                }
                tokio::time::sleep(Duration::from_millis(150)).await;
            }
        }
        panic!("the pickup page never said {words}: {text}");
    }

    async fn adds(&self, words: &str) {
        self.browser.type_into("textarea[name=text]", words).await;
        self.browser
            .click("form:has(textarea[name=text]) button[type=submit]")
            .await;
    }
}

/// A member of the staff at a desk.
struct Staff {
    browser: Browser,
    triage: String,
}

impl Staff {
    async fn signs_in(demo: &Demo, role: &str, scripts: Scripts) -> Self {
        let browser = Browser::open(scripts, 1440, "zh-CN").await;
        let account = demo.description.account(role);
        let triage = format!(
            "{}/zh-Hans",
            demo.description.triage_url.trim_end_matches('/')
        );
        browser.go(&format!("{triage}/login")).await;
        browser.type_into("[name=login]", &account.login).await;
        browser
            .type_into("[name=password]", &account.password)
            .await;
        browser.click_through("form[action$='/login'] button").await;
        Self { browser, triage }
    }

    /// Opens the case about `subject` from the list of open ones.
    async fn opens_case_about(&self, subject: &str, picture: &str) -> String {
        for _ in 0..60 {
            self.browser
                .go(&format!("{}/queue?view=open", self.triage))
                .await;
            let row = self.browser.link_in_row_with(subject).await;
            if let Some(address) = row {
                self.browser.picture(&format!("{picture}-queue")).await;
                self.browser.go(&address).await;
                self.browser.picture(&format!("{picture}-case")).await;
                return address;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!(
            "the tip never came to the queue: {}",
            self.browser.text().await
        );
    }
}

/// The 28 digits on a page that shows them in seven groups.
fn code_in(text: &str) -> Option<String> {
    let groups: Vec<&str> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 4)
        .collect();
    groups
        .windows(7)
        .map(<[&str]>::concat)
        .find(|digits| mifeng_sealing::PickupCode::parse(digits).is_ok())
}

async fn whole_way(scripts: Scripts, name: &str) {
    let mut demo = Demo::start(2).await;
    assert_eq!(
        demo.description.pickup_codes.len(),
        2,
        "a code for each sample"
    );
    let mut parent = Parent::arrive(&demo, scripts).await;
    parent.submits(&format!("{name}-parent")).await;
    parent
        .reads("最迟", &format!("{name}-parent-received"))
        .await;

    let dispatcher = Staff::signs_in(&demo, "dispatcher", scripts).await;
    let case = dispatcher
        .opens_case_about(SUBJECT, &format!("{name}-staff"))
        .await;
    assert!(dispatcher.browser.text().await.contains(CANARY));
    dispatcher
        .browser
        .type_into("form[action$='/message'] textarea", QUESTION)
        .await;
    dispatcher
        .browser
        .click_through("form[action$='/message'] button")
        .await;

    parent
        .reads("银杏巷几号", &format!("{name}-parent-question"))
        .await;
    parent.adds(ADDITION).await;

    dispatcher.reads_until(&case, "银杏巷十二号").await;
    dispatcher
        .browser
        .choose("form[action$='/state'] [name=to]", "accepted")
        .await;
    dispatcher
        .browser
        .type_into("form[action$='/state'] [name=reason]", REASON)
        .await;
    dispatcher
        .browser
        .click_through("form[action$='/state'] button")
        .await;
    dispatcher.reads_until(&case, REASON).await;
    dispatcher
        .browser
        .picture(&format!("{name}-staff-answered"))
        .await;
    dispatcher
        .browser
        .choose("form[action$='/conclude'] [name=outcome]", "upheld")
        .await;
    dispatcher
        .browser
        .type_into("form[action$='/conclude'] [name=answer]", ANSWER)
        .await;
    dispatcher
        .browser
        .type_into("form[action$='/conclude'] [name=reason]", REASON)
        .await;
    dispatcher
        .browser
        .click_through("form[action$='/conclude'] button")
        .await;

    parent
        .reads("停办并退费", &format!("{name}-parent-concluded"))
        .await;
    let code = parent.code.clone();
    parent.browser.close().await;
    dispatcher.browser.close().await;

    nothing_in_clear(&demo, &code);
    demo.stop();
    nothing_in_clear(&demo, &code);
}

impl Staff {
    async fn reads_until(&self, address: &str, words: &str) {
        for _ in 0..60 {
            self.browser.go(address).await;
            if self.browser.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        panic!("the case never said {words}: {}", self.browser.text().await);
    }
}

/// Promise 2: no word of a tip, an answer, a name or a code in any file: stores, WAL, logs, mail.
fn nothing_in_clear(demo: &Demo, code: &str) {
    assert!(
        canary::file_count(demo.folder()) > 10,
        "there is something to look at"
    );
    // The search itself works: what the demo writes in clear on purpose is found.
    assert!(!canary::files_with(demo.folder(), &demo.description.office).is_empty());
    let words = [SUBJECT, CANARY, "银杏巷", "玉兰路", code, &spaced(code)];
    for word in words {
        let found = canary::files_with(demo.folder(), word);
        assert!(found.is_empty(), "found in clear in {found:?}");
    }
}

fn spaced(code: &str) -> String {
    let groups: Vec<&str> = (0..28).step_by(4).map(|at| &code[at..at + 4]).collect();
    groups.join(" ")
}

#[tokio::test]
async fn a_tip_is_answered_with_scripts_off() {
    whole_way(Scripts::Off, "scripts-off").await;
}

#[tokio::test]
async fn a_tip_is_answered_with_scripts_on() {
    whole_way(Scripts::On, "scripts-on").await;
}

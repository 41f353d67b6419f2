//! The pages of routing at a real browser, narrow and wide, in both languages: nothing is broken, nothing is too wide.

use super::access::{axe, broken, too_wide};
use super::browser::{Browser, Scripts};
use crate::staff::{Office, PASSWORD};

const SCHOOL: &str = "青溪县城东小学";
const WIDTHS: [u32; 2] = [375, 1280];
const LANGUAGES: [&str; 2] = ["zh-Hans", "en"];

/// Somebody of the staff at a browser, at every width and in both languages.
struct Visitor {
    browser: Browser,
    triage: String,
    axe: String,
    wrong: Vec<String>,
}

impl Visitor {
    async fn signs_in(office: &Office, login: &str) -> Self {
        let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
        let triage = office.browser().url;
        browser.go(&format!("{triage}/en/login")).await;
        browser.type_into("[name=login]", login).await;
        browser.type_into("[name=password]", PASSWORD).await;
        browser.click_through("form[action$='/login'] button").await;
        Self {
            browser,
            triage,
            axe: axe(),
            wrong: Vec::new(),
        }
    }

    async fn looks(&mut self, name: &str) {
        let found = broken(&self.browser, &self.axe).await.into_iter();
        let wide = too_wide(&self.browser).await;
        let wide = wide.into_iter().map(|html| format!("too wide: {html}"));
        let told = found.chain(wide).map(|told| format!("{name}: {told}"));
        self.wrong.extend(told);
        self.browser.whole_picture(name).await;
    }

    /// Looks at a page, after `ready` has been done to it.
    async fn visits(&mut self, name: &str, path: &str, ready: &str) {
        for width in WIDTHS {
            self.browser.widen(width).await;
            for language in LANGUAGES {
                let address = format!("{}/{language}/{path}", self.triage);
                self.browser.go(&address).await;
                self.browser.value_of(&format!("{ready}; return ''")).await;
                self.looks(&format!("{name}-{language}-{width}")).await;
            }
        }
    }

    async fn leaves(self) {
        self.browser.close().await;
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

const UNFOLD: &str = "document.querySelectorAll('details').forEach((it) => { it.open = true })";

#[tokio::test]
async fn the_pages_of_routing_are_whole() {
    let office = Office::start().await;
    let (number, _) = office
        .case_about(SCHOOL, "老师周末在家补课，每次收一百元")
        .await;
    let (_, _) = office
        .case_about("青溪县第一中学", "高三收资料费不开票")
        .await;
    let mut dispatcher = Visitor::signs_in(&office, "dispatcher").await;
    dispatcher.visits("routing", "routing", "").await;
    let one = "document.querySelectorAll('details.rule')[7].open = true";
    dispatcher.visits("routing-edit", "routing/edit", one).await;
    let assign = format!("case/{number}");
    dispatcher.visits("routing-assign", &assign, UNFOLD).await;
    dispatcher.visits("own-leave", "own", "").await;
    // Tried, with a slip first.
    for width in WIDTHS {
        dispatcher.browser.widen(width).await;
        for language in LANGUAGES {
            let address = format!("{}/{language}/routing/edit", dispatcher.triage);
            dispatcher.browser.go(&address).await;
            let slip = "document.querySelector('[name=r7-unit]').value = 'dudao'; \
                        document.querySelector('[name=r7-id]').value = 'Wrong!'; return ''";
            dispatcher.browser.value_of(slip).await;
            let tries = "button[formaction$='/try']";
            dispatcher.browser.click_through(tries).await;
            let name = format!("routing-wrong-{language}-{width}");
            dispatcher.looks(&name).await;
            let right =
                "document.querySelector('[name=r7-id]').value = 'teaching-primary'; return ''";
            dispatcher.browser.value_of(right).await;
            dispatcher.browser.click_through(tries).await;
            let text = dispatcher.browser.text().await;
            assert!(text.contains("◆"), "tried: {text}");
            let name = format!("routing-tried-{language}-{width}");
            dispatcher.looks(&name).await;
        }
    }
    dispatcher.leaves().await;
    let mut admin = Visitor::signs_in(&office, "administrator").await;
    let account = hex::encode(office.id_of("other").await.0);
    let account = format!("accounts/{account}");
    admin.visits("account-skills", &account, UNFOLD).await;
    admin.leaves().await;
    office.stop().await;
}

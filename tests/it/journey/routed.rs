//! The pages of routing at a real browser, narrow and wide, in both languages: nothing is broken, nothing is too wide.

use super::staff_pages::{LANGUAGES, UNFOLD, Window};
use crate::staff::{Office, Setup};

const SCHOOL: &str = "青溪县城东小学";

impl Window {
    /// Looks at a page in both languages, after `ready` has been done to it.
    async fn visits(&mut self, name: &str, path: &str, ready: &str) {
        for language in LANGUAGES {
            self.opens(&format!("/{language}/{path}")).await;
            self.browser.value_of(&format!("{ready}; return ''")).await;
            self.looks(&format!("{name}-{language}")).await;
        }
    }
}

#[tokio::test]
async fn the_pages_of_routing_are_whole() {
    let office = Office::start().await;
    let (number, _) = office
        .case_about(SCHOOL, "老师周末在家补课，每次收一百元")
        .await;
    let (_, _) = office
        .case_about("青溪县第一中学", "高三收资料费不开票")
        .await;
    let mut window = Window::of(&office, "dispatcher").await;
    window.visits("routing", "routing", "").await;
    let one = "document.querySelectorAll('details.rule')[7].open = true";
    window.visits("routing-edit", "routing/edit", one).await;
    let assign = format!("case/{number}");
    window.visits("routing-assign", &assign, UNFOLD).await;
    window.visits("own-leave", "own", "").await;
    // Tried, with a slip first.
    for language in LANGUAGES {
        window.opens(&format!("/{language}/routing/edit")).await;
        let slip = "document.querySelector('[name=r7-unit]').value = 'dudao'; \
                    document.querySelector('[name=r7-id]').value = 'Wrong!'; return ''";
        window.browser.value_of(slip).await;
        let tries = "button[formaction$='/try']";
        window.browser.click_through(tries).await;
        window.looks(&format!("routing-wrong-{language}")).await;
        let right = "document.querySelector('[name=r7-id]').value = 'teaching-primary'; return ''";
        window.browser.value_of(right).await;
        window.browser.click_through(tries).await;
        let text = window.browser.text().await;
        assert!(text.contains("◆"), "tried: {text}");
        window.looks(&format!("routing-tried-{language}")).await;
    }
    window.closes().await;
    let mut window = Window::of(&office, "administrator").await;
    let account = hex::encode(office.id_of("other").await.0);
    let account = format!("accounts/{account}");
    window.visits("account-skills", &account, UNFOLD).await;
    window.closes().await;
    office.stop().await;
}

#[tokio::test]
async fn the_page_of_a_tip_to_be_passed_up_is_whole() {
    let office = Office::start_as(Setup {
        above: true,
        ..Setup::default()
    })
    .await;
    let mut reporter = office.reporter();
    let text = "默许培训机构进校招生，每年收好处";
    reporter.accuses("骆局长", SCHOOL, text).await;
    let number = office.signed_in("dispatcher").await.finds(text).await;
    let mut window = Window::of(&office, "dispatcher").await;
    let case = format!("case/{number}");
    window.visits("pass-up", &case, "").await;
    for language in LANGUAGES {
        window.opens(&format!("/{language}/{case}")).await;
        let blank =
            "document.querySelector(\"form[action$='/pass-up']\").noValidate = true; return ''";
        window.browser.value_of(blank).await;
        let sends = "form[action$='/pass-up'] button";
        window.browser.click_through(sends).await;
        window.looks(&format!("pass-up-unsaid-{language}")).await;
    }
    window.closes().await;
    office.stop().await;
}

//! Every page of the staff, in Chinese and English, at a desk and on a telephone: nothing for axe to find, nothing that has
//! to be scrolled sideways, and a picture of each.

use super::{axe, broken, too_wide};
use crate::journey::browser::{Browser, Scripts};
use crate::staff::{Office, PASSWORD, numbers, value};
use actix_web::{App, HttpServer};
use mifeng_triage::office::Progress;
use mifeng_triage::web::configure_loading;
use std::sync::Arc;
use std::time::Duration;

const SCHOOLS: [&str; 3] = ["青溪县第三中学", "青溪县第一中学", "城东小学"];
const TEXT: &str = "语文老师周末在芙蓉苑租房补课，一次收两百元，全班去了一大半。";

/// An office with something on every page: its cases, the first of them worked on, and an account that waits.
async fn at_work() -> (Office, Vec<String>) {
    let office = Office::start().await;
    for n in 0..7 {
        let text = format!("{TEXT}这是第{n}次。");
        office.reporter().submits(SCHOOLS[n % 3], &text).await;
    }
    let dispatcher = office.signed_in("dispatcher").await;
    let mut cases = Vec::new();
    for _ in 0..100 {
        let page = dispatcher.get("/en/ledger?sort=number").await.text;
        cases = numbers(&page);
        if cases.len() == 7 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(cases.len(), 7, "they came");
    office.give(&cases[0], "other").await;
    let case = format!("/en/case/{}", cases[0]);
    let version = value(&dispatcher.get(&case).await.text, "version");
    let accept = [
        ("version", version.as_str()),
        ("to", "accepted"),
        ("mode", "joint"),
        ("reason", "ours"),
    ];
    dispatcher.post(&format!("{case}/state"), &accept).await;
    for (action, text) in [
        ("message", "请问是哪一栋楼？"),
        ("note", "与物业核对芙蓉苑租约"),
        ("draft", "还想请问"),
    ] {
        dispatcher
            .post(&format!("{case}/{action}"), &[("text", text)])
            .await;
    }
    is_studied_together(&office, &case).await;
    let view = [("state", "open"), ("name", "在办的会商件")];
    dispatcher.post("/en/ledger/save", &view).await;
    let admin = office.signed_in("administrator").await;
    let account = [
        ("login", "newcomer"),
        ("name", "新来的人"),
        ("email", ""),
        ("unit", "dudao"),
        ("role", "investigator"),
        ("recused_names", ""),
        ("password", PASSWORD),
    ];
    let added = admin.post("/en/accounts", &account).await;
    assert_eq!(added.location, "/en/accounts", "{}", added.text);
    (office, cases)
}

/// Two handle the case, study it jointly, and one has signed what they think of it.
async fn is_studied_together(office: &Office, case: &str) {
    let lead = office.signed_in("other").await;
    let helper = hex::encode(office.id_of("investigator").await.0);
    let opinion = "两人均认为补课属实，建议责令退费。";
    for (action, field, text) in [
        ("add-handler", "member", helper.as_str()),
        ("state", "to", "joint-study"),
        ("opinion", "text", opinion),
    ] {
        let version = value(&lead.get(case).await.text, "version");
        let form = [
            ("version", version.as_str()),
            (field, text),
            ("reason", "涉及两所学校"),
        ];
        let done = lead.post(&format!("{case}/{action}"), &form).await;
        assert_eq!(done.location, case, "{action}: {}", done.text);
    }
}

/// A browser at the staff's pages, which looks at each.
struct Looker {
    browser: Browser,
    url: String,
    lang: &'static str,
    width: u32,
    axe: String,
    wrong: Vec<String>,
    seen: usize,
}

impl Looker {
    async fn sign_in(&self, login: &str) {
        self.browser
            .go(&format!("{}/{}/login", self.url, self.lang))
            .await;
        self.browser.type_into("[name=login]", login).await;
        self.browser.type_into("[name=password]", PASSWORD).await;
        self.browser
            .click_through("form[action$='/login'] button")
            .await;
    }

    async fn look(&mut self, name: &str) {
        let place = format!("{name} {} at {}", self.lang, self.width);
        let found = broken(&self.browser, &self.axe).await;
        self.wrong
            .extend(found.into_iter().map(|told| format!("{place}: {told}")));
        let wide = too_wide(&self.browser).await;
        let wide = wide
            .into_iter()
            .map(|html| format!("{place}: too wide: {html}"));
        self.wrong.extend(wide);
        let picture = format!("staff-{name}-{}-{}", self.lang, self.width);
        self.browser.whole_picture(&picture).await;
        self.seen += 1;
    }

    async fn go(&mut self, name: &str, path: &str) {
        self.browser
            .go(&format!("{}/{}/{path}", self.url, self.lang))
            .await;
        self.look(name).await;
    }

    async fn sends(&mut self, name: &str, path: &str, fields: &[(&str, &str)], button: &str) {
        self.browser
            .go(&format!("{}/{}/{path}", self.url, self.lang))
            .await;
        for (field, text) in fields {
            self.browser.type_into(field, text).await;
        }
        self.browser.click_through(button).await;
        self.look(name).await;
    }
}

async fn every_page(width: u32) {
    let (office, cases) = at_work().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    browser.widen(width).await;
    let mut looker = Looker {
        browser,
        url: office.browser().url,
        lang: "en",
        width,
        axe: axe(),
        wrong: Vec::new(),
        seen: 0,
    };
    for lang in ["en", "zh-Hans"] {
        looker.lang = lang;
        of_a_dispatcher(&mut looker, &cases).await;
        of_others(&mut looker, &office).await;
    }
    loading(&mut looker).await;
    let office = office.restarted_as(|settings| {
        settings.insert("start_sealed".to_owned(), true.into());
        settings.remove("passphrase_file");
    });
    let office = office.await;
    looker.url = office.browser().url;
    for lang in ["en", "zh-Hans"] {
        looker.lang = lang;
        looker.sign_in("dispatcher").await;
        looker.go("unlock", "unlock").await;
        looker.go("locked-ledger", "ledger").await;
    }
    assert!(looker.seen > 60, "{} pages", looker.seen);
    looker.browser.close().await;
    office.stop().await;
    assert!(looker.wrong.is_empty(), "{}", looker.wrong.join("\n"));
}

async fn of_a_dispatcher(looker: &mut Looker, cases: &[String]) {
    looker.go("login", "login").await;
    looker.sign_in("dispatcher").await;
    looker.go("queue", "queue?view=open").await;
    looker.go("queue-empty", "queue?view=finished").await;
    looker.go("case", &format!("case/{}", cases[0])).await;
    looker.go("case-new", &format!("case/{}", cases[1])).await;
    let compare = format!("case/{}/compare/{}", cases[1], cases[2]);
    looker.go("compare", &compare).await;
    looker.go("missing", "case/2020-9999").await;
    looker.go("ledger", "ledger").await;
    looker
        .go("ledger-filtered", "ledger?state=open&sort=number")
        .await;
    looker.go("ledger-empty", "ledger?outcome=cleared").await;
    looker
        .go("ledger-wrong", "ledger?received-from=bald&mode=loud")
        .await;
    looker.go("search", "search").await;
    let words = [("[name=q]", "芙蓉苑")];
    let button = "form[role=search] button";
    looker.sends("search-found", "search", &words, button).await;
    let words = [("[name=q]", "鹦鹉")];
    looker.sends("search-none", "search", &words, button).await;
    let words = [("[name=q]", "，。")];
    looker.sends("search-wrong", "search", &words, button).await;
    looker.go("type-in", "type-in").await;
    let account = [("[name=text]", "来电说，体育老师让家长买指定的球鞋。")];
    let button = "form[action$='/type-in'] button";
    looker.sends("typed-in", "type-in", &account, button).await;
    looker.go("quarantine", "quarantine").await;
    looker.go("keys", "keys").await;
    looker.go("routing", "routing").await;
    looker.go("routing-edit", "routing/edit").await;
    looker.go("refused", "trail").await;
    looker.go("own", "own").await;
    let button = "form[action$='/calendar/make'] button";
    looker.sends("own-calendar", "own", &[], button).await;
}

async fn of_others(looker: &mut Looker, office: &Office) {
    looker.sign_in("supervisor").await;
    looker.go("board", "board").await;
    looker.go("board-outside", "board?outside=1").await;
    looker.go("board-wrong", "board?year=x").await;
    looker.sign_in("administrator").await;
    looker.go("accounts", "accounts").await;
    let id = hex::encode(office.id_of("investigator").await.0);
    looker.go("account", &format!("accounts/{id}")).await;
    looker.sign_in("auditor").await;
    looker.go("trail", "trail?check=1").await;
    looker.go("trail-wrong", "trail?case=x").await;
    looker.sign_in("newcomer").await;
    looker.go("own-first", "own").await;
}

/// The page that is shown while the cases are loaded.
async fn loading(looker: &mut Looker) {
    let progress = Arc::new(Progress::default());
    let told = Arc::clone(&progress);
    let app = move || App::new().configure(configure_loading(Arc::clone(&progress), false));
    let server = HttpServer::new(app).workers(1).disable_signals();
    let server = server.bind(("127.0.0.1", 0)).expect("a port");
    let url = format!("http://{}", server.addrs()[0]);
    let server = server.run();
    let handle = server.handle();
    tokio::spawn(server);
    let before = std::mem::replace(&mut looker.url, url);
    for lang in ["en", "zh-Hans"] {
        looker.lang = lang;
        looker.go("loading", "queue").await;
    }
    told.break_off();
    for lang in ["en", "zh-Hans"] {
        looker.lang = lang;
        looker.go("loading-broken-off", "queue").await;
    }
    looker.url = before;
    handle.stop(false).await;
}

#[tokio::test]
async fn nothing_is_broken_for_the_staff_at_a_desk() {
    every_page(1280).await;
}

#[tokio::test]
async fn nothing_is_broken_for_the_staff_on_a_phone() {
    every_page(375).await;
}

/// Between the two: where tables are still tables and the room for them is small.
#[tokio::test]
async fn nothing_is_broken_for_the_staff_on_a_tablet() {
    every_page(820).await;
}

/// J and K go from line to line while the focus is in the table, and mean nothing elsewhere.
#[tokio::test]
async fn the_ledger_is_walked_by_keys() {
    let (office, cases) = at_work().await;
    let browser = Browser::open(Scripts::On, 1280, "en").await;
    let looker = Looker {
        browser,
        url: office.browser().url,
        lang: "en",
        width: 1280,
        axe: String::new(),
        wrong: Vec::new(),
        seen: 0,
    };
    looker.sign_in("dispatcher").await;
    let page = &looker.browser;
    page.go(&format!("{}/en/ledger?sort=number", looker.url))
        .await;
    let focused = "return document.activeElement.textContent";
    page.press("j").await;
    assert_ne!(
        page.value(focused).await,
        cases[0],
        "no key outside the table"
    );
    page.value("document.querySelector('tbody a.title').focus(); return 1")
        .await;
    for (key, at) in [("j", 1), ("j", 2), ("k", 1), ("k", 0), ("k", 0)] {
        page.press(key).await;
        assert_eq!(page.value(focused).await, cases[at], "{key}");
    }
    looker.browser.close().await;
    office.stop().await;
}

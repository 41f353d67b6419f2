//! The second factor at a real browser: set up, asked for, and a recovery code where the telephone is gone.

use super::access::{axe, broken};
use super::browser::{Browser, Scripts};
use super::demo::Demo;
use mifeng_foundation::clock::{Clock as _, SystemClock};
use totp_rs::{Algorithm, Builder, Secret};

struct Window {
    browser: Browser,
    axe: String,
}

impl Window {
    async fn looks(&self, name: &str) {
        self.browser.picture(name).await;
        assert!(!self.browser.scrolls_sideways().await, "{name}");
        let broken = broken(&self.browser, &self.axe).await;
        assert_eq!(broken, Vec::<String>::new(), "{name}");
    }

    async fn signs_in(&self, at: &str, login: &str, password: &str) {
        self.browser.go(&format!("{at}/login")).await;
        self.browser.type_into("[name=login]", login).await;
        self.browser.type_into("[name=password]", password).await;
        self.browser
            .click_through("form[action$='/login'] button")
            .await;
    }
}

/// What an authenticator shows now.
fn code_of(secret: &str) -> String {
    let letters: String = secret.split_whitespace().collect();
    let telephone = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(Secret::try_from_base32(letters).expect("a secret"))
        .build_noncompliant();
    let now_s = SystemClock::new().now().as_second().unsigned_abs();
    telephone.generate(now_s).to_string()
}

#[tokio::test]
async fn it_is_set_up_and_asked_for() {
    let mut demo = Demo::start(0).await;
    let triage = demo.description.triage_url.trim_end_matches('/').to_owned();
    for (role, width, language) in [("supervisor", 1280, "zh-Hans"), ("auditor", 375, "en")] {
        let account = demo.description.account(role).clone();
        let at = format!("{triage}/{language}");
        let window = Window {
            browser: Browser::open(Scripts::On, width, "zh-CN").await,
            axe: axe(),
        };
        let name = |what: &str| format!("factor-{what}-{width}-{language}");
        window
            .signs_in(&at, &account.login, &account.password)
            .await;
        window.browser.go(&format!("{at}/own")).await;
        window.looks(&name("own")).await;
        window
            .browser
            .click_through("form[action$='/second-factor'] button")
            .await;
        window.looks(&name("set-up")).await;
        let secret = "return document.querySelector('[name=secret]').value";
        let secret = window.browser.value_of(secret).await;
        window
            .browser
            .type_into("[name=code]", &code_of(&secret))
            .await;
        window
            .browser
            .type_into("[name=password-now]", &account.password)
            .await;
        window
            .browser
            .click_through("form[action$='/second-factor'] button")
            .await;
        window.looks(&name("recovery")).await;
        let first = "return document.querySelector('.codes code').textContent";
        let recovery = window.browser.value_of(first).await;
        window
            .signs_in(&at, &account.login, &account.password)
            .await;
        window.looks(&name("code")).await;
        window.browser.type_into("[name=code]", "000000").await;
        window
            .browser
            .click_through("form[action$='/code'] button")
            .await;
        window.looks(&name("code-wrong")).await;
        window.browser.type_into("[name=code]", &recovery).await;
        window
            .browser
            .click_through("form[action$='/code'] button")
            .await;
        window.browser.go(&format!("{at}/own")).await;
        window.looks(&name("own-set")).await;
        window.browser.close().await;
    }
    let account = demo.description.account("dispatcher").clone();
    let window = Window {
        browser: Browser::open(Scripts::On, 1280, "zh-CN").await,
        axe: axe(),
    };
    let at = format!("{triage}/en");
    window
        .signs_in(&at, &account.login, &account.password)
        .await;
    window.browser.go(&format!("{at}/keys")).await;
    window.looks("factor-keys-1280-en").await;
    window.browser.close().await;
    demo.stop();
}

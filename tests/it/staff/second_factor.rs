//! The second factor at the door, over both stores: set up with a telephone that is a clock and a secret, asked for, used
//! once, lost and taken off.

use super::{Browser, Office, PASSWORD, Page, Setup, value};
use crate::support::postgres::fresh_database;
use jiff::Timestamp;
use mifeng_foundation::clock::Clock as _;
use mifeng_triage::staff::SecondFactor;
use reqwest::StatusCode;
use std::time::Duration;
use totp_rs::{Algorithm, Builder, Secret};

const STEP: Duration = Duration::from_secs(30);

/// What an authenticator shows of a secret that was typed into it.
fn shown(secret: &str, now: Timestamp) -> String {
    let letters: String = secret.split_whitespace().collect();
    let secret = Secret::try_from_base32(letters).expect("a secret");
    let telephone = Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_step_duration(30)
        .with_secret(secret)
        .build_noncompliant();
    let now_s = u64::try_from(now.as_second()).expect("after 1970");
    telephone.generate(now_s).to_string()
}

struct Member<'a> {
    office: &'a Office,
    login: &'static str,
    browser: Browser,
    secret: String,
    recovery: Vec<String>,
}

impl<'a> Member<'a> {
    async fn new(office: &'a Office, login: &'static str) -> Self {
        Self {
            office,
            login,
            browser: office.signed_in(login).await,
            secret: String::new(),
            recovery: Vec::new(),
        }
    }

    fn code(&self) -> String {
        shown(&self.secret, self.office.clock.now())
    }

    async fn sets_up(&mut self) {
        let path = "/en/own/second-factor";
        let page = self.browser.post(path, &[]).await;
        assert_eq!(page.status, StatusCode::OK);
        self.secret = value(&page.text, "secret");
        assert!(page.text.contains("<svg class=\"qr\"") && page.text.contains(&self.secret));
        assert!(SecondFactor::parse(&self.secret).is_ok());
        let letters: String = self.secret.split_whitespace().collect();
        let scanned = crate::intake::poster::scan(&page.text);
        assert!(scanned.starts_with("otpauth://totp/") && scanned.contains(&letters));
        for (code, password, field) in [
            ("000000", PASSWORD, "code"),
            (self.code().as_str(), "another password", "password-now"),
        ] {
            let form = [
                ("secret", self.secret.as_str()),
                ("code", code),
                ("password-now", password),
            ];
            let refused = self.browser.post(path, &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains(&format!("id=\"{field}-error\"")));
            assert_eq!(
                value(&refused.text, "secret"),
                self.secret,
                "nothing is lost"
            );
        }
        let code = self.code();
        let form = [
            ("secret", self.secret.as_str()),
            ("code", code.as_str()),
            ("password-now", PASSWORD),
        ];
        let page = self.browser.post(path, &form).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let codes = page.text.split("<li><code class=\"code\">").skip(1);
        let codes = codes.filter_map(|part| part.split('<').next());
        self.recovery = codes.map(str::to_owned).collect();
        assert_eq!(self.recovery.len(), 8);
        let again = self.browser.get("/en/own").await.text;
        assert!(again.contains("Set up: signing in takes"));
        assert!(!again.contains(&self.recovery[0]), "shown once");
    }

    /// Password, and the page that asks for a code.
    async fn is_asked(&self) -> (Browser, String) {
        let browser = self.office.browser();
        let page = browser.sign_in(self.login, PASSWORD).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("/en/login/code"));
        let elsewhere = browser.get("/en/queue").await;
        assert_eq!(elsewhere.location, "/en/login", "not in yet");
        (browser, value(&page.text, "token"))
    }

    async fn enters(&self, code: &str) -> Page {
        let (browser, token) = self.is_asked().await;
        enter(&browser, &token, code).await
    }
}

async fn enter(browser: &Browser, token: &str, code: &str) -> Page {
    browser
        .post("/en/login/code", &[("token", token), ("code", code)])
        .await
}

async fn kinds(office: &Office) -> Vec<String> {
    let rows = office
        .stores()
        .await
        .cases
        .audit_rows_after(0, 10_000)
        .await;
    let rows = rows.expect("read");
    rows.into_iter().map(|row| row.link.kind).collect()
}

async fn a_code_is_asked_for(url: Option<String>) {
    let office = Office::start_over(url).await;
    let mut member = Member::new(&office, "supervisor").await;
    member.sets_up().await;
    // The code of setting up does not sign in.
    let replayed = member.enters(&member.code()).await;
    assert_eq!(replayed.status, StatusCode::UNAUTHORIZED);
    office.clock.advance(STEP);
    let code = member.code();
    let (first, second) = (member.is_asked().await, member.is_asked().await);
    let (one, other) = tokio::join!(
        enter(&first.0, &first.1, &code),
        enter(&second.0, &second.1, &code)
    );
    let entered = [&one, &other];
    let entered = entered.iter().filter(|page| page.location == "/en/queue");
    assert_eq!(entered.count(), 1, "of two at once one");
    let browser = if one.location == "/en/queue" {
        &first.0
    } else {
        &second.0
    };
    assert_eq!(browser.get("/en/queue").await.status, StatusCode::OK);
    let spent = if one.location == "/en/queue" {
        &first
    } else {
        &second
    };
    office.clock.advance(STEP);
    let again = enter(&spent.0, &spent.1, &member.code()).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "the token is spent");

    // A recovery code, once.
    let typed = member.recovery[3].to_uppercase();
    assert_eq!(member.enters(&typed).await.location, "/en/queue");
    let used = member.enters(&typed).await;
    assert_eq!(used.status, StatusCode::UNAUTHORIZED);
    // What was begun too long ago: that the password was known is on record, and nothing else.
    let before = kinds(&office).await.len();
    let (browser, token) = member.is_asked().await;
    assert_eq!(kinds(&office).await[before..], ["code-asked"]);
    office.clock.advance(Duration::from_mins(11));
    let over = enter(&browser, &token, &member.code()).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
    assert!(over.text.contains("took too long"));
    // Guesses are slowed, whatever the password's counter says.
    let mut slowed = false;
    for _ in 0..8 {
        slowed |= member.enters("123456").await.status == StatusCode::TOO_MANY_REQUESTS;
    }
    assert!(slowed);
    let kinds = kinds(&office).await;
    for kind in [
        "second-factor-set",
        "second-factor-failed",
        "recovery-code-used",
    ] {
        assert!(kinds.iter().any(|one| one == kind), "{kind}");
    }
    // At rest there is neither the secret nor a recovery code.
    let store = office.stores().await.staff;
    let id = office.id_of("supervisor").await;
    let stored = store.second_factor(id).await.expect("read").expect("kept");
    let letters: String = member.secret.split_whitespace().collect();
    let secret = Secret::try_from_base32(letters).expect("a secret");
    let bytes = secret.as_bytes();
    assert!(!stored.sealed.windows(bytes.len()).any(|part| part == bytes));
    office.stop().await;
}

async fn it_is_taken_off_by_another(url: Option<String>) {
    let office = Office::start_over(url).await;
    let mut member = Member::new(&office, "supervisor").await;
    member.sets_up().await;
    let id = hex::encode(office.id_of("supervisor").await.0);
    let path = format!("/en/keys/{id}/second-factor");
    for login in ["supervisor", "administrator", "investigator", "auditor"] {
        let browser = match login {
            "supervisor" => &member.browser,
            _ => &office.signed_in(login).await,
        };
        let refused = browser.post(&path, &[]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{login}");
    }
    assert_eq!(member.browser.get("/en/queue").await.status, StatusCode::OK);
    let officer = office.signed_in("dispatcher").await;
    assert!(officer.get("/en/keys").await.text.contains(&path));
    let done = officer.post(&path, &[]).await;
    assert_eq!(done.location, "/en/keys");
    let out = member.browser.get("/en/queue").await;
    assert_eq!(out.location, "/en/login", "her sessions are over");
    let again = office.signed_in("supervisor").await;
    assert_eq!(again.get("/en/queue").await.status, StatusCode::OK);
    assert!(
        kinds(&office)
            .await
            .iter()
            .any(|one| one == "second-factor-reset")
    );
    // Another password by another's hand leaves no key, and so no factor.
    let mut member = Member::new(&office, "supervisor").await;
    member.sets_up().await;
    let admin = office.signed_in("administrator").await;
    let form = [("password", "a temporary word")];
    let set = admin
        .post(&format!("/en/accounts/{id}/password"), &form)
        .await;
    assert_eq!(set.status, StatusCode::SEE_OTHER, "{}", set.text);
    let browser = office.browser();
    let page = browser.sign_in("supervisor", "a temporary word").await;
    assert_eq!(page.location, "/en/own");
    office.stop().await;
}

/// A telephone whose clock is half a minute ahead or behind is believed; but after the code of one step neither it nor an
/// older one is taken, in whatever order they come.
async fn each_step_is_taken_once_and_none_before_it(url: Option<String>) {
    let office = Office::start_over(url).await;
    let mut member = Member::new(&office, "supervisor").await;
    member.sets_up().await;
    let step_of = |now: Timestamp| now.as_second() / 30;
    let mut last = step_of(office.clock.now());
    // Not more than three wrong ones in a row: the fourth is slowed.
    for (advance, ahead) in [
        (1, 1),
        (0, 0),
        (0, 1),
        (1, 1),
        (0, 0),
        (0, -1),
        (2, -1),
        (0, 0),
        (0, -1),
        (0, 1),
        (0, 0),
    ] {
        office.clock.advance(STEP * advance);
        let now = office.clock.now();
        let shown_at = now + jiff::SignedDuration::from_secs(30 * ahead);
        let entered = member.enters(&shown(&member.secret, shown_at)).await;
        let step = step_of(now) + ahead;
        let is_new = step > last;
        assert_eq!(
            entered.location == "/en/queue",
            is_new,
            "{step} after {last}"
        );
        last = last.max(step);
    }
    // Neither the secret nor a recovery code is shown again: not to herself, nor to who keeps accounts or vouches for keys.
    let letters: String = member.secret.split_whitespace().collect();
    for (login, path) in [
        ("dispatcher", "/en/keys"),
        ("administrator", "/en/accounts"),
        ("auditor", "/en/trail"),
    ] {
        let page = office.signed_in(login).await.get(path).await.text;
        for secret in [&member.secret, &letters]
            .into_iter()
            .chain(&member.recovery)
        {
            assert!(!page.contains(secret.as_str()), "{login}");
        }
    }
    let another = member.browser.post("/en/own/second-factor", &[]).await;
    assert_ne!(value(&another.text, "secret"), member.secret, "another one");
    assert!(!another.text.contains(&letters));
    office.stop().await;
}

#[tokio::test]
async fn each_step_is_taken_once_in_sqlite() {
    each_step_is_taken_once_and_none_before_it(None).await;
}

#[tokio::test]
async fn each_step_is_taken_once_in_postgresql() {
    each_step_is_taken_once_and_none_before_it(Some(fresh_database().await)).await;
}

#[tokio::test]
async fn a_code_is_asked_for_in_sqlite() {
    a_code_is_asked_for(None).await;
}

#[tokio::test]
async fn a_code_is_asked_for_in_postgresql() {
    a_code_is_asked_for(Some(fresh_database().await)).await;
}

#[tokio::test]
async fn it_is_taken_off_by_another_in_sqlite() {
    it_is_taken_off_by_another(None).await;
}

#[tokio::test]
async fn it_is_taken_off_by_another_in_postgresql() {
    it_is_taken_off_by_another(Some(fresh_database().await)).await;
}

/// Where the office says so, a role does nothing else until it is set up.
#[tokio::test]
async fn a_role_can_be_made_to_have_one() {
    let triage = "[second_factor]\nrequired_for = ['supervisor']\n".to_owned();
    let office = Office::start_as(Setup {
        triage,
        ..Setup::default()
    })
    .await;
    let dispatcher = office.signed_in("dispatcher").await;
    assert_eq!(dispatcher.get("/en/queue").await.status, StatusCode::OK);
    let mut member = Member::new(&office, "supervisor").await;
    for path in ["/en/queue", "/en/keys", "/en/case/2026-0001"] {
        assert_eq!(member.browser.get(path).await.location, "/en/own", "{path}");
    }
    let own = member.browser.get("/en/own").await.text;
    assert!(own.contains("Your role needs a second factor"));
    member.sets_up().await;
    assert_eq!(member.browser.get("/en/queue").await.status, StatusCode::OK);
    office.clock.advance(STEP);
    let entered = member.enters(&member.code()).await;
    assert_eq!(entered.location, "/en/queue");
    office.stop().await;
}

//! Triage killed at ten points of joining two cases: both are joined afterwards, or neither, and what was not done can be done.

use super::place::{Place, Service};
use crate::operator::mifeng_ok;
use crate::staff::{Browser, PASSWORD, add_accounts, numbers, value};
use mifeng_foundation::clock::{Clock as _, SystemClock};
use reqwest::StatusCode;
use std::path::Path;
use std::time::Duration;

const KILLS: u32 = 10;

/// Two cases about one matter, by their numbers and texts.
struct Pair {
    numbers: [String; 2],
    texts: [String; 2],
}

/// What a dispatcher sees of a pair.
#[derive(Debug, PartialEq, Eq)]
enum Standing {
    /// Each by itself, with its version.
    Apart([String; 2]),
    /// The second is handled with the first.
    Joined,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_triage_joins_two_cases_or_leaves_both() {
    let place = Place::make();
    let config = place.write_triage_config();
    let store = format!("sqlite:{}", place.path("triage.sqlite").display());
    add_accounts(&store).await;
    let intake = place.start_intake().await;
    let texts = |index: u32| {
        ["周二收的钱", "周四收的钱"].map(|what| format!("第{index}组：柏老师在校外上课，{what}。"))
    };
    // One more, to see how long it takes.
    for index in 0..=KILLS {
        for text in texts(index) {
            place.submit(&text).await.expect("an answer");
        }
    }
    let (mut service, mut staff) = start(&place, &config).await;
    let mut pairs = Vec::new();
    for index in 0..=KILLS {
        pairs.push(pair(&staff, texts(index)).await);
    }
    let last = pairs.pop().expect("one more");
    let clock = SystemClock::new();
    assert_eq!(joins(&staff, &last).await, StatusCode::SEE_OTHER);
    let whole = clock.elapsed();
    assert_eq!(last.standing(&staff).await, Standing::Joined);

    for (index, pair) in (0..).zip(&pairs) {
        let before = pair.standing(&staff).await;
        assert!(matches!(before, Standing::Apart(_)), "{before:?}");
        let form = pair.form(&staff).await;
        let asking = async {
            let _ = pair.sends(&staff, &form).await;
        };
        let killing = async {
            tokio::time::sleep(whole * index / KILLS).await;
            service.kill();
        };
        tokio::join!(asking, killing);
        (service, staff) = start(&place, &config).await;
        let after = pair.standing(&staff).await;
        if after != Standing::Joined {
            assert_eq!(after, before, "at {index} of {KILLS}");
            assert_eq!(joins(&staff, pair).await, StatusCode::SEE_OTHER);
        }
        assert_eq!(pair.standing(&staff).await, Standing::Joined);
    }
    drop(service);
    drop(intake);
    let config = config.display().to_string();
    let told = mifeng_ok(&place.path(""), &["trail", "verify", "--config", &config]);
    assert!(told.contains("the chain holds"), "{told}");
}

/// Starts triage; a dispatcher signs in once the cases are loaded.
async fn start(place: &Place, config: &Path) -> (Service, Browser) {
    let program = env!("CARGO_BIN_EXE_mifeng-triage");
    let mut service = Service::start(program, config, &place.path("triage.log"));
    let settings = std::fs::read_to_string(config).expect("ours");
    let settings: toml::Table = toml::from_str(&settings).expect("settings");
    let address = settings["listen"]["address"].as_str().expect("an address");
    let staff = Browser::new(&format!("http://{address}"));
    for _ in 0..6000 {
        let health = staff.try_get("/healthz").await;
        if health.is_some_and(|health| health.status == StatusCode::OK) {
            staff.sign_in("dispatcher", PASSWORD).await;
            return (service, staff);
        }
        assert!(service.is_running(), "triage ended");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("triage is not ready after half a minute");
}

/// The two cases whose tips have these texts, once they are there.
async fn pair(staff: &Browser, texts: [String; 2]) -> Pair {
    for _ in 0..300 {
        let mut found = [None, None];
        for number in numbers(&staff.get("/en/queue?view=open").await.text) {
            let page = staff.get(&format!("/en/case/{number}")).await.text;
            for (text, found) in texts.iter().zip(&mut found) {
                if page.contains(text) {
                    *found = Some(number.clone());
                }
            }
        }
        if let [Some(one), Some(other)] = found {
            // The one that came first leads.
            let numbers = if one < other {
                [one, other]
            } else {
                [other, one]
            };
            return Pair { numbers, texts };
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the tips never came");
}

async fn joins(staff: &Browser, pair: &Pair) -> StatusCode {
    let form = pair.form(staff).await;
    let status = pair.sends(staff, &form).await;
    status.expect("an answer")
}

impl Pair {
    fn compare(&self) -> String {
        let [one, other] = &self.numbers;
        format!("/en/case/{one}/compare/{other}")
    }

    /// The form by which they are joined, as it stands on the page.
    async fn form(&self, staff: &Browser) -> [(&'static str, String); 3] {
        let page = staff.get(&self.compare()).await.text;
        [
            ("version", value(&page, "version")),
            ("other_version", value(&page, "other_version")),
            ("reason", "one teacher, one matter".to_owned()),
        ]
    }

    /// What the form is answered with, if it is.
    async fn sends(&self, staff: &Browser, form: &[(&str, String)]) -> Option<StatusCode> {
        let path = format!("{}/join", self.compare());
        let answer = staff.try_post(&path, form).await?;
        Some(answer.status)
    }

    async fn standing(&self, staff: &Browser) -> Standing {
        let [one, other] = &self.numbers;
        let lead = staff.get(&format!("/en/case/{one}")).await;
        let second = staff.get(&format!("/en/case/{other}")).await;
        let has = |page: &str| self.texts.each_ref().map(|text| page.contains(text));
        assert_eq!(lead.status, StatusCode::OK, "{}", lead.text);
        if second.status == StatusCode::SEE_OTHER {
            assert_eq!(second.location, format!("/en/case/{one}#tip-{other}"));
            assert_eq!(has(&lead.text), [true, true], "{}", lead.text);
            assert!(lead.text.contains("one teacher, one matter"), "on record");
            return Standing::Joined;
        }
        assert_eq!(second.status, StatusCode::OK, "{}", second.text);
        let each = [has(&lead.text), has(&second.text)];
        assert!(each.iter().all(|one| one[0] != one[1]), "one tip each");
        assert!(!lead.text.contains("one teacher, one matter"));
        Standing::Apart([&lead, &second].map(|page| value(&page.text, "version")))
    }
}

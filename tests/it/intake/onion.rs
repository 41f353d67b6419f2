//! The onion service's listener: told of on pages, never followed away from a code, slowed as one, believing nobody.

use super::{Answer, Intake, Place, client};
use mifeng_foundation::clock::{Clock as _, SystemClock};

const ONION: &str = "vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd.onion";

async fn with_onion(limits: &str, onion: &str) -> Intake {
    let place = Place::furnished();
    let config = place.config(&format!(
        "{limits}\n[onion]\nonion_address = \"{ONION}\"\n{onion}\n[onion.listen]\naddress = \"127.0.0.1:0\""
    ));
    Intake::on(place, config).await
}

#[tokio::test]
async fn pages_tell_tor_browser_where_to_go() {
    let intake = with_onion("enabled = false", "").await;
    let anonymous = intake.anonymous();
    for path in ["/qingxi/en/", "/qingxi/zh-Hant/l/help", "/qingxi/en/write"] {
        let page = anonymous.get(path).await;
        assert_eq!(
            page.header("onion-location"),
            format!("http://{ONION}{path}")
        );
    }
    for path in ["/assets/public.css", "/healthz", "/qingxi/en/none", "/"] {
        assert_eq!(
            anonymous.get(path).await.header("onion-location"),
            "",
            "{path}"
        );
    }
    // A browser that follows by itself must not leave the page with the code.
    let fields = [("category", "other"), ("text", "x")];
    let sent = anonymous.form("/qingxi/en/write", &fields).await;
    assert_eq!((sent.status, sent.header("onion-location")), (200, ""));
    // Who came by the onion service is there.
    let there = client().get(format!(
        "{}/qingxi/en/",
        intake.onion.as_deref().expect("on")
    ));
    let there = Answer::of(there).await;
    assert_eq!((there.status, there.header("onion-location")), (200, ""));
    assert!(
        there
            .header("content-security-policy")
            .starts_with("default-src 'none'")
    );
    intake.stop().await;
    let plain = Intake::unlimited().await;
    assert_eq!(
        plain
            .anonymous()
            .get("/qingxi/en/")
            .await
            .header("onion-location"),
        ""
    );
    assert!(plain.onion.is_none());
    plain.stop().await;
}

/// Sends an empty form, which is a request like any other.
async fn sends(url: &str, forwarded: &str) -> u16 {
    let request = client()
        .post(format!("{url}/qingxi/en/write"))
        .header("x-forwarded-for", forwarded)
        .form(&[("text", "")]);
    Answer::of(request).await.status
}

#[tokio::test]
async fn a_flood_by_tor_disturbs_nobody_else_and_cannot_lie() {
    let limits =
        "requests_per_minute = 1\nburst = 2\nslow_down_max_ms = 0\nbehind_local_proxy = true";
    let intake = with_onion(limits, "requests_per_minute = 1\nburst = 4").await;
    let onion = intake.onion.clone().expect("on");
    let mut seen = Vec::new();
    for last in 0..6 {
        // Each with another address, as a proxy would tell it.
        seen.push(sends(&onion, &format!("203.0.{last}.7")).await);
    }
    assert_eq!(
        seen,
        [422, 422, 422, 422, 429, 429],
        "an own budget, whatever is claimed"
    );
    for address in ["203.0.0.7", "203.0.1.7", "127.0.0.1"] {
        assert_eq!(sends(&intake.public, address).await, 422, "{address}");
    }
    intake.stop().await;
}

/// Many behind one address (a school, Tor) are slowed and all served as long as their sum is not far over the limit.
#[tokio::test]
async fn who_shares_an_address_waits_and_is_served() {
    let limits = "requests_per_minute = 600\nburst = 1\nslow_down_max_ms = 8000";
    let intake = with_onion(limits, "requests_per_minute = 600\nburst = 1").await;
    for url in [intake.public.clone(), intake.onion.clone().expect("on")] {
        let clock = SystemClock::new();
        let begun = clock.elapsed();
        let all = (0..20).map(|_| sends(&url, ""));
        let seen = futures_util::future::join_all(all).await;
        assert_eq!(seen, [422; 20], "{url}");
        // Twenty at ten a second.
        assert!(
            clock.elapsed().saturating_sub(begun) > std::time::Duration::from_millis(1500),
            "they were not slowed"
        );
    }
    intake.stop().await;
}

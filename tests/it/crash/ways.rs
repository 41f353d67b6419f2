//! The ways from triage to intake besides the token on loopback: both as processes, a tip through and its answer back.

use super::place::{Place, Service};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The lines of both `[relay]` sections for one way.
struct Way {
    intake: String,
    triage: String,
}

fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.display())
}

fn mutual_tls(place: &Place) -> Way {
    let keys = &place.keys;
    Way {
        intake: format!(
            "address = \"{}\"\ncertificate_file = {}\nkey_file = {}\n",
            place.relay_url.replace("http://", ""),
            quoted(&keys.relay_server_certificate),
            quoted(&keys.relay_server_key)
        ),
        triage: format!(
            "url = \"{}\"\nclient_certificate_file = {}\nclient_key_file = {}\n\
             server_certificate_file = {}\n",
            place.relay_url.replace("http://", "https://"),
            quoted(&keys.relay_client_certificate),
            quoted(&keys.relay_client_key),
            quoted(&keys.relay_server_certificate)
        ),
    }
}

fn unix_socket(place: &Place) -> Way {
    let socket = quoted(&place.path("relay.sock"));
    Way {
        intake: format!("unix_socket = {socket}\n"),
        triage: format!(
            "url = \"http://intake\"\nunix_socket = {socket}\ntoken_file = {}\n",
            quoted(&place.keys.relay_token)
        ),
    }
}

/// Puts `lines` in the place of what stands between `[relay]` and `until`.
fn replace_relay(file: &Path, lines: &str, until: &str) {
    let text = fs::read_to_string(file).expect("just made");
    let (before, rest) = text.split_once("[relay]\n").expect("a section");
    let (_, after) = rest.split_once(until).expect("the end of it");
    fs::write(file, format!("{before}[relay]\n{lines}{until}{after}")).expect("written");
}

async fn a_tip_goes_through(place: &Place, way: &Way) {
    let triage: PathBuf = place.write_triage_config();
    replace_relay(&place.path("intake.toml"), &way.intake, "[limits]");
    replace_relay(&triage, &way.triage, "poll_interval_s");
    let _intake = place.start_intake().await;
    let code = place.submit("老师在校外补课收费").await.expect("an answer");
    let log = place.path("triage.log");
    let program = env!("CARGO_BIN_EXE_mifeng-triage");
    let mut service = Service::start(program, &triage, &log);
    for _ in 0..300 {
        if place.pick_up(&code).await["status"] == "received" {
            return;
        }
        let said = || fs::read_to_string(&log).unwrap_or_default();
        assert!(service.is_running(), "triage ended: {}", said());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no answer after half a minute");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn triage_pulls_and_answers_over_mutual_tls() {
    let place = Place::make();
    let way = mutual_tls(&place);
    a_tip_goes_through(&place, &way).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn triage_pulls_and_answers_over_a_unix_socket() {
    let place = Place::make();
    let way = unix_socket(&place);
    a_tip_goes_through(&place, &way).await;
}

//! Whether the time of a look-up tells what is there. The real program is asked for codes that are unknown and for
//! mailboxes that are empty, hold one message, or are full, all at once and in a new order each time, by the form without
//! scripts, by the API with the code, and as the page does that opens its mailbox itself. Each kind is asked twice: how
//! far two runs of one kind are apart is the measure of how far two kinds may be. Run by `cargo bench --bench pickups`.

mod pickups {
    pub mod kinds;
    pub mod place;
    pub mod told_apart;
}

use futures_util::future::join_all;
use mifeng_foundation::clock::{Clock as _, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use pickups::kinds::Kind;
use pickups::place::{Place, Way};
use pickups::told_apart::{Series, print};
use std::time::Duration;

/// Requests of each run; each kind has two runs.
const REQUESTS: usize = 2000;

/// Requests before anything is counted.
const WARM_UP: usize = 100;

#[tokio::main]
async fn main() {
    mifeng_foundation::serving::install_tls_provider();
    let place = Place::start().await;
    println!(
        "{REQUESTS} requests a run, two runs a kind, interleaved; client and service share this machine's cores"
    );
    for way in [Way::Form, Way::Api, Way::Sealed] {
        let mut series: Vec<Series> = Kind::ALL
            .into_iter()
            .flat_map(|kind| ["a", "b"].map(|run| Series::new(kind, run)))
            .collect();
        for round in 0..WARM_UP + REQUESTS {
            series.sort_by_cached_key(|_| random_bytes::<8>(&SystemEntropy));
            // All at once: an answer leaves in steps, and one after the other would take a quarter of an hour.
            let all = series.iter().map(|one| ask(&place, way, one.kind, round));
            let took = join_all(all).await;
            if round >= WARM_UP {
                for (one, took) in series.iter_mut().zip(took) {
                    one.times.push(took);
                }
            }
        }
        print(way.name(), series);
    }
}

async fn ask(place: &Place, way: Way, kind: Kind, round: usize) -> Duration {
    let request = place.request(way, kind, round);
    let clock = SystemClock::new();
    let answer = request.send().await.expect("an answer");
    let expected = if kind == Kind::Unknown && way != Way::Sealed {
        404
    } else {
        200
    };
    assert_eq!(answer.status().as_u16(), expected);
    answer.bytes().await.expect("a body");
    clock.elapsed()
}

//! Tests of `throttle.rs`.

use super::*;
use mifeng_foundation::clock::ManualClock;
use proptest::prelude::*;

fn throttle() -> (Arc<ManualClock>, Throttle) {
    let clock = Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
    (clock.clone(), Throttle::new(clock))
}

fn machine(last: u8) -> Source {
    Source::of(Some(IpAddr::from([10, 0, 0, last])))
}

#[test]
fn each_failure_doubles_the_wait_and_a_success_ends_it() {
    let (clock, throttle) = throttle();
    for _ in 0..FREE_FAILURES {
        assert_eq!(throttle.take("li", machine(1)), Ok(()));
    }
    for wait_s in [1, 2, 4, 8] {
        let slowed = throttle.take("li", machine(1));
        assert_eq!(slowed, Err(Duration::from_secs(wait_s)));
        clock.advance(Duration::from_secs(wait_s));
        assert_eq!(throttle.take("li", machine(1)), Ok(()));
    }
    assert_eq!(throttle.take("chen", machine(1)), Ok(()));
    throttle.succeeded("li", machine(1));
    assert_eq!(throttle.take("li", machine(1)), Ok(()));
}

#[test]
fn a_source_that_fails_with_every_login_is_slowed_and_no_other() {
    let (clock, throttle) = throttle();
    throttle.take("chen", machine(1)).expect("the first");
    throttle.succeeded("chen", machine(1));
    for n in 0..FREE_FAILURES_OF_SOURCE {
        assert_eq!(throttle.take(&n.to_string(), machine(1)), Ok(()));
    }
    assert!(throttle.take("another", machine(1)).is_err());
    assert_eq!(throttle.take("another", machine(2)), Ok(()));
    assert_eq!(throttle.take("chen", machine(1)), Ok(()), "known there");
    clock.advance(SOURCE_FORGETS_ONE_IN);
    assert_eq!(throttle.take("yet another", machine(1)), Ok(()));
    assert!(throttle.take("and another", machine(1)).is_err());
}

#[test]
fn a_network_of_addresses_is_one_source() {
    let of = |text: &str| Source::of(Some(text.parse().expect("an address")));
    assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
    assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    assert_eq!(of("::ffff:10.0.0.1"), machine(1));
    assert_ne!(machine(1), Source::of(None));
}

proptest! {
    /// Whatever strangers try from wherever else, whoever signed in from her machine is let try there at once; and of the
    /// tries at one login only a few an hour are taken, from one strange source.
    #[test]
    fn nobody_is_kept_out_of_her_own_machine(
        tried in prop::collection::vec((0..4u8, 2..40u8, 0..20u64), 1..400),
    ) {
        let (clock, throttle) = throttle();
        throttle.take("li", machine(1)).expect("the first");
        throttle.succeeded("li", machine(1));
        let mut taken: HashMap<u8, u32> = HashMap::new();
        let begun = clock.elapsed();
        for (whom, from, then_s) in tried {
            let login = ["li", "chen", "wen", "zhao"][usize::from(whom)];
            if throttle.take(login, machine(from)).is_ok() && login == "li" {
                *taken.entry(from).or_default() += 1;
            }
            clock.advance(Duration::from_secs(then_s));
        }
        let hours = clock.elapsed().saturating_sub(begun).as_secs() / 3600 + 1;
        for (from, count) in taken {
            prop_assert!(u64::from(count) <= 16 * hours, "{from}: {count}");
        }
        prop_assert_eq!(throttle.take("li", machine(1)), Ok(()));
        throttle.succeeded("li", machine(1));
        let stranger = throttle.take("li", machine(50));
        prop_assert!(stranger.map_or_else(|wait| wait <= LONGEST_WAIT_OF_LOGIN, |()| true));
    }

    /// A hundred wrong tries from one source, at whatever logins, hold up nobody who comes from elsewhere.
    #[test]
    fn a_hundred_wrong_tries_hold_up_nobody_else(whom in prop::collection::vec(0..30u8, 100..200)) {
        let (_, throttle) = throttle();
        for one in &whom {
            let _ = throttle.take(&one.to_string(), machine(9));
        }
        for one in 0..30u8 {
            prop_assert_eq!(throttle.take(&one.to_string(), machine(1)), Ok(()));
            throttle.succeeded(&one.to_string(), machine(1));
        }
    }
}

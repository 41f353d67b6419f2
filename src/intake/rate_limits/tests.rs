//! What is kept of address prefixes is forgotten in time, and never fills the memory.

use super::{KEYS_MAX, RateLimits, SWEEP, Source};
use crate::config::{FloodConfig, LimitsConfig};
use mifeng_foundation::clock::ManualClock;
use mifeng_foundation::entropy::SystemEntropy;
use std::net::Ipv6Addr;
use std::sync::Arc;
use std::time::Duration;

fn address(number: u32) -> Source {
    let bits = 0x2001_0db8_u128 << 96 | u128::from(number) << 80;
    Source::Address(Ipv6Addr::from_bits(bits).into())
}

#[tokio::test]
async fn what_is_kept_of_prefixes_is_forgotten_and_bounded() {
    let clock = Arc::new(ManualClock::at(jiff::Timestamp::UNIX_EPOCH));
    let config = LimitsConfig {
        requests_per_minute: 60_000,
        burst: 1,
        guesses_per_minute: 60_000,
        ..LimitsConfig::default()
    };
    let flood = FloodConfig::default();
    let limits = RateLimits::new(config, flood, None, clock.clone(), Arc::new(SystemEntropy));
    for number in 0..1000 {
        limits.admit(address(number)).await;
        limits.look_up(address(number), None);
    }
    assert_eq!(limits.tracked(), 2000, "one for each prefix and budget");
    // A thousandth of a second is all that these budgets remember.
    tokio::time::sleep(Duration::from_millis(50)).await;
    clock.advance(SWEEP);
    limits.admit(address(0)).await;
    assert!(limits.tracked() <= 2, "{}", limits.tracked());
    // More prefixes than there is room for share what is left: two bytes' worth of keys.
    let many = u32::try_from(KEYS_MAX).expect("small") + 200_000;
    for number in 0..many {
        limits.look_up(address(number), None);
    }
    assert!(
        limits.tracked() <= KEYS_MAX + 65_536,
        "{}",
        limits.tracked()
    );
}

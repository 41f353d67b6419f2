//! The settings `[limits]`: what one address prefix may ask, and how long a request may take to arrive.

use mifeng_foundation::settings::Unfit;
use serde::Deserialize;

/// Limits on what one address prefix (/24 or /48) may ask. Who goes over is slowed first, then asked to wait.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsConfig {
    /// Whether there are any. Off only where another machine sees to it.
    pub enabled: bool,
    /// Requests that change or look something up, per minute.
    pub requests_per_minute: u32,
    /// As many may come at once.
    pub burst: u32,
    /// Look-ups of codes that do not exist, per minute.
    pub guesses_per_minute: u32,
    /// The same of all prefixes together.
    pub guesses_together_per_minute: u32,
    /// Look-ups of one code that does exist, per minute.
    pub visits_per_minute: u32,
    /// Longest that a request is held back before it is refused, in milliseconds.
    pub slow_down_max_ms: u64,
    /// Time for a request's head and body to arrive, in seconds.
    pub request_timeout_s: u64,
    /// Whether a proxy on this machine tells the client's address in `X-Forwarded-For`.
    pub behind_local_proxy: bool,
}

impl Default for LimitsConfig {
    fn default() -> Self {
        Self {
            enabled: true,
            requests_per_minute: 60,
            burst: 30,
            guesses_per_minute: 30,
            guesses_together_per_minute: 600,
            visits_per_minute: 60,
            slow_down_max_ms: 4000,
            request_timeout_s: 15,
            behind_local_proxy: false,
        }
    }
}

impl LimitsConfig {
    pub(super) fn check(&self, unfit: &mut Unfit) {
        for (name, number) in [
            ("requests_per_minute", self.requests_per_minute),
            ("burst", self.burst),
            ("guesses_per_minute", self.guesses_per_minute),
            (
                "guesses_together_per_minute",
                self.guesses_together_per_minute,
            ),
            ("visits_per_minute", self.visits_per_minute),
        ] {
            unfit.within(&format!("limits.{name}"), number, &(1..=u32::MAX));
        }
        let key = "limits.slow_down_max_ms";
        unfit.within(key, self.slow_down_max_ms, &(0..=60_000));
        let key = "limits.request_timeout_s";
        unfit.within(key, self.request_timeout_s, &(1..=3600));
    }
}

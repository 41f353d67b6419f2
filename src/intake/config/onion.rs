//! The settings `[onion]`: the onion service's address, its listener and limits of its own.

use crate::address::OnionAddress;
use mifeng_foundation::serving::ListenConfig;
use mifeng_foundation::settings::Unfit;
use serde::Deserialize;

/// The onion service. Everyone who comes through it has the same address, so it has a listener and limits of its own;
/// nor is anything believed there that a proxy would say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnionConfig {
    /// Its address, 56 letters and digits and `.onion`: told to Tor Browser and on posters.
    pub onion_address: OnionAddress,
    /// What tor connects to.
    pub listen: ListenConfig,
    /// Requests that change or look something up, per minute, of all who come this way together.
    #[serde(default = "default_onion_requests_per_minute")]
    pub requests_per_minute: u32,
    /// As many may come at once.
    #[serde(default = "default_onion_burst")]
    pub burst: u32,
}

fn default_onion_requests_per_minute() -> u32 {
    600
}

fn default_onion_burst() -> u32 {
    120
}

impl OnionConfig {
    pub(super) fn check(&self, unfit: &mut Unfit) {
        self.listen.check("onion.listen", unfit);
        let key = "onion.requests_per_minute";
        unfit.within(key, self.requests_per_minute, &(1..=u32::MAX));
        unfit.within("onion.burst", self.burst, &(1..=u32::MAX));
    }
}

//! Where the service is found from outside: its web address and its onion address.

use serde::Deserialize;
use std::fmt;

/// `https://` and a host, perhaps a port, no path: `https://tips.example`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl(String);

/// A version 3 onion address, `….onion`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct OnionAddress(String);

/// Both.
#[derive(Clone, Debug, Default)]
pub struct Addresses {
    /// On the web, if it is set.
    pub public: Option<PublicUrl>,
    /// As an onion service, if there is one.
    pub onion: Option<OnionAddress>,
}

impl Addresses {
    /// What browsers call our pages by that were opened under these.
    #[must_use]
    pub fn origins(&self) -> Vec<String> {
        let public = self.public.as_ref().map(PublicUrl::to_string);
        let onion = self.onion.as_ref().map(|onion| format!("http://{onion}"));
        public.into_iter().chain(onion).collect()
    }
}

/// Letters and digits before `.onion` in version 3 (rend-spec-v3: 35 bytes in base32).
const ONION_CHARS: usize = 56;

/// Why an address is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not as a web address must be.
    #[error("public_url must be https:// (or http:// on loopback) and a host, without a path")]
    Url,
    /// Not a version 3 onion address.
    #[error("onion_address must be 56 of a-z and 2-7, the last a d, and .onion")]
    Onion,
}

impl TryFrom<String> for PublicUrl {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        let url = text.strip_suffix('/').unwrap_or(&text);
        let (scheme, host) = url.split_once("://").ok_or(AddressError::Url)?;
        let secure = scheme == "https" || (scheme == "http" && is_loopback(host));
        if secure && is_host(host) {
            Ok(Self(url.to_owned()))
        } else {
            Err(AddressError::Url)
        }
    }
}

impl TryFrom<String> for OnionAddress {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        let name = text.strip_suffix(".onion").ok_or(AddressError::Onion)?;
        let base32 = |b: u8| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b);
        // The last letter ends the version byte, 3.
        let good = name.len() == ONION_CHARS && name.bytes().all(base32) && name.ends_with('d');
        good.then_some(Self(text)).ok_or(AddressError::Onion)
    }
}

impl PublicUrl {
    /// The address under which a request came, where none is set: what its `Host` says. `None` for a `Host` that is no
    /// host name.
    #[must_use]
    pub fn of_host(host: &str) -> Option<Self> {
        let is_onion = host.rsplit('.').next() == Some("onion");
        let plain = is_loopback(host) || is_onion;
        let scheme = if plain { "http" } else { "https" };
        is_host(host).then(|| Self(format!("{scheme}://{host}")))
    }
}

fn is_host(host: &str) -> bool {
    let allowed =
        |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':' | b'[' | b']');
    !host.is_empty() && host.len() <= 255 && host.bytes().all(allowed)
}

fn is_loopback(host: &str) -> bool {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    matches!(name, "localhost" | "127.0.0.1" | "[::1]")
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for OnionAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked() {
        for good in [
            "https://tips.example",
            "https://a.example:8443/",
            "http://127.0.0.1:8080",
        ] {
            assert!(PublicUrl::try_from(good.to_owned()).is_ok(), "{good}");
        }
        for bad in [
            "tips.example",
            "http://tips.example",
            "https://a/b",
            "https://",
            "https://a\"b",
        ] {
            assert!(PublicUrl::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        let onion = |last: &str| format!("{}{last}.onion", "a2".repeat(27) + "b");
        assert!(OnionAddress::try_from(onion("d")).is_ok());
        for bad in [
            onion("c"),
            onion("dd"),
            onion("D"),
            "expyuzz4wqqyqhjn.onion".to_owned(),
        ] {
            assert!(OnionAddress::try_from(bad.clone()).is_err(), "{bad}");
        }
    }
}

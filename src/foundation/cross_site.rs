//! Whether a request that changes or looks something up comes from our own pages, or from no page at all: decided here for
//! both services, by what is allowed. A browser says it in `Sec-Fetch-Site`, which no page can set; an older one in
//! `Origin` at most. Whatever neither of them is known to say for our own pages is refused.

use actix_web::dev::RequestHead;
use actix_web::http::header::{HeaderMap, HeaderName, ORIGIN};
use actix_web::http::uri::Authority;
use actix_web::http::{Method, Uri};

/// What a browser says of where a request comes from.
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether a request passes that says neither where it comes from nor that it may not say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsaid {
    /// Pages without a referrer make browsers send `Origin: null`, old `WebView`s send nothing else, programs nothing at all.
    Passes,
    /// Every browser of today says it.
    Refused,
}

/// What one header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Nothing,
    /// `Origin: null`: it comes from somewhere that is not told.
    Withheld,
    Ours,
    Elsewhere,
}

/// Whether the request in `head` only reads, or comes from our own pages or from no page. `addresses` are those under which
/// the service is known beside the one that the request itself was sent to; `secure` is whether it came over TLS to us.
#[must_use]
pub fn is_ours(head: &RequestHead, addresses: &[&str], secure: bool, unsaid: Unsaid) -> bool {
    if matches!(head.method, Method::GET | Method::HEAD) {
        return true;
    }
    let own = Own {
        host: host(head),
        addresses,
        secure,
    };
    match (site(&head.headers), origin(&head.headers, &own)) {
        (Said::Ours, origin) => origin != Said::Elsewhere,
        (Said::Nothing, Said::Ours) => true,
        (Said::Nothing, Said::Nothing | Said::Withheld) => unsaid == Unsaid::Passes,
        _ => false,
    }
}

/// The one value of a header; `Err` where it comes twice or is no text.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ()> {
    let mut values = headers.get_all(name);
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

fn site(headers: &HeaderMap) -> Said {
    match only(headers, &SEC_FETCH_SITE) {
        Ok(None) => Said::Nothing,
        // `none` is a person who typed the address or loads the page again.
        Ok(Some("same-origin" | "none")) => Said::Ours,
        Ok(Some(_)) | Err(()) => Said::Elsewhere,
    }
}

/// Host and port that the request was sent to. Over HTTP/2 they stand in the address alone.
fn host(head: &RequestHead) -> Option<&str> {
    let name = actix_web::http::header::HOST;
    match only(&head.headers, &name) {
        Ok(None) => head.uri.authority().map(Authority::as_str),
        Ok(host) => host,
        Err(()) => None,
    }
}

struct Own<'a> {
    host: Option<&'a str>,
    addresses: &'a [&'a str],
    secure: bool,
}

fn origin(headers: &HeaderMap, own: &Own<'_>) -> Said {
    match only(headers, &ORIGIN) {
        Ok(None) => Said::Nothing,
        Ok(Some("null")) => Said::Withheld,
        Ok(Some(origin)) if own.is(origin) => Said::Ours,
        Ok(Some(_)) | Err(()) => Said::Elsewhere,
    }
}

impl Own<'_> {
    fn is(&self, origin: &str) -> bool {
        if self.addresses.iter().any(|own| same(own, origin)) {
            return true;
        }
        let scheme = origin.split_once("://").map(|(scheme, _)| scheme);
        let may_be = match scheme {
            Some("https") => true,
            // Before a proxy that speaks TLS this service speaks none.
            Some("http") => !self.secure,
            _ => false,
        };
        let here = scheme.zip(self.host);
        may_be && here.is_some_and(|(scheme, host)| same(&format!("{scheme}://{host}"), origin))
    }
}

/// Whether two origins are one: scheme, host and port, where a scheme's usual port may be left out.
fn same(one: &str, other: &str) -> bool {
    parts(one).is_some_and(|parts_of_one| Some(parts_of_one) == parts(other))
}

/// Scheme, host in small letters, and port of an origin, which is nothing else.
fn parts(origin: &str) -> Option<(&'static str, String, u16)> {
    let uri: Uri = origin.parse().ok()?;
    let (scheme, usual) = match uri.scheme_str()? {
        "http" => ("http", 80),
        "https" => ("https", 443),
        _ => return None,
    };
    let is_bare = matches!(uri.path(), "" | "/") && uri.query().is_none() && !origin.ends_with('/');
    let authority = uri.authority()?;
    let bare = is_bare && !authority.as_str().contains('@');
    let port = authority.port_u16().unwrap_or(usual);
    bare.then(|| (scheme, authority.host().to_ascii_lowercase(), port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn origins_are_one_only_if_all_their_parts_are() {
        for (one, other) in [
            ("https://tips.example", "https://TIPS.example:443"),
            ("http://tips.example:80", "http://tips.example"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ] {
            assert!(same(one, other), "{one} {other}");
        }
        let ours = "https://tips.example";
        for other in [
            "http://tips.example",
            "https://tips.example:8443",
            "https://tips.example.evil.example",
            "https://evil.example",
            "https://tips.example@evil.example",
            "https://tips.example/",
            "https://tips.example/x",
            "https://tips.example?x",
            "tips.example",
            "null",
            "",
            "https://",
            "file://tips.example",
        ] {
            assert!(!same(ours, other), "{other}");
            assert!(!same(other, ours), "{other}");
        }
    }

    proptest! {
        /// Nothing that is no origin is taken for ours.
        #[test]
        fn no_other_text_is_the_same(other in "\\PC{0,40}") {
            prop_assume!(!other.eq_ignore_ascii_case("https://tips.example"));
            prop_assume!(!other.eq_ignore_ascii_case("https://tips.example:443"));
            prop_assert!(!same("https://tips.example", &other));
        }
    }
}

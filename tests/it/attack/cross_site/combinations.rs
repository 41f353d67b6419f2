//! What browsers say of where a request comes from, in every combination, and every address.

use crate::intake::OFFICE;
use mifeng_intake::api::OPENAPI;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value;

/// What a header says: values, and whether our own pages make browsers say it.
type Said = (&'static [&'static str], Means);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Means {
    Nothing,
    Withheld,
    Ours,
    Elsewhere,
}

const SITES: [Said; 10] = [
    (&[], Means::Nothing),
    (&["same-origin"], Means::Ours),
    (&["none"], Means::Ours),
    (&["same-site"], Means::Elsewhere),
    (&["cross-site"], Means::Elsewhere),
    (&[""], Means::Elsewhere),
    (&["SAME-ORIGIN"], Means::Elsewhere),
    (&["same-origin, cross-site"], Means::Elsewhere),
    (&["same-origin", "cross-site"], Means::Elsewhere),
    (&["a site of another kind"], Means::Elsewhere),
];

/// `{own}` is the address that the request is sent to.
const ORIGINS: [Said; 11] = [
    (&[], Means::Nothing),
    (&["null"], Means::Withheld),
    (&["{own}"], Means::Ours),
    (&["https://evil.example"], Means::Elsewhere),
    (&["{own}.evil.example"], Means::Elsewhere),
    (&["{own}@evil.example"], Means::Elsewhere),
    (&["{own}/"], Means::Elsewhere),
    (&["http://127.0.0.1:1"], Means::Elsewhere),
    (&[""], Means::Elsewhere),
    (&["{own}", "https://evil.example"], Means::Elsewhere),
    (&["file://"], Means::Elsewhere),
];

/// What is said, header by header, and whether it may pass where silence does (`absent_passes`) or does not.
pub(super) fn combinations(own: &str, absent_passes: bool) -> Vec<(HeaderMap, bool)> {
    let mut all = Vec::new();
    for (sites, site) in SITES {
        for (origins, origin) in ORIGINS {
            let mut headers = HeaderMap::new();
            let named = [("sec-fetch-site", sites), ("origin", origins)];
            for (name, values) in named {
                for value in values {
                    let value = HeaderValue::from_str(&value.replace("{own}", own));
                    let name = HeaderName::from_static(name);
                    headers.append(name, value.expect("visible letters"));
                }
            }
            let passes = match (site, origin) {
                (Means::Elsewhere, _) | (_, Means::Elsewhere) => false,
                (Means::Ours, _) | (_, Means::Ours) => true,
                _ => absent_passes,
            };
            all.push((headers, passes));
        }
    }
    all
}

/// An address that changes or looks something up, the kind of body that it takes, and one that gets nowhere.
pub(super) struct Address {
    pub(super) path: String,
    pub(super) kind: &'static str,
}

/// Every one: those of the API as its description lists them, and those of the pages.
pub(super) fn addresses() -> Vec<Address> {
    let described: Value = serde_json::from_str(OPENAPI).expect("JSON");
    let paths = described["paths"].as_object().expect("a map");
    let posts = paths.iter().filter_map(|(path, methods)| {
        let body = methods["post"]["requestBody"]["content"].as_object()?;
        let kind = match body.keys().next()?.as_str() {
            "application/json" => "application/json",
            "application/octet-stream" => "application/octet-stream",
            other => panic!("{other}"),
        };
        let path = path.replace("{office}", OFFICE);
        Some(Address { path, kind })
    });
    let mut all: Vec<Address> = posts.collect();
    assert!(all.len() >= 8, "the description lists them");
    for base in ["zh-Hans", "zh-Hant/l", "en"] {
        for place in [
            "write",
            "check",
            "check/reply",
            "check/read",
            "check/aftercare",
            "check/forget",
        ] {
            all.push(Address {
                path: format!("/{OFFICE}/{base}/{place}"),
                kind: "application/x-www-form-urlencoded",
            });
        }
    }
    for (path, kind) in [
        ("/", "application/x-www-form-urlencoded"),
        ("/api/v2/none", "application/json"),
    ] {
        let path = path.to_owned();
        all.push(Address { path, kind });
    }
    all
}

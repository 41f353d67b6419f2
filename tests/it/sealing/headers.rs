//! Hostile headers: refused by one pass over at most 2 KiB, before the age crate sees them.
#![expect(
    clippy::disallowed_methods,
    reason = "the cost of a refusal is what is measured"
)]

use super::vectors::{self, Keys};
use mifeng_opening::OpenError;
use mifeng_sealing::{HEADER_MAX_BYTES, HeaderError, check_header};
use std::time::{Duration, Instant};

const VERSION: &str = "age-encryption.org/v1\n";
const SHARE: &str = "TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc";
const BODY: &str = "EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U";
const MAC: &str = "--- gxhoSa5BciRDt8lOpYNcx4EYtKpS0CJ06F3ZwN82VaM\n";
const RUNS: usize = 21;

fn stanzas(count: usize, stanza: &str) -> Vec<u8> {
    let body = b"\x00".repeat(200);
    [
        format!("{VERSION}{}{MAC}", stanza.repeat(count)).as_bytes(),
        &body,
    ]
    .concat()
}

fn hostile() -> Vec<(String, Vec<u8>)> {
    let x25519 = format!("-> X25519 {SHARE}\n{BODY}\n");
    let mut files = Vec::new();
    for count in [10, 100, 1000, 4000] {
        for (kind, stanza) in [
            ("scrypt", format!("-> scrypt {SHARE} 22\n{BODY}\n")),
            (
                "mlkem768x25519",
                format!("-> mlkem768x25519 {SHARE}\n{BODY}\n"),
            ),
            ("unknown", format!("-> piv-p256 {SHARE} {SHARE}\n{BODY}\n")),
        ] {
            files.push((format!("{count} of {kind}"), stanzas(count, &stanza)));
        }
    }
    for count in [21, 100, 1000, 4000] {
        files.push((format!("{count} of X25519"), stanzas(count, &x25519)));
        let grease = format!("{x25519}{}", "-> a-grease\n\n".repeat(count * 10));
        files.push((format!("{count} of grease"), stanzas(1, &grease)));
    }
    let argument = "a".repeat(1 << 20);
    files.push((
        "a huge argument".into(),
        stanzas(1, &format!("-> X25519 {argument}\n{BODY}\n")),
    ));
    files.push((
        "a huge body".into(),
        stanzas(1, &format!("-> X25519 {SHARE}\n{argument}\n")),
    ));
    files.push((
        "no line end".into(),
        format!("{VERSION}-> X25519 {argument}").into_bytes(),
    ));
    files.push((
        "only a version, then noise".into(),
        stanzas(0, "").repeat(5000),
    ));
    files.push(("no age file".into(), b"\n".repeat(1 << 20)));
    files
}

#[test]
fn hostile_headers_are_refused_before_age_sees_them() {
    let office = Keys::read().office();
    let tip = vectors::bytes("tip.age");
    let open = median(|| assert!(office.open(&tip).is_ok()));
    for (name, file) in hostile() {
        let refused = check_header(&file).expect_err(&name);
        assert_eq!(office.open(&file).err(), Some(OpenError::Header(refused)));
        let cost = median(|| assert!(office.open(&file).is_err()));
        println!(
            "{name}: {refused}; {:.4} of a normal open",
            cost.as_secs_f64() / open.as_secs_f64()
        );
        // A walk over 2 KiB takes microseconds; the bound only tells it from age's hundreds of milliseconds.
        assert!(cost < Duration::from_millis(5), "{name} took {cost:?}");
    }
}

#[test]
fn ten_stanzas_of_our_kind_are_looked_at_and_open_nothing() {
    let file = stanzas(10, &format!("-> X25519 {SHARE}\n{BODY}\n"));
    assert!(check_header(&file).is_ok());
    let refused = Keys::read().office().open(&file);
    assert_eq!(refused.err(), Some(OpenError::WrongKey));
}

#[test]
fn the_limit_is_exact() {
    let x25519 = format!("-> X25519 {SHARE}\n{BODY}\n");
    let fixed = VERSION.len() + x25519.len() + MAC.len() + "-> a-grease \n\n".len();
    for (length, fits) in [(HEADER_MAX_BYTES, true), (HEADER_MAX_BYTES + 1, false)] {
        let argument = "g".repeat(length - fixed);
        let file = stanzas(1, &format!("{x25519}-> a-grease {argument}\n\n"));
        let expected = if fits {
            Ok(length)
        } else {
            Err(HeaderError::TooLong)
        };
        assert_eq!(check_header(&file), expected);
    }
}

#[test]
fn every_beginning_of_a_sound_file_is_refused() {
    let tip = vectors::bytes("tip.age");
    let length = check_header(&tip).expect("sound");
    for end in 0..length {
        assert!(check_header(&tip[..end]).is_err(), "{end}");
    }
    assert_eq!(check_header(&tip[..length]), Ok(length));
}

fn median(run: impl Fn()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed()
        })
        .collect();
    times.sort_unstable();
    times[RUNS / 2]
}

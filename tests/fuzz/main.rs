//! A bounded run of every target of [`targets`] on the compiler at hand: seeds from the frozen vectors, the samples and
//! the field's words, mutated by a generator whose seed is fixed, so that a failure comes again.
//!
//! `MIFENG_SOAK_CASES` says how many executions each target gets (`make soak`); without it a few, for `make test`. The
//! number made is printed. `cargo fuzz` finds more, where a nightly compiler is: see `tests/fuzz/cargo-fuzz`.

mod targets;

use rand::rngs::SmallRng;
use rand::{RngExt as _, SeedableRng as _};
use std::path::Path;
use targets::{TARGETS, Target};

/// Executions of each target in `make test`.
const FEW: usize = 1_500;

/// Largest input, in bytes.
const INPUT_MAX_BYTES: usize = 64 * 1024;

/// Pieces that parsers look for.
const WORDS: [&[u8]; 20] = [
    b"age-encryption.org/v1\n",
    b"-> X25519 ",
    b"\n--- ",
    b"{\"type\":\"mifeng/tip/1\"",
    b"\"text\":\"",
    b"\\ud800",
    b"age1",
    b"mifeng-manifest-1",
    b"not_after = ",
    b"\xff\xd8",
    b"\xff\xe1\0\x08Exif\0\0",
    b"\xff\xda",
    b"\x89PNG\r\n\x1a\n",
    b"IDAT",
    b"RIFF",
    b"ftypheic",
    b"%PDF-1.7\n",
    b" obj\n",
    b"PK\x03\x04",
    b"PK\x05\x06",
];

fn executions() -> usize {
    let asked = std::env::var("MIFENG_SOAK_CASES").ok();
    asked.and_then(|number| number.parse().ok()).unwrap_or(FEW)
}

/// Files of the tests' folders, and nothing at all.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![Vec::new()];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    for folder in ["vectors", "samples", "samples/cases"] {
        let Ok(entries) = std::fs::read_dir(root.join(folder)) else {
            continue;
        };
        let mut paths: Vec<_> = entries
            .map(|entry| entry.expect("readable").path())
            .collect();
        paths.sort();
        for path in paths.iter().filter(|path| path.is_file()) {
            let mut bytes = std::fs::read(path).expect("readable");
            bytes.truncate(INPUT_MAX_BYTES);
            seeds.push(bytes);
        }
    }
    assert!(seeds.len() > 20, "the tests' own files");
    seeds
}

/// One input: a seed, or two of them joined, with a few changes.
fn mutated(seeds: &[Vec<u8>], rng: &mut SmallRng) -> Vec<u8> {
    let mut bytes = seeds[rng.random_range(0..seeds.len())].clone();
    if rng.random_ratio(1, 8) {
        let other = &seeds[rng.random_range(0..seeds.len())];
        let (kept, from) = (at(&bytes, rng), at(other, rng));
        bytes.truncate(kept);
        bytes.extend_from_slice(&other[from..]);
    }
    for _ in 0..rng.random_range(0..8) {
        mutate(&mut bytes, rng);
    }
    bytes.truncate(INPUT_MAX_BYTES);
    bytes
}

fn at(bytes: &[u8], rng: &mut SmallRng) -> usize {
    rng.random_range(0..=bytes.len())
}

fn mutate(bytes: &mut Vec<u8>, rng: &mut SmallRng) {
    let place = at(bytes, rng);
    let length = rng.random_range(0..64_usize).min(bytes.len() - place);
    match rng.random_range(0..7) {
        0 if length > 0 => bytes[place] ^= 1 << rng.random_range(0..8),
        1 if length > 0 => bytes[place] = [0, 1, 0x7f, 0x80, 0xff][rng.random_range(0..5)],
        2 => drop(bytes.drain(place..place + length)),
        3 => {
            let copy = bytes[place..place + length].to_vec();
            bytes.splice(place..place, copy);
        }
        4 => drop(bytes.splice(
            place..place,
            WORDS[rng.random_range(0..WORDS.len())].to_vec(),
        )),
        5 => bytes.truncate(place),
        _ => {
            let fill: Vec<u8> = (0..length).map(|_| rng.random()).collect();
            bytes.splice(place..place + length, fill);
        }
    }
}

fn run(target: &Target, seeds: &[Vec<u8>], executions: usize) {
    let mut rng = SmallRng::seed_from_u64(20_261_130);
    for seed in seeds {
        (target.run)(seed);
    }
    for _ in 0..executions {
        (target.run)(&mutated(seeds, &mut rng));
    }
    println!("{}: {} executions", target.name, seeds.len() + executions);
}

/// Targets share the machine's cores; each is its own test, so that a failure names it.
fn fuzz(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name);
    run(
        target.expect("a target of this name"),
        &seeds(),
        executions(),
    );
}

macro_rules! each {
    ($($test:ident: $name:literal),* $(,)?) => {
        $(#[test]
        fn $test() {
            fuzz($name);
        })*

        #[test]
        fn every_target_is_run() {
            let run = [$($name),*];
            assert!(TARGETS.iter().all(|target| run.contains(&target.name)));
        }
    };
}

each! {
    age_header: "age-header",
    age_file: "age-file",
    age_payload: "age-payload",
    envelope: "envelope",
    recipient: "recipient",
    manifest: "manifest",
    tip: "tip",
    reply: "reply",
    typed_code: "typed-code",
    typed_text: "typed-text",
    share: "share",
    file: "file",
    relay: "relay",
}

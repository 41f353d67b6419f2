//! `MIFENG_FUZZ_TARGET` chooses one target by its name; without it the first byte does.
#![no_main]

#[path = "../../targets.rs"]
mod targets;

use libfuzzer_sys::fuzz_target;
use targets::TARGETS;

fuzz_target!(|bytes: &[u8]| {
    let chosen = std::env::var("MIFENG_FUZZ_TARGET").ok();
    let named = chosen.and_then(|name| TARGETS.iter().find(|target| target.name == name));
    match (named, bytes.split_first()) {
        (Some(target), _) => (target.run)(bytes),
        (None, Some((first, rest))) => (TARGETS[usize::from(*first) % TARGETS.len()].run)(rest),
        (None, None) => {}
    }
});

//! Work that may fail in a way nobody foresaw: what panics is an error like any other, and stops nothing else.

use crate::telemetry::{Event, log};
use futures_util::FutureExt as _;
use std::cell::RefCell;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};

thread_local! {
    /// Where this thread panicked last.
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Something panicked. Says where, never with which words: a panic's message may quote what was being worked on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the program failed at {place}")]
pub struct Panicked {
    /// File and line.
    pub place: String,
}

impl Panicked {
    fn here() -> Self {
        let place = PLACE.with_borrow_mut(Option::take);
        Self {
            place: place.unwrap_or_else(|| "an unknown place".to_owned()),
        }
    }
}

/// Has every panic of this process logged with its place, and without its words. Called once, in a service's `main`.
pub fn tell_panics() {
    set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(
            || "an unknown place".to_owned(),
            |at| format!("{}:{}", in_our_tree(at.file()), at.line()),
        );
        log(Event::Panicked { place: &place });
        // A thread that is going away keeps nothing any more.
        let _ = PLACE.try_with(|last| *last.borrow_mut() = Some(place));
    }));
}

/// A file's path without the folder that the program was built in.
fn in_our_tree(file: &str) -> &str {
    let crates = file.rfind("/registry/src/").and_then(|at| {
        let rest = &file[at + "/registry/src/".len()..];
        rest.split_once('/').map(|(_, path)| path)
    });
    crates.unwrap_or(file)
}

/// Does `work`, and catches what panics in it. What it borrows must still make sense if it was broken off at any point.
///
/// # Errors
/// [`Panicked`].
pub async fn fenced<T>(work: impl Future<Output = T>) -> Result<T, Panicked> {
    let done = AssertUnwindSafe(work).catch_unwind().await;
    done.map_err(|_| Panicked::here())
}

/// Does one thing of several that have nothing to do with each other: what fails, in whatever way, is logged with `place`, and
/// the next can go on. `None` if it failed.
pub async fn by_itself<T, E: std::error::Error>(
    place: &'static str,
    work: impl Future<Output = Result<T, E>>,
) -> Option<T> {
    let failed = |cause: &dyn std::error::Error| log(Event::RequestFailed { place, cause });
    match fenced(work).await {
        Ok(Ok(done)) => return Some(done),
        Ok(Err(cause)) => failed(&cause),
        Err(cause) => failed(&cause),
    }
    None
}

/// The same as [`fenced`] for work that does not wait for anything.
///
/// # Errors
/// [`Panicked`].
pub fn fenced_now<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked::here())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_crate_was_unpacked_is_not_told() {
        let path = "/home/somebody/.cargo/registry/src/index-0123/age-0.12.1/src/native/x25519.rs";
        assert_eq!(in_our_tree(path), "age-0.12.1/src/native/x25519.rs");
        assert_eq!(
            in_our_tree("src/foundation/supervisor.rs"),
            "src/foundation/supervisor.rs"
        );
    }
}

//! When the order of arrival is forgotten: soon after something came, and seldom enough that nobody has to wait for it.

use super::store::IntakeStore;
use crate::clock::Clock;
use crate::supervisor::Pulse;
use crate::telemetry::{Event, log};
use std::sync::Arc;
use std::time::Duration;

/// Of so many parts of time at most one is spent on mixing, since whoever sends something meanwhile waits.
const SELDOM: u32 = 100;

/// Mixes what `store` holds, first at once, for what a process left that was killed, then every `interval`, or less often
/// where it takes long; until `stop`, and then to the end of what has begun.
pub(super) async fn mix_until(
    stop: impl Future<Output = ()>,
    store: Arc<dyn IntakeStore>,
    clock: Arc<dyn Clock>,
    interval: Duration,
    pulse: Pulse,
) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let begun = clock.elapsed();
        if let Err(cause) = store.forget_order().await {
            log(Event::RequestFailed {
                place: "mixing",
                cause: &cause,
            });
        }
        let took = clock.elapsed().saturating_sub(begun);
        let wait = interval.max(took.saturating_mul(SELDOM));
        pulse.done(wait.saturating_add(took));
        tokio::select! {
            () = &mut stop => return,
            () = tokio::time::sleep(wait) => {}
        }
    }
}

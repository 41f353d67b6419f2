//! When the order of arrival is forgotten: soon after something came. How much of it at once, so that nobody has to wait for
//! long, is the store's business.

use super::store::IntakeStore;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::supervisor::Heartbeat;
use mifeng_foundation::telemetry::{Event, log};
use std::sync::Arc;
use std::time::Duration;

/// Mixes what `store` holds, first at once, for what a process left that was killed, then every `interval`; until `stop`.
pub(super) async fn mix_until(
    stop: impl Future<Output = ()>,
    store: Arc<dyn IntakeStore>,
    clock: Arc<dyn Clock>,
    interval: Duration,
    heartbeat: Heartbeat,
) {
    let mut stop = std::pin::pin!(stop);
    loop {
        let mixed = async {
            let begun = clock.elapsed();
            if let Err(cause) = store.forget_order().await {
                log(Event::RequestFailed {
                    place: "mixing",
                    cause: &cause,
                });
            }
            // The next round may have twice as much to do.
            let took = clock.elapsed().saturating_sub(begun);
            heartbeat.done(interval.saturating_add(took.saturating_mul(2)));
            tokio::time::sleep(interval).await;
        };
        tokio::select! {
            // What is broken off now is done at the end, or after the next start.
            () = &mut stop => return,
            () = mixed => {}
        }
    }
}

//! Sessions that are over are forgotten.

use crate::staff::SignIn;
use mifeng_foundation::supervisor::Heartbeat;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// How often sessions that are over are looked for.
pub(super) const SESSIONS_LOOKED_AT: Duration = Duration::from_secs(30);

/// Ends sessions that are over, and so the keys in them, where nobody signs in meanwhile.
pub(super) async fn forget_sessions(
    sign_in: Arc<SignIn>,
    heartbeat: Heartbeat,
    stopped: impl Future<Output = ()>,
) {
    let mut stopped = std::pin::pin!(stopped);
    loop {
        heartbeat.done(SESSIONS_LOOKED_AT * 2);
        tokio::select! {
            () = &mut stopped => return,
            () = tokio::time::sleep(SESSIONS_LOOKED_AT) => {
                sign_in.sessions.forget_over();
                sign_in.pending.forget_over();
            }
        }
    }
}

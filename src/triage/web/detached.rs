//! What somebody asked for is done to its end, whether or not she is still there to hear of it: a line that breaks between a
//! change and what follows from it would otherwise leave the change half done.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

/// Runs whatever changes something apart from the connection that asked for it. When the service ends, what nobody waits for
/// any more is broken off all the same, and the next start reads what was stored.
pub(super) async fn run_detached<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    if request.method().is_safe() {
        return next.call(request).await;
    }
    match actix_web::rt::spawn(next.call(request)).await {
        Ok(answer) => answer,
        Err(ended) => match ended.try_into_panic() {
            // As it would be without a task of its own.
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(ended) => Err(actix_web::error::ErrorServiceUnavailable(ended)),
        },
    }
}

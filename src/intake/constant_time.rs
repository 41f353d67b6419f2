//! Constant time for answers to look-ups. The work is alike whatever is found, but not to the microsecond: reading eight
//! messages and showing them takes a tenth longer than finding none. So an answer waits for the next step of a clock that
//! starts with the work, and from outside all take one step. Waiting costs no processor and holds up nobody else.

use actix_web::{HttpMessage as _, HttpRequest};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// One step: several times what the fullest mailbox takes, so that hardly any answer needs a second one, and less than
/// anyone notices.
const STEP: Duration = Duration::from_millis(20);

#[derive(Clone, Copy)]
struct Begun(Instant);

/// Starts the clock, once the request was read whole: whoever holds back its end cannot place the work between two steps.
pub fn begin(request: &HttpRequest) {
    request.extensions_mut().insert(Begun(Instant::now()));
}

/// Waits for the next step, if the clock was started. The answer must be made by now.
pub async fn leave(request: &HttpRequest) {
    let begun = request.extensions().get::<Begun>().copied();
    if let Some(Begun(begun)) = begun {
        let whole = begun.elapsed().as_micros() / STEP.as_micros();
        let steps = u32::try_from(whole).unwrap_or(u32::MAX).saturating_add(1);
        sleep_until(begun + STEP * steps).await;
    }
}

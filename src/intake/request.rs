//! What is read of a request, and no more: its body within limits, its language, and for a moment its address.

use super::config::LimitsConfig;
use super::problem::Problem;
use super::rate_limits::{RateLimits, Source};
use actix_web::HttpRequest;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, Data, Payload};
use futures_util::{Stream, StreamExt as _};
use mifeng_foundation::words::Language;
use std::cell::Cell;
use std::time::Duration;
use tokio::time::Instant;
use zeroize::Zeroizing;

/// Largest body, in bytes: a full text in the widest encoding, and the rest of the form.
pub const BODY_MAX_BYTES: usize = 1024 * 1024;

/// The body, whole.
///
/// # Errors
/// [`Problem::TooLarge`] over [`BODY_MAX_BYTES`]; [`Problem::Malformed`] if it breaks off or never ends.
pub async fn body(payload: Payload, limits: &LimitsConfig) -> Result<Zeroizing<Vec<u8>>, Problem> {
    let (bytes, whole) = body_as_far_as_it_came(payload, limits).await;
    whole.map(|()| bytes)
}

/// The body as far as it came, and whether that is all of it: what was typed is given back even where it is too long or cut
/// short.
pub async fn body_as_far_as_it_came(
    mut payload: Payload,
    limits: &LimitsConfig,
) -> (Zeroizing<Vec<u8>>, Result<(), Problem>) {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = async {
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::Malformed)?;
            let room = BODY_MAX_BYTES - bytes.len();
            bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
            if chunk.len() > room {
                return Err(Problem::TooLarge);
            }
        }
        Ok(())
    };
    let whole = tokio::time::timeout(Duration::from_secs(limits.request_timeout_s), read).await;
    (bytes, whole.unwrap_or(Err(Problem::Malformed)))
}

/// How long is waited for the next bytes of what may come slowly. Whoever sends nothing for a step is given up; and each byte
/// buys only as much time as it would take at the least rate, so that a byte now and then holds up nothing for long.
pub struct Pace {
    step: Duration,
    least_per_s: u64,
    until: Cell<Instant>,
    end: Instant,
    came_bytes: Cell<u64>,
}

impl Pace {
    /// `step_s` for the next bytes, at `least_per_s` in the long run (any rate if it is 0), and `whole_s` for all of them.
    #[must_use]
    pub fn new(step_s: u64, least_per_s: u64, whole_s: u64) -> Self {
        let (step, now) = (Duration::from_secs(step_s), Instant::now());
        Self {
            step,
            least_per_s,
            until: Cell::new(now + step),
            end: now + Duration::from_secs(whole_s.max(step_s)),
            came_bytes: Cell::new(0),
        }
    }

    /// Gives a whole step again: what went before was not the sender's time.
    pub fn begin(&self) {
        self.until.set(Instant::now() + self.step);
    }

    /// So many bytes came.
    pub fn came(&self, bytes: usize) {
        self.came_at(bytes as u64, Instant::now());
    }

    fn came_at(&self, bytes: u64, now: Instant) {
        self.came_bytes.set(self.came_bytes.get() + bytes);
        let longest = now + self.step;
        let bought = match bytes.saturating_mul(1000).checked_div(self.least_per_s) {
            Some(bought_ms) => self.until.get() + Duration::from_millis(bought_ms).min(self.step),
            None => longest,
        };
        self.until.set(bought.min(longest));
    }

    /// When the next bytes are too late.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.until.get().min(self.end)
    }

    /// How many came.
    #[must_use]
    pub fn came_bytes(&self) -> u64 {
        self.came_bytes.get()
    }
}

/// A body of any length, as long as its bytes keep coming at `pace`, which begins when the first of them is asked for.
pub fn in_time<'a>(
    payload: &'a mut Payload,
    pace: &'a Pace,
) -> impl Stream<Item = Result<Bytes, Problem>> + Unpin + use<'a> {
    Box::pin(futures_util::stream::unfold(
        (payload, false),
        move |(payload, begun)| async move {
            if !begun {
                pace.begin();
            }
            let next = tokio::time::timeout_at(pace.deadline(), payload.next()).await;
            // Late is as good as broken off.
            let next = next.unwrap_or(Some(Err(PayloadError::Incomplete(None))));
            if let Some(Ok(bytes)) = &next {
                pace.came(bytes.len());
            }
            next.map(|bytes| (bytes.map_err(|_| Problem::Malformed), (payload, true)))
        },
    ))
}

/// The language a client without pages asks for.
pub fn language(request: &HttpRequest) -> Language {
    request
        .headers()
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .map(|value| Language::negotiate(value, Language::ALL))
        .unwrap_or_default()
}

/// Which listener a request came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The public one.
    Open,
    /// The onion service's.
    Onion,
}

/// Where a request comes from, for the limiter only. A proxy's word is taken only from this machine, only if set, and
/// never at the onion service's listener, where anyone could say anything.
pub fn source(request: &HttpRequest, limits: &LimitsConfig) -> Source {
    if request.app_data::<Data<Door>>().map(|door| *door.get_ref()) == Some(Door::Onion) {
        return Source::Onion;
    }
    let peer = request.peer_addr().map(|address| address.ip());
    let local = peer.is_none_or(|ip| ip.is_loopback());
    let told = || {
        let forwarded = request.headers().get("x-forwarded-for")?;
        let last = forwarded.to_str().ok()?.rsplit(',').next()?;
        last.trim().parse().ok()
    };
    let proxied = (limits.behind_local_proxy && local).then(told).flatten();
    proxied.or(peer).map_or(Source::Unknown, Source::Address)
}

/// Whether the caller is within the limits, after having waited if need be.
///
/// # Errors
/// [`Problem::TooMany`].
pub async fn admit(request: &HttpRequest, limits: &RateLimits) -> Result<(), Problem> {
    let verdict = limits.admit(source(request, limits.config())).await;
    verdict.allowed()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How long one lasts who sends so many bytes every so many seconds, in seconds.
    fn lasts(pace: &Pace, bytes: u64, every_s: u64) -> u64 {
        let begun = Instant::now();
        let mut now = begun;
        while now < pace.deadline() && now < begun + Duration::from_hours(2) {
            pace.came_at(bytes, now);
            now += Duration::from_secs(every_s);
        }
        now.duration_since(begun).as_secs()
    }

    #[test]
    fn a_byte_now_and_then_buys_no_time_and_a_poor_line_has_all_of_it() {
        let pace = || Pace::new(15, 1000, 3600);
        for every_s in 1..15 {
            assert!(lasts(&pace(), 1, every_s) < 30, "{every_s}");
            // Six kilobytes a second, however it stutters, until the whole time is over.
            let lasted = lasts(&pace(), 6000 * every_s, every_s);
            assert!((3600..3615).contains(&lasted), "{every_s}: {lasted}");
        }
        assert!(lasts(&pace(), 1_000_000, 16) < 30, "nothing for a step");
        assert!(lasts(&pace(), 900, 1) < 300, "a little less than the least");
    }

    #[test]
    fn no_rate_at_all_is_asked_of_who_is_trusted() {
        let pace = Pace::new(60, 0, 86_400);
        assert_eq!(lasts(&pace, 1, 50), 7200);
    }
}

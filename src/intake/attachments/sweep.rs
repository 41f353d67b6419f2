//! Deleting what belongs to no tip: files that were sent and never claimed, and those of released tips that could not
//! be deleted at once.

use super::{Attachments, FileProblem};
use crate::store::AttachmentId;
use mifeng_foundation::clock::{Clock, Day};
use mifeng_foundation::supervisor::Heartbeat;
use mifeng_foundation::telemetry::{Event, log};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// Longest wait between two sweeps.
const INTERVAL_MAX: Duration = Duration::from_mins(15);

/// The hours of a day.
const DAY_HOURS: u64 = 24;

/// Sweeps. On disk there is only the day a file came, so the hours are counted from when a file was first seen by this
/// process; a restart lets it live a little longer, and the day sees to it that it does not live on.
pub struct Sweeper {
    attachments: Arc<Attachments>,
    clock: Arc<dyn Clock>,
    seen: Mutex<HashMap<AttachmentId, Duration>>,
}

impl Sweeper {
    /// Over `attachments`.
    #[must_use]
    pub fn new(attachments: Arc<Attachments>, clock: Arc<dyn Clock>) -> Self {
        Self {
            attachments,
            clock,
            seen: Mutex::default(),
        }
    }

    /// Sweeps until it is told to stop.
    pub async fn run_until(self: Arc<Self>, stop: impl Future<Output = ()>, heartbeat: Heartbeat) {
        tokio::select! {
            // What is broken off now is swept after the next start.
            () = stop => {}
            () = self.run(heartbeat) => {}
        }
    }

    async fn run(&self, heartbeat: Heartbeat) {
        let limit = Duration::from_hours(self.attachments.limits.unclaimed_hours);
        let interval = (limit / 4).clamp(Duration::from_secs(1), INTERVAL_MAX);
        loop {
            // What cannot be reached now is swept the next time.
            let _ = self.sweep().await;
            heartbeat.done(interval * 2);
            tokio::time::sleep(interval).await;
        }
    }

    /// One sweep.
    ///
    /// # Errors
    /// Where the store or the place for files does not answer.
    pub async fn sweep(&self) -> Result<(), FileProblem> {
        let rows = &self.attachments.rows;
        let unclaimed = rows.unclaimed().await?;
        let sizes = unclaimed.iter().map(|one| (one.id, one.size_bytes));
        self.attachments.uploads.reconcile(&sizes.collect());
        let now = self.clock.elapsed();
        let today = self.clock.today(&jiff::tz::TimeZone::UTC);
        let hours = self.attachments.limits.unclaimed_hours;
        let old: Vec<AttachmentId> = {
            let mut seen = self.seen.lock();
            seen.retain(|id, _| unclaimed.iter().any(|one| one.id == *id));
            let old = unclaimed.iter().filter(|one| {
                let since = *seen.entry(one.id).or_insert(now);
                now.saturating_sub(since) >= Duration::from_hours(hours)
                    || is_surely_older(one.arrived_day, today, hours)
            });
            old.map(|one| one.id).collect()
        };
        for id in old {
            rows.condemn(id).await?;
        }
        self.attachments.purge().await?;
        let attachments = &self.attachments;
        Ok(attachments
            .blobs
            .settle(attachments.entropy.as_ref())
            .await?)
    }
}

/// Whether a file of `day` is older than `hours` at any hour and in any zone of `today`.
fn is_surely_older(day: Day, today: Day, hours: u64) -> bool {
    let days = i32::try_from(hours.div_ceil(DAY_HOURS)).unwrap_or(i32::MAX - 3);
    today.days_since(day) > days + 2
}

impl Attachments {
    /// Deletes the files that are marked for it, then their rows. What is away now is deleted by the next sweep.
    ///
    /// # Errors
    /// Where the store or the place for files does not answer.
    pub async fn purge(&self) -> Result<(), FileProblem> {
        let mut deleted = Vec::new();
        let mut failed = None;
        for id in self.rows.gone().await? {
            match self.blobs.delete(id).await {
                Ok(()) => deleted.push(id),
                Err(error) => failed = Some(error),
            }
        }
        self.rows.forget(&deleted).await?;
        if let Some(cause) = failed {
            log(Event::RequestFailed {
                place: "sweep",
                cause: &cause,
            });
            return Err(FileProblem::Away);
        }
        Ok(())
    }
}

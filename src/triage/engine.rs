//! Putting the engine together, and its loop.

use crate::config::{ReleasePolicy, TriageConfig};
use crate::error::TriageError;
use crate::ingest::{PullError, Relay, forget_surplus_files};
use crate::jobs;
use crate::jobs::{escalate, expire, recount, tell_shortened};
use crate::office::{Office, Parts, Progress, named_and_missing};
use crate::relay_client::client;
use crate::retention::Retention;
use crate::staff::{PgStaffStore, SqliteStaffStore, StaffStore};
use crate::store::{
    MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE, PgTriageStore, RetentionSeen, SqliteTriageStore,
    TriageStore,
};
use mifeng_foundation::backoff::Backoff;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::random_bytes;
use mifeng_foundation::storage::{StoreError, StoreUrl, open_postgres, open_sqlite};
use mifeng_foundation::supervisor::{Heartbeat, by_itself};
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::relay::ListState;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// Longest wait while intake is away.
const RETRY_MAX: Duration = Duration::from_mins(5);

/// Longest that a round of exchanging files may take before it is called overdue: what one large file takes on a slow line.
pub(super) const FILES_WITHIN: Duration = Duration::from_hours(6);

/// Longest time from one run of the jobs to the next: destroying many cases takes a while.
pub(super) const JOBS_WITHIN: Duration = Duration::from_mins(15);

/// What the first round of collecting may take longer than others.
const FIRST_PULL: Duration = Duration::from_mins(1);

/// Pulls for an office, and does its jobs.
pub struct Engine {
    office: Arc<Office>,
    relay: Relay,
    poll_interval_s: u64,
    /// Told after each round of the exchange: there may be files to fetch.
    news: Notify,
}

/// What triage keeps, in one database.
#[derive(Clone)]
pub struct Stores {
    /// Cases, tips, clocks, mail.
    pub cases: Arc<dyn TriageStore>,
    /// Accounts.
    pub staff: Arc<dyn StaffStore>,
}

/// Opens triage's database with its schema brought up to date.
///
/// # Errors
/// What the store says.
pub async fn open_stores(url: &StoreUrl) -> Result<Stores, StoreError> {
    Ok(match url {
        StoreUrl::Sqlite(path) => {
            let pool = open_sqlite(path, 4, MIGRATIONS_SQLITE).await?;
            Stores {
                cases: Arc::new(SqliteTriageStore::new(pool.clone())),
                staff: Arc::new(SqliteStaffStore::new(pool)),
            }
        }
        StoreUrl::Postgres(url) => {
            let pool = open_postgres(url, 8, MIGRATIONS_POSTGRES).await?;
            Stores {
                cases: Arc::new(PgTriageStore::new(pool.clone())),
                staff: Arc::new(PgStaffStore::new(pool)),
            }
        }
    })
}

impl Engine {
    /// Loads the cases of an office whose key is open.
    ///
    /// # Errors
    /// [`TriageError`].
    pub async fn open(
        config: &TriageConfig,
        parts: Parts,
        progress: &Progress,
    ) -> Result<Self, TriageError> {
        let client = client(&config.relay, &parts.slug)?;
        let today = parts.clock.today(&parts.zone);
        let retention = in_force(&*parts.store, config.retention.read()?, today).await?;
        let blobs = config.attachments.open(&config.store_url.parse()?)?;
        if blobs.is_none() {
            let what = "no place for files is set: tips with files stay at intake";
            log(Event::Weakness { what });
        }
        let office = Arc::new(
            Office::load_telling(parts, progress)
                .await?
                .with_blobs(blobs)
                .with_retention(retention)
                .with_two_persons(config.second_signature),
        );
        if let Some(missing) = named_and_missing(&office) {
            return Err(TriageError::Named(missing));
        }
        recount(&office).await?;
        tell_shortened(&office);
        let url = config.relay.url.trim_end_matches('/').to_owned();
        Ok(Self {
            office,
            relay: Relay::new(client, url, config.release == ReleasePolicy::AfterBackup),
            poll_interval_s: config.relay.poll_interval_s.max(1),
            news: Notify::new(),
        })
    }

    /// The office, for the mail.
    #[must_use]
    pub fn office(&self) -> Arc<Office> {
        Arc::clone(&self.office)
    }

    /// How long the first round of collecting may take: everything that intake holds is looked at.
    pub(super) fn first_pull_within(&self) -> Duration {
        Duration::from_secs(self.poll_interval_s.saturating_mul(3)) + FIRST_PULL
    }

    /// One round of the exchange; how many envelopes were new.
    ///
    /// # Errors
    /// [`PullError`].
    pub async fn pull_once(&self, state: ListState) -> Result<usize, PullError> {
        self.relay.exchange(&self.office, state).await
    }

    /// Pulls until `shutdown` resolves: first everything intake holds (a restored backup may lack some of it), then
    /// what waits. A round that has begun is finished.
    pub(super) async fn pull(&self, heartbeat: Heartbeat, shutdown: impl Future<Output = ()>) {
        let _ = self.office.collecting.set(heartbeat.clone());
        let mut shutdown = std::pin::pin!(shutdown);
        let (mut state, mut retries) = (ListState::Held, None);
        loop {
            let wait_s = match self.pull_once(state).await {
                Ok(count) => {
                    if retries.take().is_some() {
                        log(Event::RelayBack);
                    }
                    if count > 0 {
                        log(Event::Pulled { count });
                    }
                    state = ListState::Waiting;
                    // Half as long again is the longest wait that is drawn.
                    heartbeat.done(Duration::from_secs(self.poll_interval_s.saturating_mul(3)));
                    self.news.notify_one();
                    self.poll_interval_s
                }
                Err(error) => {
                    let retries = retries.get_or_insert_with(|| {
                        Backoff::doubling(2 * Duration::from_secs(self.poll_interval_s), RETRY_MAX)
                    });
                    let retry_s = retries.longer().as_secs();
                    match error {
                        PullError::Away(_) => log(Event::RelayAway { retry_s }),
                        // It was told where it was refused.
                        PullError::Violation(_) => {}
                        PullError::Office(cause) => failed("pull", &cause),
                    }
                    retry_s
                }
            };
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(self.drawn(wait_s)) => {}
            }
        }
    }

    /// Brings over the files that wait at intake, and sends those up that are for the office above, until `shutdown` resolves:
    /// after each round of the exchange, and from time to time. Tips do not wait for files: what is broken off here is begun
    /// anew, and what fails is left to the next round.
    pub(super) async fn exchange_files(
        &self,
        heartbeat: Heartbeat,
        shutdown: impl Future<Output = ()>,
    ) {
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            let work = async {
                let passed = self.relay.pass_up(&self.office).await;
                let fetched = self.relay.fetch_attachments(&self.office).await;
                let done = [("passing", passed), ("attachments", fetched.map(|_| ()))];
                for (place, done) in done {
                    if let Err(cause) = done {
                        failed(place, &cause);
                    }
                }
            };
            tokio::select! {
                () = &mut shutdown => return,
                () = work => {}
            }
            // One large file takes as long as it takes; it is the next round that has a limit.
            heartbeat.done(FILES_WITHIN);
            tokio::select! {
                () = &mut shutdown => return,
                () = self.news.notified() => {}
                () = tokio::time::sleep(self.drawn(self.poll_interval_s)) => {}
            }
        }
    }

    /// Tidies up from time to time until `shutdown` resolves.
    pub(super) async fn run_jobs(&self, heartbeat: Heartbeat, shutdown: impl Future<Output = ()>) {
        let mut shutdown = std::pin::pin!(shutdown);
        loop {
            Box::pin(self.tidy()).await;
            heartbeat.done(JOBS_WITHIN);
            tokio::select! {
                () = &mut shutdown => return,
                () = tokio::time::sleep(self.drawn(self.poll_interval_s)) => {}
            }
        }
    }

    /// Runs the jobs: what is late is escalated, what was kept long enough is destroyed, accounts that the operator's tool
    /// made get their keys, and files that nobody needs are deleted. What fails of it, in whatever way, keeps nothing else
    /// of it from being done.
    async fn tidy(&self) {
        let office = &self.office;
        by_itself("watch", Box::pin(jobs::watch(office))).await;
        by_itself("climb", escalate(office)).await;
        by_itself("keys", office.align()).await;
        by_itself("files", forget_surplus_files(office)).await;
        by_itself("old keys", office.destroy_retired()).await;
        by_itself("expire", Box::pin(expire(office))).await;
    }

    /// From half of `mean_s` to half as long again, so that nobody knows when.
    fn drawn(&self, mean_s: u64) -> Duration {
        let jitter = u64::from(u16::from_le_bytes(random_bytes(self.office.entropy())));
        Duration::from_millis(mean_s * (500 + jitter * 1000 / u64::from(u16::MAX)))
    }
}

fn failed(place: &'static str, cause: &dyn std::error::Error) {
    log(Event::RequestFailed { place, cause });
}

/// The rules of retention with those that were in force before them, as the store remembers.
///
/// # Errors
/// What the store says.
pub async fn in_force(
    store: &dyn TriageStore,
    retention: Retention,
    today: Day,
) -> Result<Retention, StoreError> {
    let seen = match store.retention_seen().await? {
        Some(seen) if seen.rules == retention.text() => seen,
        known => {
            let seen = RetentionSeen {
                rules: retention.text().to_owned(),
                before: known.map(|known| known.rules),
                since: today,
            };
            store.see_retention(&seen).await?;
            seen
        }
    };
    // Rules that an older program wrote down and this one cannot read say nothing any more.
    let before = seen.before.and_then(|text| Retention::new(&text).ok());
    Ok(match before {
        Some(before) => retention.in_place_of(before, seen.since),
        None => retention,
    })
}

//! Writing the field of every mailbox anew, in pieces that hold nobody up.

use super::{Lately, OpenedDays};
use crate::store::{NewOpened, OpenedRow};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::supervisor::Heartbeat;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::{LookupDigest, OpenedField, OpenedKey};
use std::sync::Arc;
use std::time::Duration;

/// Mailboxes in one transaction: a few milliseconds of somebody else's waiting.
const PIECE: u32 = 128;

/// Of so many parts of time at most one is spent on this.
const SELDOM: u32 = 50;

/// Up to so many mailboxes are written anew before a stop, which takes a second; beyond, what was opened since the last time is
/// forgotten rather than that a stop takes long.
const AT_STOP_MAX: u64 = 4_000;

/// Writes all anew once at the beginning, and every `interval` in which a mailbox was opened or begun; less often where it takes
/// long. Once more at `stop`.
pub(in super::super) async fn rewrite_until(
    stop: impl Future<Output = ()>,
    opened: OpenedDays,
    clock: Arc<dyn Clock>,
    interval: Duration,
    heartbeat: Heartbeat,
) {
    let mut stop = std::pin::pin!(stop);
    let mut due = true;
    loop {
        let begun = clock.elapsed();
        let written = tokio::select! {
            () = &mut stop => break,
            written = opened.rewrite(due) => written,
        };
        match written {
            Ok(_) => due = false,
            Err(cause) => log(Event::RequestFailed {
                place: "opened",
                cause: &cause,
            }),
        }
        let took = clock.elapsed().saturating_sub(begun);
        let pause = interval.max(took.saturating_mul(SELDOM));
        // The next round may have twice as much to do.
        heartbeat.done(pause.saturating_add(took.saturating_mul(2)));
        tokio::select! {
            () = &mut stop => break,
            () = tokio::time::sleep(pause) => {}
        }
    }
    if let Err(cause) = opened.rewrite_at_stop().await {
        log(Event::RequestFailed {
            place: "opened",
            cause: &cause,
        });
    }
}

impl OpenedDays {
    /// Writes the field of every mailbox anew, if one was opened or begun since the last time or `anyway`; how many.
    ///
    /// # Errors
    /// What the store says; what was not written is kept for the next time.
    pub async fn rewrite(&self, anyway: bool) -> Result<u64, StoreError> {
        let Some(rows) = self.store.opened() else {
            return Ok(0);
        };
        let taken = std::mem::take(&mut *self.lately());
        if taken.days.is_empty() && taken.keys.is_empty() && !anyway {
            return Ok(0);
        }
        let taken = Arc::new(taken);
        let (mut after, mut count) = (None, 0);
        loop {
            let page = rows.page(after, PIECE).await;
            let written = match page {
                Ok(page) => {
                    let Some((last, _)) = page.last() else {
                        return Ok(count);
                    };
                    after = Some(*last);
                    count += page.len() as u64;
                    let piece = self.made_anew(Arc::clone(&taken), page).await;
                    rows.write(&piece).await
                }
                Err(error) => Err(error),
            };
            if let Err(error) = written {
                self.give_back(&taken);
                return Err(error);
            }
        }
    }

    async fn rewrite_at_stop(&self) -> Result<(), StoreError> {
        let Some(rows) = self.store.opened() else {
            return Ok(());
        };
        if rows.count().await? <= AT_STOP_MAX {
            self.rewrite(false).await?;
        }
        Ok(())
    }

    /// On a thread of its own: a piece is some 15 ms of arithmetic.
    async fn made_anew(
        &self,
        lately: Arc<Lately>,
        page: Vec<(LookupDigest, Option<OpenedRow>)>,
    ) -> Vec<NewOpened> {
        let entropy = Arc::clone(&self.entropy);
        let made = tokio::task::spawn_blocking(move || {
            let anew = |(mailbox, row): (LookupDigest, Option<OpenedRow>)| {
                one_anew(&lately, mailbox, row, entropy.as_ref())
            };
            page.into_iter().map(anew).collect()
        });
        // Arithmetic that broke off changes nothing.
        made.await.unwrap_or_default()
    }

    /// What was taken and not written, but for what is newer.
    fn give_back(&self, taken: &Lately) {
        let mut lately = self.lately();
        for (mailbox, day) in &taken.days {
            lately.days.entry(*mailbox).or_insert(*day);
        }
        for (mailbox, key) in &taken.keys {
            lately.keys.entry(*mailbox).or_insert(*key);
        }
    }
}

fn one_anew(
    lately: &Lately,
    mailbox: LookupDigest,
    row: Option<OpenedRow>,
    entropy: &dyn Entropy,
) -> NewOpened {
    let key = lately.keys.get(&mailbox).copied();
    let key = key.or(row.as_ref().map(|row| row.key));
    let key = key.unwrap_or_else(|| OpenedKey::nobodys(entropy));
    let field = match (lately.days.get(&mailbox), &row) {
        (Some(day), _) => OpenedField::of(&key, *day, entropy),
        (None, Some(row)) => row.field.anew(entropy),
        (None, None) => OpenedField::none(entropy),
    };
    NewOpened {
        mailbox,
        key,
        field,
        instead_of: row.map(|row| row.field),
        is_news: lately.days.contains_key(&mailbox) || lately.keys.contains_key(&mailbox),
    }
}

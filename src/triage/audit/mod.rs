//! The audit log: a record of everything that was seen, changed, exported or unlocked, of every sign-in and every refusal. It
//! is append-only, and each row is hashed with the one before. It holds ids, codes and the times of the staff's acts; nothing
//! that a person wrote, and nothing that a reporter did.
//!
//! A row is written in a transaction of its own *before* the act, so that a failed act is on record too: it is followed
//! by a row of the kind [`Kind::Failed`]. Where the audit log cannot be written, nothing is shown and nothing is done.

mod act;
mod kind;
mod verify;

use crate::model::{AUDIT_ID_BYTES, AuditQuery, AuditRow, CaseId, Head, Link, MemberId};
pub use act::Act;
pub use kind::Kind;
pub use verify::{Broken, verify};

use crate::ledger::Filter;
use crate::store::TriageStore;
use jiff::tz::TimeZone;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::storage::StoreError;
use std::fmt;
use std::sync::Arc;

/// The audit log of an office, to write into, to read and to verify.
#[derive(Clone)]
pub struct AuditLog {
    store: Arc<dyn TriageStore>,
    clock: Arc<dyn Clock>,
    zone: TimeZone,
}

impl AuditLog {
    /// Over `store`; times are told in `zone`.
    #[must_use]
    pub fn new(store: Arc<dyn TriageStore>, clock: Arc<dyn Clock>, zone: TimeZone) -> Self {
        Self { store, clock, zone }
    }

    /// Puts an act of a person on record, durably; `actor` is `None` for the operator and for a stranger at the door.
    ///
    /// # Errors
    /// What the store says. The act must then not be done.
    pub async fn record(&self, actor: Option<MemberId>, act: Act) -> Result<(), StoreError> {
        self.append(Some(self.second()), actor, act).await
    }

    /// Puts on record that a table is leaving the office: which, with how many lines, and what they were asked for by.
    /// Each of the three is made of codes, ids, days and counts.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub async fn record_export(
        &self,
        actor: MemberId,
        table: &'static str,
        lines: usize,
        by: AskedBy<'_>,
    ) -> Result<(), StoreError> {
        let act = Act::new(Kind::Exported);
        let mut link = act.link(
            self.clock.today(&self.zone),
            Some(self.second()),
            Some(actor),
        );
        link.detail = format!("{table} {lines} {by}");
        self.store.append_to_audit_log(&link).await
    }

    /// Puts on record what the service did by itself: without a time of day, which could tell when a tip came.
    ///
    /// # Errors
    /// As [`Self::record`].
    pub async fn record_own(&self, act: Act) -> Result<(), StoreError> {
        self.append(None, None, act).await
    }

    /// Does `deed` after putting `act` of `actor` on record; if it is not completed, that goes on record too.
    ///
    /// # Errors
    /// As [`Self::record`], or what `deed` says.
    pub async fn around<T, E: From<StoreError>>(
        &self,
        actor: Option<MemberId>,
        act: Act,
        deed: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.record(actor, act).await?;
        let done = deed.await;
        if done.is_err() {
            self.record(actor, act.failed()).await?;
        }
        done
    }

    /// The same of what the service does by itself.
    ///
    /// # Errors
    /// As [`Self::record_own`], or what `deed` says.
    pub async fn around_own<T, E: From<StoreError>>(
        &self,
        act: Act,
        deed: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        self.record_own(act).await?;
        let done = deed.await;
        if done.is_err() {
            self.record_own(act.failed()).await?;
        }
        done
    }

    /// The row that says that a case was destroyed, for the store to write with the destruction: as
    /// [`Self::record`] of `actor`, or without a time where the service does it by itself. `detail` is the case's number and
    /// the rule.
    #[must_use]
    pub fn destroyed(&self, actor: Option<MemberId>, case: CaseId, detail: String) -> Link {
        let second = actor.is_some().then(|| self.second());
        let act = Act::new(Kind::Destroyed).on(case);
        let link = act.link(self.clock.today(&self.zone), second, actor);
        Link { detail, ..link }
    }

    fn second(&self) -> i32 {
        let now = self.clock.now().to_zoned(self.zone.clone());
        let [hour, minute, second] = [now.hour(), now.minute(), now.second()].map(i32::from);
        (hour * 60 + minute) * 60 + second
    }

    async fn append(
        &self,
        second: Option<i32>,
        actor: Option<MemberId>,
        act: Act,
    ) -> Result<(), StoreError> {
        let day = self.clock.today(&self.zone);
        self.store
            .append_to_audit_log(&act.link(day, second, actor))
            .await
    }

    /// Rows before `before` (all if `None`), the latest first, at most `limit`; of one case or one member if asked for.
    ///
    /// # Errors
    /// What the store says.
    pub async fn rows(&self, asked: AuditQuery, limit: u32) -> Result<Vec<AuditRow>, StoreError> {
        self.store.audit_rows(asked, limit).await
    }

    /// Where the chain ends.
    ///
    /// # Errors
    /// What the store says.
    pub async fn head(&self) -> Result<Head, StoreError> {
        self.store.audit_head().await
    }

    /// Goes through the whole chain.
    ///
    /// # Errors
    /// [`Broken`] in the first place where it does not hold, or what the store says.
    pub async fn verify(&self, known: &[Head]) -> Result<Result<Head, Broken>, StoreError> {
        verify(self.store.as_ref(), known).await
    }
}

/// What a table that leaves the office was asked for by.
#[derive(Clone, Copy, Debug)]
pub enum AskedBy<'a> {
    /// A filter of the ledger.
    Filter(&'a Filter),
    /// A year.
    Year(i16),
}

impl fmt::Display for AskedBy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Filter(filter) => f.write_str(&filter.query()),
            Self::Year(year) => write!(f, "year={year}"),
        }
    }
}

/// The id of a case on the pages of the audit log: the beginning of its random id, in hex. Whoever reads the audit log learns
/// no case number from it, and so cannot tell a case that is kept from them from any other.
#[must_use]
pub fn audit_id(case: CaseId) -> String {
    hex::encode(&case.0[..AUDIT_ID_BYTES])
}

//! What triage keeps: everything but ids, states, days, deadlines and counts is sealed before it comes here.

mod attachments;
mod audit;
mod calendar_feeds;
mod deadlines;
mod destroying;
mod engines;
mod joining;
mod kept_files;
mod last_messages;
mod ledger_views;
mod loading;
mod mail;
mod many_tips;
mod message_rows;
mod numbers;
mod openings;
mod papers;
mod passing;
mod quarantine;
mod reading;
mod retention_seen;
mod retired;
mod routing;
mod rows;
mod triage_store;
mod wraps;
mod write_lock;
mod writing;

use crate::model::CaseId;
pub use attachments::{AttachmentState, AttachmentStore, WaitingAttachment};
pub use audit::AuditStore;
pub use calendar_feeds::CalendarFeedStore;
pub use deadlines::DeadlineStore;
pub use destroying::{CaseToDestroy, DestroyingStore, LeftToWipe};
pub use engines::{PgTriageStore, SqliteTriageStore};
pub use joining::{ChangeSet, JoiningStore, Pair};
pub use kept_files::{KeptFileStore, WaitingKeptFile};
pub use last_messages::{LastMessage, LastMessageStore};
pub use ledger_views::LedgerViewStore;
pub use loading::{LoadingStore, WholeCase};
pub use mail::{DueMail, MailRecipient, MailStore};
pub use message_rows::{HistoryRow, MessageRow, OutgoingRow, OutgoingState};
pub use numbers::{NumberStore, Renumbered};
pub use openings::{OpeningRow, OpeningState, OpeningStore};
pub use papers::{PaperChanges, PaperRow, PaperStore, TaskRow};
pub use passing::{PassingFile, PassingRow, PassingStore};
pub use quarantine::{QuarantineRow, QuarantineState, QuarantineStore, SignedBy};
pub use retention_seen::{RetentionSeen, RetentionSeenStore};
pub use retired::{ReasonOf, RetiredKey, RetiredKeyStore};
pub use routing::{RoutingRow, RoutingStore};
pub use rows::{
    AttachmentRow, CaseRow, Change, DeadlineRow, JoinedRow, KeptFileRow, NewTip, ReplyId,
    StoredEnvelope, StoredTip, TipRow,
};
pub use wraps::{Rewrap, WrapStore};

use async_trait::async_trait;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::{MigrationSource, StoreError};
use mifeng_sealing::{ContentHash, LookupDigest};

/// The schema of one engine, in the order in which it grew.
macro_rules! schema {
    ($engine:literal) => {
        &[
            source!(1, "engine", $engine, "0001_engine"),
            source!(2, "staff", $engine, "0002_staff"),
            source!(3, "replies", $engine, "0003_replies"),
            source!(4, "attachments", $engine, "0004_attachments"),
            source!(5, "trail", $engine, "0005_trail"),
            source!(6, "clocks", $engine, "0006_clocks"),
            source!(7, "kept_files", $engine, "0007_kept_files"),
            source!(8, "joining", $engine, "0008_joining"),
            source!(9, "member_keys", $engine, "0009_member_keys"),
            source!(10, "papers", $engine, "0010_papers"),
            source!(11, "openings", $engine, "0011_openings"),
            source!(12, "ledger_views", $engine, "0012_ledger_views"),
            source!(13, "calendar_feeds", $engine, "0013_calendar_feeds"),
            source!(14, "remains", $engine, "0014_remains"),
            source!(15, "retired_keys", $engine, "0015_retired_keys"),
            source!(16, "second_factor", $engine, "0016_second_factor"),
            source!(17, "quarantine", $engine, "0017_quarantine"),
            source!(19, "leave_and_skills", $engine, "0019_leave_and_skills"),
            source!(20, "routing_rules", $engine, "0020_routing_rules"),
            source!(21, "passing_up", $engine, "0021_passing_up"),
            source!(22, "passing_files", $engine, "0022_passing_files"),
            source!(23, "case_numbers", $engine, "0023_case_numbers"),
            source!(24, "moved_clocks", $engine, "0024_moved_clocks"),
            source!(25, "account_requests", $engine, "0025_account_requests"),
            source!(26, "last_messages", $engine, "0026_last_messages"),
            source!(27, "reply_ids", $engine, "0027_reply_ids"),
            source!(31, "titles", $engine, "0031_titles"),
            source!(33, "retention_seen", $engine, "0033_retention_seen"),
            source!(34, "found by reference", $engine, "0034_found_by_reference"),
        ]
    };
}

macro_rules! source {
    ($version:literal, $name:literal, $engine:literal, $file:literal) => {
        (
            $version,
            $name,
            include_str!(concat!(
                "../../../migrations/triage/",
                $engine,
                "/",
                $file,
                ".sql"
            )),
        )
    };
}

/// Triage's schema for SQLite, the staff's accounts included.
pub const MIGRATIONS_SQLITE: &[MigrationSource] = schema!("sqlite");

/// Triage's schema for PostgreSQL, the staff's accounts included.
pub const MIGRATIONS_POSTGRES: &[MigrationSource] = schema!("postgres");

/// What became of a tip that was to be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TipStored {
    /// It has this case number now.
    New(String),
    /// Its envelope was stored before; nothing was changed.
    Known,
    /// Another tip has its mailbox already; nothing was changed.
    MailboxTaken,
}

/// Triage's store. Every method is one transaction and durable when it returns.
#[async_trait]
pub trait TriageStore:
    AttachmentStore
    + CalendarFeedStore
    + DeadlineStore
    + DestroyingStore
    + JoiningStore
    + KeptFileStore
    + LastMessageStore
    + LedgerViewStore
    + LoadingStore
    + MailStore
    + NumberStore
    + OpeningStore
    + PaperStore
    + QuarantineStore
    + PassingStore
    + RetentionSeenStore
    + RetiredKeyStore
    + RoutingStore
    + AuditStore
    + WrapStore
    + Send
    + Sync
{
    /// Those of `hashes` that were stored before.
    ///
    /// # Errors
    /// What the engine says; so for every method here.
    async fn known(&self, hashes: &[ContentHash]) -> Result<Vec<ContentHash>, StoreError>;
    /// Stores a tip with its new case and all that belongs to it, once.
    async fn store_tip(&self, tip: &NewTip) -> Result<TipStored, StoreError>;
    /// Stores tips as [`Self::store_tip`] does, all in one transaction; the number of each. `None`, and nothing is done, if
    /// one of them would not be new, or has to be stored by itself.
    async fn store_tips(&self, tips: &[NewTip]) -> Result<Option<Vec<String>>, StoreError>;
    /// Stores what a reporter added, once. `false`, and nothing but the envelope is noted, if the envelope was stored before,
    /// or what was said under its id; where it has no such id, if another envelope had its id at intake.
    async fn store_reply(
        &self,
        envelope: &StoredEnvelope,
        change: &Change,
    ) -> Result<bool, StoreError>;
    /// Envelopes intake may delete and does not know it, whose files are all here: all, or those stored before the last
    /// backup.
    async fn releasable(
        &self,
        only_backed_up: bool,
        limit: u32,
    ) -> Result<Vec<(ContentHash, [u8; 16])>, StoreError>;
    /// Notes that intake knows.
    async fn mark_released(&self, hashes: &[ContentHash]) -> Result<(), StoreError>;
    /// returned once the copy is verified.
    async fn begin_backup(&self) -> Result<i64, StoreError>;
    /// Everything stored in `period` or earlier is in a verified backup.
    async fn mark_backup(&self, period: i64) -> Result<(), StoreError>;
    /// Every case.
    async fn cases(&self) -> Result<Vec<CaseRow>, StoreError>;
    /// Every tip, or those of one case.
    async fn tips(&self, case: Option<CaseId>) -> Result<Vec<TipRow>, StoreError>;
    /// Every deadline, or those of one case.
    async fn deadlines(&self, case: Option<CaseId>) -> Result<Vec<DeadlineRow>, StoreError>;
    /// Messages of a case, in order, each with whether it was delivered.
    async fn messages(&self, case: CaseId) -> Result<Vec<(MessageRow, bool)>, StoreError>;
    /// History of a case, in order.
    async fn history(&self, case: CaseId) -> Result<Vec<HistoryRow>, StoreError>;
    /// The tip whose mailbox this is.
    async fn tip_of_mailbox(&self, mailbox: LookupDigest) -> Result<Option<StoredTip>, StoreError>;
    /// How many messages the mailbox of this tip was sent.
    async fn outgoing_count(&self, tip: [u8; 16]) -> Result<u32, StoreError>;
    /// How many messages for the mailboxes of a case have not reached intake.
    async fn undelivered(&self, case: CaseId) -> Result<u32, StoreError>;
    /// Changes a case. `false`, and nothing is done, if its version is not that of `change.case`.
    async fn change(&self, change: &Change) -> Result<bool, StoreError>;
    /// Replaces a tip's sketch.
    async fn replace_sketch(&self, tip: [u8; 16], sketch: &[u8]) -> Result<(), StoreError>;
    /// Messages waiting for intake.
    async fn queued_messages(&self, limit: u32) -> Result<Vec<OutgoingRow>, StoreError>;
    /// Notes what became of messages.
    async fn mark_messages(&self, ids: &[[u8; 16]], state: OutgoingState)
    -> Result<(), StoreError>;
}

pub(super) fn day_from(number: i64) -> Result<Day, StoreError> {
    i32::try_from(number)
        .ok()
        .and_then(|number| Day::from_number(number).ok())
        .ok_or(StoreError::Damaged("a day is out of range"))
}

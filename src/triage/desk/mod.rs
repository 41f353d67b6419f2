//! The desk: what the pages ask of the service. Every method checks for itself that the viewer may.

mod account_requests;
pub mod accounts;
mod alike;
mod candidates;
mod changing;
mod closing;
mod comparing;
mod copies;
mod destroying;
mod expiring;
mod extending;
mod feed;
pub mod files;
mod handlers;
mod joining;
mod ledger;
mod moving;
mod naming;
mod opened;
mod opining;
mod oversight;
mod own;
mod papers;
mod passing_up;
mod quarantine;
mod queue;
mod reading;
mod record;
mod recusing;
mod referring;
mod ruling;
mod search;
mod signing;
mod splitting;
mod tasks;
mod typing_in;

pub use account_requests::RequestView;
pub use candidates::Candidate;
pub use expiring::{EXPIRING_DAYS, ExpiringLine};
pub use feed::UpcomingDeadline;
pub use joining::Shown;
pub use ledger::{SavedView, VIEW_NAME_MAX_CHARS};
pub use oversight::Publication;
pub use quarantine::Tried;
pub use referring::{PASSAGE_CHARS, Referral, shared_passage};
pub use ruling::{FIRST_VERSION, RulesRefused, RulesVersion, TRIED_TIPS, TriedTip, rules_in_force};
pub use search::{PAGE_RESULTS, SearchLine, SearchPage};
pub use typing_in::{TYPED_CHANNELS, TypedIn, channel_code};

use crate::audit::{Act, AuditLog, Kind};
use crate::cases::{Entry, Group};
use crate::model::Member;
use crate::office::{Office, OfficeError};
use crate::routing::Rules;
use crate::store::MailRecipient;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::{ContentHash, Recipient};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The hash of no envelope, to ask the store for.
const NONE: ContentHash = ContentHash::from_bytes([0; 32]);

/// How collecting goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullHealth {
    /// Seconds since the last exchange that worked; `None` before the first.
    pub last_ok_s: Option<u64>,
    /// Whether one should have worked since, whatever the cause.
    pub overdue: bool,
}

/// What the pages ask of the service.
pub struct Desk {
    office: Arc<Office>,
}

impl Desk {
    /// The desk of an office.
    #[must_use]
    pub fn new(office: Arc<Office>) -> Self {
        Self { office }
    }

    /// The rules, to show.
    #[must_use]
    pub fn rules(&self) -> Arc<Rules> {
        self.office.rules()
    }

    /// Today, where the office is.
    #[must_use]
    pub fn today(&self) -> Day {
        self.office.today()
    }

    /// The audit log, to write into and to read.
    #[must_use]
    pub fn audit_log(&self) -> AuditLog {
        self.office.audit_log()
    }

    /// How many cases the program failed over at the last start; they are stored, and left out.
    #[must_use]
    pub fn unread_cases(&self) -> usize {
        self.office.unread_cases.load(Ordering::Relaxed)
    }

    /// How often intake said what cannot be, since the start.
    #[must_use]
    pub fn refused_of_intake(&self) -> u64 {
        self.office.refused.lock().values().sum()
    }

    /// How many tips' sketches did not open at the last start, and were made anew from the tips.
    #[must_use]
    pub fn rebuilt_sketches(&self) -> usize {
        self.office.rebuilt_sketches.load(Ordering::Relaxed)
    }

    /// Brings the keys into line with the accounts; see [`Office::align`].
    ///
    /// # Errors
    /// What the store says, or [`OfficeError::Damaged`].
    pub async fn align(&self) -> Result<(), OfficeError> {
        self.office.align().await.map(|_| ())
    }

    /// How collecting goes.
    #[must_use]
    pub fn pull_health(&self) -> PullHealth {
        let collecting = self.office.collecting.get();
        collecting.map_or_else(PullHealth::default, |heartbeat| {
            let health = heartbeat.health();
            PullHealth {
                last_ok_s: health.last_round_s,
                overdue: health.overdue,
            }
        })
    }

    /// Whether the store answers.
    pub async fn store_answers(&self) -> bool {
        self.office.parts.store.known(&[NONE]).await.is_ok()
    }

    /// To whom mail is sealed, of those who want that.
    ///
    /// # Errors
    /// What the store says.
    pub async fn mail_recipients(&self) -> Result<Vec<MailRecipient>, StoreError> {
        self.office.parts.store.mail_recipients().await
    }

    /// Seals a member's mail to a key of her own from now on, or no longer, on record.
    ///
    /// # Errors
    /// What the store says.
    pub async fn seal_mail(
        &self,
        member: &Member,
        recipient: Option<&Recipient>,
    ) -> Result<(), StoreError> {
        let store = &self.office.parts.store;
        let done = store.set_mail_recipient(member.id, recipient);
        let act = Act::new(Kind::MailKeySet);
        self.audit_log().around(Some(member.id), act, done).await
    }

    pub(super) fn office(&self) -> &Office {
        &self.office
    }

    async fn members(&self) -> Result<Vec<Member>, OfficeError> {
        Ok(self.office.parts.directory.members().await?)
    }

    /// Whether the viewer may have the case before him: the rule lets him, and he holds its key.
    fn sees(&self, viewer: &Member, group: &Group<'_>) -> bool {
        group.lead.holders.contains(&viewer.id) && self.office.entitled(viewer, group)
    }

    fn recused(&self, member: &Member, entry: &Entry) -> bool {
        self.office.recused(member, entry)
    }

    /// Whether the reporter of every tip of the case deleted the mailbox.
    fn reporter_gone(&self, entry: &Entry) -> bool {
        self.office.reporter_gone(entry)
    }
}

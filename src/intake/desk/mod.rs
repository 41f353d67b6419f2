//! What both the pages and the API do: take a tip. What comes after it is in `conversation.rs`.

mod error;
mod files;
mod submission;

use crate::attachments::Attachments;
use crate::offices::Offices;
use crate::opened::OpenedDays;
use crate::problem::Problem;
use crate::store::{IntakeStore, NewEnvelope};
use mifeng_foundation::clock::{Clock, Day};
use mifeng_foundation::entropy::{Entropy, random_id};
use mifeng_sealing::{OfficeManifest, Sealed};
use std::sync::Arc;

pub use error::DeskError;
pub use submission::ReceivedTip;

/// Everything a request needs. Cheap to share.
pub struct IntakeDesk {
    /// The store.
    pub store: Arc<dyn IntakeStore>,
    /// Files that go with tips; `None` where none are taken.
    pub attachments: Option<Arc<Attachments>>,
    /// The offices of the settings.
    pub offices: Offices,
    /// When mailboxes were last opened.
    pub opened: OpenedDays,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// The random source.
    pub entropy: Arc<dyn Entropy>,
}

impl IntakeDesk {
    /// The office to show to whoever names none: the first that is not only somebody's parent.
    #[must_use]
    pub fn front_office(&self) -> Option<&OfficeManifest> {
        let mut offices = self.offices.served.values();
        let first = offices.find(|it| it.body().parent.is_some());
        let front = first.or_else(|| self.offices.served.values().next());
        front.map(Arc::as_ref)
    }

    /// The office called `slug`.
    ///
    /// # Errors
    /// [`Problem::NotServed`] for one of the settings that is not served, [`Problem::UnknownOffice`].
    pub fn office(&self, slug: &str) -> Result<&Arc<OfficeManifest>, Problem> {
        match self.offices.served.get(slug) {
            Some(office) => Ok(office),
            None if self.offices.refused(slug).is_some() => Err(Problem::NotServed),
            None => Err(Problem::UnknownOffice),
        }
    }

    /// Whether the store takes tips, and one office's manifest at least is in its term.
    pub async fn is_ready(&self) -> bool {
        let in_term = |office: &Arc<OfficeManifest>| self.today(office) <= office.body().not_after;
        self.offices.served.values().any(in_term) && self.store.check().await.is_ok()
    }

    /// Slugs, or files, of the offices for which nothing is taken now: not served, or run out since the start.
    #[must_use]
    pub fn away(&self) -> Vec<String> {
        let refused = self.offices.refused.iter();
        let refused = refused.map(|office| office.slug.clone().unwrap_or_else(|| "?".to_owned()));
        let served = self.offices.served.values();
        let run_out = served.filter(|office| self.today(office) > office.body().not_after);
        refused
            .chain(run_out.map(|office| office.slug().to_owned()))
            .collect()
    }

    /// Today in the office's zone.
    #[must_use]
    pub fn today(&self, office: &OfficeManifest) -> Day {
        self.clock.today(&office.zone())
    }

    fn random_id(&self) -> [u8; 16] {
        random_id(self.entropy.as_ref())
    }
}

/// An envelope without files.
pub(super) fn envelope(
    id: [u8; 16],
    addressee: &str,
    sealed: Sealed,
    received_day: Day,
) -> NewEnvelope {
    NewEnvelope {
        id,
        addressee: addressee.to_owned(),
        content_hash: sealed.content_hash(),
        ciphertext: sealed.into_bytes(),
        received_day,
        attachments: Vec::new(),
    }
}

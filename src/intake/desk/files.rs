//! The files of a tip, as the desk sees them: whom they are for, whether they can be claimed, and what becomes of them.

use super::{DeskError, IntakeDesk};
use crate::attachments::{FileProblem, Target};
use crate::store::NewEnvelope;
use mifeng_sealing::OfficeManifest;
use mifeng_sealing::tip::{Attachment, Category};

impl IntakeDesk {
    /// Whom the files of a tip of `category` are for; `None` where the office above alone may open it and there is none.
    #[must_use]
    pub fn target_of_tip(
        &self,
        office: &OfficeManifest,
        category: Category,
        only_above: bool,
    ) -> Option<Target> {
        let (addressee, recipients) = office.readers_of(category, only_above)?;
        Some(Target {
            addressee: addressee.to_owned(),
            recipients: recipients.to_vec(),
            day: self.today(office),
        })
    }

    async fn claimable(
        &self,
        addressee: &str,
        list: &[Attachment],
    ) -> Result<Vec<[u8; 16]>, FileProblem> {
        match &self.attachments {
            _ if list.is_empty() => Ok(Vec::new()),
            Some(attachments) => attachments.check(addressee, list).await,
            None => Err(FileProblem::NotTaken),
        }
    }

    /// The ids of files that can be claimed. A repeat finds its files claimed already, and that is no problem: the
    /// store tells which it is.
    pub(crate) async fn claimable_or_sent(
        &self,
        addressee: &str,
        list: &[Attachment],
    ) -> Result<Vec<[u8; 16]>, DeskError> {
        match self.claimable(addressee, list).await {
            Err(FileProblem::Gone) => Ok(ids_of(list)),
            checked => checked.map_err(DeskError::File),
        }
    }

    /// Looks at what can be known of the files of a tip that came sealed: how many there are. Each was measured when it
    /// came, and the store tells whether it is there.
    ///
    /// # Errors
    /// [`DeskError::File`].
    pub fn check_sealed_files(&self, ids: &[[u8; 16]]) -> Result<(), DeskError> {
        match &self.attachments {
            _ if ids.is_empty() => Ok(()),
            Some(attachments) => attachments.check_count(ids.len()).map_err(DeskError::File),
            None => Err(DeskError::File(FileProblem::NotTaken)),
        }
    }

    /// Files that no tip has claimed go before a tip is refused.
    pub(crate) async fn make_room(&self, envelope: &NewEnvelope) {
        if let Some(attachments) = &self.attachments {
            let bytes = envelope.ciphertext.len();
            attachments.make_room(bytes, &envelope.attachments).await;
        }
    }

    /// Files that have a tip by now.
    pub(crate) fn claimed(&self, ids: &[[u8; 16]]) {
        if let Some(attachments) = &self.attachments {
            attachments.claimed(ids);
        }
    }

    /// Files that came again with a repeat.
    pub(crate) async fn discard(&self, ids: &[[u8; 16]]) {
        if let Some(attachments) = &self.attachments {
            attachments.discard(ids).await;
        }
    }
}

fn ids_of(list: &[Attachment]) -> Vec<[u8; 16]> {
    list.iter().filter_map(Attachment::id_bytes).collect()
}

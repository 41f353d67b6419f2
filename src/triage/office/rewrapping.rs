//! Wraps of keys that are made anew while cases are loaded, some at a time.

use super::loading::Opened;
use crate::audit::{Act, Kind};
use crate::office::{Office, OfficeError, Parts};

/// Sealing cases to the office's new key, on record once.
pub(super) struct Rewrapping<'a> {
    office: &'a Office,
    /// What the engine's own files are wiped under afterwards.
    mark: [u8; 16],
    begun: bool,
}

impl<'a> Rewrapping<'a> {
    pub(super) fn new(office: &'a Office) -> Self {
        Self {
            office,
            mark: office.new_id(),
            begun: false,
        }
    }

    pub(super) async fn begin(&mut self) -> Result<(), OfficeError> {
        if !self.begun {
            let act = Act::new(Kind::KeysRewrapped);
            self.office.audit_log().record_own(act).await?;
            self.begun = true;
        }
        Ok(())
    }

    pub(super) async fn rewrap(&mut self, opened: &mut Opened) -> Result<(), OfficeError> {
        self.begin().await?;
        let Parts {
            identity, store, ..
        } = &*self.office.parts;
        let wrapped = opened.key.wrap(&identity.recipient());
        let wrapped = wrapped.map_err(|_| OfficeError::Damaged)?;
        let case = opened.row.id;
        store.rewrap_for_office(case, &wrapped, self.mark).await?;
        opened.row.wrapped_identity = wrapped;
        Ok(())
    }
}

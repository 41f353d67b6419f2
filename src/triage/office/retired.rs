//! Identities that the office had before its key was rotated. What was sealed to one of them and comes late still opens;
//! once nothing can, and nothing is left that it opened, it is destroyed.

use crate::audit::{Act, Kind};
use crate::office::{Office, OfficeError, seal};
use crate::store::{CaseRow, ReasonOf, RetiredKey};
use mifeng_opening::{Identity, SketchKey};
use std::sync::atomic::Ordering;

/// An identity that the office had before, opened.
pub(crate) struct Retired {
    pub identity: Identity,
    pub sketch_key: SketchKey,
    pub row: RetiredKey,
}

/// A case's identity, and whether it is still sealed to an old identity of the office.
pub(crate) struct CaseKey {
    pub key: Identity,
    pub is_old: bool,
}

impl Office {
    /// Opens the old identities that are sealed to the present one; others are not for it, or for none any more.
    pub(crate) async fn load_retired(&self) -> Result<(), OfficeError> {
        let present = self.parts.identity.recipient().to_string();
        let rows = self.parts.store.retired_keys().await?;
        let mut retired = Vec::new();
        for row in rows.into_iter().filter(|row| row.wrapped_to == present) {
            let identity = self.parts.identity.open_identity(&row.wrapped);
            let identity = identity.map_err(|_| OfficeError::Damaged)?;
            retired.push(Retired {
                sketch_key: SketchKey::derive(&identity),
                identity,
                row,
            });
        }
        *self.retired.write() = retired;
        Ok(())
    }

    /// What `look` finds first in the old identities, from the one that was replaced last.
    pub(crate) fn in_retired<T>(&self, look: impl FnMut(&Retired) -> Option<T>) -> Option<T> {
        let retired = self.retired.read();
        retired.iter().rev().find_map(look)
    }

    /// The present identity and the old ones, to open what came in.
    pub(crate) fn identities(&self) -> Vec<Identity> {
        let retired = self.retired.read();
        let old = retired.iter().rev().map(|one| one.identity.clone());
        std::iter::once(self.parts.identity.clone())
            .chain(old)
            .collect()
    }

    /// The identity of a case, whichever of the office's it is sealed to.
    pub(crate) fn any_case_key(&self, row: &CaseRow) -> Result<CaseKey, OfficeError> {
        let present = self.case_key(row);
        if let Ok(key) = present {
            return Ok(CaseKey { key, is_old: false });
        }
        let old = self.in_retired(|one| one.identity.open_identity(&row.wrapped_identity).ok());
        let key = old.ok_or(OfficeError::Damaged)?;
        Ok(CaseKey { key, is_old: true })
    }

    /// Whether a sketch was sealed under an old identity of the office.
    pub(crate) fn is_old_sketch(&self, tip: [u8; 16], sketch: &[u8]) -> bool {
        let opens = |one: &Retired| {
            let mut opener = one.sketch_key.opener();
            opener.open(&tip, sketch).is_ok().then_some(())
        };
        self.in_retired(opens).is_some()
    }

    /// Seals to the present identity the reasons that people wrote for the office as a whole.
    pub(crate) async fn reseal_reasons(&self) -> Result<(), OfficeError> {
        if self.in_retired(|_| Some(())).is_none() {
            return Ok(());
        }
        let store = &self.parts.store;
        let quarantined = store.quarantined().await?.into_iter();
        let of_envelopes =
            quarantined.filter_map(|row| Some((ReasonOf::Quarantined(row.id), row.why?)));
        let rules = store.routing_versions().await?.into_iter();
        let of_rules = rules.map(|row| (ReasonOf::Rules(row.id), row.reason));
        for (of, why) in of_envelopes.chain(of_rules) {
            let opened = self.in_retired(|one| one.identity.open(&why).ok());
            if let Some(text) = opened {
                let sealed = seal(text.trim_ascii_end(), &self.parts.identity.recipient())?;
                store.reseal_reason(of, &sealed).await?;
            }
        }
        Ok(())
    }

    /// Takes away what is sealed to identities that are old themselves by now: what it holds is sealed to the present one too.
    pub(crate) async fn forget_stale_wraps(&self) -> Result<(), OfficeError> {
        let names = |office: &Self| {
            let retired = office.retired.read();
            retired
                .iter()
                .map(|one| one.row.recipient.clone())
                .collect::<Vec<_>>()
        };
        for recipient in names(self) {
            self.parts.store.forget_wraps_to(&recipient).await?;
        }
        Ok(())
    }

    /// Destroys the old identities that nobody may seal to any more, of whose time no case is left and for which no file is
    /// on its way; how many.
    ///
    /// # Errors
    /// What the store says.
    pub async fn destroy_retired(&self) -> Result<usize, OfficeError> {
        let today = self.today();
        let over: Vec<RetiredKey> = {
            let retired = self.retired.read();
            let over = retired
                .iter()
                .filter(|one| one.row.sealed_until_day < today);
            over.map(|one| one.row.clone()).collect()
        };
        if over.is_empty() {
            return Ok(0);
        }
        let _exclusive = self.exclusive().await;
        let store = &self.parts.store;
        // What could not be read at the start may be sealed to one of them.
        let waits = self.unread_cases.load(Ordering::Relaxed) > 0
            || !store.waiting_attachments().await?.is_empty()
            || !store.waiting_kept_files().await?.is_empty();
        let mut destroyed = 0;
        for row in over {
            let opened = self.caseload(|caseload| caseload.has_one_from_until(row.retired_day));
            if waits || opened {
                continue;
            }
            let act = Act::new(Kind::OldKeyDestroyed);
            let done = store.destroy_retired(&row.recipient, self.new_id());
            self.audit_log().around_own(act, done).await?;
            let mut retired = self.retired.write();
            retired.retain(|one| one.row.recipient != row.recipient);
            destroyed += 1;
        }
        Ok(destroyed)
    }
}

//! The end of a case: its keys, rows and files are destroyed, once it was kept as long as its rule says or two persons
//! signed for it. The trail says that it was.

use crate::clock::Day;
use crate::supervisor::fenced;
use crate::telemetry::{Event, log};
use crate::triage::cases::{CaseState, Entry, Group};
use crate::triage::desk::DeskError;
use crate::triage::office::Office;
use crate::triage::retention::Retention;
use crate::triage::staff::MemberId;
use crate::triage::store::{AttachmentState, Doomed, Remains};
use crate::triage::trail::{Act, Kind};

/// What the trail names instead of a rule where two persons signed.
pub(in crate::triage) const BY_TWO: &str = "by-two";

fn not_destroyed(cause: &dyn std::error::Error) {
    let place = "expire";
    log(Event::RequestFailed { place, cause });
}

impl Office {
    /// How long cases are kept.
    #[must_use]
    pub fn retention(&self) -> &Retention {
        &self.retention
    }

    /// Destroys every case that was kept as long as its rule says and that nothing holds; how many. Then wipes what is left
    /// of this or an earlier time.
    ///
    /// # Errors
    /// What the store says, or [`DeskError::Changed`].
    pub async fn expire(&self) -> Result<usize, DeskError> {
        let today = self.today();
        let over = |group: Group<'_>| self.is_over(&group, today).is_some();
        let destroyed = if self.board(|board| board.groups().any(over)) {
            self.destroy_over(today).await?
        } else {
            0
        };
        self.wipe().await?;
        Ok(destroyed)
    }

    async fn destroy_over(&self, today: Day) -> Result<usize, DeskError> {
        let _alone = self.turns.alone().await;
        let over: Vec<(Vec<Entry>, String)> = self.board(|board| {
            let groups = board.groups();
            let over = groups.filter_map(|group| {
                let rule = self.is_over(&group, today)?;
                Some((group.to_entries(), rule))
            });
            over.collect()
        });
        let mut destroyed = 0;
        for (entries, rule) in over {
            if self.holds_back(&entries).await?.is_some() {
                continue;
            }
            let act = Act::new(Kind::RetentionOver).on(entries[0].row.id);
            let done = self.destroy(&entries, &rule, None);
            // What fails of one case keeps no other from its end.
            match fenced(self.trail().around_own(act, done)).await {
                Ok(Ok(())) => destroyed += entries.len(),
                Ok(Err(cause)) => not_destroyed(&cause),
                Err(cause) => not_destroyed(&cause),
            }
        }
        Ok(destroyed)
    }

    fn is_over(&self, group: &Group<'_>, today: Day) -> Option<String> {
        let (kept_until, rule) = self.retention.of(group)?;
        (kept_until < today).then(|| rule.id.clone())
    }

    /// What stands against destroying a case, whatever its age: it is not off the ledger, is objected to or held, a reporter
    /// was not told, or a file is on its way.
    pub(in crate::triage) async fn holds_back(
        &self,
        entries: &[Entry],
    ) -> Result<Option<DeskError>, DeskError> {
        let finished = |entry: &Entry| {
            let state = entry.row.state;
            matches!(state, CaseState::Closed | CaseState::Declined)
        };
        let barred = |entry: &Entry| entry.card.objected || entry.card.hold.is_some();
        if !entries.iter().all(finished) || entries.iter().any(barred) {
            return Ok(Some(DeskError::NotPossible));
        }
        let store = &self.parts.store;
        for entry in entries {
            if !self.reporter_gone(entry) && store.undelivered(entry.row.id).await? > 0 {
                return Ok(Some(DeskError::NotTold));
            }
            let files = store.attachments(entry.row.id).await?;
            if files
                .iter()
                .any(|file| file.state == AttachmentState::Waiting)
            {
                return Ok(Some(DeskError::NotPossible));
            }
        }
        Ok(None)
    }

    /// Destroys cases that are handled together, the one that leads first, whole or not at all.
    pub(in crate::triage) async fn destroy(
        &self,
        entries: &[Entry],
        rule: &str,
        actor: Option<MemberId>,
    ) -> Result<(), DeskError> {
        let doomed = entries.iter().rev().map(|entry| {
            let detail = format!("{} {rule}", entry.row.number);
            Doomed {
                case: entry.row.id,
                version: entry.row.version,
                link: self.trail().destroyed(actor, entry.row.id, detail),
            }
        });
        let doomed: Vec<_> = doomed.collect();
        if !self.parts.store.destroy(&doomed, self.new_id()).await? {
            return Err(DeskError::Changed);
        }
        let gone: Vec<_> = doomed.iter().map(|one| one.case).collect();
        self.board_mut(|board| board.forget(&gone));
        self.forget_words(&gone);
        Ok(())
    }

    /// Wipes what the engine's own files and the place for files hold of destroyed cases. What cannot be wiped now is tried
    /// again the next time.
    ///
    /// # Errors
    /// What the store or the place for files says.
    pub async fn wipe(&self) -> Result<(), DeskError> {
        let store = &self.parts.store;
        let remains = store.remains().await?;
        let in_journal = |one: &Remains| matches!(one, Remains::Journal(_));
        let wiped = !remains.iter().any(in_journal) || store.wipe().await?;
        if !wiped {
            let what = "the database's journal holds rows of destroyed cases still: tried again";
            log(Event::Weakness { what });
        }
        for one in remains {
            match (one, &self.blobs) {
                (Remains::Journal(_), _) if !wiped => continue,
                (Remains::File(name), Some(blobs)) => blobs.delete(name).await?,
                // Without a place for files none was ever kept.
                (Remains::File(_), None) | (Remains::Journal(_), _) => {}
            }
            store.wiped(one).await?;
        }
        Ok(())
    }
}

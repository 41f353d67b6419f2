//! The end of a case: its keys, rows and files are destroyed, once it was kept as long as its rule says or two persons
//! signed for it. The audit log says that it was.

use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::casework::{sent_tip, told};
use crate::model::{CaseId, CaseState, MemberId};
use crate::office::{Office, OfficeError, open_tip};
use crate::retention::{Retention, RetentionRule};
use crate::store::{AttachmentState, CaseToDestroy, LastMessage, LeftToWipe};
use futures_util::future::try_join_all;
use mifeng_foundation::clock::Day;
use mifeng_foundation::supervisor::by_itself;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_foundation::words::Language;
use mifeng_sealing::seal_message;
use mifeng_sealing::tip::{MailboxMessage, MessageKind};

/// Files and marks that are noted as wiped in one transaction.
const WIPED_AT_ONCE: usize = 64;
/// Groups of cases that are destroyed in one transaction, while whoever changes a case waits.
const AT_ONCE: usize = 16;
/// Cases that are looked at while whoever changes one waits.
const LOOKED_AT_ONCE: usize = 512;

/// What the audit log names instead of a rule where two persons signed.
pub(crate) const BY_TWO: &str = "by-two";

impl Office {
    /// How long cases are kept.
    #[must_use]
    pub fn retention(&self) -> &Retention {
        &self.retention
    }

    /// Destroys every case that was kept as long as its rule says and that nothing holds; how many. Then wipes what is left
    /// of this or an earlier time, in the store, the place for files and the index.
    ///
    /// # Errors
    /// What the store says, or [`OfficeError::Changed`].
    pub async fn expire(&self) -> Result<usize, OfficeError> {
        let today = self.today();
        let mut destroyed = 0;
        for leads in self.all_over(today).await.chunks(AT_ONCE) {
            let together = by_itself("destroying", self.destroy_together(leads, today)).await;
            if let Some(cases) = together {
                destroyed += cases;
                continue;
            }
            // What fails of one case keeps no other from its end.
            for lead in leads {
                let alone = by_itself("destroying", self.destroy_together(&[*lead], today)).await;
                destroyed += alone.unwrap_or_default();
            }
        }
        self.renew_index().await;
        self.wipe().await?;
        Ok(destroyed)
    }

    /// The cases that were kept as long as their rule says, by those that lead. Some are looked at at a time, so that nobody
    /// waits for all of them.
    async fn all_over(&self, today: Day) -> Vec<CaseId> {
        let leads: Vec<CaseId> = self.caseload(|caseload| caseload.leads().collect());
        let mut over = Vec::new();
        for some in leads.chunks(LOOKED_AT_ONCE) {
            self.caseload(|caseload| {
                let is_over = |lead: &&CaseId| {
                    let entry = caseload.by_id(**lead);
                    entry.is_some_and(|entry| {
                        self.is_over(&caseload.group_of(entry), today).is_some()
                    })
                };
                over.extend(some.iter().filter(is_over).copied());
            });
            tokio::task::yield_now().await;
        }
        over
    }

    /// Destroys what is handled with each of `leads`, if that is still to be done, in one transaction; how many cases. Whoever
    /// wants to change another case waits for these only.
    async fn destroy_together(&self, leads: &[CaseId], today: Day) -> Result<usize, OfficeError> {
        let _exclusive = self.exclusive().await;
        let mut over = Vec::with_capacity(leads.len());
        for lead in leads {
            let found = self.caseload(|caseload| {
                let group = caseload.group_of(caseload.by_id(*lead)?);
                let rule = self.is_over(&group, today)?;
                Some((group.to_entries(), rule))
            });
            if let Some((entries, rule)) = found
                && self.holds_back(&entries).await?.is_none()
            {
                over.push((entries, rule));
            }
        }
        if over.is_empty() {
            return Ok(0);
        }
        let acts = over
            .iter()
            .map(|(entries, _)| Act::new(Kind::RetentionOver).on(entries[0].row.id));
        let audit_log = self.audit_log();
        // The audit log writes what comes at once in one transaction.
        try_join_all(acts.clone().map(|act| audit_log.record_own(act))).await?;
        let done = self.destroy_all(&over, None).await;
        if done.is_err() {
            try_join_all(acts.map(|act| audit_log.record_own(act.failed()))).await?;
        }
        done
    }

    fn is_over(&self, group: &Group<'_>, today: Day) -> Option<String> {
        let (day, rule) = self.destroyed_on(group)?;
        (day <= today).then(|| rule.id.clone())
    }

    /// Tells in the log how many cases go earlier because the rules were shortened.
    pub(crate) fn tell_shortened(&self) {
        let shortened = |group: &Group<'_>| {
            self.retention
                .shortened(group)
                .is_some_and(|day| day >= self.today())
        };
        let cases = self.caseload(|caseload| caseload.groups().filter(shortened).count());
        if cases > 0 {
            log(Event::RetentionShortened { cases });
        }
    }

    /// The day on which a case is destroyed by itself, and by which rule; `None` while something stands against it that no day
    /// ends: it is not off the ledger, is objected to, or held, or that it was declined waits for a second person.
    pub(crate) fn destroyed_on(&self, group: &Group<'_>) -> Option<(Day, &RetentionRule)> {
        if group.cases().any(is_barred) {
            return None;
        }
        let (kept_until, rule) = self.retention.of(group)?;
        let earliest = self.retention.earliest(group)?;
        Some((kept_until.plus_days(1).max(earliest), rule))
    }

    /// What stands against destroying a case, whatever its age: it is not off the ledger, is objected to or held, was
    /// declined by one person where it takes two, a reporter was not told, or a file is on its way; or the days in which a
    /// reporter can object, is asked how it is, or wrote, are not
    /// over.
    pub(crate) async fn holds_back(
        &self,
        entries: &[Entry],
    ) -> Result<Option<OfficeError>, OfficeError> {
        let finished = |entry: &Entry| {
            let state = entry.row.state;
            matches!(state, CaseState::Closed | CaseState::Declined)
        };
        if !entries.iter().all(finished) || entries.iter().any(is_barred) {
            return Ok(Some(OfficeError::NotPossible));
        }
        let store = &self.parts.store;
        for entry in entries {
            if !self.reporter_gone(entry) && store.undelivered(entry.row.id).await? > 0 {
                return Ok(Some(OfficeError::NotTold));
            }
            let files = store.attachments(entry.row.id).await?;
            if files
                .iter()
                .any(|file| file.state == AttachmentState::Waiting)
            {
                return Ok(Some(OfficeError::NotPossible));
            }
        }
        let earliest = Group::of(entries).and_then(|group| self.retention.earliest(&group));
        let over = earliest.is_some_and(|day| day <= self.today());
        Ok((!over).then_some(OfficeError::TooEarly))
    }

    /// Destroys cases that are handled together, the one that leads first, whole or not at all.
    pub(crate) async fn destroy(
        &self,
        entries: &[Entry],
        rule: &str,
        actor: Option<MemberId>,
    ) -> Result<(), OfficeError> {
        let group = (entries.to_vec(), rule.to_owned());
        self.destroy_all(&[group], actor).await.map(drop)
    }

    /// The same for several groups, each by its own rule, all of them or none; how many cases.
    async fn destroy_all(
        &self,
        groups: &[(Vec<Entry>, String)],
        actor: Option<MemberId>,
    ) -> Result<usize, OfficeError> {
        let mut to_destroy = Vec::new();
        for (entries, rule) in groups {
            for entry in entries.iter().rev() {
                let detail = format!("{} {rule}", entry.row.number);
                to_destroy.push(CaseToDestroy {
                    case: entry.row.id,
                    version: entry.row.version,
                    last: self.last_messages(entry, rule).await?,
                    link: self.audit_log().destroyed(actor, entry.row.id, detail),
                });
            }
        }
        let gone: Vec<_> = to_destroy.iter().map(|one| one.case).collect();
        let write = self.unconfirmed(gone.iter().copied());
        if !self.parts.store.destroy(&to_destroy, self.new_id()).await? {
            return Err(OfficeError::Changed);
        }
        self.caseload_mut(|caseload| caseload.forget(&gone));
        write.confirmed();
        self.forget_words(&gone);
        Ok(gone.len())
    }

    /// What the reporters of a case are told last, each in the language of the tip; nothing where the mailbox was deleted.
    async fn last_messages(
        &self,
        entry: &Entry,
        rule: &str,
    ) -> Result<Vec<LastMessage>, OfficeError> {
        let (store, key) = (&self.parts.store, self.case_key(&entry.row)?);
        let mut last = Vec::new();
        for tip in store.tips(Some(entry.row.id)).await? {
            let reporter = entry.summary.reporter(tip.id);
            if reporter.gone {
                continue;
            }
            let document = open_tip(&key, &tip.sealed)?;
            let sent = store.outgoing_count(tip.id).await?;
            let sequence = entry
                .summary
                .messages_before
                .saturating_add(sent)
                .saturating_add(1);
            let state = entry.row.state.told_as();
            let mut message =
                MailboxMessage::new(sequence, self.today(), MessageKind::Closed, state);
            message.messages_read = reporter.messages_read;
            message.aftercare_answered_days = reporter.aftercare_answered_days;
            message.sent = vec![sent_tip(&document)];
            message.sent.extend(reporter.sent.iter().flatten());
            message.sent_left_out = reporter.sent_left_out;
            message.text = self.farewell(document.language, rule);
            let to = document.mailbox.recipient.parse();
            let to = to.map_err(|_| OfficeError::Damaged)?;
            let sealed = seal_message(&message, &to).map_err(|_| OfficeError::BadText(""))?;
            last.push(LastMessage {
                id: self.new_id(),
                mailbox: tip.mailbox,
                ciphertext: sealed.0.into_bytes(),
            });
        }
        Ok(last)
    }

    /// By which rule it was destroyed, and that nobody reads here any more.
    fn farewell(&self, language: Language, rule: &str) -> String {
        let known = self.retention.rule(rule).map(|rule| {
            if language.is_chinese() {
                rule.source_zh.as_str()
            } else {
                rule.source_en.as_str()
            }
        });
        match known {
            Some(source) => told(language, "told-destroyed", &[("rule", source)]),
            None => told(language, "told-destroyed-early", &[]),
        }
    }

    /// Wipes what the engine's own files and the place for files hold of destroyed cases. What cannot be wiped now is tried
    /// again the next time.
    ///
    /// # Errors
    /// What the store or the place for files says.
    pub async fn wipe(&self) -> Result<(), OfficeError> {
        let store = &self.parts.store;
        let remains = store.remains().await?;
        let in_journal = |one: &LeftToWipe| matches!(one, LeftToWipe::Journal(_));
        let wiped = !remains.iter().any(in_journal) || store.wipe().await?;
        if !wiped {
            let what = "the database's journal holds rows of destroyed cases still: tried again";
            log(Event::Weakness { what });
        }
        let remains = remains.into_iter();
        let remains: Vec<_> = remains.filter(|one| wiped || !in_journal(one)).collect();
        for some in remains.chunks(WIPED_AT_ONCE) {
            for one in some {
                // Without a place for files none was ever kept.
                if let (LeftToWipe::File(name), Some(blobs)) = (one, &self.blobs) {
                    blobs.delete(*name).await?;
                }
            }
            // What is wiped and not noted is wiped again, which does no harm.
            store.wiped(some).await?;
        }
        Ok(())
    }
}

/// Whether something stands against destroying a case that no day ends: it is objected to or held, or that it was declined waits
/// for a second person.
fn is_barred(entry: &Entry) -> bool {
    let summary = &entry.summary;
    summary.objected || summary.hold.is_some() || summary.declined.is_some()
}

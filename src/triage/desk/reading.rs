//! A case as it is shown, and its files.

use super::Desk;
use super::closing::signing_of;
use super::copies::{SeenFloods, copies};
use super::files::{self, OpenFile};
use super::moving::declined;
use super::opened::Opened;
use crate::audit::{Act, Kind, audit_id};
use crate::cases::{CaseFile, Entry, Group};
use crate::model::{CaseNumber, Viewer};
use crate::office::OfficeError;
use mifeng_opening::Identity;

impl Desk {
    /// Everything of a case, with all that is handled with it.
    ///
    /// # Errors
    /// [`OfficeError::NotYours`], [`OfficeError::NotPermitted`], [`OfficeError::Damaged`], or what the store says.
    pub async fn case(
        &self,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<CaseFile, OfficeError> {
        let own = self.own(viewer, Some(number)).await?;
        own.as_ref()
            .unwrap_or(self)
            .open_whole(viewer, number)
            .await
    }

    async fn open_whole(
        &self,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<CaseFile, OfficeError> {
        let seen = Act::new(Kind::CaseSeen);
        let entries = self.entries_seen(viewer, number, seen).await?;
        let group = Group::of(&entries).ok_or(OfficeError::NotYours)?;
        let lead = group.lead;
        let members = self.members().await?;
        let readers = members.iter().filter(|member| self.sees(member, &group));
        let keyed = self.keyed(viewer, &entries).await?;
        let mut opened = Opened::default();
        for (entry, key) in &keyed {
            self.open(entry, key, viewer, &mut opened).await?;
        }
        let papers = match keyed.first() {
            Some((entry, key)) => self.papers(viewer, entry, key).await?,
            None => Vec::new(),
        };
        opened.deadlines.sort_by_key(|deadline| deadline.due_day);
        opened.messages.sort_by_key(|message| message.day);
        opened.history.sort_by_key(|line| line.day);
        // What was last said of any of them.
        let latest = group
            .cases()
            .filter(|entry| entry.summary.outcome.is_some());
        let latest = latest.max_by_key(|entry| entry.row.changed_day);
        Ok(CaseFile {
            row: group.queue_row(&members, self.today()),
            version: lead.row.version,
            audit_id: audit_id(lead.row.id),
            unit: lead.summary.unit.clone(),
            handler_id: lead.row.handler,
            handling: self.handling(viewer, &entries, &members),
            readers: readers.clone().map(|member| member.name.clone()).collect(),
            reader_ids: readers
                .map(|member| (hex::encode(member.id.0), member.called_among(&members)))
                .collect(),
            reporter_gone: opened.tips.iter().all(|tip| tip.reporter_gone),
            objected: group.cases().any(|entry| entry.summary.objected),
            reopened: group.is_reopened(),
            tips: opened.tips,
            same_text: self.same_text(viewer, &group),
            alike: self.alike(viewer, &group),
            copies: self.office.visible_to(viewer, |seen| {
                copies(seen, &group, &mut SeenFloods::default())
            }),
            held_apart: self.held_apart(viewer, &group),
            routing_reasons: self.reasons_shown(viewer, lead),
            questions: self.questions(viewer, &group, &members),
            pass_up_day: group
                .cases()
                .filter_map(|entry| self.office.passing_day(entry))
                .min(),
            passing: lead.summary.passing.as_deref().cloned(),
            passing_signing: self.passing_signing(viewer, &entries),
            leaves_day: lead.summary.leaves_day,
            deadlines: opened.deadlines,
            messages: opened.messages,
            attachments: opened.attachments,
            papers,
            history: opened.history,
            outcome: latest.and_then(|entry| entry.summary.outcome),
            findings: latest.map_or_else(Vec::new, |entry| entry.summary.findings.clone()),
            mode: lead.summary.mode,
            closing: lead.summary.closing.clone(),
            declined: declined(&entries).cloned(),
            declined_signing: signing_of(viewer, declined(&entries), &entries),
            signing: Self::signing(viewer, &entries),
            end: self.end_of(viewer, &entries).await?,
        })
    }

    /// Each case with its key: the viewer's own opens that of the leading one, which opens those that were joined to it. The
    /// office's key has no part in it.
    pub(super) async fn keyed<'a>(
        &self,
        viewer: &Viewer,
        entries: &'a [Entry],
    ) -> Result<Vec<(&'a Entry, Identity)>, OfficeError> {
        let (lead, joined) = entries.split_first().ok_or(OfficeError::NotYours)?;
        let store = &self.office.parts.store;
        let wrapped = store.wrap(lead.row.id, viewer.id).await?;
        let wrapped = wrapped.ok_or(OfficeError::NotYours)?;
        let lead_key = viewer.identity().open_identity(&wrapped);
        let lead_key = lead_key.map_err(|_| OfficeError::Damaged)?;
        let mut keyed = vec![(lead, lead_key.clone())];
        for entry in joined {
            let row = entry.row.joined.as_ref().ok_or(OfficeError::Damaged)?;
            let key = lead_key.open_identity(&row.identity);
            keyed.push((entry, key.map_err(|_| OfficeError::Damaged)?));
        }
        Ok(keyed)
    }

    /// A file of a case, opened as it is read; on record as `how`: [`Kind::FileSaved`] or [`Kind::FileViewed`].
    ///
    /// # Errors
    /// As [`Self::case`]; [`OfficeError::NotYours`] also where the case has no such file here.
    pub async fn file(
        &self,
        viewer: &Viewer,
        number: &CaseNumber,
        file: [u8; 16],
        how: Kind,
    ) -> Result<OpenFile, OfficeError> {
        let own = self.own(viewer, Some(number)).await?;
        let desk = own.as_ref().unwrap_or(self);
        desk.take_file(viewer, number, file, how).await
    }

    async fn take_file(
        &self,
        viewer: &Viewer,
        number: &CaseNumber,
        file: [u8; 16],
        how: Kind,
    ) -> Result<OpenFile, OfficeError> {
        let entries = self.entries(viewer, number).await?;
        let keyed = self.keyed(viewer, &entries).await?.into_iter();
        let mut keyed = keyed.filter(|(entry, _)| entry.row.number == number.0);
        let (entry, key) = keyed.next().ok_or(OfficeError::NotYours)?;
        let seen = Act::new(how).of(file).on(entry.row.id);
        self.audit_log().record(Some(viewer.id), seen).await?;
        files::open(&self.office, entry.row.id, &key, file).await
    }
}

//! What is opened of a case with its key: its tips, what was written to and by the reporter, its files and its record.

use super::{Desk, files};
use crate::cases::{
    AttachmentView, DeadlineView, Entry, HistoryEntry, Mark, MessageView, TipView, pieces,
};
use crate::model::{CaseId, CaseNumber, HistoryText, Member, MessageText, Role};
use crate::office::{OfficeError, open_json, open_tip};
use crate::store::{DeadlineRow, TipRow};
use mifeng_opening::Identity;
use mifeng_sealing::tip::TipDocument;
use mifeng_similarity::{Fields, Reading};
use std::collections::HashMap;
use std::ops::Range;

/// What was opened of the cases that are handled together.
#[derive(Default)]
pub(super) struct Opened {
    pub(super) tips: Vec<TipView>,
    pub(super) deadlines: Vec<DeadlineView>,
    pub(super) messages: Vec<MessageView>,
    pub(super) attachments: Vec<AttachmentView>,
    pub(super) history: Vec<HistoryEntry>,
}

impl Desk {
    pub(super) async fn open(
        &self,
        entry: &Entry,
        key: &Identity,
        viewer: &Member,
        opened: &mut Opened,
    ) -> Result<(), OfficeError> {
        let number = CaseNumber(entry.row.number.clone());
        opened.tips.extend(self.tips(viewer, entry, key).await?);
        opened.deadlines.extend(self.deadlines(viewer, entry));
        opened.messages.extend(self.messages(entry, key).await?);
        let files = files::views(&self.office, entry.row.id, &number, key).await?;
        opened.attachments.extend(files);
        for line in self.history(viewer, entry, key).await? {
            let same = |known: &&mut HistoryEntry| {
                known.day == line.day
                    && (&known.actor, known.note, &known.detail)
                        == (&line.actor, line.note, &line.detail)
                    && !known.numbers.contains(&number)
            };
            match opened.history.iter_mut().find(same) {
                Some(known) => known.numbers.push(number.clone()),
                None => opened.history.push(line),
            }
        }
        Ok(())
    }

    fn deadlines(&self, viewer: &Member, entry: &Entry) -> Vec<DeadlineView> {
        let view = |deadline: &DeadlineRow| {
            let rule = self.office.parts.deadline_rules.rule(&deadline.rule);
            DeadlineView {
                number: CaseNumber(entry.row.number.clone()),
                rule: deadline.rule.clone(),
                source_zh: rule.map(|rule| rule.source_zh.clone()).unwrap_or_default(),
                source_en: rule.map(|rule| rule.source_en.clone()).unwrap_or_default(),
                start_day: deadline.start_day,
                due_day: deadline.due_day,
                provisional: deadline.provisional,
                met_day: deadline.met_day,
                extended_days: deadline.extended_days,
                escalated: deadline.escalated,
                can_extend: viewer.role == Role::Supervisor && self.extensible(deadline).is_some(),
            }
        };
        entry.deadlines.iter().map(view).collect()
    }

    async fn tips(
        &self,
        viewer: &Member,
        entry: &Entry,
        key: &Identity,
    ) -> Result<Vec<TipView>, OfficeError> {
        let rows = self.office.parts.store.tips(Some(entry.row.id)).await?;
        rows.iter()
            .map(|row| {
                let tip = open_tip(key, &row.sealed)?;
                let template = self.template_text(viewer, row, &tip);
                Ok(TipView {
                    pieces: pieces(&tip.text, &[(Mark::Template, &template)]),
                    id: hex::encode(row.id),
                    number: CaseNumber(entry.row.number.clone()),
                    state: entry.row.state,
                    outcome: entry.summary.outcome,
                    reporter_gone: self.reporter_gone(entry),
                    corrected: entry.summary.reporter(row.id).corrected,
                    withdrawn: entry.summary.reporter(row.id).withdrawn,
                    joined_day: entry.row.joined.as_ref().map(|joined| joined.day),
                    category: tip.category,
                    school: tip.school.clone(),
                    subject: tip.subject.clone(),
                    when: tip.when.clone(),
                    text: tip.text.clone(),
                    language: tip.language,
                    received_day: row.received_day,
                    channel: tip.channel,
                    papers: tip.papers.clone(),
                })
            })
            .collect()
    }

    /// Where the account has text that tips about many schools have in common.
    fn template_text(&self, viewer: &Member, row: &TipRow, tip: &TipDocument) -> Vec<Range<usize>> {
        let read = || Reading::of(&Fields::from(tip), self.rules().compared_schools());
        self.office
            .visible_to(viewer, |seen| seen.template_text(&row.id, read))
    }

    async fn messages(
        &self,
        entry: &Entry,
        key: &Identity,
    ) -> Result<Vec<MessageView>, OfficeError> {
        let rows = self.office.parts.store.messages(entry.row.id).await?;
        let mut written: HashMap<[u8; 16], u32> = HashMap::new();
        rows.iter()
            .map(|(row, delivered)| {
                let words: MessageText = open_json(key, &row.sealed)?;
                let written = written.entry(row.tip).or_default();
                *written += u32::from(!row.from_reporter);
                let read = entry.summary.reporter(row.tip).messages_read;
                Ok(MessageView {
                    number: CaseNumber(entry.row.number.clone()),
                    from_reporter: row.from_reporter,
                    author: words.author,
                    day: row.day,
                    text: words.text,
                    delivered: *delivered,
                    read: !row.from_reporter && *written <= read,
                    kind: words.received.as_ref().map(|received| received.kind),
                    unproven: words.received.is_some_and(|received| !received.proven),
                })
            })
            .collect()
    }

    /// The record of a case; lines that speak of another are for those who may see that one too.
    async fn history(
        &self,
        viewer: &Member,
        entry: &Entry,
        key: &Identity,
    ) -> Result<Vec<HistoryEntry>, OfficeError> {
        let rows = self.office.parts.store.history(entry.row.id).await?;
        let mut lines = Vec::new();
        for row in rows {
            let words: HistoryText = open_json(key, &row.sealed)?;
            if words
                .about
                .is_some_and(|other| !self.sees_by_id(viewer, &other))
            {
                continue;
            }
            lines.push(HistoryEntry {
                numbers: vec![CaseNumber(entry.row.number.clone())],
                day: row.day,
                actor: words.actor,
                note: words.note,
                detail: words.detail,
            });
        }
        Ok(lines)
    }

    pub(super) fn sees_by_id(&self, viewer: &Member, id: &str) -> bool {
        let mut case = [0; 16];
        hex::decode_to_slice(id, &mut case).is_ok()
            && self
                .office
                .visible_to(viewer, |seen| seen.by_id(CaseId(case)).is_some())
    }
}

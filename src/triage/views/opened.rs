//! What is opened of a case with its key: its tips, what was written to and by the reporter, its files and its record.

use crate::cases::{
    AttachmentView, DeadlineView, Entry, HistoryEntry, Mark, MessageView, TipView, pieces,
};
use crate::casework::{extensible, files};
use crate::model::{CaseId, CaseNumber, HistoryText, Member, MessageText, Role};
use crate::office::{Office, OfficeError, open_json, open_tip};
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

impl Opened {
    /// What the viewer reads of these cases, each opened with its key: what has a day in the order of days.
    pub(super) async fn of(
        office: &Office,
        viewer: &Member,
        keyed: &[(&Entry, Identity)],
    ) -> Result<Self, OfficeError> {
        let mut opened = Self::default();
        for (entry, key) in keyed {
            open_entry(office, entry, key, viewer, &mut opened).await?;
        }
        opened.deadlines.sort_by_key(|deadline| deadline.due_day);
        opened.messages.sort_by_key(|message| message.day);
        opened.history.sort_by_key(|line| line.day);
        Ok(opened)
    }
}

async fn open_entry(
    office: &Office,
    entry: &Entry,
    key: &Identity,
    viewer: &Member,
    opened: &mut Opened,
) -> Result<(), OfficeError> {
    let number = CaseNumber(entry.row.number.clone());
    opened.tips.extend(tips(office, viewer, entry, key).await?);
    opened.deadlines.extend(deadlines(office, viewer, entry));
    opened.messages.extend(messages(office, entry, key).await?);
    let files = files::views(office, entry.row.id, &number, key).await?;
    opened.attachments.extend(files);
    for line in history(office, viewer, entry, key).await? {
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

fn deadlines(office: &Office, viewer: &Member, entry: &Entry) -> Vec<DeadlineView> {
    let view = |deadline: &DeadlineRow| {
        let rule = office.parts.deadline_rules.rule(&deadline.rule);
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
            can_extend: viewer.role == Role::Supervisor && extensible(office, deadline).is_some(),
        }
    };
    entry.deadlines.iter().map(view).collect()
}

async fn tips(
    office: &Office,
    viewer: &Member,
    entry: &Entry,
    key: &Identity,
) -> Result<Vec<TipView>, OfficeError> {
    let rows = office.parts.store.tips(Some(entry.row.id)).await?;
    rows.iter()
        .map(|row| {
            let tip = open_tip(key, &row.sealed)?;
            let template = template_text(office, viewer, row, &tip);
            Ok(TipView {
                pieces: pieces(&tip.text, &[(Mark::Template, &template)]),
                id: hex::encode(row.id),
                number: CaseNumber(entry.row.number.clone()),
                state: entry.row.state,
                outcome: entry.summary.outcome,
                reporter_gone: office.reporter_gone(entry),
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
fn template_text(
    office: &Office,
    viewer: &Member,
    row: &TipRow,
    tip: &TipDocument,
) -> Vec<Range<usize>> {
    let read = || Reading::of(&Fields::from(tip), office.rules().compared_schools());
    office.visible_to(viewer, |seen| seen.template_text(&row.id, read))
}

async fn messages(
    office: &Office,
    entry: &Entry,
    key: &Identity,
) -> Result<Vec<MessageView>, OfficeError> {
    let rows = office.parts.store.messages(entry.row.id).await?;
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
    office: &Office,
    viewer: &Member,
    entry: &Entry,
    key: &Identity,
) -> Result<Vec<HistoryEntry>, OfficeError> {
    let rows = office.parts.store.history(entry.row.id).await?;
    let mut lines = Vec::new();
    for row in rows {
        let words: HistoryText = open_json(key, &row.sealed)?;
        if words
            .about
            .is_some_and(|other| !sees_by_id(office, viewer, &other))
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

fn sees_by_id(office: &Office, viewer: &Member, id: &str) -> bool {
    let mut case = [0; 16];
    hex::decode_to_slice(id, &mut case).is_ok()
        && office.visible_to(viewer, |seen| seen.by_id(CaseId(case)).is_some())
}

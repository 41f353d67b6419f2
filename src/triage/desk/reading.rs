//! What is shown: the queue, a case, who could be given it, and what did not open.

use super::{Candidate, Desk, DeskError};
use crate::opening::Identity;
use crate::sealing::ContentHash;
use crate::triage::cases::{
    AlikeCase, Board, CaseFile, CaseNumber, ClockView, Entry, HistoryEntry, HistoryText,
    MessageText, MessageView, QuarantinedEnvelope, Queue, QueueView, TipView,
};
use crate::triage::files::{self, OpenFile};
use crate::triage::office::{open_json, open_tip};
use crate::triage::similarity::{Tier, said};
use crate::triage::staff::{Member, Role};
use crate::triage::store::{AttachmentState, ClockRow};
use crate::triage::trail::{Act, Kind, trail_id};
use std::cmp::Ordering;
use std::collections::HashMap;

/// Most cases listed as alike.
const ALIKE_SHOWN: usize = 8;
/// Most reasons given for each.
const REASONS_SHOWN: usize = 5;

impl Desk {
    /// The cases of a view, with counts of every view.
    ///
    /// # Errors
    /// [`DeskError::NotPermitted`] for a role that reads no tips, or what the store says.
    pub async fn queue(&self, viewer: &Member, view: QueueView) -> Result<Queue, DeskError> {
        if !viewer.role.reads_tips() {
            return Err(DeskError::NotPermitted);
        }
        let act = Act::new(Kind::QueueSeen).detailed(view.code());
        self.trail().record(Some(viewer.id), act).await?;
        let (members, today) = (self.members().await?, self.today());
        Ok(self.office.board(|board| {
            let mut queue = Queue::default();
            for entry in board.iter().filter(|entry| self.sees(viewer, entry)) {
                let is_in = |view| usize::from(entry.is_in(view, viewer.id, today));
                queue.counts.mine += is_in(QueueView::Mine);
                queue.counts.new += is_in(QueueView::New);
                queue.counts.due_soon += is_in(QueueView::DueSoon);
                queue.counts.overdue += is_in(QueueView::Overdue);
                queue.counts.open += is_in(QueueView::Open);
                queue.counts.finished += is_in(QueueView::Finished);
                let row = entry.queue_row(&members, today);
                if is_in(QueueView::Open) == 1 {
                    queue.days_left.extend(row.days_left);
                }
                if is_in(view) == 1 {
                    queue.rows.push(row);
                }
            }
            queue.rows.sort_by(|a, b| {
                (a.due_day.is_none(), a.due_day, &a.number).cmp(&(
                    b.due_day.is_none(),
                    b.due_day,
                    &b.number,
                ))
            });
            queue
        }))
    }

    /// Everything of a case.
    ///
    /// # Errors
    /// [`DeskError::NotYours`], [`DeskError::NotPermitted`], [`DeskError::Damaged`], or what the store says.
    pub async fn case(&self, viewer: &Member, number: &CaseNumber) -> Result<CaseFile, DeskError> {
        let seen = Act::new(Kind::CaseSeen);
        let entry = self.entry_seen(viewer, number, seen).await?;
        let members = self.members().await?;
        let readers = members.iter().filter(|member| self.sees(member, &entry));
        let key = self.office.case_key(&entry.row)?;
        Ok(CaseFile {
            row: entry.queue_row(&members, self.today()),
            version: entry.row.version,
            trail_id: trail_id(entry.row.id),
            unit: entry.card.unit.clone(),
            handler_id: entry.row.handler,
            readers: readers.map(|member| member.name.clone()).collect(),
            reporter_gone: self.reporters_gone(&entry),
            objected: entry.card.objected,
            tips: self.tips(&entry, &key).await?,
            same_text: self.same_text(viewer, &entry),
            alike: self.alike(viewer, &entry),
            routing_reasons: entry.card.reasons.clone(),
            clocks: self.clocks(viewer, &entry),
            messages: self.messages(&entry, &key).await?,
            attachments: files::views(&self.office, entry.row.id, &key).await?,
            history: self.history(&entry, &key).await?,
            outcome: entry.card.outcome,
        })
    }

    /// A file of a case, opened as it is read; on record as `how`: [`Kind::FileSaved`] or [`Kind::FileViewed`].
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotYours`] also where the case has no such file here.
    pub async fn file(
        &self,
        viewer: &Member,
        number: &CaseNumber,
        file: [u8; 16],
        how: Kind,
    ) -> Result<OpenFile, DeskError> {
        let seen = Act::new(how).of(file);
        let entry = self.entry_seen(viewer, number, seen).await?;
        let key = self.office.case_key(&entry.row)?;
        files::open(&self.office, entry.row.id, &key, file).await
    }

    fn same_text(&self, viewer: &Member, entry: &Entry) -> Vec<CaseNumber> {
        self.office.board(|board| {
            let mates = board.same_text(&entry.sketch).into_iter();
            mates
                .filter(|mate| mate.row.id != entry.row.id && self.sees(viewer, mate))
                .map(|mate| CaseNumber(mate.row.number.clone()))
                .collect()
        })
    }

    /// Cases with a tip like one of this case's, by rules that a person can check; nothing is done with it.
    fn alike(&self, viewer: &Member, entry: &Entry) -> Vec<AlikeCase> {
        self.office.board(|board| {
            let mut alike: Vec<AlikeCase> = Vec::new();
            for tip in board.tips_of(entry.row.id) {
                for near in board.index().candidates_of(&tip).unwrap_or_default() {
                    let Some(mate) = board.of_tip(&near.tip) else {
                        continue;
                    };
                    let is_other = mate.row.id != entry.row.id;
                    let is_known = alike.iter().any(|one| one.number.0 == mate.row.number);
                    if near.compared.tier == Tier::Unrelated
                        || !is_other
                        || is_known
                        || !self.sees(viewer, mate)
                    {
                        continue;
                    }
                    alike.push(AlikeCase {
                        number: CaseNumber(mate.row.number.clone()),
                        title: mate.card.title(),
                        compared: near.compared,
                        days_apart: mate.row.opened_day.days_since(entry.row.opened_day),
                        said: said(&board.index().reasons(&near.compared), REASONS_SHOWN),
                    });
                }
            }
            alike.sort_by(|a, b| {
                let by = |one: &AlikeCase| (one.compared.tier, one.compared.score);
                by(b).partial_cmp(&by(a)).unwrap_or(Ordering::Equal)
            });
            alike.truncate(ALIKE_SHOWN);
            alike
        })
    }

    fn clocks(&self, viewer: &Member, entry: &Entry) -> Vec<ClockView> {
        let view = |clock: &ClockRow| {
            let rule = self.office.parts.deadlines.rule(&clock.rule);
            ClockView {
                rule: clock.rule.clone(),
                source_zh: rule.map(|rule| rule.source_zh.clone()).unwrap_or_default(),
                source_en: rule.map(|rule| rule.source_en.clone()).unwrap_or_default(),
                start_day: clock.start_day,
                due_day: clock.due_day,
                provisional: clock.provisional,
                met_day: clock.met_day,
                extended_days: clock.extended_days,
                climbed: clock.climbed,
                can_extend: viewer.role == Role::Supervisor && self.extensible(clock).is_some(),
            }
        };
        let mut clocks: Vec<_> = entry.clocks.iter().map(view).collect();
        clocks.sort_by_key(|clock| clock.due_day);
        clocks
    }

    async fn tips(&self, entry: &Entry, key: &Identity) -> Result<Vec<TipView>, DeskError> {
        let rows = self.office.parts.store.tips(Some(entry.row.id)).await?;
        rows.iter()
            .map(|row| {
                let tip = open_tip(key, &row.sealed)?;
                Ok(TipView {
                    id: hex::encode(row.id),
                    category: tip.category,
                    school: tip.school.clone(),
                    subject: tip.subject.clone(),
                    when: tip.when.clone(),
                    text: tip.text.clone(),
                    language: tip.language,
                    received_day: row.received_day,
                    channel: tip.channel,
                })
            })
            .collect()
    }

    async fn messages(&self, entry: &Entry, key: &Identity) -> Result<Vec<MessageView>, DeskError> {
        let rows = self.office.parts.store.messages(Some(entry.row.id)).await?;
        let mut written: HashMap<[u8; 16], u32> = HashMap::new();
        rows.iter()
            .map(|(row, delivered)| {
                let words: MessageText = open_json(key, &row.sealed)?;
                let written = written.entry(row.tip).or_default();
                *written += u32::from(!row.from_reporter);
                let read = entry.card.reporter(row.tip).messages_read;
                Ok(MessageView {
                    from_reporter: row.from_reporter,
                    author: words.author,
                    day: row.day,
                    text: words.text,
                    delivered: *delivered,
                    read: !row.from_reporter && *written <= read,
                })
            })
            .collect()
    }

    async fn history(&self, entry: &Entry, key: &Identity) -> Result<Vec<HistoryEntry>, DeskError> {
        let rows = self.office.parts.store.history(entry.row.id).await?;
        rows.iter()
            .map(|row| {
                let words: HistoryText = open_json(key, &row.sealed)?;
                Ok(HistoryEntry {
                    day: row.day,
                    actor: words.actor,
                    key: words.key,
                    detail: words.detail,
                })
            })
            .collect()
    }

    /// Who could be given the case.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotPermitted`] for whoever does not assign.
    pub async fn candidates(
        &self,
        viewer: &Member,
        number: &CaseNumber,
    ) -> Result<Vec<Candidate>, DeskError> {
        let entry = self.entry(viewer, number).await?;
        if !viewer.role.sees_all_cases() {
            return Err(DeskError::NotPermitted);
        }
        let load = self.office.board(Board::load);
        let members = self.members().await?.into_iter();
        let mut candidates: Vec<_> = members
            .filter(|member| self.could_handle(member, &entry))
            .map(|member| Candidate {
                open_cases: load.get(&member.id).copied().unwrap_or(0),
                id: member.id,
                name: member.name,
                unit: member.unit,
            })
            .collect();
        candidates.sort_by(|a, b| (a.open_cases, &a.name).cmp(&(b.open_cases, &b.name)));
        Ok(candidates)
    }

    /// What did not open.
    ///
    /// # Errors
    /// [`DeskError::NotPermitted`] for all but dispatcher and supervisor, or what the store says.
    pub async fn quarantine(&self, viewer: &Member) -> Result<Vec<QuarantinedEnvelope>, DeskError> {
        if !viewer.role.sees_all_cases() {
            return Err(DeskError::NotPermitted);
        }
        let act = Act::new(Kind::QuarantineSeen);
        self.trail().record(Some(viewer.id), act).await?;
        let store = &self.office.parts.store;
        let (rows, files) = (store.quarantined().await?, store.kept_files().await?);
        let count = |content: ContentHash, state: AttachmentState| {
            let all = files.iter();
            all.filter(|file| file.content == content && file.state == state)
                .count()
        };
        Ok(rows
            .into_iter()
            .map(|row| QuarantinedEnvelope {
                files_kept: count(row.content, AttachmentState::Stored),
                files_waiting: count(row.content, AttachmentState::Waiting),
                id: hex::encode(row.id),
                received_day: row.received_day,
                size_bytes: row.size_bytes,
                reason: row.reason,
            })
            .collect())
    }
}

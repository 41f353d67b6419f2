//! What is shown: the queue, a case, and who could be given it.

use super::copies::SeenFloods;
use super::{Candidate, Desk, DeskError};
use crate::opening::Identity;
use crate::tip::TipDocument;
use crate::triage::cases::{
    AttachmentView, Board, CaseFile, CaseNumber, ClockView, Entry, Group, HistoryEntry,
    HistoryText, Mark, MessageText, MessageView, Queue, QueueView, TipView, pieces,
};
use crate::triage::desk::files::{self, OpenFile};
use crate::triage::ledger::{last, turn_to};
use crate::triage::office::{open_json, open_tip};
use crate::triage::routing::Standing;
use crate::triage::similarity::{Fields, Reading};
use crate::triage::staff::{Member, Role, Viewer};
use crate::triage::store::{CaseId, ClockRow, TipRow};
use crate::triage::trail::{Act, Kind, trail_id};
use std::collections::HashMap;
use std::ops::Range;

/// Rows on a page of the queue.
const QUEUE_ROWS: usize = 100;

/// What was opened of the cases that are handled together.
#[derive(Default)]
struct Opened {
    tips: Vec<TipView>,
    clocks: Vec<ClockView>,
    messages: Vec<MessageView>,
    attachments: Vec<AttachmentView>,
    history: Vec<HistoryEntry>,
}

impl Desk {
    /// The cases of a view, with counts of every view: the first page.
    ///
    /// # Errors
    /// As [`Self::queue_page`].
    pub async fn queue(&self, viewer: &Viewer, view: QueueView) -> Result<Queue, DeskError> {
        self.queue_page(viewer, view, 1).await
    }

    /// The cases of a page of a view, from 1, with counts of every view; the last one where there are fewer.
    ///
    /// # Errors
    /// [`DeskError::NotPermitted`] for a role that reads no tips, or what the store says.
    pub async fn queue_page(
        &self,
        viewer: &Viewer,
        view: QueueView,
        page: usize,
    ) -> Result<Queue, DeskError> {
        let own = self.own(viewer, None).await?;
        own.as_ref().unwrap_or(self).list(viewer, view, page).await
    }

    async fn list(
        &self,
        viewer: &Viewer,
        view: QueueView,
        page: usize,
    ) -> Result<Queue, DeskError> {
        if !viewer.role.reads_tips() {
            return Err(DeskError::NotPermitted);
        }
        let act = Act::new(Kind::QueueSeen).detailed(view.code());
        self.trail().record(Some(viewer.id), act).await?;
        let (members, today) = (self.members().await?, self.today());
        let tasks = self.tasks(viewer).await?;
        let set_apart = self.office.set_apart(viewer.role).await?;
        Ok(self.office.board(|board| {
            let mut queue = Queue {
                tasks,
                set_apart,
                ..Queue::default()
            };
            let mut listed = Vec::new();
            self.office.each_seen(board, viewer, |group| {
                let is_in = group.views(viewer.id, today);
                queue.counts.add(&is_in);
                if is_in(QueueView::Open) {
                    let due = group.next_clock().map(|clock| clock.due_day);
                    queue.days_left.extend(due.map(|due| due.days_since(today)));
                }
                if is_in(view) {
                    listed.push(group);
                }
            });
            let due = |group: &Group<'_>| group.next_clock().map(|clock| clock.due_day);
            let (here, turned) = turn_to(&mut listed, page, QUEUE_ROWS, |a, b| {
                let by = last(due(a), due(b));
                by.then_with(|| a.lead.row.number.cmp(&b.lead.row.number))
            });
            let mut floods = SeenFloods::default();
            let row = |group: &Group<'_>| {
                let mut row = group.queue_row(&members, today);
                row.copies = self.copies(board, viewer, group, &mut floods);
                row
            };
            queue.rows = listed[here].iter().map(row).collect();
            queue.turned = turned;
            queue.bursts = self.bursts(board, viewer);
            queue
        }))
    }

    /// Everything of a case, with all that is handled with it.
    ///
    /// # Errors
    /// [`DeskError::NotYours`], [`DeskError::NotPermitted`], [`DeskError::Damaged`], or what the store says.
    pub async fn case(&self, viewer: &Viewer, number: &CaseNumber) -> Result<CaseFile, DeskError> {
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
    ) -> Result<CaseFile, DeskError> {
        let seen = Act::new(Kind::CaseSeen);
        let entries = self.entries_seen(viewer, number, seen).await?;
        let group = Group::of(&entries).ok_or(DeskError::NotYours)?;
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
        opened.clocks.sort_by_key(|clock| clock.due_day);
        opened.messages.sort_by_key(|message| message.day);
        opened.history.sort_by_key(|line| line.day);
        // What was last said of any of them.
        let latest = group.cases().filter(|entry| entry.card.outcome.is_some());
        let latest = latest.max_by_key(|entry| entry.row.changed_day);
        Ok(CaseFile {
            row: group.queue_row(&members, self.today()),
            version: lead.row.version,
            trail_id: trail_id(lead.row.id),
            unit: lead.card.unit.clone(),
            handler_id: lead.row.handler,
            handling: self.handling(viewer, &entries, &members),
            readers: readers.clone().map(|member| member.name.clone()).collect(),
            reader_ids: readers
                .map(|member| (hex::encode(member.id.0), member.name.clone()))
                .collect(),
            reporter_gone: opened.tips.iter().all(|tip| tip.reporter_gone),
            objected: group.cases().any(|entry| entry.card.objected),
            reopened: group.is_reopened(),
            tips: opened.tips,
            same_text: self.same_text(viewer, &group),
            alike: self.alike(viewer, &group),
            copies: self
                .office
                .board(|board| self.copies(board, viewer, &group, &mut SeenFloods::default())),
            held_apart: self.held_apart(viewer, &group),
            routing_reasons: lead.card.reasons.clone(),
            pass_up_day: group
                .cases()
                .filter_map(|entry| self.office.passing_day(entry))
                .min(),
            clocks: opened.clocks,
            messages: opened.messages,
            attachments: opened.attachments,
            papers,
            history: opened.history,
            outcome: latest.and_then(|entry| entry.card.outcome),
            findings: latest.map_or_else(Vec::new, |entry| entry.card.findings.clone()),
            mode: lead.card.mode,
            closing: lead.card.closing.clone(),
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
    ) -> Result<Vec<(&'a Entry, Identity)>, DeskError> {
        let (lead, joined) = entries.split_first().ok_or(DeskError::NotYours)?;
        let store = &self.office.parts.store;
        let wrapped = store.wrap(lead.row.id, viewer.id).await?;
        let wrapped = wrapped.ok_or(DeskError::NotYours)?;
        let lead_key = viewer.identity().open_identity(&wrapped);
        let lead_key = lead_key.map_err(|_| DeskError::Damaged)?;
        let mut keyed = vec![(lead, lead_key.clone())];
        for entry in joined {
            let row = entry.row.joined.as_ref().ok_or(DeskError::Damaged)?;
            let key = lead_key.open_identity(&row.identity);
            keyed.push((entry, key.map_err(|_| DeskError::Damaged)?));
        }
        Ok(keyed)
    }

    async fn open(
        &self,
        entry: &Entry,
        key: &Identity,
        viewer: &Member,
        opened: &mut Opened,
    ) -> Result<(), DeskError> {
        let number = CaseNumber(entry.row.number.clone());
        opened.tips.extend(self.tips(entry, key).await?);
        opened.clocks.extend(self.clocks(viewer, entry));
        opened.messages.extend(self.messages(entry, key).await?);
        let files = files::views(&self.office, entry.row.id, &number, key).await?;
        opened.attachments.extend(files);
        for line in self.history(viewer, entry, key).await? {
            let same = |known: &&mut HistoryEntry| {
                known.day == line.day
                    && (&known.actor, &known.key, &known.detail)
                        == (&line.actor, &line.key, &line.detail)
                    && !known.numbers.contains(&number)
            };
            match opened.history.iter_mut().find(same) {
                Some(known) => known.numbers.push(number.clone()),
                None => opened.history.push(line),
            }
        }
        Ok(())
    }

    /// A file of a case, opened as it is read; on record as `how`: [`Kind::FileSaved`] or [`Kind::FileViewed`].
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotYours`] also where the case has no such file here.
    pub async fn file(
        &self,
        viewer: &Viewer,
        number: &CaseNumber,
        file: [u8; 16],
        how: Kind,
    ) -> Result<OpenFile, DeskError> {
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
    ) -> Result<OpenFile, DeskError> {
        let entries = self.entries(viewer, number).await?;
        let keyed = self.keyed(viewer, &entries).await?.into_iter();
        let mut keyed = keyed.filter(|(entry, _)| entry.row.number == number.0);
        let (entry, key) = keyed.next().ok_or(DeskError::NotYours)?;
        let seen = Act::new(how).of(file).on(entry.row.id);
        self.trail().record(Some(viewer.id), seen).await?;
        files::open(&self.office, entry.row.id, &key, file).await
    }

    fn clocks(&self, viewer: &Member, entry: &Entry) -> Vec<ClockView> {
        let view = |clock: &ClockRow| {
            let rule = self.office.parts.deadlines.rule(&clock.rule);
            ClockView {
                number: CaseNumber(entry.row.number.clone()),
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
        entry.clocks.iter().map(view).collect()
    }

    async fn tips(&self, entry: &Entry, key: &Identity) -> Result<Vec<TipView>, DeskError> {
        let rows = self.office.parts.store.tips(Some(entry.row.id)).await?;
        rows.iter()
            .map(|row| {
                let tip = open_tip(key, &row.sealed)?;
                let template = self.template_text(row, &tip);
                Ok(TipView {
                    pieces: pieces(&tip.text, &[(Mark::Template, &template)]),
                    id: hex::encode(row.id),
                    number: CaseNumber(entry.row.number.clone()),
                    state: entry.row.state,
                    outcome: entry.card.outcome,
                    reporter_gone: self.reporter_gone(entry),
                    joined_day: entry.row.joined.as_ref().map(|joined| joined.day),
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

    /// Where the account has text that tips about many schools have in common.
    fn template_text(&self, row: &TipRow, tip: &TipDocument) -> Vec<Range<usize>> {
        self.office.board(|board| {
            if !board.index().has_template(&row.id) {
                return Vec::new();
            }
            let reading = Reading::of(&Fields::from(tip), self.rules().compared_schools());
            let key = &self.office.sketch_key;
            board.index().template_text(&reading, key)
        })
    }

    async fn messages(&self, entry: &Entry, key: &Identity) -> Result<Vec<MessageView>, DeskError> {
        let rows = self.office.parts.store.messages(entry.row.id).await?;
        let mut written: HashMap<[u8; 16], u32> = HashMap::new();
        rows.iter()
            .map(|(row, delivered)| {
                let words: MessageText = open_json(key, &row.sealed)?;
                let written = written.entry(row.tip).or_default();
                *written += u32::from(!row.from_reporter);
                let read = entry.card.reporter(row.tip).messages_read;
                Ok(MessageView {
                    number: CaseNumber(entry.row.number.clone()),
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

    /// The record of a case; lines that speak of another are for those who may see that one too.
    async fn history(
        &self,
        viewer: &Member,
        entry: &Entry,
        key: &Identity,
    ) -> Result<Vec<HistoryEntry>, DeskError> {
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
                key: words.key,
                detail: words.detail,
            });
        }
        Ok(lines)
    }

    fn sees_by_id(&self, viewer: &Member, id: &str) -> bool {
        let mut case = [0; 16];
        hex::decode_to_slice(id, &mut case).is_ok()
            && self.office.board(|board| {
                let entry = board.by_id(CaseId(case));
                entry.is_some_and(|entry| self.sees(viewer, &board.group_of(entry)))
            })
    }

    /// Everybody who handles cases, and whether she can be given this one and why not: those of the unit first, of them
    /// those who know such tips best, then those with the fewest open cases.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotPermitted`] for whoever does not assign.
    pub async fn candidates(
        &self,
        viewer: &Member,
        number: &CaseNumber,
    ) -> Result<Vec<Candidate>, DeskError> {
        let entries = self.entries(viewer, number).await?;
        if !viewer.role.sees_all_cases() {
            return Err(DeskError::NotPermitted);
        }
        let load = self.office.board(Board::load);
        let members = self.members().await?.into_iter();
        let unit = &entries.first().ok_or(DeskError::NotYours)?.card.unit;
        let candidate = |member: Member| {
            Some(Candidate {
                standing: self.standing(&member, &entries)?,
                open_cases: load.get(&member.id).copied().unwrap_or(0),
                of_unit: member.unit.as_ref() == Some(unit),
                id: member.id,
                name: member.name,
                unit: member.unit,
            })
        };
        let mut candidates: Vec<_> = members.filter_map(candidate).collect();
        let skilled = |one: &Candidate| one.standing == Standing::Free { skilled: true };
        candidates.sort_by(|a, b| {
            let by = |one: &Candidate| {
                let (free, skilled) = (one.standing.is_free(), skilled(one));
                (!free, !one.of_unit, !skilled, one.open_cases)
            };
            by(a).cmp(&by(b)).then_with(|| a.name.cmp(&b.name))
        });
        Ok(candidates)
    }
}

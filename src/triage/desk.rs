//! The desk: what the pages ask of the service. Every method checks for itself that the viewer may.

use super::cases::{
    CaseFile, CaseNumber, CaseState, ClockView, Conclusion, Draft, Entry, HistoryEntry,
    HistoryText, MessageText, MessageView, QuarantinedEnvelope, Queue, QueueView, TipView,
};
use super::files::OpenFile;
use super::office::{Office, open_json, open_tip};
use super::routing::{Rules, is_recused};
use super::staff::{Member, MemberId, Role};
use super::store::ClockRow;
use crate::blobs::BlobError;
use crate::clock::Day;
use crate::opening::Identity;
use crate::storage::StoreError;
use crate::tip::MessageKind;
use std::sync::Arc;

/// Why the desk refused.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No such case, or not this viewer's: the two cannot be told apart.
    #[error("no such case, or not yours")]
    NotYours,
    /// The role does not do this.
    #[error("the role does not allow this")]
    NotPermitted,
    /// Someone else changed the case since it was shown.
    #[error("the case was changed meanwhile")]
    Changed,
    /// A state cannot be reached from the present one, or a person cannot be given the case.
    #[error("not possible from here")]
    NotPossible,
    /// A reason or an answer is missing or too long.
    #[error("a text is missing or too long")]
    BadText,
    /// What was stored did not open or read.
    #[error("a stored case is damaged")]
    Damaged,
    /// The place for files failed.
    #[error(transparent)]
    Files(#[from] BlobError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// How pulling goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PullHealth {
    /// Seconds since the last exchange that worked; `None` before the first.
    pub last_ok_s: Option<u64>,
    /// Whether the last try failed.
    pub failing: bool,
}

/// Who could be given a case.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The member's id.
    pub id: MemberId,
    /// Shown name.
    pub name: String,
    /// Unit id.
    pub unit: Option<String>,
    /// Open cases in hand.
    pub open_cases: usize,
}

/// Longest reason for the file, in characters.
const REASON_MAX_CHARS: usize = 2_000;
/// Longest text to a reporter, in characters.
const ANSWER_MAX_CHARS: usize = 20_000;

/// What the pages ask of the service.
pub struct Desk {
    office: Arc<Office>,
}

impl Desk {
    /// The desk of an office.
    #[must_use]
    pub fn new(office: Arc<Office>) -> Self {
        Self { office }
    }

    /// The rules, to show.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.office.parts.rules
    }

    /// Today, where the office is.
    #[must_use]
    pub fn today(&self) -> Day {
        self.office.today()
    }

    /// How pulling goes.
    #[must_use]
    pub fn pull_health(&self) -> PullHealth {
        let (last_ok, failing) = *self
            .office
            .pulled
            .lock()
            .expect("no holder of this lock can panic");
        let now = self.office.parts.clock.elapsed();
        PullHealth {
            last_ok_s: last_ok.map(|at| now.saturating_sub(at).as_secs()),
            failing,
        }
    }

    async fn members(&self) -> Result<Vec<Member>, DeskError> {
        Ok(self.office.parts.directory.members().await?)
    }

    fn sees(&self, viewer: &Member, entry: &Entry) -> bool {
        viewer.active
            && viewer.role.reads_tips()
            && (viewer.role.sees_all_cases() || entry.row.handler == Some(viewer.id))
            && !self.recused(viewer, entry)
    }

    fn recused(&self, member: &Member, entry: &Entry) -> bool {
        let school = entry.card.school_id.as_deref();
        is_recused(member, school, &entry.haystack, self.rules())
    }

    fn entry(&self, viewer: &Member, number: &CaseNumber) -> Result<Entry, DeskError> {
        if !viewer.role.reads_tips() {
            return Err(DeskError::NotPermitted);
        }
        self.office
            .board(|board| {
                board
                    .by_number(number)
                    .filter(|entry| self.sees(viewer, entry))
                    .cloned()
            })
            .ok_or(DeskError::NotYours)
    }

    /// The cases of a view, with counts of every view.
    ///
    /// # Errors
    /// [`DeskError::NotPermitted`] for a role that reads no tips, or what the store says.
    pub async fn queue(&self, viewer: &Member, view: QueueView) -> Result<Queue, DeskError> {
        if !viewer.role.reads_tips() {
            return Err(DeskError::NotPermitted);
        }
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
        let entry = self.entry(viewer, number)?;
        let members = self.members().await?;
        let readers = members.iter().filter(|member| self.sees(member, &entry));
        let key = self.office.case_key(&entry.row)?;
        Ok(CaseFile {
            row: entry.queue_row(&members, self.today()),
            version: entry.row.version,
            unit: entry.card.unit.clone(),
            handler_id: entry.row.handler,
            readers: readers.map(|member| member.name.clone()).collect(),
            tips: self.tips(&entry, &key).await?,
            same_text: self.same_text(viewer, &entry),
            routing_reasons: entry.card.reasons.clone(),
            clocks: self.clocks(&entry),
            messages: self.messages(&entry, &key).await?,
            attachments: super::files::views(&self.office, entry.row.id, &key).await?,
            history: self.history(&entry, &key).await?,
            outcome: entry.card.outcome,
        })
    }

    /// A file of a case, opened as it is read.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotYours`] also where the case has no such file here.
    pub async fn file(
        &self,
        viewer: &Member,
        number: &CaseNumber,
        file: [u8; 16],
    ) -> Result<OpenFile, DeskError> {
        let entry = self.entry(viewer, number)?;
        let key = self.office.case_key(&entry.row)?;
        super::files::open(&self.office, entry.row.id, &key, file).await
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

    fn clocks(&self, entry: &Entry) -> Vec<ClockView> {
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
        rows.iter()
            .map(|(row, delivered)| {
                let words: MessageText = open_json(key, &row.sealed)?;
                Ok(MessageView {
                    from_reporter: row.from_reporter,
                    author: words.author,
                    day: row.day,
                    text: words.text,
                    delivered: *delivered,
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
        let entry = self.entry(viewer, number)?;
        if !viewer.role.sees_all_cases() {
            return Err(DeskError::NotPermitted);
        }
        let load = self.office.board(super::cases::Board::load);
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

    fn could_handle(&self, member: &Member, entry: &Entry) -> bool {
        let role = matches!(member.role, Role::Investigator | Role::Dispatcher);
        member.active && role && !self.recused(member, entry)
    }

    /// Gives the case to `handler`.
    ///
    /// # Errors
    /// As [`Self::candidates`]; [`DeskError::NotPossible`] if the handler cannot have it, [`DeskError::Changed`].
    pub async fn assign(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        handler: MemberId,
        reason: &str,
    ) -> Result<(), DeskError> {
        check_text(reason, REASON_MAX_CHARS)?;
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number)?;
        if !actor.role.sees_all_cases() {
            return Err(DeskError::NotPermitted);
        }
        let members = self.members().await?;
        let chosen = members.iter().find(|member| member.id == handler);
        let chosen = chosen
            .filter(|member| self.could_handle(member, &entry) && !entry.row.state.is_finished());
        let chosen = chosen.ok_or(DeskError::NotPossible)?;
        let mut draft = self.draft(entry, version)?;
        draft.entry.row.handler = Some(handler);
        draft.entry.card.unit = chosen.unit.clone().unwrap_or(draft.entry.card.unit);
        draft.note(
            Some(&actor.name),
            "assigned",
            &format!("{}: {reason}", chosen.name),
        )?;
        draft.remind(handler);
        self.store(draft).await
    }

    /// Moves the case to another state.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotPossible`], [`DeskError::Changed`], [`DeskError::BadText`].
    pub async fn change_state(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        to: CaseState,
        reason: &str,
    ) -> Result<(), DeskError> {
        check_text(reason, REASON_MAX_CHARS)?;
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number)?;
        if !entry.row.state.next_states().contains(&to) {
            return Err(DeskError::NotPossible);
        }
        let mut draft = self.draft(entry, version)?;
        draft.enter(to);
        draft.note(Some(&actor.name), to.code(), reason)?;
        draft.tell(MessageKind::Status, None, "").await?;
        self.store(draft).await
    }

    /// Writes to the reporter.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::BadText`].
    pub async fn write_to_reporter(
        &self,
        actor: &Member,
        number: &CaseNumber,
        text: &str,
    ) -> Result<(), DeskError> {
        check_text(text, ANSWER_MAX_CHARS)?;
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number)?;
        let version = entry.row.version;
        let mut draft = self.draft(entry, version)?;
        draft.entry.card.reporter_wrote = false;
        draft.note(Some(&actor.name), "wrote", "")?;
        draft
            .tell(MessageKind::Message, Some(&actor.name), text)
            .await?;
        self.store(draft).await
    }

    /// Concludes the case.
    ///
    /// # Errors
    /// As [`Self::change_state`].
    pub async fn conclude(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        conclusion: Conclusion,
    ) -> Result<(), DeskError> {
        check_text(&conclusion.reason, REASON_MAX_CHARS)?;
        check_text(&conclusion.answer_to_reporter, ANSWER_MAX_CHARS)?;
        let _one = self.office.writing.lock().await;
        let entry = self.entry(actor, number)?;
        if entry.row.state.is_finished() || entry.row.state == CaseState::Received {
            return Err(DeskError::NotPossible);
        }
        let mut draft = self.draft(entry, version)?;
        draft.entry.card.outcome = Some(conclusion.outcome);
        draft.entry.card.reporter_wrote = false;
        draft.enter(CaseState::Concluded);
        draft.note(Some(&actor.name), "concluded", &conclusion.reason)?;
        draft
            .tell(
                MessageKind::Result,
                Some(&actor.name),
                &conclusion.answer_to_reporter,
            )
            .await?;
        self.store(draft).await
    }

    fn draft(&self, entry: Entry, version: i64) -> Result<Draft<'_>, DeskError> {
        if entry.row.version != version {
            return Err(DeskError::Changed);
        }
        Draft::new(&self.office, entry)
    }

    async fn store(&self, draft: Draft<'_>) -> Result<(), DeskError> {
        let (change, entry) = draft.finish()?;
        if !self.office.parts.store.change(&change).await? {
            return Err(DeskError::Changed);
        }
        self.office.board_mut(|board| board.replace(entry));
        Ok(())
    }

    /// What did not open.
    ///
    /// # Errors
    /// [`DeskError::NotPermitted`] for all but dispatcher and supervisor, or what the store says.
    pub async fn quarantine(&self, viewer: &Member) -> Result<Vec<QuarantinedEnvelope>, DeskError> {
        if !viewer.role.sees_all_cases() {
            return Err(DeskError::NotPermitted);
        }
        let rows = self.office.parts.store.quarantined().await?.into_iter();
        Ok(rows
            .map(|row| QuarantinedEnvelope {
                id: hex::encode(row.id),
                received_day: row.received_day,
                size_bytes: row.size_bytes,
                reason: row.reason,
            })
            .collect())
    }
}

fn check_text(text: &str, max_chars: usize) -> Result<(), DeskError> {
    let fits = !text.trim().is_empty() && text.chars().count() <= max_chars;
    fits.then_some(()).ok_or(DeskError::BadText)
}

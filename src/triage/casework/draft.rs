//! Changing a case: what is stored with a change, put together in one place.

use super::files::attachment_rows;
use crate::cases::Entry;
use crate::deadlines::{DeadlineRule, Start};
use crate::model::{CaseState, HistoryText, MemberId, MessageText, Note, ReceivedWords};
use crate::office::{Office, OfficeError, open_json, open_tip, seal_json};
use crate::store::{
    AttachmentRow, Change, DeadlineRow, HistoryRow, MessageRow, OutgoingRow, PassingRow, ReplyId,
    StoredEnvelope, TipRow,
};
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use mifeng_sealing::tip::{
    Attachment, MailboxMessage, MessageKind, Said, SentItem, TipDocument, ToldDeadline,
};
use mifeng_sealing::{Recipient, seal_message};
use std::collections::BTreeMap;

/// A change in the making: the case as it shall be, and what is stored with it.
pub struct Draft<'a> {
    office: &'a Office,
    /// The case as it shall be.
    pub entry: Entry,
    change: Change,
    today: Day,
    to_case: Recipient,
    is_new_fact: bool,
}

impl<'a> Draft<'a> {
    /// A change of `entry`.
    pub fn new(office: &'a Office, entry: Entry) -> Result<Self, OfficeError> {
        let to_case = entry
            .row
            .recipient
            .parse()
            .map_err(|_| OfficeError::Damaged)?;
        Ok(Self {
            office,
            change: Change {
                case: entry.row.clone(),
                met: Vec::new(),
                deadlines: Vec::new(),
                moved: Vec::new(),
                history: Vec::new(),
                messages: Vec::new(),
                outgoing: Vec::new(),
                mail: Vec::new(),
                attachments: Vec::new(),
                rewraps: Vec::new(),
                passing: Vec::new(),
                reply: None,
            },
            entry,
            today: office.today(),
            to_case,
            is_new_fact: true,
        })
    }

    /// Writes a line of the history.
    pub fn note(
        &mut self,
        actor: Option<&str>,
        note: Note,
        detail: &str,
    ) -> Result<(), OfficeError> {
        self.write_history(&HistoryText {
            actor: actor.map(str::to_owned),
            note,
            detail: detail.to_owned(),
            about: None,
        })
    }

    /// Writes a line that speaks of another case.
    pub fn note_about(
        &mut self,
        other: &Entry,
        actor: &str,
        note: Note,
        reason: &str,
    ) -> Result<(), OfficeError> {
        self.write_history(&HistoryText {
            actor: Some(actor.to_owned()),
            note,
            detail: format!("{}: {reason}", other.row.number),
            about: Some(hex::encode(other.row.id.0)),
        })
    }

    fn write_history(&mut self, text: &HistoryText) -> Result<(), OfficeError> {
        self.change.history.push(HistoryRow {
            id: self.office.new_id(),
            day: self.today,
            sealed: seal_json(text, &self.to_case)?,
        });
        Ok(())
    }

    /// Adds the files that an envelope of the tip with id `tip` names.
    pub fn attach(
        &mut self,
        envelope: &StoredEnvelope,
        tip: [u8; 16],
        files: &[Attachment],
    ) -> Result<(), OfficeError> {
        let case = self.entry.row.id;
        let rows = attachment_rows(self.office, envelope, case, tip, files, &self.to_case)?;
        self.change.attachments.extend(rows);
        Ok(())
    }

    /// The files that were added.
    pub fn attached(&self) -> &[AttachmentRow] {
        &self.change.attachments
    }

    /// Leaves the day of the last change as it is: how long the case is kept is counted from that.
    pub fn keep_day(&mut self) {
        self.is_new_fact = false;
    }

    /// Reminds a member.
    pub fn remind(&mut self, member: MemberId) {
        self.change.mail.push((self.office.new_id(), member));
    }

    /// Reminds several.
    pub fn remind_all(&mut self, members: impl IntoIterator<Item = MemberId>) {
        for member in members {
            self.remind(member);
        }
    }

    /// Moves the case to `state`, with its deadlines.
    pub fn enter(&mut self, state: CaseState) {
        let deadline_rules = &self.office.parts.deadline_rules;
        self.entry.row.state = state;
        if state.is_finished() {
            let summary = &mut self.entry.summary;
            (summary.passing, summary.leaves_day) = (None, None);
        }
        if matches!(state, CaseState::Declined | CaseState::Concluded) {
            self.entry.summary.decided_day = Some(self.today);
        }
        self.meet(|rule| {
            state.is_finished() || rule.is_some_and(|rule| rule.met_by.contains(&state))
        });
        let received = self.entry.row.opened_day;
        for rule in deadline_rules.starting(self.entry.summary.category, Start::Decision) {
            let known = self
                .entry
                .deadlines
                .iter()
                .any(|deadline| deadline.rule == rule.id);
            if rule.met_by.contains(&state) && !known {
                let due = deadline_rules.due(rule, received);
                let (id, case) = (self.office.new_id(), self.entry.row.id);
                let deadline = DeadlineRow {
                    met_day: Some(self.today),
                    ..DeadlineRow::new(id, case, rule, received, due)
                };
                self.change.deadlines.push(deadline.clone());
                self.entry.deadlines.push(deadline);
            }
        }
    }

    /// Takes up again what was decided: what must be met by the decision begins anew today, and earlier answers to the
    /// questions after it no longer count.
    pub fn reopen(&mut self) {
        let summary = &mut self.entry.summary;
        (summary.outcome, summary.closing, summary.deletion) = (None, None, None);
        summary.declined = None;
        summary.findings.clear();
        summary.objected = false;
        summary.decided_day = None;
        for reporter in summary.reporters.values_mut() {
            reporter.aftercare_answered_days = 0;
        }
        self.entry.row.state = CaseState::Reopened;
        self.stop_deadlines(Start::Objection);
        let deadline_rules = &self.office.parts.deadline_rules;
        let decided = [CaseState::Accepted, CaseState::UnderInquiry];
        let category = self.entry.summary.category;
        for rule in deadline_rules.starting(category, Start::Receipt) {
            if !decided.iter().any(|state| rule.met_by.contains(state)) {
                let due = deadline_rules.due(rule, self.today);
                let (id, case) = (self.office.new_id(), self.entry.row.id);
                let deadline = DeadlineRow::new(id, case, rule, self.today, due);
                self.change.deadlines.push(deadline.clone());
                self.entry.deadlines.push(deadline);
            }
        }
    }

    /// Starts the deadline of what this office may not handle itself, if it was never started; whether it was now.
    pub fn start_passing_deadline(&mut self, day: Day) -> bool {
        let started = self
            .office
            .passing_deadlines(self.entry.row.id, day, &self.entry.deadlines);
        self.change.deadlines.extend(started.iter().cloned());
        let any = !started.is_empty();
        self.entry.deadlines.extend(started);
        any
    }

    /// Starts the deadlines of an objection that came on `day`, unless one runs already.
    pub fn start_objection_deadlines(&mut self, day: Day) {
        let deadline_rules = &self.office.parts.deadline_rules;
        for rule in deadline_rules.beginning(Start::Objection) {
            let mut deadlines = self.entry.deadlines.iter();
            if deadlines.any(|deadline| deadline.rule == rule.id && deadline.met_day.is_none()) {
                continue;
            }
            let due = deadline_rules.due(rule, day);
            let (id, case) = (self.office.new_id(), self.entry.row.id);
            let deadline = DeadlineRow::new(id, case, rule, day, due);
            self.change.deadlines.push(deadline.clone());
            self.entry.deadlines.push(deadline);
        }
    }

    /// Stops the deadline for passing it up, since the office handles it after all.
    pub fn stop_passing_deadline(&mut self) {
        self.stop_deadlines(Start::NotOurs);
    }

    /// Stops what runs of the deadlines that begin at `start`.
    pub fn stop_deadlines(&mut self, start: Start) {
        self.meet(|rule| rule.is_some_and(|rule| rule.start == start));
    }

    /// Stops what runs of the deadlines whose rule says so; there is none where the rules have lost it.
    fn meet(&mut self, is_met: impl Fn(Option<&DeadlineRule>) -> bool) {
        let deadline_rules = &self.office.parts.deadline_rules;
        let deadlines = self.entry.deadlines.iter_mut();
        for deadline in deadlines.filter(|deadline| deadline.met_day.is_none()) {
            if is_met(deadline_rules.rule(&deadline.rule)) {
                deadline.met_day = Some(self.today);
                self.change.met.push((deadline.id, self.today));
            }
        }
    }

    /// Sends envelopes to the office above with the change.
    pub fn pass(&mut self, rows: Vec<PassingRow>) {
        self.change.passing.extend(rows);
    }

    /// How many messages the mailbox of a tip has once this is done, with those of an office that passed it up.
    pub async fn messages_of(&self, tip: [u8; 16]) -> Result<u32, OfficeError> {
        let sent = self.office.parts.store.outgoing_count(tip).await?;
        let now = self.change.outgoing.iter().filter(|row| row.tip == tip);
        let now = u32::try_from(now.count()).unwrap_or(u32::MAX);
        let before = self.entry.summary.messages_before;
        Ok(before.saturating_add(sent).saturating_add(now))
    }

    /// Gives a running deadline another last day.
    pub fn move_deadline(&mut self, mut deadline: DeadlineRow) {
        deadline.moved_times = deadline.moved_times.saturating_add(1);
        deadline.moved_day = Some(self.today);
        let deadlines = self.entry.deadlines.iter_mut();
        for known in deadlines.filter(|known| known.id == deadline.id) {
            known.clone_from(&deadline);
        }
        self.change.moved.push(deadline);
    }

    /// Lets what the reporter of `tip` said under `id` count once.
    pub fn count_once(&mut self, tip: [u8; 16], id: [u8; 32]) {
        self.change.reply = Some(ReplyId { tip, id });
    }

    /// Makes the list of what the reporter of `tip` sent, where there is none yet: from what was received before lists were
    /// kept.
    pub async fn list_what_was_sent(&mut self, tip: [u8; 16]) -> Result<(), OfficeError> {
        if self.entry.summary.reporter(tip).sent.is_some() {
            return Ok(());
        }
        let key = self.office.case_key(&self.entry.row)?;
        let rows = self.office.parts.store.messages(self.entry.row.id).await?;
        self.entry.summary.reporter_mut(tip).sent = Some(Vec::new());
        let received = rows.iter().map(|(row, _)| row);
        for row in received.filter(|row| row.from_reporter && row.tip == tip) {
            let words: MessageText = open_json(&key, &row.sealed)?;
            // How each came was not kept then.
            if words.received.is_none() {
                let said = Said::Addition { text: words.text };
                let item = SentItem::of(row.day, &said, 0, 0);
                if let Some(item) = item {
                    self.entry.summary.list_sent(tip, item);
                }
            }
        }
        Ok(())
    }

    /// Adds what the reporter of `tip` wrote, and is proven to have written.
    pub fn add_received(
        &mut self,
        tip: [u8; 16],
        day: Day,
        text: &str,
        received: ReceivedWords,
    ) -> Result<(), OfficeError> {
        self.entry.summary.reporter_wrote = true;
        self.entry.summary.wrote_day = Some(self.today);
        self.entry.name_search_text.add(text);
        self.add_received_message(tip, day, text, received)
    }

    /// Adds words that are not proven to be the reporter's of `tip`: nobody is taken from the case for being
    /// named in them, and the case is as old as it was.
    pub fn add_unproven(
        &mut self,
        tip: [u8; 16],
        day: Day,
        text: &str,
        received: ReceivedWords,
    ) -> Result<(), OfficeError> {
        self.keep_day();
        self.entry.summary.unproven_words = true;
        self.add_received_message(tip, day, text, received)
    }

    fn add_received_message(
        &mut self,
        tip: [u8; 16],
        day: Day,
        text: &str,
        received: ReceivedWords,
    ) -> Result<(), OfficeError> {
        let words = MessageText {
            author: None,
            text: text.to_owned(),
            received: Some(received),
        };
        self.add_message(tip, true, day, &words).map(|_| ())
    }

    fn message(
        &mut self,
        tip: [u8; 16],
        author: Option<&str>,
        text: &str,
    ) -> Result<[u8; 16], OfficeError> {
        let words = MessageText {
            author: author.map(str::to_owned),
            text: text.to_owned(),
            received: None,
        };
        self.add_message(tip, false, self.today, &words)
    }

    fn add_message(
        &mut self,
        tip: [u8; 16],
        from_reporter: bool,
        day: Day,
        words: &MessageText,
    ) -> Result<[u8; 16], OfficeError> {
        let id = self.office.new_id();
        self.change.messages.push(MessageRow {
            id,
            tip,
            case: self.entry.row.id,
            from_reporter,
            day,
            sealed: seal_json(words, &self.to_case)?,
        });
        Ok(id)
    }

    /// Tells every reporter of the case where it stands; `text` with its author, if there is one.
    pub async fn tell(
        &mut self,
        kind: MessageKind,
        author: Option<&str>,
        text: &str,
    ) -> Result<(), OfficeError> {
        let store = &self.office.parts.store;
        for tip in store.tips(Some(self.entry.row.id)).await? {
            let row = match text {
                "" => None,
                _ => Some(self.message(tip.id, author, text)?),
            };
            self.post(&tip, kind, row, text).await?;
        }
        Ok(())
    }

    /// Tells the reporter of one tip where it stands, without words.
    pub async fn tell_one(&mut self, tip: [u8; 16]) -> Result<(), OfficeError> {
        let store = &self.office.parts.store;
        let rows = store.tips(Some(self.entry.row.id)).await?;
        if let Some(row) = rows.iter().find(|row| row.id == tip) {
            self.post(row, MessageKind::Status, None, "").await?;
        }
        Ok(())
    }

    /// Tells every reporter of the case, each in the language of the tip.
    pub async fn tell_each(
        &mut self,
        kind: MessageKind,
        author: Option<&str>,
        say: impl Fn(Language) -> String,
    ) -> Result<(), OfficeError> {
        let (store, key) = (
            &self.office.parts.store,
            self.office.case_key(&self.entry.row)?,
        );
        for tip in store.tips(Some(self.entry.row.id)).await? {
            let text = say(open_tip(&key, &tip.sealed)?.language);
            let row = self.message(tip.id, author, &text)?;
            self.post(&tip, kind, Some(row), &text).await?;
        }
        Ok(())
    }

    async fn post(
        &mut self,
        tip: &TipRow,
        kind: MessageKind,
        row: Option<[u8; 16]>,
        text: &str,
    ) -> Result<(), OfficeError> {
        self.list_what_was_sent(tip.id).await?;
        let reporter = self.entry.summary.reporter(tip.id);
        if reporter.gone {
            return Ok(());
        }
        let key = self.office.case_key(&self.entry.row)?;
        let document = open_tip(&key, &tip.sealed)?;
        let sequence = self.messages_of(tip.id).await?.saturating_add(1);
        let state = self.entry.row.state.told_as();
        let mut message = MailboxMessage::new(sequence, self.today, kind, state);
        tell_deadlines(
            self.office,
            &self.entry.deadlines,
            document.language,
            &mut message,
        );
        message.messages_read = reporter.messages_read;
        message.aftercare_answered_days = reporter.aftercare_answered_days;
        message.sent = vec![sent_tip(&document)];
        message.sent.extend(reporter.sent.iter().flatten());
        message.sent_left_out = reporter.sent_left_out;
        text.clone_into(&mut message.text);
        let to = document.mailbox.recipient.parse();
        let to = to.map_err(|_| OfficeError::Damaged)?;
        let sealed = seal_message(&message, &to).map_err(|_| OfficeError::BadText(""))?;
        self.change.outgoing.push(OutgoingRow {
            id: self.office.new_id(),
            message: row,
            tip: tip.id,
            mailbox: tip.mailbox,
            ciphertext: sealed.0.into_bytes(),
        });
        Ok(())
    }

    /// The change to store, and the case as the caseload shall have it afterwards.
    pub fn finish(mut self) -> Result<(Change, Entry), OfficeError> {
        if self.is_new_fact {
            self.entry.row.changed_day = self.today;
        }
        self.change.case = self.entry.row.clone();
        self.change.case.summary = seal_json(&self.entry.summary, &self.to_case)?;
        self.entry.row.version += 1;
        Ok((self.change, self.entry))
    }
}

/// A tip in the list of what its reporter sent.
pub fn sent_tip(tip: &TipDocument) -> SentItem {
    SentItem::of_tip(tip.received_day, &tip.text, tip.attachments.len())
}

/// Writes into `message` by when the reporter is answered, and which rule says so.
pub fn tell_deadlines(
    office: &Office,
    deadlines: &[DeadlineRow],
    language: Language,
    message: &mut MailboxMessage,
) {
    let deadline_rules = &office.parts.deadline_rules;
    let told = deadlines.iter().filter_map(|deadline| {
        let rule = deadline_rules.rule(&deadline.rule)?;
        (rule.tell || rule.promised).then_some((deadline, rule))
    });
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|(deadline, _)| deadline.due_day);
    // A case that was opened again has several of one rule: the latest is what holds.
    let latest: BTreeMap<_, _> = told
        .iter()
        .map(|(deadline, rule)| (&rule.id, (*deadline, *rule)))
        .collect();
    let days = latest.into_values().map(|(deadline, rule)| ToldDeadline {
        rule: rule.id.clone(),
        due_day: deadline.due_day,
        // What was promised first stays said.
        first_due_day: (deadline.extended_days > 0)
            .then(|| deadline_rules.due(rule, deadline.start_day).day)
            .filter(|first| *first < deadline.due_day),
        met_day: deadline.met_day,
    });
    message.deadlines = days.collect();
    message.deadlines.sort_by_key(|deadline| deadline.due_day);
    let mut running = told
        .iter()
        .filter(|(deadline, rule)| deadline.met_day.is_none() && rule.tell);
    if let Some((deadline, rule)) = running.next() {
        message.due_day = Some(deadline.due_day);
        message.due_is_provisional = deadline.provisional;
        let is_traditional = language == Language::ZhHant && !rule.source_hant.is_empty();
        let source = if is_traditional {
            &rule.source_hant
        } else {
            &rule.source_zh
        };
        message.due_source_zh.clone_from(source);
        message.due_source_en.clone_from(&rule.source_en);
    }
}

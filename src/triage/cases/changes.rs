//! Changing a case: what is stored with a change, put together in one place.

use super::{CaseState, Entry, HistoryText, MessageText};
use crate::clock::Day;
use crate::sealing::{Recipient, seal_message};
use crate::tip::{Attachment, Language, MailboxMessage, MessageKind};
use crate::triage::deadlines::Start;
use crate::triage::desk::DeskError;
use crate::triage::office::{Office, open_tip, seal_json};
use crate::triage::staff::MemberId;
use crate::triage::store::{
    AttachmentRow, Change, ClockRow, HistoryRow, MessageRow, OutgoingRow, PassingRow,
    StoredEnvelope, TipRow,
};

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
    pub fn new(office: &'a Office, entry: Entry) -> Result<Self, DeskError> {
        let to_case = entry
            .row
            .recipient
            .parse()
            .map_err(|_| DeskError::Damaged)?;
        Ok(Self {
            office,
            change: Change {
                case: entry.row.clone(),
                met: Vec::new(),
                clocks: Vec::new(),
                moved: Vec::new(),
                history: Vec::new(),
                messages: Vec::new(),
                outgoing: Vec::new(),
                mail: Vec::new(),
                attachments: Vec::new(),
                rewraps: Vec::new(),
                passing: Vec::new(),
            },
            entry,
            today: office.today(),
            to_case,
            is_new_fact: true,
        })
    }

    /// Writes a line of the history.
    pub fn note(&mut self, actor: Option<&str>, key: &str, detail: &str) -> Result<(), DeskError> {
        self.write_history(&HistoryText {
            actor: actor.map(str::to_owned),
            key: key.to_owned(),
            detail: detail.to_owned(),
            about: None,
        })
    }

    /// Writes a line that speaks of another case.
    pub fn note_about(
        &mut self,
        other: &Entry,
        actor: &str,
        key: &str,
        reason: &str,
    ) -> Result<(), DeskError> {
        self.write_history(&HistoryText {
            actor: Some(actor.to_owned()),
            key: key.to_owned(),
            detail: format!("{}: {reason}", other.row.number),
            about: Some(hex::encode(other.row.id.0)),
        })
    }

    fn write_history(&mut self, text: &HistoryText) -> Result<(), DeskError> {
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
    ) -> Result<(), DeskError> {
        let case = self.entry.row.id;
        let rows = self
            .office
            .attachment_rows(envelope, case, tip, files, &self.to_case)?;
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

    /// Moves the case to `state`, with its clocks.
    pub fn enter(&mut self, state: CaseState) {
        let deadlines = &self.office.parts.deadlines;
        self.entry.row.state = state;
        for clock in self
            .entry
            .clocks
            .iter_mut()
            .filter(|clock| clock.met_day.is_none())
        {
            let rule = deadlines.rule(&clock.rule);
            if state.is_finished() || rule.is_some_and(|rule| rule.met_by.contains(&state)) {
                clock.met_day = Some(self.today);
                self.change.met.push((clock.id, self.today));
            }
        }
        let received = self.entry.row.opened_day;
        for rule in deadlines.starting(self.entry.card.category, Start::Decision) {
            let known = self.entry.clocks.iter().any(|clock| clock.rule == rule.id);
            if rule.met_by.contains(&state) && !known {
                let due = deadlines.due(rule, received);
                let (id, case) = (self.office.new_id(), self.entry.row.id);
                let clock = ClockRow {
                    met_day: Some(self.today),
                    ..ClockRow::new(id, case, rule, received, due)
                };
                self.change.clocks.push(clock.clone());
                self.entry.clocks.push(clock);
            }
        }
    }

    /// Takes up again what was decided: what must be met by the decision begins anew today, and earlier answers to the
    /// questions after it no longer count.
    pub fn reopen(&mut self) {
        let card = &mut self.entry.card;
        (card.outcome, card.closing, card.deletion) = (None, None, None);
        card.findings.clear();
        card.objected = false;
        for reporter in card.reporters.values_mut() {
            reporter.aftercare_answered_days = 0;
        }
        self.entry.row.state = CaseState::Reopened;
        let deadlines = &self.office.parts.deadlines;
        let decided = [CaseState::Accepted, CaseState::UnderInquiry];
        let category = self.entry.card.category;
        for rule in deadlines.starting(category, Start::Receipt) {
            if !decided.iter().any(|state| rule.met_by.contains(state)) {
                let due = deadlines.due(rule, self.today);
                let (id, case) = (self.office.new_id(), self.entry.row.id);
                let clock = ClockRow::new(id, case, rule, self.today, due);
                self.change.clocks.push(clock.clone());
                self.entry.clocks.push(clock);
            }
        }
    }

    /// Starts the clock of what this office may not handle itself, if it was never started; whether it was now.
    pub fn start_passing_clock(&mut self, day: Day) -> bool {
        let started = self
            .office
            .passing_clocks(self.entry.row.id, day, &self.entry.clocks);
        self.change.clocks.extend(started.iter().cloned());
        let any = !started.is_empty();
        self.entry.clocks.extend(started);
        any
    }

    /// Stops that clock, since the office handles it after all.
    pub fn stop_passing_clock(&mut self) {
        let deadlines = &self.office.parts.deadlines;
        for clock in self
            .entry
            .clocks
            .iter_mut()
            .filter(|one| one.met_day.is_none())
        {
            let rule = deadlines.rule(&clock.rule);
            if rule.is_some_and(|rule| rule.start == Start::NotOurs) {
                clock.met_day = Some(self.today);
                self.change.met.push((clock.id, self.today));
            }
        }
    }

    /// Sends envelopes to the office above with the change.
    pub fn pass(&mut self, rows: Vec<PassingRow>) {
        self.change.passing.extend(rows);
    }

    /// How many messages the mailbox of a tip has once this is done, with those of an office that passed it up.
    pub async fn messages_of(&self, tip: [u8; 16]) -> Result<u32, DeskError> {
        let sent = self.office.parts.store.outgoing_count(tip).await?;
        let now = self.change.outgoing.iter().filter(|row| row.tip == tip);
        let now = u32::try_from(now.count()).unwrap_or(u32::MAX);
        let before = self.entry.card.messages_before;
        Ok(before.saturating_add(sent).saturating_add(now))
    }

    /// Gives a running clock another last day.
    pub fn move_clock(&mut self, clock: ClockRow) {
        let clocks = self.entry.clocks.iter_mut();
        for known in clocks.filter(|known| known.id == clock.id) {
            known.clone_from(&clock);
        }
        self.change.moved.push(clock);
    }

    /// Keeps what the reporter of `tip` wrote.
    pub fn hear(&mut self, tip: [u8; 16], day: Day, text: &str) -> Result<(), DeskError> {
        self.entry.card.reporter_wrote = true;
        self.entry.haystack.add(text);
        self.message(tip, None, true, day, text).map(|_| ())
    }

    fn message(
        &mut self,
        tip: [u8; 16],
        author: Option<&str>,
        from_reporter: bool,
        day: Day,
        text: &str,
    ) -> Result<[u8; 16], DeskError> {
        let id = self.office.new_id();
        let words = MessageText {
            author: author.map(str::to_owned),
            text: text.to_owned(),
        };
        self.change.messages.push(MessageRow {
            id,
            tip,
            case: self.entry.row.id,
            from_reporter,
            day,
            sealed: seal_json(&words, &self.to_case)?,
        });
        Ok(id)
    }

    /// Tells every reporter of the case where it stands; `text` with its author, if there is one.
    pub async fn tell(
        &mut self,
        kind: MessageKind,
        author: Option<&str>,
        text: &str,
    ) -> Result<(), DeskError> {
        let store = &self.office.parts.store;
        for tip in store.tips(Some(self.entry.row.id)).await? {
            let row = match text {
                "" => None,
                _ => Some(self.message(tip.id, author, false, self.today, text)?),
            };
            self.post(&tip, kind, row, text).await?;
        }
        Ok(())
    }

    /// Tells every reporter of the case, each in the language of the tip.
    pub async fn tell_each(
        &mut self,
        kind: MessageKind,
        author: Option<&str>,
        say: impl Fn(Language) -> String,
    ) -> Result<(), DeskError> {
        let (store, key) = (
            &self.office.parts.store,
            self.office.case_key(&self.entry.row)?,
        );
        for tip in store.tips(Some(self.entry.row.id)).await? {
            let text = say(open_tip(&key, &tip.sealed)?.language);
            let row = self.message(tip.id, author, false, self.today, &text)?;
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
    ) -> Result<(), DeskError> {
        let reporter = self.entry.card.reporter(tip.id);
        if reporter.gone {
            return Ok(());
        }
        let key = self.office.case_key(&self.entry.row)?;
        let document = open_tip(&key, &tip.sealed)?;
        let sent = self.office.parts.store.outgoing_count(tip.id).await?;
        let before = self.entry.card.messages_before;
        let sequence = before.saturating_add(sent).saturating_add(1);
        let state = self.entry.row.state.told_as();
        let mut message = MailboxMessage::new(sequence, self.today, kind, state);
        tell_clock(self.office, &self.entry.clocks, &mut message);
        message.messages_read = reporter.messages_read;
        message.aftercare_answered_days = reporter.aftercare_answered_days;
        text.clone_into(&mut message.text);
        let to = document.mailbox.recipient.parse();
        let to = to.map_err(|_| DeskError::Damaged)?;
        let sealed = seal_message(&message, &to).map_err(|_| DeskError::BadText)?;
        self.change.outgoing.push(OutgoingRow {
            id: self.office.new_id(),
            message: row,
            tip: tip.id,
            mailbox: tip.mailbox,
            ciphertext: sealed.0.into_bytes(),
        });
        Ok(())
    }

    /// The change to store, and the case as the board shall have it afterwards.
    pub fn finish(mut self) -> Result<(Change, Entry), DeskError> {
        if self.is_new_fact {
            self.entry.row.changed_day = self.today;
        }
        self.change.case = self.entry.row.clone();
        self.change.case.card = seal_json(&self.entry.card, &self.to_case)?;
        self.entry.row.version += 1;
        Ok((self.change, self.entry))
    }
}

/// Writes into `message` by when the reporter is answered, and which rule says so.
pub fn tell_clock(office: &Office, clocks: &[ClockRow], message: &mut MailboxMessage) {
    let deadlines = &office.parts.deadlines;
    let told = clocks.iter().find_map(|clock| {
        let rule = deadlines.rule(&clock.rule)?;
        (clock.met_day.is_none() && rule.tell).then_some((clock, rule))
    });
    if let Some((clock, rule)) = told {
        message.due_day = Some(clock.due_day);
        message.due_is_provisional = clock.provisional;
        message.due_source_zh.clone_from(&rule.source_zh);
        message.due_source_en.clone_from(&rule.source_en);
    }
}

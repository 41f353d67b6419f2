//! Changing a case: what is stored with a change, put together in one place.

use super::files::attachment_rows;
use crate::cases::Entry;
use crate::deadlines::{ClockRule, Start};
use crate::model::{CaseState, Heard, HistoryText, MemberId, MessageText, Note};
use crate::office::{Office, OfficeError, open_json, open_tip, seal_json};
use crate::store::{
    AttachmentRow, Change, ClockRow, HistoryRow, MessageRow, OutgoingRow, PassingRow, ReplyId,
    StoredEnvelope, TipRow,
};
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use mifeng_sealing::tip::{
    Attachment, MailboxMessage, MessageKind, Said, SentItem, TipDocument, ToldClock,
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
                clocks: Vec::new(),
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

    /// Moves the case to `state`, with its clocks.
    pub fn enter(&mut self, state: CaseState) {
        let deadlines = &self.office.parts.deadlines;
        self.entry.row.state = state;
        if state.is_finished() {
            let card = &mut self.entry.card;
            (card.passing, card.leaves_day) = (None, None);
        }
        if matches!(state, CaseState::Declined | CaseState::Concluded) {
            self.entry.card.decided_day = Some(self.today);
        }
        self.meet(|rule| {
            state.is_finished() || rule.is_some_and(|rule| rule.met_by.contains(&state))
        });
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
        card.declined = None;
        card.findings.clear();
        card.objected = false;
        card.decided_day = None;
        for reporter in card.reporters.values_mut() {
            reporter.aftercare_answered_days = 0;
        }
        self.entry.row.state = CaseState::Reopened;
        self.stop_clocks(Start::Objection);
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

    /// Starts the clocks of an objection that came on `day`, unless one runs already.
    pub fn start_objection_clocks(&mut self, day: Day) {
        let deadlines = &self.office.parts.deadlines;
        for rule in deadlines.beginning(Start::Objection) {
            let mut clocks = self.entry.clocks.iter();
            if clocks.any(|clock| clock.rule == rule.id && clock.met_day.is_none()) {
                continue;
            }
            let due = deadlines.due(rule, day);
            let (id, case) = (self.office.new_id(), self.entry.row.id);
            let clock = ClockRow::new(id, case, rule, day, due);
            self.change.clocks.push(clock.clone());
            self.entry.clocks.push(clock);
        }
    }

    /// Stops the clock for passing it up, since the office handles it after all.
    pub fn stop_passing_clock(&mut self) {
        self.stop_clocks(Start::NotOurs);
    }

    /// Stops what runs of the clocks that begin at `start`.
    pub fn stop_clocks(&mut self, start: Start) {
        self.meet(|rule| rule.is_some_and(|rule| rule.start == start));
    }

    /// Stops what runs of the clocks whose rule says so; there is none where the rules have lost it.
    fn meet(&mut self, is_met: impl Fn(Option<&ClockRule>) -> bool) {
        let deadlines = &self.office.parts.deadlines;
        let clocks = self.entry.clocks.iter_mut();
        for clock in clocks.filter(|clock| clock.met_day.is_none()) {
            if is_met(deadlines.rule(&clock.rule)) {
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
    pub async fn messages_of(&self, tip: [u8; 16]) -> Result<u32, OfficeError> {
        let sent = self.office.parts.store.outgoing_count(tip).await?;
        let now = self.change.outgoing.iter().filter(|row| row.tip == tip);
        let now = u32::try_from(now.count()).unwrap_or(u32::MAX);
        let before = self.entry.card.messages_before;
        Ok(before.saturating_add(sent).saturating_add(now))
    }

    /// Gives a running clock another last day.
    pub fn move_clock(&mut self, mut clock: ClockRow) {
        clock.moved_times = clock.moved_times.saturating_add(1);
        clock.moved_day = Some(self.today);
        let clocks = self.entry.clocks.iter_mut();
        for known in clocks.filter(|known| known.id == clock.id) {
            known.clone_from(&clock);
        }
        self.change.moved.push(clock);
    }

    /// Lets what the reporter of `tip` said under `id` count once.
    pub fn count_once(&mut self, tip: [u8; 16], id: [u8; 32]) {
        self.change.reply = Some(ReplyId { tip, id });
    }

    /// Makes the list of what the reporter of `tip` sent, where there is none yet: from what was heard before lists were kept.
    pub async fn list_what_was_sent(&mut self, tip: [u8; 16]) -> Result<(), OfficeError> {
        if self.entry.card.reporter(tip).sent.is_some() {
            return Ok(());
        }
        let key = self.office.case_key(&self.entry.row)?;
        let rows = self.office.parts.store.messages(self.entry.row.id).await?;
        self.entry.card.reporter_mut(tip).sent = Some(Vec::new());
        let heard = rows.iter().map(|(row, _)| row);
        for row in heard.filter(|row| row.from_reporter && row.tip == tip) {
            let words: MessageText = open_json(&key, &row.sealed)?;
            // How each came was not kept then.
            if words.heard.is_none() {
                let said = Said::Addition { text: words.text };
                let item = SentItem::of(row.day, &said, 0, 0);
                if let Some(item) = item {
                    self.entry.card.list_sent(tip, item);
                }
            }
        }
        Ok(())
    }

    /// Keeps what the reporter of `tip` wrote.
    pub fn hear(
        &mut self,
        tip: [u8; 16],
        day: Day,
        text: &str,
        heard: Heard,
    ) -> Result<(), OfficeError> {
        self.entry.card.reporter_wrote = true;
        self.entry.card.wrote_day = Some(self.today);
        self.entry.haystack.add(text);
        self.keep_heard(tip, day, text, heard)
    }

    /// Keeps words of which nothing tells that the reporter of `tip` wrote them: nobody is taken from the case for being
    /// named in them, and the case is as old as it was.
    pub fn overhear(
        &mut self,
        tip: [u8; 16],
        day: Day,
        text: &str,
        heard: Heard,
    ) -> Result<(), OfficeError> {
        self.keep_day();
        self.entry.card.unproven_words = true;
        self.keep_heard(tip, day, text, heard)
    }

    fn keep_heard(
        &mut self,
        tip: [u8; 16],
        day: Day,
        text: &str,
        heard: Heard,
    ) -> Result<(), OfficeError> {
        let words = MessageText {
            author: None,
            text: text.to_owned(),
            heard: Some(heard),
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
            heard: None,
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
        let reporter = self.entry.card.reporter(tip.id);
        if reporter.gone {
            return Ok(());
        }
        let key = self.office.case_key(&self.entry.row)?;
        let document = open_tip(&key, &tip.sealed)?;
        let sequence = self.messages_of(tip.id).await?.saturating_add(1);
        let state = self.entry.row.state.told_as();
        let mut message = MailboxMessage::new(sequence, self.today, kind, state);
        tell_clock(
            self.office,
            &self.entry.clocks,
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

    /// The change to store, and the case as the board shall have it afterwards.
    pub fn finish(mut self) -> Result<(Change, Entry), OfficeError> {
        if self.is_new_fact {
            self.entry.row.changed_day = self.today;
        }
        self.change.case = self.entry.row.clone();
        self.change.case.card = seal_json(&self.entry.card, &self.to_case)?;
        self.entry.row.version += 1;
        Ok((self.change, self.entry))
    }
}

/// A tip in the list of what its reporter sent.
pub fn sent_tip(tip: &TipDocument) -> SentItem {
    SentItem::of_tip(tip.received_day, &tip.text, tip.attachments.len())
}

/// Writes into `message` by when the reporter is answered, and which rule says so.
pub fn tell_clock(
    office: &Office,
    clocks: &[ClockRow],
    language: Language,
    message: &mut MailboxMessage,
) {
    let deadlines = &office.parts.deadlines;
    let told = clocks.iter().filter_map(|clock| {
        let rule = deadlines.rule(&clock.rule)?;
        (rule.tell || rule.promised).then_some((clock, rule))
    });
    let mut told: Vec<_> = told.collect();
    told.sort_by_key(|(clock, _)| clock.due_day);
    // A case that was opened again has several of one rule: the latest is what holds.
    let latest: BTreeMap<_, _> = told
        .iter()
        .map(|(clock, rule)| (&rule.id, (*clock, *rule)))
        .collect();
    let days = latest.into_values().map(|(clock, rule)| ToldClock {
        rule: rule.id.clone(),
        due_day: clock.due_day,
        // What was promised first stays said.
        first_due_day: (clock.extended_days > 0)
            .then(|| deadlines.due(rule, clock.start_day).day)
            .filter(|first| *first < clock.due_day),
        met_day: clock.met_day,
    });
    message.clocks = days.collect();
    message.clocks.sort_by_key(|clock| clock.due_day);
    let mut running = told
        .iter()
        .filter(|(clock, rule)| clock.met_day.is_none() && rule.tell);
    if let Some((clock, rule)) = running.next() {
        message.due_day = Some(clock.due_day);
        message.due_is_provisional = clock.provisional;
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

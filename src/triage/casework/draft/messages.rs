//! What a change of a case says: messages that came, and answers that go.

use super::Draft;
use crate::model::{MessageText, ReceivedWords};
use crate::office::{Office, OfficeError, open_json, open_tip, seal_json};
use crate::store::{DeadlineRow, MessageRow, OutgoingRow, TipRow};
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use mifeng_sealing::seal_message;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Said, SentItem, TipDocument, ToldDeadline};
use std::collections::BTreeMap;

impl Draft<'_> {
    /// How many messages the mailbox of a tip has once this is done, with those of an office that passed it up.
    pub async fn messages_of(&self, tip: [u8; 16]) -> Result<u32, OfficeError> {
        let sent = self.office.parts.store.outgoing_count(tip).await?;
        let now = self.change.outgoing.iter().filter(|row| row.tip == tip);
        let now = u32::try_from(now.count()).unwrap_or(u32::MAX);
        let before = self.entry.summary.messages_before;
        Ok(before.saturating_add(sent).saturating_add(now))
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

    pub(super) fn add_received_message(
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

    pub(super) fn message(
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

    pub(super) fn add_message(
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

    pub(super) async fn post(
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
}

/// A tip in the list of what its reporter sent.
#[must_use]
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

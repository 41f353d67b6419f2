//! Reading one mailbox with its code in hand: the only thing that intake can open, and only while a reporter is
//! there. It opens nothing of an office's: the key comes from a pickup code and from nowhere else.

use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{aead_decrypt, hkdf};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, SentItem, SentKind, Status, ToldDeadline};
use mifeng_sealing::{MailboxSecrets, check_header, seal_message};
use std::io::Read as _;
use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::{Zeroize as _, Zeroizing};

const STANZA_TAG: &str = "X25519";
const STANZA_LABEL: &[u8] = b"age-encryption.org/v1/X25519";

/// Largest message that is read, in bytes.
const MESSAGE_MAX_BYTES: u64 = 1024 * 1024;

/// Messages are opened so many at a time, dummies among them: a mailbox with one takes the work of one with eight.
const OPENED_AT_ONCE: usize = 8;

/// The rule of the office's deadlines under which an objection is answered.
pub const OBJECTION_RULE: &str = "objection";

/// What a reporter is shown.
#[derive(Clone, Debug)]
pub struct MailboxContent {
    /// The message that came last: where the tip stands, and by when the office answers.
    pub latest: Option<MailboxMessage>,
    /// Messages with words, oldest first.
    pub messages: Vec<MailboxMessage>,
    /// Each state with the day it was reached, oldest first.
    pub timeline: Vec<(Day, Status)>,
    /// The day on which the mailbox was opened before, where that is known.
    pub opened_before: Option<Day>,
}

impl MailboxContent {
    /// Where the tip stands.
    #[must_use]
    pub fn status(&self) -> Status {
        self.latest.as_ref().map_or(Status::Stored, |m| m.status)
    }

    /// By when the office answers, while a deadline runs.
    #[must_use]
    pub fn due_day(&self) -> Option<Day> {
        self.latest.as_ref().and_then(|m| m.due_day)
    }

    /// Whether that day may move.
    #[must_use]
    pub fn due_is_provisional(&self) -> bool {
        self.latest.as_ref().is_some_and(|m| m.due_is_provisional)
    }

    /// What the reporter sent so far, oldest first.
    #[must_use]
    pub fn sent(&self) -> &[SentItem] {
        self.latest.as_ref().map_or(&[], |latest| &latest.sent)
    }

    /// What was promised, by its last day, with what was done.
    #[must_use]
    pub fn promised(&self) -> &[ToldDeadline] {
        self.latest.as_ref().map_or(&[], |latest| &latest.deadlines)
    }

    /// How much was sent between the first of these and the rest, and is not among them.
    #[must_use]
    pub fn sent_left_out(&self) -> u32 {
        self.latest.as_ref().map_or(0, |m| m.sent_left_out)
    }

    /// By when the office answers an objection, while that deadline runs.
    #[must_use]
    pub fn objection_day(&self) -> Option<Day> {
        let deadlines = &self.latest.as_ref()?.deadlines;
        let deadline = deadlines
            .iter()
            .find(|deadline| deadline.rule == OBJECTION_RULE && deadline.met_day.is_none());
        deadline.map(|deadline| deadline.due_day)
    }

    /// The question that waits for an answer: the last one, if nothing was sent since, nothing was decided, and the mailbox
    /// is not closed.
    #[must_use]
    pub fn question(&self) -> Option<&MailboxMessage> {
        let settles = |m: &&MailboxMessage| {
            use MessageKind::{Closed, Question, Result};
            matches!(m.kind, Question | Result | Closed)
        };
        let last = self.messages.iter().rfind(settles);
        let question = last.filter(|m| m.kind == MessageKind::Question)?;
        let answers = |item: &&SentItem| {
            !matches!(item.kind, SentKind::Tip | SentKind::Aftercare)
                && item.after >= question.sequence
        };
        self.sent()
            .iter()
            .find(answers)
            .is_none()
            .then_some(question)
    }

    /// The day of the decision that stands, if there is one.
    #[must_use]
    pub fn decided_day(&self) -> Option<Day> {
        let (day, status) = self.timeline.last()?;
        matches!(status, Status::Concluded | Status::Declined).then_some(*day)
    }
}

/// Opens what lies in a mailbox. A message that does not open is left out: it was not sealed to this code. The work
/// is the same for a mailbox that is unknown, empty or holds a few: what is missing is made up by a dummy.
#[must_use]
pub fn read_mailbox(secrets: &MailboxSecrets, sealed: &[Vec<u8>], today: Day) -> MailboxContent {
    let key = MailboxKey(secrets.mailbox_secret());
    let dummy = dummy(secrets, today);
    let mut messages: Vec<MailboxMessage> = sealed
        .iter()
        .filter_map(|file| open_message(&key, file))
        .collect();
    let places = sealed.len().max(1).next_multiple_of(OPENED_AT_ONCE);
    for _ in sealed.len()..places {
        std::hint::black_box(open_message(&key, &dummy));
    }
    messages.sort_by_key(|message| message.sequence);
    let mut timeline: Vec<(Day, Status)> = Vec::new();
    for message in &messages {
        if timeline.last().map(|(_, status)| *status) != Some(message.status) {
            timeline.push((message.day, message.status));
        }
    }
    MailboxContent {
        latest: messages.last().cloned(),
        opened_before: None,
        timeline,
        messages: messages
            .into_iter()
            .filter(|message| message.kind != MessageKind::Status || !message.text.is_empty())
            .collect(),
    }
}

fn dummy(secrets: &MailboxSecrets, today: Day) -> Vec<u8> {
    let message = MailboxMessage::new(1, today, MessageKind::Status, Status::Received);
    let recipient = secrets.recipient().parse();
    let recipient = recipient.expect("a mailbox's recipient is always one");
    let sealed = seal_message(&message, &recipient);
    sealed.map_or_else(|_| Vec::new(), |sealed| sealed.0.into_bytes())
}

fn open_message(key: &MailboxKey, file: &[u8]) -> Option<MailboxMessage> {
    check_header(file).ok()?;
    #[expect(
        clippy::disallowed_types,
        reason = "reads a mailbox, with its code in hand"
    )]
    let decryptor = age::Decryptor::new_buffered(file).ok()?;
    let reader = decryptor
        .decrypt(std::iter::once(key as &dyn age::Identity))
        .ok()?;
    let mut json = Zeroizing::new(Vec::with_capacity(file.len()));
    reader.take(MESSAGE_MAX_BYTES).read_to_end(&mut json).ok()?;
    MailboxMessage::from_json(&json).ok()
}

/// A mailbox's private key, as age's X25519 recipient type defines it (C2SP age.md).
struct MailboxKey(StaticSecret);

impl age::Identity for MailboxKey {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, age::DecryptError>> {
        if stanza.tag != STANZA_TAG {
            return None;
        }
        let invalid = || Some(Err(age::DecryptError::InvalidHeader));
        let [argument] = stanza.args.as_slice() else {
            return invalid();
        };
        let share: Option<[u8; 32]> = BASE64_STANDARD_NO_PAD
            .decode(argument)
            .ok()
            .and_then(|bytes| bytes.try_into().ok());
        let Some(share) = share else {
            return invalid();
        };
        let theirs = PublicKey::from(share);
        let shared = self.0.diffie_hellman(&theirs);
        if !shared.was_contributory() {
            return invalid();
        }
        let mut salt = [0; 64];
        salt[..32].copy_from_slice(theirs.as_bytes());
        salt[32..].copy_from_slice(PublicKey::from(&self.0).as_bytes());
        let wrapping = Zeroizing::new(hkdf(&salt, STANZA_LABEL, shared.as_bytes()));
        let mut opened = aead_decrypt(&wrapping, FILE_KEY_BYTES, &stanza.body).ok()?;
        Some(Ok(FileKey::init_with_mut(|file_key| {
            file_key.copy_from_slice(&opened);
            opened.zeroize();
        })))
    }
}

//! One envelope: opened in memory, compared, routed, clocked, stored, answered; or put into quarantine.

use crate::clock::Day;
use crate::opening::{Identity, OpenError, open_with};
use crate::relay::AttachmentEntry;
use crate::sealing::{ContentHash, EnvelopeKind, LookupDigest, Recipient, seal_message};
use crate::telemetry::{Event, log};
use crate::tip::{
    Category, Channel, MailboxMessage, MessageKind, ReplyDocument, Status, TipDocument,
    is_within_limits,
};
use crate::triage::cases::{Card, CaseState, Entry, HistoryText, tell_clock};
use crate::triage::deadlines::Start;
use crate::triage::desk::DeskError;
use crate::triage::office::{Office, haystack_of, seal, seal_json};
use crate::triage::rounds::filing::{text_of_tip, texts_of_files};
use crate::triage::routing::{Matter, choose_handler, is_recused};
use crate::triage::staff::{Member, MemberId};
use crate::triage::store::{
    CaseId, CaseRow, ClockRow, HistoryRow, NewTip, OpeningRow, OutgoingRow, QuarantineRow,
    QuarantineState, StoredEnvelope, TipRow, TipStored,
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// An envelope as fetched.
#[derive(Clone, Debug)]
pub struct Arrived {
    /// Its id at intake.
    pub id: [u8; 16],
    /// Tip or reply, as intake says.
    pub kind: EnvelopeKind,
    /// The day it came to intake.
    pub received_day: Day,
    /// The age file.
    pub ciphertext: Vec<u8>,
    /// The files that came with it, as intake lists them.
    pub files: Vec<AttachmentEntry>,
}

/// A tip about to become a case.
pub(in crate::triage) struct Arriving<'a> {
    pub envelope: &'a StoredEnvelope,
    pub tip: &'a TipDocument,
    /// The same as it stood in its seal.
    pub json: &'a [u8],
    pub mailbox: LookupDigest,
    pub to_reporter: Recipient,
    /// The mailbox to open, where the tip was typed in here.
    pub opening: Option<OpeningRow>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ingested {
    /// A case with this number was opened.
    Case(String),
    /// It was added to its case.
    Reply,
    /// It was stored before.
    Known,
    /// It is kept apart, for this reason.
    Quarantined(&'static str),
}

/// Why an envelope is kept apart, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Aside(&'static str);

impl Office {
    /// Takes an envelope in, exactly once: what it returns is durable.
    ///
    /// # Errors
    /// What the store says; an envelope that cannot be read is no error.
    pub async fn ingest(&self, arrived: &Arrived) -> Result<Ingested, DeskError> {
        let _alone = self.turns.alone().await;
        let envelope = StoredEnvelope {
            content: ContentHash::of(&arrived.ciphertext),
            intake_id: arrived.id,
            received_day: arrived.received_day,
            from_quarantine: false,
        };
        if !self
            .parts
            .store
            .known(&[envelope.content])
            .await?
            .is_empty()
        {
            return Ok(Ingested::Known);
        }
        let opened = self
            .open_envelope(&envelope, Some(arrived.kind), &arrived.ciphertext)
            .await?;
        match opened {
            Ok(ingested) => Ok(ingested),
            Err(reason) => self.put_aside(&envelope, arrived, reason).await,
        }
    }

    /// Opens an envelope and takes in what is in it; the error says why it is to be kept apart. Without a kind what is in it
    /// says which it is.
    pub(in crate::triage) async fn open_envelope(
        &self,
        envelope: &StoredEnvelope,
        kind: Option<EnvelopeKind>,
        ciphertext: &[u8],
    ) -> Result<Result<Ingested, &'static str>, DeskError> {
        let json = match open_with(&self.identities(), ciphertext) {
            Err(OpenError::Header(_)) => return Ok(Err("header")),
            Err(OpenError::WrongKey) => return Ok(Err("wrong-key")),
            Err(_) => return Ok(Err("damaged")),
            Ok(json) => json,
        };
        let kind = kind.unwrap_or_else(|| match ReplyDocument::from_json(&json) {
            Ok(_) => EnvelopeKind::Reply,
            Err(_) => EnvelopeKind::Tip,
        });
        match kind {
            EnvelopeKind::Tip => self.ingest_tip(envelope, &json).await,
            EnvelopeKind::Reply => self.ingest_reply(envelope, &json).await,
        }
    }

    async fn put_aside(
        &self,
        envelope: &StoredEnvelope,
        arrived: &Arrived,
        reason: &'static str,
    ) -> Result<Ingested, DeskError> {
        let row = QuarantineRow {
            id: arrived.id,
            content: envelope.content,
            size_bytes: arrived.ciphertext.len() as u64,
            ciphertext: arrived.ciphertext.clone(),
            kind: Some(arrived.kind),
            reason: reason.to_owned(),
            received_day: arrived.received_day,
            state: QuarantineState::Waiting,
            version: 1,
            tried_day: None,
            decided: None,
            signed: None,
            why: None,
        };
        let files = self.kept_file_rows(envelope, &arrived.files);
        let store = &self.parts.store;
        store.store_quarantined(envelope, &row, &files).await?;
        log(Event::Quarantined {
            id: &hex::encode(arrived.id),
            cause: &Aside(reason),
        });
        Ok(Ingested::Quarantined(reason))
    }

    async fn ingest_tip(
        &self,
        envelope: &StoredEnvelope,
        json: &[u8],
    ) -> Result<Result<Ingested, &'static str>, DeskError> {
        let Ok(tip) = TipDocument::from_json(json) else {
            return Ok(Err("not-a-tip"));
        };
        // What was sealed in a browser was looked at by nobody before.
        if !is_within_limits(&tip.text, &[&tip.school, &tip.subject, &tip.when]) {
            return Ok(Err("not-a-tip"));
        }
        // A stranger may have sealed it: calls, letters and visits are typed in here, and never come this way.
        if tip.channel != Channel::Web {
            return Ok(Err("not-a-tip"));
        }
        let mailbox = LookupDigest::from_hex(&tip.mailbox.lookup_digest);
        let (Some(mailbox), Ok(to_reporter)) =
            (mailbox, tip.mailbox.recipient.parse::<Recipient>())
        else {
            return Ok(Err("not-a-tip"));
        };
        let text = HistoryText {
            actor: None,
            key: "received".to_owned(),
            detail: String::new(),
            about: None,
        };
        let arriving = Arriving {
            envelope,
            tip: &tip,
            json,
            mailbox,
            to_reporter,
            opening: None,
        };
        Ok(match self.open_new(&arriving, &text).await? {
            TipStored::New(number) => Ok(Ingested::Case(number)),
            TipStored::Known => Ok(Ingested::Known),
            TipStored::MailboxTaken => Err("not-a-tip"),
        })
    }

    /// Opens a case for a tip: routed, clocked, stored once, and its reporter told.
    pub(in crate::triage) async fn open_new(
        &self,
        arriving: &Arriving<'_>,
        text: &HistoryText,
    ) -> Result<TipStored, DeskError> {
        let (envelope, tip, mailbox) = (arriving.envelope, arriving.tip, arriving.mailbox);
        let members = self.parts.directory.members().await?;
        let case_key = Identity::generate();
        let mut entry = self.new_entry(envelope, tip, &case_key, &members)?;
        let case = case_key.recipient();
        let tip_id = self.new_id();
        let new = NewTip {
            envelope: *envelope,
            tip: TipRow {
                id: tip_id,
                case: entry.row.id,
                content: envelope.content,
                received_day: envelope.received_day,
                mailbox,
                sealed: seal(arriving.json.trim_ascii_end(), &case)?,
                sketch: entry.sketch.seal(&tip_id, &self.sketch_key, self.entropy()),
            },
            clocks: entry.clocks.clone(),
            history: vec![HistoryRow {
                id: self.new_id(),
                day: self.today(),
                sealed: seal_json(text, &case)?,
            }],
            outgoing: vec![OutgoingRow {
                id: acknowledgement_id(&envelope.content),
                message: None,
                tip: tip_id,
                mailbox,
                ciphertext: self.acknowledgement(&entry, &arriving.to_reporter)?,
            }],
            mail: self.told_of(&entry, &members),
            attachments: self.attachment_rows(
                envelope,
                entry.row.id,
                tip_id,
                &tip.attachments,
                &case,
            )?,
            opening: arriving.opening,
            rewrap: self.first_wraps(&entry, &case_key, &members)?,
            case: CaseRow {
                card: seal_json(&entry.card, &case)?,
                ..entry.row.clone()
            },
        };
        let given = new.rewrap.give.iter().map(|(member, _)| *member);
        entry.holders = given.collect();
        let stored = self.parts.store.store_tip(&new).await?;
        if let TipStored::New(number) = &stored {
            entry.row.number.clone_from(number);
            let mut texts = texts_of_files(&case_key, &new.attachments)?;
            texts.push(text_of_tip(tip));
            self.file(&entry.row, texts);
            self.board_mut(|board| board.add(tip_id, entry));
        }
        Ok(stored)
    }

    fn new_entry(
        &self,
        envelope: &StoredEnvelope,
        tip: &TipDocument,
        key: &Identity,
        members: &[Member],
    ) -> Result<Entry, DeskError> {
        let (rules, case) = (self.rules(), CaseId(self.new_id()));
        let school = rules.school(&tip.school);
        let choice = rules.choose(tip.category, school);
        let haystack = haystack_of(tip);
        let sketch = self.sketch_of(tip, envelope.received_day);
        let school_id = school.map(|school| school.id.clone());
        let routed = self.board(|board| {
            let mut mates = board.same_text(&sketch).into_iter();
            let mate = mates.find_map(|mate| Some((mate.row.handler?, mate.row.number.as_str())));
            let recused =
                |member: &Member| is_recused(member, school_id.as_deref(), &haystack, &rules);
            let matter = Matter {
                category: tip.category,
                today: self.today(),
                recused: &recused,
            };
            choose_handler(&choice, members, &board.load(), &matter, mate)
        });
        let card = Card {
            category: tip.category,
            school_id: school_id.clone(),
            school: tip.school.clone(),
            subject: tip.subject.clone(),
            unit: choice.unit.clone(),
            reasons: routed.reasons,
            outcome: None,
            findings: Vec::new(),
            mode: None,
            closing: None,
            deletion: None,
            hold: None,
            co_handlers: BTreeSet::new(),
            opinions: Vec::new(),
            handled_by: BTreeSet::new(),
            recused: BTreeSet::new(),
            reporter_wrote: false,
            objected: false,
            handler_before: None,
            reporters: BTreeMap::new(),
            messages_before: tip.messages_before,
        };
        let row = CaseRow {
            id: case,
            number: String::new(),
            state: CaseState::Received,
            handler: routed.handler,
            opened_day: envelope.received_day,
            changed_day: self.today(),
            version: 1,
            recipient: key.recipient().to_string(),
            wrapped_identity: key
                .wrap(&self.parts.identity.recipient())
                .map_err(|_| DeskError::Damaged)?,
            card: Vec::new(),
            joined: None,
        };
        let mut clocks = self.first_clocks(case, envelope.received_day, &card);
        if self.names_a_leader(&card.subject) {
            clocks.extend(self.passing_clocks(case, envelope.received_day, &clocks));
        }
        Ok(Entry {
            row,
            card,
            clocks,
            haystack,
            sketch,
            holders: Vec::new(),
        })
    }

    fn first_clocks(&self, case: CaseId, received: Day, card: &Card) -> Vec<ClockRow> {
        let deadlines = &self.parts.deadlines;
        let rules = deadlines.starting(card.category, Start::Receipt);
        rules
            .map(|rule| {
                let due = deadlines.due(rule, received);
                ClockRow::new(self.new_id(), case, rule, received, due)
            })
            .collect()
    }

    fn acknowledgement(&self, entry: &Entry, to: &Recipient) -> Result<Vec<u8>, DeskError> {
        let first = entry.card.messages_before.saturating_add(1);
        let mut message =
            MailboxMessage::new(first, self.today(), MessageKind::Status, Status::Received);
        tell_clock(self, &entry.clocks, &mut message);
        let sealed = seal_message(&message, to).map_err(|_| DeskError::BadText)?;
        Ok(sealed.0.into_bytes())
    }

    /// Who is reminded of a new case: its handler, and for harm to a child, or where nobody could be given it, the
    /// supervisors at once.
    fn told_of(&self, entry: &Entry, members: &[Member]) -> Vec<([u8; 16], MemberId)> {
        let supervisors = match entry.card.category {
            Category::ChildHarm => self.supervisors(std::slice::from_ref(entry), members),
            _ if entry.row.handler.is_none() => {
                self.supervisors(std::slice::from_ref(entry), members)
            }
            _ => Vec::new(),
        };
        let all = entry.row.handler.into_iter().chain(supervisors);
        all.map(|member| (self.new_id(), member)).collect()
    }
}

/// The id of an automatic acknowledgement: from the content's hash, so that a restored triage repeats none.
fn acknowledgement_id(content: &ContentHash) -> [u8; 16] {
    let digest = Sha256::new()
        .chain_update(b"mifeng/ack/1")
        .chain_update(content.as_bytes())
        .finalize();
    digest[..16].try_into().expect("a SHA-256 has 32 bytes")
}

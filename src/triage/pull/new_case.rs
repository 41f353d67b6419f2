//! A case opened for a tip: compared, routed, clocked, stored once, and its reporter told.

use crate::clock::Day;
use crate::opening::Identity;
use crate::sealing::{ContentHash, LookupDigest, Recipient, seal_message};
use crate::supervisor::fenced_now;
use crate::telemetry::{Event, log};
use crate::tip::{Category, MailboxMessage, MessageKind, Status, TipDocument};
use crate::triage::cases::{Card, CaseNumber, CaseState, Entry, HistoryText, sent_tip, tell_clock};
use crate::triage::deadlines::Start;
use crate::triage::desk::DeskError;
use crate::triage::office::{Office, haystack_of, seal, seal_json};
use crate::triage::rounds::filing::{text_of_tip, texts_of_files};
use crate::triage::routing::{Matter, choose_handler};
use crate::triage::staff::{Member, MemberId};
use crate::triage::store::{
    CaseId, CaseRow, ClockRow, HistoryRow, NewTip, OpeningRow, OutgoingRow, StoredEnvelope, TipRow,
    TipStored,
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

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

impl Office {
    /// Opens a case for a tip: routed, clocked, stored once, and its reporter told.
    pub(in crate::triage) async fn open_new(
        &self,
        arriving: &Arriving<'_>,
        text: &HistoryText,
    ) -> Result<TipStored, DeskError> {
        let (envelope, tip, mailbox) = (arriving.envelope, arriving.tip, arriving.mailbox);
        let members = self.parts.directory.members().await?;
        self.settle(&members);
        let case_key = Identity::generate();
        let mut entry = self.new_entry(envelope, tip, &case_key, &members)?;
        let case = case_key.recipient();
        let tip_id = self.new_id();
        let new = NewTip {
            envelope: *envelope,
            numbers: CaseNumber::of_envelope(&self.number_key, &envelope.content),
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
                ciphertext: self.acknowledgement(&entry, tip, &arriving.to_reporter)?,
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
        let mut texts = texts_of_files(&case_key, &new.attachments)?;
        texts.push(text_of_tip(tip));
        let stored = self.parts.store.store_tip(&new).await?;
        if let TipStored::New(number) = &stored {
            entry.row.number.clone_from(number);
            let row = entry.row.clone();
            self.board_mut(|board| board.add(tip_id, entry));
            self.settle(&members);
            // It is stored, and has its handler: what fails now is found again by the next start.
            if let Err(cause) = fenced_now(|| self.file(&row, texts)) {
                log(Event::RequestFailed {
                    place: "search",
                    cause: &cause,
                });
            }
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
        let sketch = Arc::new(self.sketch_of(tip, envelope.received_day));
        let school_id = school.map(|school| school.id.clone());
        let (routed, mate) = self.board(|board| {
            let (school, day) = (school_id.as_deref(), envelope.received_day);
            let recused = |member: &Member| {
                self.involved_in(member, school, (&haystack, day), &BTreeSet::new())
                    .keeps()
            };
            let kept = Self::kept_from(members, recused);
            // Whom it is given to is seen by all others: no case has a say in it that one of them may not see.
            let mates = board.same_text(&sketch).into_iter();
            let mut mates = mates.filter(|mate| board.may_speak(mate.row.id, &kept));
            let mate = mates.find_map(|mate| Some((mate.row.handler?, mate.row.id)));
            let matter = Matter {
                category: tip.category,
                today: self.today(),
                recused: &recused,
            };
            let handler = mate.map(|(handler, _)| handler);
            let routed = choose_handler(
                &choice,
                members,
                &board.load_without(&kept),
                &matter,
                handler,
            );
            (routed, mate)
        });
        let card = Card {
            category: tip.category,
            school_id: school_id.clone(),
            school: tip.school.clone(),
            subject: tip.subject.clone(),
            unit: choice.unit.clone(),
            same_text_as: mate
                .filter(|_| routed.with_mate)
                .map(|(_, case)| hex::encode(case.0)),
            reasons: routed.reasons,
            outcome: None,
            findings: Vec::new(),
            mode: None,
            closing: None,
            deletion: None,
            passing: None,
            leaves_day: None,
            hold: None,
            co_handlers: BTreeSet::new(),
            opinions: Vec::new(),
            handled_by: BTreeSet::new(),
            recused: BTreeSet::new(),
            not_meant: BTreeMap::new(),
            reporter_wrote: false,
            unproven_words: false,
            objected: false,
            decided_day: None,
            wrote_day: None,
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
        if self.names_a_leader(&card.subject, envelope.received_day) {
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

    fn acknowledgement(
        &self,
        entry: &Entry,
        tip: &TipDocument,
        to: &Recipient,
    ) -> Result<Vec<u8>, DeskError> {
        let first = entry.card.messages_before.saturating_add(1);
        let mut message =
            MailboxMessage::new(first, self.today(), MessageKind::Status, Status::Received);
        message.sent = vec![sent_tip(tip)];
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

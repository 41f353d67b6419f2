//! A case opened for a tip: compared, routed, given deadlines, stored once, and its reporter told.

use crate::cases::Entry;
use crate::casework::{attachment_rows, sent_tip, tell_deadlines};
use crate::deadlines::Start;
use crate::model::{CaseId, CaseNumber, CaseState, CaseSummary, HistoryText, Member, MemberId};
use crate::office::filing::{text_of_tip, texts_of_files};
use crate::office::{Office, OfficeError, name_search_text_of, seal, seal_json};
use crate::routing::{Matter, Rules, UnitChoice, choose_handler};
use crate::search::Text;
use crate::store::{
    CaseRow, DeadlineRow, HistoryRow, NewTip, OpeningRow, OutgoingRow, Rewrap, StoredEnvelope,
    TipRow, TipStored,
};
use mifeng_foundation::clock::Day;
use mifeng_foundation::supervisor::fenced_now;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::Identity;
use mifeng_sealing::tip::{Category, MailboxMessage, MessageKind, Status, TipDocument};
use mifeng_sealing::{ContentHash, LookupDigest, Recipient, seal_message};
use mifeng_similarity::TipId;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A tip about to become a case.
pub(crate) struct Arriving<'a> {
    pub envelope: &'a StoredEnvelope,
    pub tip: &'a TipDocument,
    /// The same as it stood in its seal.
    pub json: &'a [u8],
    pub mailbox: LookupDigest,
    pub to_reporter: Recipient,
    /// The mailbox to open, where the tip was typed in here.
    pub opening: Option<OpeningRow>,
}

/// A new case with all that is to be stored of it, as far as it is made.
pub(crate) struct NewCase {
    /// What is stored; its summary, its mail and whom its key is given to follow from who handles it.
    new: NewTip,
    entry: Entry,
    key: Identity,
    to_case: Recipient,
    choice: UnitChoice,
    /// Who is kept from it by a recusal.
    kept: BTreeSet<MemberId>,
    /// What is searched for in it.
    texts: Vec<Text>,
}

/// The accounts and the rules that new cases are opened under.
pub(crate) struct Staffing {
    pub members: Vec<Member>,
    pub rules: Arc<Rules>,
}

impl Office {
    /// The accounts and the rules as they are now, by which the caseload knows who may see what.
    pub(crate) async fn staffing(&self) -> Result<Staffing, OfficeError> {
        let members = self.parts.directory.members().await?;
        self.settle(&members);
        let rules = self.rules();
        Ok(Staffing { members, rules })
    }

    /// Opens a case for a tip: routed, given deadlines, stored once, and its reporter told.
    pub(crate) async fn open_new(
        &self,
        arriving: &Arriving<'_>,
        text: &HistoryText,
    ) -> Result<TipStored, OfficeError> {
        let staffing = self.staffing().await?;
        let mut case = self.new_case(arriving, text, &staffing)?;
        self.route(&mut case, &[], &staffing);
        self.give_to_handler(&mut case, &staffing)?;
        let write = self.unconfirmed([case.new.case.id]);
        let stored = self.parts.store.store_tip(&case.new).await?;
        if let TipStored::New(number) = &stored {
            let words = self.opened(case.into_opened().1, number);
            self.file_words(words);
        }
        write.confirmed();
        Ok(stored)
    }

    /// All that can be made of a new case before it is known who handles it.
    pub(super) fn new_case(
        &self,
        arriving: &Arriving<'_>,
        text: &HistoryText,
        staffing: &Staffing,
    ) -> Result<NewCase, OfficeError> {
        let (envelope, tip, mailbox) = (arriving.envelope, arriving.tip, arriving.mailbox);
        let rules = &staffing.rules;
        let school = rules.school(&tip.school);
        let choice = rules.choose(tip.category, school);
        let school = school.map(|school| school.id.clone());
        let key = Identity::generate();
        let to_case = key.recipient();
        let numbers = CaseNumber::of_envelope(&self.number_key, &envelope.content);
        let mut entry = self.new_entry(envelope, tip, (&key, &to_case), school, &choice)?;
        // That it will have, unless another case has it.
        entry.row.number.clone_from(&numbers[0]);
        let recused = |member: &Member| {
            let (school, day) = (entry.summary.school_id.as_deref(), envelope.received_day);
            let tip = (&entry.name_search_text, day);
            self.involved_in(member, school, tip, &BTreeSet::new())
                .keeps()
        };
        let kept = Self::kept_from(&staffing.members, recused);
        let tip_id = self.new_id();
        let files = &tip.attachments;
        let attachments = attachment_rows(self, envelope, entry.row.id, tip_id, files, &to_case)?;
        let mut texts = texts_of_files(&key, &attachments)?;
        texts.push(text_of_tip(tip));
        let new = NewTip {
            envelope: *envelope,
            numbers,
            tip: TipRow {
                id: tip_id,
                case: entry.row.id,
                content: envelope.content,
                received_day: envelope.received_day,
                mailbox,
                sealed: seal(arriving.json.trim_ascii_end(), &to_case)?,
                sketch: entry.sketch.seal(&tip_id, &self.sketch_key, self.entropy()),
            },
            deadlines: entry.deadlines.clone(),
            history: vec![HistoryRow {
                id: self.new_id(),
                day: self.today(),
                sealed: seal_json(text, &to_case)?,
            }],
            outgoing: vec![OutgoingRow {
                id: acknowledgement_id(&envelope.content),
                message: None,
                tip: tip_id,
                mailbox,
                ciphertext: self.acknowledgement(&entry, tip, &arriving.to_reporter)?,
            }],
            mail: Vec::new(),
            attachments,
            opening: arriving.opening,
            rewrap: Rewrap {
                case: entry.row.id,
                give: Vec::new(),
                take: Vec::new(),
            },
            case: entry.row.clone(),
        };
        Ok(NewCase {
            new,
            entry,
            key,
            to_case,
            choice,
            kept,
            texts,
        })
    }

    /// Chooses who handles a new case, as if those in `before` were open already.
    pub(super) fn route(&self, case: &mut NewCase, before: &[NewCase], staffing: &Staffing) {
        let kept = &case.kept;
        // Whom it is given to is seen by all others: no case has a say in it that one of them may not see.
        let before = || before.iter().filter(|one| one.kept.is_subset(kept));
        let (mut load, mate) = self.caseload(|caseload| {
            let mates = caseload.same_text(&case.entry.sketch).into_iter();
            let mates = mates.filter(|mate| caseload.may_speak(mate.row.id, kept));
            let new = before().filter(|one| one.entry.sketch.is_same_text(&case.entry.sketch));
            let mates = mates.chain(new.map(|one| &one.entry));
            let handled = mates.filter_map(|mate| Some((&mate.row, mate.row.handler?)));
            let first = handled.min_by_key(|(row, _)| (row.opened_day, row.number.clone()));
            let mate = first.map(|(row, handler)| (handler, row.id));
            (caseload.load_without(kept), mate)
        });
        for handler in before().filter_map(|one| one.entry.row.handler) {
            *load.entry(handler).or_default() += 1;
        }
        let recused = |member: &Member| kept.contains(&member.id);
        let matter = Matter {
            category: case.entry.summary.category,
            today: self.today(),
            recused: &recused,
        };
        let handler = mate.map(|(handler, _)| handler);
        let routed = choose_handler(&case.choice, &staffing.members, &load, &matter, handler);
        let (entry, mate) = (&mut case.entry, mate.filter(|_| routed.with_mate));
        entry.row.handler = routed.handler;
        entry.summary.same_text_as = mate.map(|(_, case)| hex::encode(case.0));
        entry.summary.reasons = routed.reasons;
    }

    /// Seals what follows from who handles a new case: its summary, its key to each who may see it, and whom to mail.
    pub(super) fn give_to_handler(
        &self,
        case: &mut NewCase,
        staffing: &Staffing,
    ) -> Result<(), OfficeError> {
        let NewCase {
            new,
            entry,
            key,
            to_case,
            ..
        } = case;
        new.rewrap = Self::first_wraps(entry, key, &staffing.members, &case.kept)?;
        let given = new.rewrap.give.iter().map(|(member, _)| *member);
        entry.holders = given.collect();
        new.mail = self.told_of(entry, &staffing.members);
        new.case = CaseRow {
            summary: seal_json(&entry.summary, to_case)?,
            ..entry.row.clone()
        };
        Ok(())
    }

    /// Takes a case that was stored under this number into the caseload; its words are to be [filed](Self::file_words).
    pub(super) fn opened(&self, opened: OpenedCase, number: &str) -> Words {
        let OpenedCase {
            tip,
            mut entry,
            kept,
            texts,
        } = opened;
        number.clone_into(&mut entry.row.number);
        let row = entry.row.clone();
        self.caseload_mut(|caseload| caseload.add_kept_from(tip, entry, kept));
        Words { row, texts }
    }

    /// Files the words of a case that is stored, and has its handler: what fails now is found again by the next start.
    pub(super) fn file_words(&self, words: Words) {
        let Words { row, texts } = words;
        if let Err(cause) = fenced_now(|| self.file(&row, texts)) {
            log(Event::RequestFailed {
                place: "search",
                cause: &cause,
            });
        }
    }

    fn new_entry(
        &self,
        envelope: &StoredEnvelope,
        tip: &TipDocument,
        (key, to_case): (&Identity, &Recipient),
        school_id: Option<String>,
        choice: &UnitChoice,
    ) -> Result<Entry, OfficeError> {
        let case = CaseId(self.new_id());
        let name_search_text = name_search_text_of(tip);
        let sketch = Arc::new(self.sketch_of(tip, envelope.received_day));
        let summary = CaseSummary {
            category: tip.category,
            school_id,
            school: tip.school.clone(),
            subject: tip.subject.clone(),
            unit: choice.unit.clone(),
            same_text_as: None,
            reasons: Vec::new(),
            outcome: None,
            findings: Vec::new(),
            mode: None,
            closing: None,
            deletion: None,
            passing: None,
            leaves_day: None,
            declined: None,
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
            handler: None,
            opened_day: envelope.received_day,
            changed_day: self.today(),
            version: 1,
            recipient: to_case.to_string(),
            wrapped_identity: key
                .wrap(&self.recipient)
                .map_err(|_| OfficeError::Damaged)?,
            summary: Vec::new(),
            joined: None,
        };
        let mut deadlines = self.first_deadlines(case, envelope.received_day, &summary);
        if self.parts.parent.is_some()
            && self.names_a_leader(&summary.subject, envelope.received_day)
        {
            deadlines.extend(self.passing_deadlines(case, envelope.received_day, &deadlines));
        }
        Ok(Entry {
            row,
            summary,
            deadlines,
            name_search_text,
            sketch,
            holders: Vec::new(),
        })
    }

    fn first_deadlines(
        &self,
        case: CaseId,
        received: Day,
        summary: &CaseSummary,
    ) -> Vec<DeadlineRow> {
        let deadline_rules = &self.parts.deadline_rules;
        let rules = deadline_rules.starting(summary.category, Start::Receipt);
        rules
            .map(|rule| {
                let due = deadline_rules.due(rule, received);
                DeadlineRow::new(self.new_id(), case, rule, received, due)
            })
            .collect()
    }

    fn acknowledgement(
        &self,
        entry: &Entry,
        tip: &TipDocument,
        to: &Recipient,
    ) -> Result<Vec<u8>, OfficeError> {
        let first = entry.summary.messages_before.saturating_add(1);
        let mut message =
            MailboxMessage::new(first, self.today(), MessageKind::Status, Status::Received);
        message.sent = vec![sent_tip(tip)];
        tell_deadlines(self, &entry.deadlines, tip.language, &mut message);
        let sealed = seal_message(&message, to).map_err(|_| OfficeError::BadText(""))?;
        Ok(sealed.0.into_bytes())
    }

    /// Who is reminded of a new case: its handler, and for harm to a child, or where nobody could be given it, the
    /// supervisors at once.
    fn told_of(&self, entry: &Entry, members: &[Member]) -> Vec<([u8; 16], MemberId)> {
        let supervisors = match entry.summary.category {
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

/// A case that is stored, as the caseload and the search take it in.
pub(super) struct OpenedCase {
    tip: TipId,
    entry: Entry,
    kept: BTreeSet<MemberId>,
    texts: Vec<Text>,
}

/// What is searched for in a case.
pub(super) struct Words {
    row: CaseRow,
    texts: Vec<Text>,
}

impl NewCase {
    /// What is stored of it, and what is taken in once it is.
    pub(super) fn into_opened(self) -> (NewTip, OpenedCase) {
        let opened = OpenedCase {
            tip: self.new.tip.id,
            entry: self.entry,
            kept: self.kept,
            texts: self.texts,
        };
        (self.new, opened)
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

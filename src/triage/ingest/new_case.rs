//! A case opened for a tip: compared, routed, given deadlines, stored once, and its reporter told.

use super::acknowledgement::{acknowledgement, acknowledgement_id, told_of};
use super::new_entry::new_entry;
use crate::cases::Entry;
use crate::casework::attachment_rows;
use crate::model::{CaseNumber, HistoryText, Member, MemberId};
use crate::office::indexing::{text_of_tip, texts_of_files};
use crate::office::{Office, OfficeError, index_case, seal, seal_json};
use crate::routing::{Matter, Rules, UnitChoice, choose_handler};
use crate::search::Text;
use crate::store::{
    CaseRow, HistoryRow, NewTip, OpeningRow, OutgoingRow, Rewrap, StoredEnvelope, TipRow, TipStored,
};
use mifeng_foundation::supervisor::fenced_now;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::Identity;
use mifeng_sealing::tip::TipDocument;
use mifeng_sealing::{LookupDigest, Recipient};
use mifeng_similarity::TipId;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A tip about to become a case.
pub(super) struct Arriving<'a> {
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
pub(super) struct NewCase {
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
pub(super) struct Staffing {
    pub members: Vec<Member>,
    pub rules: Arc<Rules>,
}

/// The accounts and the rules as they are now, by which the caseload knows who may see what.
pub(super) async fn staffing(office: &Office) -> Result<Staffing, OfficeError> {
    let members = office.parts.directory.members().await?;
    office.settle(&members);
    let rules = office.rules();
    Ok(Staffing { members, rules })
}

/// Opens a case for a tip: routed, given deadlines, stored once, and its reporter told.
pub(super) async fn open_new(
    office: &Office,
    arriving: &Arriving<'_>,
    text: &HistoryText,
) -> Result<TipStored, OfficeError> {
    let staffing = staffing(office).await?;
    let mut case = new_case(office, arriving, text, &staffing)?;
    route(office, &mut case, &[], &staffing);
    give_to_handler(office, &mut case, &staffing)?;
    let write = office.unconfirmed([case.new.case.id]);
    let stored = office.parts.store.store_tip(&case.new).await?;
    if let TipStored::New(number) = &stored {
        let words = after_stored(office, case.into_opened().1, number);
        index_words(office, words);
    }
    write.confirmed();
    Ok(stored)
}

/// All that can be made of a new case before it is known who handles it.
pub(super) fn new_case(
    office: &Office,
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
    let numbers = CaseNumber::of_envelope(&office.number_key, &envelope.content);
    let mut entry = new_entry(office, envelope, tip, (&key, &to_case), school, &choice)?;
    // That it will have, unless another case has it.
    entry.row.number.clone_from(&numbers[0]);
    let kept = kept_from(office, &entry, &staffing.members);
    let tip_id = office.new_id();
    let files = &tip.attachments;
    let attachments = attachment_rows(office, envelope, entry.row.id, tip_id, files, &to_case)?;
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
            sketch: entry
                .sketch
                .seal(&tip_id, &office.sketch_key, office.entropy()),
        },
        deadlines: entry.deadlines.clone(),
        history: vec![first_line(office, text, &to_case)?],
        outgoing: vec![OutgoingRow {
            id: acknowledgement_id(&envelope.content),
            message: None,
            tip: tip_id,
            mailbox,
            ciphertext: acknowledgement(office, &entry, tip, &arriving.to_reporter)?,
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

/// The first line of a case's history.
fn first_line(
    office: &Office,
    text: &HistoryText,
    to_case: &Recipient,
) -> Result<HistoryRow, OfficeError> {
    Ok(HistoryRow {
        id: office.new_id(),
        day: office.today(),
        sealed: seal_json(text, to_case)?,
    })
}

/// Who is kept from a new case by a recusal.
fn kept_from(office: &Office, entry: &Entry, members: &[Member]) -> BTreeSet<MemberId> {
    let recused = |member: &Member| {
        let school = entry.summary.school_id.as_deref();
        let tip = (&entry.name_search_text, entry.row.opened_day);
        office
            .involved_in(member, school, tip, &BTreeSet::new())
            .keeps()
    };
    Office::kept_from(members, recused)
}

/// Chooses who handles a new case, as if those in `before` were open already.
pub(super) fn route(office: &Office, case: &mut NewCase, before: &[NewCase], staffing: &Staffing) {
    let kept = &case.kept;
    // Whom it is given to is seen by all others: no case has a say in it that one of them may not see.
    let before = || before.iter().filter(|one| one.kept.is_subset(kept));
    let (mut load, mate) = office.caseload(|caseload| {
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
        today: office.today(),
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
    office: &Office,
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
    new.rewrap = Office::first_wraps(entry, key, &staffing.members, &case.kept)?;
    let given = new.rewrap.give.iter().map(|(member, _)| *member);
    entry.holders = given.collect();
    new.mail = told_of(office, entry, &staffing.members);
    new.case = CaseRow {
        summary: seal_json(&entry.summary, to_case)?,
        ..entry.row.clone()
    };
    Ok(())
}

/// Takes a case that was stored under this number into the caseload; what is returned is still to be
/// [put into the search](index_words).
pub(super) fn after_stored(office: &Office, opened: OpenedCase, number: &str) -> WordsToIndex {
    let OpenedCase {
        tip,
        mut entry,
        kept,
        texts,
    } = opened;
    number.clone_into(&mut entry.row.number);
    let row = entry.row.clone();
    office.caseload_mut(|caseload| caseload.add_kept_from(tip, entry, kept));
    WordsToIndex { row, texts }
}

/// Puts the words of a case into the search. It is stored, and has its handler: what fails now is found again by the next
/// start.
pub(super) fn index_words(office: &Office, words: WordsToIndex) {
    let WordsToIndex { row, texts } = words;
    if let Err(cause) = fenced_now(|| index_case(office, &row, texts)) {
        log(Event::RequestFailed {
            place: "search",
            cause: &cause,
        });
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
pub(super) struct WordsToIndex {
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

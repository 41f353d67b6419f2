//! What a reporter says later: put to the case, told to whom it concerns, and confirmed where the reporter would see it. What
//! cannot be proven to be the reporter's is kept, marked, and does nothing.

use super::opening::{Ingested, NO_TIP};
use super::unproven::{UNPROVEN_MAX, ask_again, keep_unproven};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::casework::{Draft, reply_to_parent};
use crate::model::{CaseState, MemberId, Note, QuarantineReason, ReceivedWords};
use crate::office::{Office, OfficeError, index_changes, open_tip};
use crate::store::{StoredEnvelope, StoredTip, TipRow};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{
    Attachment, ReplyDocument, Said, SaidKind, SentItem, Stopped, TipDocument,
};
use mifeng_sealing::{LookupDigest, ProvenReply};

/// Who is told that a reporter wrote.
struct Told {
    handlers: Vec<MemberId>,
    supervisors: Vec<MemberId>,
}

/// Takes in what was said, once; the error says why the envelope is to be put into quarantine.
pub(super) async fn ingest_reply(
    office: &Office,
    envelope: &StoredEnvelope,
    json: &[u8],
) -> Result<Result<Ingested, QuarantineReason>, OfficeError> {
    let Ok(reply) = ReplyDocument::from_json(json) else {
        return Ok(Err(QuarantineReason::NotATip));
    };
    let tip = match LookupDigest::from_hex(&reply.lookup_digest) {
        Some(mailbox) => office.parts.store.tip_of_mailbox(mailbox).await?,
        None => None,
    };
    let found = tip.and_then(|tip| {
        Some((
            tip,
            office.caseload(|caseload| caseload.by_id(tip.case).cloned())?,
        ))
    });
    let Some((tip, entry)) = found else {
        return Ok(Err(NO_TIP));
    };
    if reply.said.clone().checked().is_err() {
        return Ok(Err(QuarantineReason::NotATip));
    }
    let rows = office.parts.store.tips(Some(tip.case)).await?.into_iter();
    let row = rows.into_iter().find(|row| row.id == tip.id);
    let row = row.ok_or(OfficeError::Damaged)?;
    let document = open_tip(&office.case_key(&entry.row)?, &row.sealed)?;
    let proven = ProvenReply::of(&reply, &document.office, &document.mailbox);
    let proven = proven.and_then(|proven| Some((proven.id()?, proven)));
    let many = entry.summary.reporter(tip.id).unproven >= UNPROVEN_MAX;
    if proven.is_none() && many {
        return Ok(Err(QuarantineReason::Unproven));
    }
    if entry.row.state == CaseState::PassedUp {
        let id = proven.map(|(id, _)| id);
        return pass_on_reply(office, envelope, &row, entry, reply, id).await;
    }
    let Some((id, proven)) = proven else {
        return keep_unproven(office, envelope, &tip, entry, &reply).await;
    };
    take_proven(
        office,
        envelope,
        (&tip, &document),
        entry,
        (&reply, id, &proven),
    )
    .await
}

/// Takes in what is proven to be the reporter's of a tip.
async fn take_proven(
    office: &Office,
    envelope: &StoredEnvelope,
    (tip, document): (&StoredTip, &TipDocument),
    entry: Entry,
    (reply, id, proven): (&ReplyDocument, [u8; 32], &ProvenReply),
) -> Result<Result<Ingested, QuarantineReason>, OfficeError> {
    let members = office.parts.directory.members().await?;
    let whole = office.caseload(|caseload| caseload.group_of(&entry).to_entries());
    let mut draft = Draft::new(office, entry)?;
    draft.count_once(tip.id, id);
    let told = Told {
        handlers: whole.first().map_or_else(Vec::new, Entry::handlers),
        supervisors: office.supervisors(&whole, &members),
    };
    let statement = proven.statement();
    let words = Words {
        said: &statement.said,
        day: day_said(proven, document, envelope.received_day),
        received: received(reply, true),
    };
    draft.list_what_was_sent(tip.id).await?;
    let after = draft.messages_of(tip.id).await?;
    let item = SentItem::of(words.day, words.said, statement.files.len(), after);
    if let Some(item) = item {
        draft.entry.summary.list_sent(tip.id, item);
    }
    ask_again(office, &mut draft, &members, statement.said.text());
    take_reply(office, &mut draft, tip, words, &told).await?;
    // She is told that it came, and what the office says next is read beside it.
    if item.is_some() {
        draft.tell_one(tip.id).await?;
    }
    draft.attach(envelope, tip.id, &reply.attachments)?;
    // What was said may name someone who could see the case until now. That is in the case's own record, to the day: in
    // the audit log it would tell when the reporter wrote.
    let named = std::slice::from_ref(&draft.entry);
    let rewraps = office.rewraps_after(named, &members).await?;
    for member in rewraps.iter().flat_map(|rewrap| &rewrap.take) {
        let member = members.iter().find(|one| one.id == *member);
        let name = member.map_or("", |member| member.name.as_str());
        draft.note(None, Note::KeyTaken, name)?;
    }
    let (mut change, entry) = draft.finish()?;
    change.rewraps.clone_from(&rewraps);
    let rewrapped = rewraps.iter().map(|rewrap| rewrap.case);
    let write = office.unconfirmed(rewrapped.chain([change.case.id]));
    if !office.parts.store.store_reply(envelope, &change).await? {
        return Ok(Ok(Ingested::Known));
    }
    office.caseload_mut(|caseload| {
        caseload.replace(entry);
        caseload.rewrap(&rewraps);
    });
    write.confirmed();
    office.settle(&members);
    index_changes(office, std::slice::from_ref(&change), &[]);
    Ok(Ok(Ingested::Reply))
}

/// What was written before its mailbox was handed over: the office above gets it.
async fn pass_on_reply(
    office: &Office,
    envelope: &StoredEnvelope,
    tip: &TipRow,
    entry: Entry,
    reply: ReplyDocument,
    proven: Option<[u8; 32]>,
) -> Result<Result<Ingested, QuarantineReason>, OfficeError> {
    let act = Act::new(Kind::ReplyPassedUp).on(tip.case);
    office.audit_log().record_own(act).await?;
    let mut draft = Draft::new(office, entry)?;
    match proven {
        Some(id) => draft.count_once(tip.id, id),
        None => draft.entry.summary.reporter_mut(tip.id).unproven += 1,
    }
    draft.attach(envelope, tip.id, &reply.attachments)?;
    let passing = reply_to_parent(office, tip, reply, draft.attached()).await?;
    draft.pass(vec![passing]);
    draft.note(None, Note::ReplyPassedUp, "")?;
    let (change, entry) = draft.finish()?;
    let write = office.unconfirmed([change.case.id]);
    if !office.parts.store.store_reply(envelope, &change).await? {
        return Ok(Ok(Ingested::Known));
    }
    office.caseload_mut(|caseload| caseload.replace(entry));
    write.confirmed();
    Ok(Ok(Ingested::Reply))
}

async fn take_reply(
    office: &Office,
    draft: &mut Draft<'_>,
    tip: &StoredTip,
    words: Words<'_>,
    told: &Told,
) -> Result<(), OfficeError> {
    let Words {
        said,
        day,
        received,
    } = words;
    let decided = draft.entry.row.state.is_finished();
    match said {
        Said::Objection { text } if decided => {
            draft.add_received(tip.id, day, text, received)?;
            draft.entry.summary.objected = true;
            draft.start_objection_deadlines(day.min(office.today()));
            draft.note(None, Note::ReporterObjected, "")?;
            draft.remind_all(told.supervisors.iter().copied());
        }
        Said::Addition { text } | Said::Objection { text } => {
            draft.add_received(tip.id, day, text, received)?;
            draft.note(None, Note::ReporterWrote, "")?;
            draft.remind_all(told.handlers.iter().copied());
        }
        // Noted for whoever handles it, who decides what comes of it.
        Said::Correction { text } => {
            draft.add_received(tip.id, day, text, received)?;
            draft.entry.summary.reporter_mut(tip.id).corrected = true;
            draft.note(None, Note::ReporterCorrected, "")?;
            draft.remind_all(told.handlers.iter().copied());
        }
        Said::Withdrawal { text } => {
            draft.add_received(tip.id, day, text, received)?;
            draft.entry.summary.reporter_mut(tip.id).withdrawn = true;
            draft.note(None, Note::ReporterWithdrew, "")?;
            draft.remind_all(told.handlers.iter().copied());
        }
        Said::Aftercare {
            after_days,
            stopped,
            treated_badly,
            ..
        } => {
            draft.add_received(tip.id, day, &aftercare_words(said), received)?;
            draft.note(None, Note::ReporterAftercare, "")?;
            let reporter = draft.entry.summary.reporter_mut(tip.id);
            let answered = &mut reporter.aftercare_answered_days;
            *answered = (*answered).max(u32::from(*after_days));
            draft.remind_all(told.handlers.iter().copied());
            if *treated_badly || *stopped == Stopped::No {
                draft.remind_all(told.supervisors.iter().copied());
            }
        }
        Said::Read { messages } => {
            let reporter = draft.entry.summary.reporter_mut(tip.id);
            reporter.messages_read = reporter.messages_read.max(*messages);
            draft.tell_one(tip.id).await?;
        }
        Said::Farewell => {
            draft.entry.summary.reporter_mut(tip.id).gone = true;
            draft.note(None, Note::ReporterGone, "")?;
        }
    }
    Ok(())
}

/// What is proven to be said.
pub(super) struct Words<'a> {
    said: &'a Said,
    day: Day,
    received: ReceivedWords,
}

/// How `reply` came.
pub(super) fn received(reply: &ReplyDocument, proven: bool) -> ReceivedWords {
    let files = reply
        .attachments
        .iter()
        .map(|file: &Attachment| file.id.clone());
    // Marks have no words, and need no proof elsewhere.
    let has_words = !matches!(reply.said.kind(), SaidKind::Read | SaidKind::Farewell);
    ReceivedWords {
        kind: reply.said.kind(),
        proven,
        files: files.collect(),
        signed: reply.proof().filter(|_| has_words).cloned(),
    }
}

/// The day that the reporter's page wrote down, where it can be true: an office above gets words later than they were said.
fn day_said(proven: &ProvenReply, tip: &TipDocument, received: Day) -> Day {
    let day = proven.statement().received_day;
    let can_be = tip.received_day <= day && day <= received;
    if can_be { day } else { received }
}

/// The answers in words, as a message of the reporter's, in both of the office's languages.
pub(super) fn aftercare_words(said: &Said) -> String {
    let Said::Aftercare {
        after_days,
        stopped,
        treated_badly,
        text,
    } = said
    else {
        return said.text().to_owned();
    };
    let (stopped_zh, stopped_en) = match stopped {
        Stopped::Yes => ("停了", "yes"),
        Stopped::Partly => ("没有全停", "partly"),
        Stopped::No => ("还在继续", "no, it goes on"),
    };
    let (badly_zh, badly_en) = if *treated_badly {
        ("有", "yes")
    } else {
        ("没有", "no")
    };
    let answers = format!(
        "办结 {after_days} 天回访：停了吗？{stopped_zh}。被为难过吗？{badly_zh}。\n\
         After {after_days} days: has it stopped? {stopped_en}. Treated badly? {badly_en}."
    );
    if text.is_empty() {
        answers
    } else {
        format!("{answers}\n\n{text}")
    }
}

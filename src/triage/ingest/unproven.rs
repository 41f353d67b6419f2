//! Words that nothing proves to be the reporter's: they are kept, marked, and act on nothing.

use super::opening::Ingested;
use super::reply::{aftercare_words, received};
use crate::cases::Entry;
use crate::casework::Draft;
use crate::model::{Member, Note, QuarantineReason};
use crate::office::{Office, OfficeError, index_changes};
use crate::routing::NameSearchText;
use crate::store::{StoredEnvelope, StoredTip};
use mifeng_sealing::tip::{ReplyDocument, Said};

/// How many times something unproven is kept for one mailbox; what comes after that is set aside. A reporter whose page is an
/// old one writes a few times; whoever writes more is somebody else.
pub(super) const UNPROVEN_MAX: u32 = 20;

/// Keeps what cannot be proven to be the reporter's where the staff sees it, and does nothing else: nobody is reminded,
/// nobody loses the case for being named in it, no state, no deadline and no day changes, and the reporter hears nothing.
pub(super) async fn keep_unproven(
    office: &Office,
    envelope: &StoredEnvelope,
    tip: &StoredTip,
    entry: Entry,
    reply: &ReplyDocument,
) -> Result<Result<Ingested, QuarantineReason>, OfficeError> {
    let mut draft = Draft::new(office, entry)?;
    let words = match &reply.said {
        Said::Aftercare { .. } => aftercare_words(&reply.said),
        said => said.text().to_owned(),
    };
    let received = received(reply, false);
    draft.add_unproven(tip.id, envelope.received_day, &words, received)?;
    draft.entry.summary.reporter_mut(tip.id).unproven += 1;
    draft.attach(envelope, tip.id, &reply.attachments)?;
    draft.note(None, Note::ReplyUnproven, "")?;
    let (change, entry) = draft.finish()?;
    let write = office.unconfirmed([change.case.id]);
    if !office.parts.store.store_reply(envelope, &change).await? {
        return Ok(Ok(Ingested::Known));
    }
    office.caseload_mut(|caseload| caseload.replace(entry));
    write.confirmed();
    index_changes(office, std::slice::from_ref(&change), &[]);
    Ok(Ok(Ingested::Unproven))
}

/// Words that were found not to mean a member are asked about again where the reporter says them again.
pub(super) fn ask_again(office: &Office, draft: &mut Draft<'_>, members: &[Member], text: &str) {
    let mut words = NameSearchText::default();
    words.add(text);
    let day = draft.entry.row.opened_day;
    for member in members {
        let known = draft
            .entry
            .summary
            .not_meant
            .get_mut(&hex::encode(member.id.0));
        if let Some(known) = known {
            let found = office.recusal_of(member).find(&words, day);
            known.retain(|one| found.evidence.iter().all(|new| new.words != *one));
        }
    }
}

//! What the reporter of a new case is told at once, and who of the office is.

use crate::cases::Entry;
use crate::casework::{sent_tip, tell_deadlines};
use crate::model::{Member, MemberId};
use crate::office::{Office, OfficeError};
use mifeng_sealing::tip::{Category, MailboxMessage, MessageKind, Status, TipDocument};
use mifeng_sealing::{ContentHash, Recipient, seal_message};
use sha2::{Digest as _, Sha256};

pub(super) fn acknowledgement(
    office: &Office,
    entry: &Entry,
    tip: &TipDocument,
    to: &Recipient,
) -> Result<Vec<u8>, OfficeError> {
    let first = entry.summary.messages_before.saturating_add(1);
    let mut message =
        MailboxMessage::new(first, office.today(), MessageKind::Status, Status::Received);
    message.sent = vec![sent_tip(tip)];
    tell_deadlines(office, &entry.deadlines, tip.language, &mut message);
    let sealed = seal_message(&message, to).map_err(|_| OfficeError::BadText(""))?;
    Ok(sealed.0.into_bytes())
}

/// Who is reminded of a new case: its handler, and for harm to a child, or where nobody could be given it, the
/// supervisors at once.
pub(super) fn told_of(
    office: &Office,
    entry: &Entry,
    members: &[Member],
) -> Vec<([u8; 16], MemberId)> {
    let supervisors = match entry.summary.category {
        Category::ChildHarm => office.supervisors(std::slice::from_ref(entry), members),
        _ if entry.row.handler.is_none() => {
            office.supervisors(std::slice::from_ref(entry), members)
        }
        _ => Vec::new(),
    };
    let all = entry.row.handler.into_iter().chain(supervisors);
    all.map(|member| (office.new_id(), member)).collect()
}

/// The id of an automatic acknowledgement: from the content's hash, so that a restored triage repeats none.
pub(super) fn acknowledgement_id(content: &ContentHash) -> [u8; 16] {
    let digest = Sha256::new()
        .chain_update(b"mifeng/ack/1")
        .chain_update(content.as_bytes())
        .finalize();
    digest[..16].try_into().expect("a SHA-256 has 32 bytes")
}

//! To which keys members' mail is sealed.

use crate::audit::{Act, Kind};
use crate::model::Member;
use crate::office::Office;
use crate::store::MailRecipient;
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::Recipient;

/// To whom mail is sealed, of those who want that.
///
/// # Errors
/// What the store says.
pub async fn mail_recipients(office: &Office) -> Result<Vec<MailRecipient>, StoreError> {
    office.parts.store.mail_recipients().await
}

/// Seals a member's mail to a key of her own from now on, or no longer, on record.
///
/// # Errors
/// What the store says.
pub async fn seal_mail(
    office: &Office,
    member: &Member,
    recipient: Option<&Recipient>,
) -> Result<(), StoreError> {
    let done = office.parts.store.set_mail_recipient(member.id, recipient);
    let act = Act::new(Kind::MailKeySet);
    office.audit_log().around(Some(member.id), act, done).await
}

//! Looking a code up, within budgets that tell those who know one from those who guess. Whoever has a code is held up by
//! nobody's guesses, not even of his own address: a code has a budget of its own, guesses have theirs by prefix and
//! together, and none of them is the budget for sending.

use super::conversation::SealedMailbox;
use super::desk::{DeskError, IntakeDesk};
use super::limits::{Limits, Source, Verdict};
use super::mailbox::MailboxContent;
use super::problem::Problem;
use crate::sealing::{Lookup, LookupDigest, MailboxSecrets, OfficeManifest, PickupCode};

/// What lies under `code`. Known or not, full or empty, within the budget or over it, the answer takes alike long: work
/// where there is room for it, and where there is none a wait as long as the work last took.
///
/// # Errors
/// [`Problem::UnknownCode`]; [`Problem::TooMany`] over the budget; whatever the desk fails with.
pub async fn visit(
    desk: &IntakeDesk,
    limits: &Limits,
    source: Source,
    office: &OfficeManifest,
    code: &PickupCode,
) -> Result<MailboxContent, Problem> {
    let secrets = MailboxSecrets::derive(code, office.slug());
    let door = desk.knock(office, secrets.lookup().digest()).await?;
    let opening = desk.pick_up(office, &secrets, &door);
    let content = within_budget(desk, limits, source, door.known(), opening).await?;
    content.ok_or(Problem::UnknownCode)
}

/// The same for who opens the mailbox elsewhere: what is kept under `lookup`.
///
/// # Errors
/// [`Problem::TooMany`] over the budget; whatever the desk fails with.
pub async fn fetch(
    desk: &IntakeDesk,
    limits: &Limits,
    source: Source,
    office: &OfficeManifest,
    lookup: &Lookup,
) -> Result<SealedMailbox, Problem> {
    let door = desk.knock(office, lookup.digest()).await?;
    let known = door.known();
    within_budget(desk, limits, source, known, desk.sealed_mailbox(door)).await
}

async fn within_budget<T>(
    desk: &IntakeDesk,
    limits: &Limits,
    source: Source,
    known: Option<LookupDigest>,
    work: impl Future<Output = Result<T, DeskError>>,
) -> Result<T, Problem> {
    if let Verdict::Later { retry_after_s } = limits.look_up(source, known) {
        tokio::time::sleep(limits.usual_visit()).await;
        return Err(Problem::TooMany { retry_after_s });
    }
    let begun = desk.clock.elapsed();
    let done = work.await?;
    limits.note_visit(desk.clock.elapsed().saturating_sub(begun));
    Ok(done)
}

//! Looking a code up, within budgets that tell those who know one from those who guess. Whoever has a code is held up by
//! nobody's guesses, not even of his own address: a code has a budget of its own, guesses have theirs by prefix and
//! together, and none of them is the budget for sending.

use super::conversation::SealedMailbox;
use super::desk::{DeskError, IntakeDesk};
use super::mailbox::MailboxContent;
use super::problem::Problem;
use super::rate_limits::{RateLimits, Source};
use mifeng_sealing::{Lookup, LookupDigest, MailboxSecrets, OfficeManifest, PickupCode};

/// What lies under `code`. Known or not, full or empty, the work is alike; when the answer leaves, `super::constant_time` says.
///
/// # Errors
/// [`Problem::UnknownCode`]; [`Problem::TooMany`] over the budget; whatever the desk fails with.
pub async fn visit(
    desk: &IntakeDesk,
    limits: &RateLimits,
    source: Source,
    office: &OfficeManifest,
    code: &PickupCode,
) -> Result<MailboxContent, Problem> {
    let secrets = MailboxSecrets::derive(code, office.slug());
    let door = desk.knock(office, secrets.lookup().digest()).await?;
    let opening = async {
        let mut content = desk.pick_up(office, &secrets, &door).await?;
        let opened_before = desk.opened_before(office, &secrets, &door).await?;
        if let Some(content) = &mut content {
            content.opened_before = opened_before;
        }
        Ok(content)
    };
    let content = within_budget(limits, source, door.known(), opening).await?;
    content.ok_or(Problem::UnknownCode)
}

/// The same for who opens the mailbox elsewhere: what is kept under `lookup`.
///
/// # Errors
/// [`Problem::TooMany`] over the budget; whatever the desk fails with.
pub async fn fetch(
    desk: &IntakeDesk,
    limits: &RateLimits,
    source: Source,
    office: &OfficeManifest,
    lookup: &Lookup,
) -> Result<SealedMailbox, Problem> {
    let door = desk.knock(office, lookup.digest()).await?;
    let known = door.known();
    within_budget(limits, source, known, desk.sealed_mailbox(office, door)).await
}

/// What was typed, as a code. A slip of the pen is charged like a guess, to whoever made it, and to nothing that is
/// needed for sending.
///
/// # Errors
/// [`Problem::Code`]; [`Problem::TooMany`] over the budget.
pub fn read_code(limits: &RateLimits, source: Source, typed: &str) -> Result<PickupCode, Problem> {
    PickupCode::parse(typed).map_err(|error| {
        let charged = limits.slip(source).allowed();
        charged.err().unwrap_or(Problem::Code(error))
    })
}

/// Lets in who says something from the mailbox under `lookup`: the slug of the office that reads it. A guess is charged as
/// one. Only for a mailbox that exists it is then a request like any other, so that nobody's guesses use up what those
/// who share his address have for sending.
///
/// # Errors
/// [`Problem::UnknownCode`]; [`Problem::TooMany`] over a budget; whatever the desk fails with.
pub async fn enter(
    desk: &IntakeDesk,
    limits: &RateLimits,
    source: Source,
    office: &OfficeManifest,
    lookup: &Lookup,
) -> Result<String, Problem> {
    let door = desk.knock(office, lookup.digest()).await?;
    limits.look_up(source, door.known()).allowed()?;
    let addressee = door.into_addressee().ok_or(Problem::UnknownCode)?;
    limits.admit(source).await.allowed()?;
    Ok(addressee)
}

/// What lies under the code of `secrets`, for who was let in by [`enter`].
///
/// # Errors
/// [`Problem::UnknownCode`]; whatever the desk fails with.
pub async fn look_around(
    desk: &IntakeDesk,
    office: &OfficeManifest,
    code: &PickupCode,
) -> Result<MailboxContent, Problem> {
    let secrets = MailboxSecrets::derive(code, office.slug());
    let door = desk.knock(office, secrets.lookup().digest()).await?;
    let content = desk.pick_up(office, &secrets, &door).await?;
    content.ok_or(Problem::UnknownCode)
}

async fn within_budget<T>(
    limits: &RateLimits,
    source: Source,
    known: Option<LookupDigest>,
    work: impl Future<Output = Result<T, DeskError>>,
) -> Result<T, Problem> {
    limits.look_up(source, known).allowed()?;
    Ok(work.await?)
}

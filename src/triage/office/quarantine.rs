//! How many envelopes in quarantine wait for somebody.

use super::Office;
use crate::model::Role;
use crate::store::QuarantineState;
use mifeng_foundation::storage::StoreError;

/// Counts the envelopes in quarantine that somebody in this role can do something about: decide, for a dispatcher, or sign
/// as the second person, for a supervisor.
pub(crate) async fn quarantined(office: &Office, role: Role) -> Result<usize, StoreError> {
    let states: &[QuarantineState] = match role {
        Role::Dispatcher => &[QuarantineState::Waiting, QuarantineState::DiscardProposed],
        Role::Supervisor => &[QuarantineState::DiscardProposed],
        _ => &[],
    };
    let mut count = 0;
    for state in states {
        count += office.parts.store.count_quarantined(*state).await?;
    }
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

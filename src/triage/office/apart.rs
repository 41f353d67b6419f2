//! How much waits in the quarantine.

use super::Office;
use crate::model::Role;
use crate::store::QuarantineState;
use mifeng_foundation::storage::StoreError;

impl Office {
    /// How many envelopes wait for what somebody in this role can do: any decision for a dispatcher, a second signature for
    /// a supervisor.
    pub(crate) async fn set_apart(&self, role: Role) -> Result<usize, StoreError> {
        let states: &[QuarantineState] = match role {
            Role::Dispatcher => &[QuarantineState::Waiting, QuarantineState::DiscardProposed],
            Role::Supervisor => &[QuarantineState::DiscardProposed],
            _ => &[],
        };
        let mut count = 0;
        for state in states {
            count += self.parts.store.count_quarantined(*state).await?;
        }
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }
}

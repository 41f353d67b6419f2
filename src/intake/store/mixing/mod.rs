//! Forgetting the order of arrival. What comes is written one after another, since that is what disks are quick at; now
//! and then it is written anew in an order that means nothing, and the journals that saw it come are emptied.

mod changed;
mod pace;
mod postgres;
mod sqlite;

pub(super) use changed::Changed;
pub(super) use postgres::PgMixing;
pub(super) use sqlite::SqliteMixing;

use std::time::Duration;

/// Longest that mixing goes on before the service stops, while whoever asks is still answered; and once nobody is. What is left
/// then is mixed after the next start.
const BEFORE_STOP: Duration = Duration::from_secs(5);
const CLOSING: Duration = Duration::from_secs(1);

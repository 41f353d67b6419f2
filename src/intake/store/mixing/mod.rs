//! Forgetting the order of arrival. What comes is written one after another, since that is what disks are quick at; now
//! and then it is written anew in an order that means nothing, and the journals that saw it come are emptied.

mod changed;
mod postgres;
mod sqlite;

pub(super) use changed::Changed;
pub(super) use postgres::PgMixing;
pub(super) use sqlite::SqliteMixing;

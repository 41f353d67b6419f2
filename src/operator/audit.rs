//! `mifeng trail verify`; and the operator's own acts, which go on record like everyone's.

use super::OperatorError;
use super::backup::store_url;
use jiff::tz::TimeZone;
use mifeng_foundation::clock::Clock;
use mifeng_triage::audit::{Act, verify};
use mifeng_triage::engine::open_stores;
use mifeng_triage::model::Head;
use mifeng_triage::store::TriageStore;
use std::path::Path;

/// Goes through the audit log in the store that the triage configured in `config` uses; each of `heads` (from the daily mails)
/// must be in it. Returns where it ends.
///
/// # Errors
/// [`OperatorError`], also where the chain does not hold.
pub async fn verify_audit_log(config: &Path, heads: &[Head]) -> Result<Head, OperatorError> {
    let store = open_stores(&store_url(config)?).await?.cases;
    let broken = |why: mifeng_triage::audit::Broken| OperatorError::Argument(why.to_string());
    verify(store.as_ref(), heads).await?.map_err(broken)
}

/// Puts an act of the operator on record, with the day on this machine.
pub(super) async fn record(
    store: &dyn TriageStore,
    clock: &dyn Clock,
    act: Act,
) -> Result<(), OperatorError> {
    let today = clock.today(&TimeZone::system());
    Ok(store
        .append_to_audit_log(&act.link(today, None, None))
        .await?)
}

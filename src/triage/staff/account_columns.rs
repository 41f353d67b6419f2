//! What an account has in columns that hold more than one value.

use crate::model::Leave;
use crate::store::day_from;
use mifeng_foundation::storage::StoreError;
use mifeng_names::Held;
use mifeng_sealing::tip::Category;

pub(super) fn list_from(json: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Damaged("a list of recusals"))
}

pub(super) fn list_to(list: &[String]) -> String {
    serde_json::to_string(list).expect("strings are always JSON")
}

pub(super) fn skills_from(json: &str) -> Result<Vec<Category>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Damaged("a list of skills"))
}

pub(super) fn skills_to(list: &[Category]) -> String {
    serde_json::to_string(list).expect("codes are always JSON")
}

pub(super) fn titles_from(json: &str) -> Result<Vec<Held>, StoreError> {
    serde_json::from_str(json).map_err(|_| StoreError::Damaged("a list of titles"))
}

pub(super) fn titles_to(list: &[Held]) -> String {
    serde_json::to_string(list).expect("words and days are always JSON")
}

/// First and last day, as stored.
pub(super) fn leave_to(leave: Option<Leave>) -> [Option<i64>; 2] {
    [leave.map(Leave::from), leave.map(Leave::to)].map(|day| day.map(|day| day.number().into()))
}

pub(super) fn leave_from(days: [Option<i64>; 2]) -> Result<Option<Leave>, StoreError> {
    match days {
        [Some(from), Some(to)] => {
            let leave = Leave::new(day_from(from)?, day_from(to)?);
            leave.map(Some).ok_or(StoreError::Damaged("a leave"))
        }
        _ => Ok(None),
    }
}

//! What will be destroyed soon, for those who can still hold it: by sight, as any list.

use crate::audit::{Act, Kind};
use crate::cases::Group;
use crate::casework::destroyed_on;
use crate::model::{CaseNumber, Viewer};
use crate::office::{Office, OfficeError};
use mifeng_foundation::clock::Day;

/// How far ahead the list looks, in days.
pub const EXPIRING_DAYS: i32 = 30;

/// A case that will be destroyed soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpiringLine {
    /// Its number.
    pub number: CaseNumber,
    /// School and subject.
    pub title: String,
    /// How many tips go with it.
    pub tips: usize,
    /// The day on which it is destroyed by itself, where that is within the next thirty.
    pub day: Option<Day>,
    /// Where the rule stands, in Chinese and English.
    pub source: (String, String),
    /// Whether destroying it early waits for a second person.
    pub early: bool,
    /// Whether it goes so early because the rules were shortened.
    pub shortened: bool,
}

/// What will be destroyed within the next thirty days as far as `viewer` may see it, the first day first, and what waits
/// for a second person to be destroyed early.
///
/// # Errors
/// [`OfficeError::NotPermitted`] for whoever does not see all cases; [`OfficeError::Locked`].
pub async fn expiring(office: &Office, viewer: &Viewer) -> Result<Vec<ExpiringLine>, OfficeError> {
    if office.is_locked() {
        return Err(OfficeError::Locked);
    }
    if !viewer.role.sees_all_cases() {
        return Err(OfficeError::NotPermitted);
    }
    let act = Act::new(Kind::QueueSeen).detailed("expiring");
    office.audit_log().record(Some(viewer.id), act).await?;
    let mut lines = office.visible_to(viewer, |seen| {
        let groups = seen.groups();
        groups
            .filter_map(|group| expiring_line(office, &group))
            .collect::<Vec<_>>()
    });
    lines.sort_by(|a, b| {
        (a.day.is_none(), a.day, &a.number).cmp(&(b.day.is_none(), b.day, &b.number))
    });
    Ok(lines)
}

/// The line of a case, if it is destroyed soon or early destruction is asked for.
pub(super) fn expiring_line(office: &Office, group: &Group<'_>) -> Option<ExpiringLine> {
    let last = office.today().plus_days(EXPIRING_DAYS);
    let day = destroyed_on(office, group);
    let early = group.cases().any(|entry| entry.summary.deletion.is_some());
    let soon = day.as_ref().filter(|(day, _)| *day <= last);
    (soon.is_some() || early).then(|| ExpiringLine {
        number: CaseNumber(group.lead.row.number.clone()),
        title: group.lead.summary.title(),
        tips: group.cases().count(),
        day: soon.map(|(day, _)| *day),
        source: day
            .map(|(_, rule)| (rule.source_zh.clone(), rule.source_en.clone()))
            .unwrap_or_default(),
        early,
        shortened: office.retention().shortened(group).is_some(),
    })
}

//! The supervisor's figures: of the cases that he may see, and of no other.

use super::own::own_cases;
use crate::audit::{Act, AskedBy, Kind};
use crate::model::{Member, Role, Viewer};
use crate::office::{Office, OfficeError};
use crate::oversight::{Dimension, Key, Tally};
use mifeng_sealing::tip::Category;

/// What becomes of the figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Publication {
    /// They are looked at in the office.
    No,
    /// They are looked at, or printed, as they may leave it.
    Shown,
    /// They leave as a file of this kind.
    As(&'static str),
}

/// The figures of a year.
///
/// # Errors
/// [`OfficeError::NotPermitted`] for all but supervisors, or what the store says.
pub async fn figures(
    office: &Office,
    viewer: &Viewer,
    year: i16,
    publication: Publication,
) -> Result<Tally, OfficeError> {
    if viewer.role != Role::Supervisor {
        return Err(OfficeError::NotPermitted);
    }
    let seen = Act::new(Kind::DashboardSeen);
    let audit_log = office.audit_log();
    match publication {
        Publication::No => audit_log.record(Some(viewer.id), seen).await?,
        Publication::Shown => {
            let seen = seen.detailed("outside");
            audit_log.record(Some(viewer.id), seen).await?;
        }
        Publication::As(table) => {
            let (lines, by) = (Dimension::ALL.len(), AskedBy::Year(year));
            audit_log.record_export(viewer.id, table, lines, by).await?;
        }
    }
    let own = own_cases(office, viewer, None).await?;
    let office = own.as_ref().unwrap_or(office);
    let mut tally = Tally::new(year, office.today());
    expect_rows(office, &mut tally, &office.members().await?);
    office.visible_to(viewer, |seen| {
        for group in seen.groups() {
            for entry in group.cases() {
                tally.count(entry, group.lead);
            }
        }
    });
    Ok(tally)
}

/// Every row that there can be: which are there must not tell anything.
fn expect_rows(office: &Office, tally: &mut Tally, members: &[Member]) {
    let rules = office.rules();
    let schools = rules.schools().iter();
    let schools = schools.map(|school| Key::School(Some(school.id.clone())));
    let units = rules.units().iter().map(|unit| Key::Unit(unit.id.clone()));
    let kinds = Category::ALL.iter().map(|kind| Key::Category(kind.code()));
    let handles = |one: &&Member| matches!(one.role, Role::Investigator | Role::Dispatcher);
    let people = members.iter().filter(handles);
    let people = people.map(|one| Key::Handler(Some(one.id)));
    tally.expect(Dimension::Month, (1..=12).map(Key::Month));
    tally.expect(Dimension::School, schools.chain([Key::School(None)]));
    tally.expect(Dimension::Category, kinds);
    tally.expect(Dimension::Unit, units);
    tally.expect(Dimension::Handler, people.chain([Key::Handler(None)]));
}

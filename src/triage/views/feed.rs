//! Members' calendars of due days.

use crate::audit::{Act, Kind};
use crate::cases::Group;
use crate::casework::on_record;
use crate::feed::{FeedToken, FeedTokenHash};
use crate::model::{CaseNumber, Member, Role, Viewer};
use crate::office::{Office, OfficeError};
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::StoreError;

/// A running deadline, as it stands in a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpcomingDeadline {
    /// The deadline's id.
    pub id: [u8; 16],
    /// The case's number.
    pub number: CaseNumber,
    /// The rule it runs under.
    pub rule: String,
    /// The last day.
    pub due_day: Day,
    /// How often that was changed.
    pub sequence: u32,
    /// The day it was last changed, or the deadline was started.
    pub changed_day: Day,
}

/// The day on which the viewer's calendar was made, if she has one.
///
/// # Errors
/// What the store says.
pub async fn feed_made(office: &Office, viewer: &Member) -> Result<Option<Day>, StoreError> {
    office.parts.store.feed_of(viewer.id).await
}

/// Makes the viewer a calendar with a new address; an earlier one is good for nothing any more.
///
/// # Errors
/// [`OfficeError::NotPermitted`] for a role that reads no tips, or what the store says.
pub async fn make_feed(office: &Office, viewer: &Viewer) -> Result<FeedToken, OfficeError> {
    if !viewer.role.reads_tips() {
        return Err(OfficeError::NotPermitted);
    }
    let token = FeedToken::generate(office.entropy());
    let act = Act::new(Kind::FeedMade);
    on_record(office, viewer, act, async {
        let store = &office.parts.store;
        Ok(store
            .set_feed(viewer.id, token.hash(), office.today())
            .await?)
    })
    .await?;
    Ok(token)
}

/// Takes the viewer's calendar away.
///
/// # Errors
/// [`OfficeError::NotYours`] if she has none, or what the store says.
pub async fn revoke_feed(office: &Office, viewer: &Viewer) -> Result<(), OfficeError> {
    let act = Act::new(Kind::FeedRevoked);
    on_record(office, viewer, act, async {
        let gone = office.parts.store.remove_feed(viewer.id).await?;
        gone.then_some(()).ok_or(OfficeError::NotYours)
    })
    .await
}

/// The running deadlines for the calendar with this address, by day: of the cases in hand, for a supervisor of all that he
/// may see. `None` where there is no such calendar, or its owner reads no tips any more.
///
/// # Errors
/// [`OfficeError::Locked`] while the office's key is locked, or what the store says.
pub async fn feed(
    office: &Office,
    token: FeedTokenHash,
) -> Result<Option<Vec<UpcomingDeadline>>, OfficeError> {
    let owner = office.parts.store.feed_owner(token).await?;
    let members = office.members().await?;
    let owner = members.iter().find(|one| Some(one.id) == owner);
    let Some(owner) = owner.filter(|one| one.is_reader()) else {
        return Ok(None);
    };
    if office.is_locked() {
        return Err(OfficeError::Locked);
    }
    if office.first_today(owner.id, office.today()) {
        let act = Act::new(Kind::FeedSeen);
        office.audit_log().record(Some(owner.id), act).await?;
    }
    let mut deadlines = Vec::new();
    office.visible_to(owner, |seen| {
        for group in seen.groups() {
            let in_hand = group.lead.handles(owner.id);
            if in_hand || owner.role == Role::Supervisor {
                deadlines.extend(running(&group));
            }
        }
    });
    deadlines.sort_by(|a, b| (a.due_day, &a.number, a.id).cmp(&(b.due_day, &b.number, b.id)));
    Ok(Some(deadlines))
}

/// Puts on record how many wrong addresses there were today.
///
/// # Errors
/// What the store says.
pub async fn record_wrong_feeds(office: &Office, many: &'static str) -> Result<(), OfficeError> {
    let act = Act::new(Kind::FeedRefused).detailed(many);
    Ok(office.audit_log().record(None, act).await?)
}

fn running(group: &Group<'_>) -> Vec<UpcomingDeadline> {
    let of = |entry: &crate::cases::Entry| {
        let number = CaseNumber(entry.row.number.clone());
        let running = entry
            .deadlines
            .iter()
            .filter(|deadline| deadline.met_day.is_none());
        let due = running.map(move |deadline| UpcomingDeadline {
            id: deadline.id,
            number: number.clone(),
            rule: deadline.rule.clone(),
            due_day: deadline.due_day,
            sequence: deadline.moved_times,
            changed_day: deadline.moved_day.unwrap_or(deadline.start_day),
        });
        due.collect::<Vec<_>>()
    };
    group.cases().flat_map(of).collect()
}

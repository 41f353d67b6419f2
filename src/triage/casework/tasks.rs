//! Tasks: who does what by when, shown in her queue.

use super::draft::Draft;
use super::on_record::change_case;
use super::papers::given;
use super::storing::store_drafts_with;
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::model::{CaseNumber, Member, MemberId, Note};
use crate::office::{Office, OfficeError};
use crate::store::{ChangeSet, PaperChanges};
use mifeng_foundation::clock::Day;

/// Longest time that a task may take, in days.
const TASK_MAX_DAYS: i32 = 3 * 366;

/// A task about to be stored.
pub(super) struct NewTask {
    pub whose: MemberId,
    pub whose_name: String,
    pub due_day: Day,
    pub text: String,
}

/// A task as it was typed, if it is sound.
pub(super) async fn task(
    office: &Office,
    entries: &[Entry],
    member: Option<MemberId>,
    due_day: Option<Day>,
    text: &str,
) -> Result<NewTask, OfficeError> {
    let text = given("text", text)?;
    let ahead = |day: &Day| (0..=TASK_MAX_DAYS).contains(&day.days_since(office.today()));
    let due_day = due_day.filter(ahead);
    let due_day = due_day.ok_or(OfficeError::Unsound("due", "error-due"))?;
    let group = Group::of(entries).ok_or(OfficeError::NotYours)?;
    let members = office.members().await?;
    let whose = members
        .into_iter()
        .find(|one| Some(one.id) == member && office.sees(one, &group));
    let whose = whose.ok_or(OfficeError::Unsound("member", "error-member"))?;
    Ok(NewTask {
        whose: whose.id,
        whose_name: whose.name,
        due_day,
        text,
    })
}

/// Calls a task done.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPermitted`] for whoever neither has it nor sees all cases,
/// [`OfficeError::NotPossible`] where there is no such task that is not done.
pub async fn finish_task(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    task: [u8; 16],
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::TaskDone).of(task);
    change_case(office, actor, number, act, async |entries| {
        let row = office.caseload(|caseload| caseload.tasks().get(task).copied());
        let case = entries[0].row.id;
        let row = row
            .filter(|row| row.case == case)
            .ok_or(OfficeError::NotPossible)?;
        if row.member != actor.id && !actor.role.sees_all_cases() {
            return Err(OfficeError::NotPermitted);
        }
        let mut draft = Draft::new(office, entries[0].clone())?;
        draft.note(Some(&actor.name), Note::TaskDone, "")?;
        let papers = PaperChanges {
            done: vec![(task, office.today())],
            ..PaperChanges::default()
        };
        let together = ChangeSet {
            papers,
            ..ChangeSet::default()
        };
        store_drafts_with(office, vec![draft], together).await
    })
    .await
}

//! Tasks: who does what by when, shown in her queue.

use super::Desk;
use super::papers::given;
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::casework::Draft;
use crate::model::{CaseNumber, Member, MemberId, Note, PaperContent, PaperText, TaskLine, Viewer};
use crate::office::{OfficeError, open_json};
use crate::store::{ChangeSet, PaperChanges, TaskRow};
use mifeng_foundation::clock::Day;

/// Longest time that a task may take, in days.
const TASK_MAX_DAYS: i32 = 3 * 366;
/// Most tasks that a queue lists.
const TASKS_SHOWN: usize = 50;

/// A task about to be stored.
pub(super) struct NewTask {
    pub whose: MemberId,
    pub whose_name: String,
    pub due_day: Day,
    pub text: String,
}

impl Desk {
    /// A task as it was typed, if it is sound.
    pub(super) async fn task(
        &self,
        entries: &[Entry],
        member: Option<MemberId>,
        due_day: Option<Day>,
        text: &str,
    ) -> Result<NewTask, OfficeError> {
        let text = given("text", text)?;
        let ahead = |day: &Day| (0..=TASK_MAX_DAYS).contains(&day.days_since(self.today()));
        let due_day = due_day.filter(ahead);
        let due_day = due_day.ok_or(OfficeError::Unsound("due", "error-due"))?;
        let group = Group::of(entries).ok_or(OfficeError::NotYours)?;
        let members = self.members().await?;
        let whose = members
            .into_iter()
            .find(|one| Some(one.id) == member && self.sees(one, &group));
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
    /// As [`Self::case`]; [`OfficeError::NotPermitted`] for whoever neither has it nor sees all cases,
    /// [`OfficeError::NotPossible`] where there is no such task that is not done.
    pub async fn finish_task(
        &self,
        actor: &Member,
        number: &CaseNumber,
        task: [u8; 16],
    ) -> Result<(), OfficeError> {
        let act = Act::new(Kind::TaskDone).of(task);
        self.change_case(actor, number, act, async |entries| {
            let row = self
                .office
                .caseload(|caseload| caseload.task(task).copied());
            let case = entries[0].row.id;
            let row = row
                .filter(|row| row.case == case)
                .ok_or(OfficeError::NotPossible)?;
            if row.member != actor.id && !actor.role.sees_all_cases() {
                return Err(OfficeError::NotPermitted);
            }
            let mut draft = Draft::new(&self.office, entries[0].clone())?;
            draft.note(Some(&actor.name), Note::TaskDone, "")?;
            let papers = PaperChanges {
                done: vec![(task, self.today())],
                ..PaperChanges::default()
            };
            let together = ChangeSet {
                papers,
                ..ChangeSet::default()
            };
            self.store_with(vec![draft], together).await
        })
        .await
    }

    /// The viewer's tasks in cases that she may see, the most pressing first.
    pub(super) async fn tasks(&self, viewer: &Viewer) -> Result<Vec<TaskLine>, OfficeError> {
        let mut tasks: Vec<(TaskRow, Vec<Entry>)> = self.office.visible_to(viewer, |seen| {
            let own = seen.tasks();
            own.map(|(task, group)| (*task, group.to_entries()))
                .collect()
        });
        tasks.sort_by_key(|(task, _)| (task.due_day, task.id));
        tasks.truncate(TASKS_SHOWN);
        let mut lines = Vec::new();
        for (task, entries) in tasks {
            let Some(row) = self.office.parts.store.paper(task.id).await? else {
                continue;
            };
            let keyed = self.keyed(viewer, &entries).await?;
            let (entry, _) = keyed.first().ok_or(OfficeError::Damaged)?;
            // It may have been joined to another since: what was written into it is sealed to it still.
            let mut of_task = keyed.iter().filter(|(one, _)| one.row.id == task.case);
            let (_, key) = of_task.next().ok_or(OfficeError::Damaged)?;
            let text: PaperText = open_json(key, &row.sealed)?;
            let PaperContent::Task { text, .. } = text.says else {
                return Err(OfficeError::Damaged);
            };
            lines.push(TaskLine {
                number: CaseNumber(entry.row.number.clone()),
                title: entry.summary.title(),
                text,
                due_day: task.due_day,
                days_left: task.due_day.days_since(self.today()),
            });
        }
        Ok(lines)
    }
}

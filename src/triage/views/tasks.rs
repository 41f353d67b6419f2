//! The tasks of a member, as her queue lists them.

use crate::cases::Entry;
use crate::casework::keyed;
use crate::model::{CaseNumber, PaperContent, PaperText, TaskLine, Viewer};
use crate::office::{Office, OfficeError, open_json};
use crate::store::TaskRow;

/// Most tasks that a queue lists.
const TASKS_SHOWN: usize = 50;

/// The viewer's tasks in cases that she may see, the most pressing first.
pub(super) async fn tasks(office: &Office, viewer: &Viewer) -> Result<Vec<TaskLine>, OfficeError> {
    let mut tasks: Vec<(TaskRow, Vec<Entry>)> = office.visible_to(viewer, |seen| {
        let own = seen.tasks();
        own.map(|(task, group)| (*task, group.to_entries()))
            .collect()
    });
    tasks.sort_by_key(|(task, _)| (task.due_day, task.id));
    tasks.truncate(TASKS_SHOWN);
    let mut lines = Vec::new();
    for (task, entries) in tasks {
        let Some(row) = office.parts.store.paper(task.id).await? else {
            continue;
        };
        let keyed = keyed(office, viewer, &entries).await?;
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
            days_left: task.due_day.days_since(office.today()),
        });
    }
    Ok(lines)
}

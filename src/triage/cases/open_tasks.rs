//! Tasks that are not done, found by their id, their case and who has them.

use crate::model::{CaseId, MemberId};
use crate::store::{PaperChanges, PaperRow, TaskRow};
use std::collections::{BTreeSet, HashMap};

/// The tasks of all cases that are not done.
#[derive(Default)]
pub struct OpenTasks {
    tasks: HashMap<[u8; 16], TaskRow>,
    in_case: HashMap<CaseId, BTreeSet<[u8; 16]>>,
}

impl OpenTasks {
    /// Takes in a task that is not done.
    pub fn add(&mut self, task: TaskRow) {
        self.in_case.entry(task.case).or_default().insert(task.id);
        self.tasks.insert(task.id, task);
    }

    /// Keeps step with papers that were stored.
    pub fn keep(&mut self, papers: &PaperChanges) {
        for task in papers.new.iter().filter_map(PaperRow::open_task) {
            self.add(task);
        }
        for (task, _) in &papers.done {
            let done = self.tasks.remove(task);
            let others = done.and_then(|done| self.in_case.get_mut(&done.case));
            if let Some(others) = others {
                others.remove(task);
            }
        }
    }

    /// The task with this id, if it is not done.
    #[must_use]
    pub fn get(&self, id: [u8; 16]) -> Option<&TaskRow> {
        self.tasks.get(&id)
    }

    /// A member's tasks, in no order.
    pub fn of(&self, member: MemberId) -> impl Iterator<Item = &TaskRow> {
        self.tasks
            .values()
            .filter(move |task| task.member == member)
    }

    /// Forgets the tasks of a case.
    pub fn forget(&mut self, case: CaseId) {
        for task in self.in_case.remove(&case).unwrap_or_default() {
            self.tasks.remove(&task);
        }
    }
}

//! The queue: the cases of a view, page by page.

use super::Desk;
use super::copies::{SeenFloods, copies};
use crate::audit::{Act, Kind};
use crate::cases::{Group, Queue, QueueView};
use crate::ledger::last;
use crate::model::{Role, Viewer, sort_page};
use crate::office::OfficeError;

/// Rows on a page of the queue.
const QUEUE_ROWS: usize = 100;

impl Desk {
    /// The cases of a view, with counts of every view: the first page.
    ///
    /// # Errors
    /// As [`Self::queue_page`].
    pub async fn queue(&self, viewer: &Viewer, view: QueueView) -> Result<Queue, OfficeError> {
        self.queue_page(viewer, view, 1).await
    }

    /// The cases of a page of a view, from 1, with counts of every view; the last one where there are fewer.
    ///
    /// # Errors
    /// [`OfficeError::NotPermitted`] for a role that reads no tips, or what the store says.
    pub async fn queue_page(
        &self,
        viewer: &Viewer,
        view: QueueView,
        page: usize,
    ) -> Result<Queue, OfficeError> {
        let own = self.own(viewer, None).await?;
        own.as_ref().unwrap_or(self).list(viewer, view, page).await
    }

    async fn list(
        &self,
        viewer: &Viewer,
        view: QueueView,
        page: usize,
    ) -> Result<Queue, OfficeError> {
        if !viewer.role.reads_tips() {
            return Err(OfficeError::NotPermitted);
        }
        let act = Act::new(Kind::QueueSeen).detailed(view.code());
        self.audit_log().record(Some(viewer.id), act).await?;
        let (members, today) = (self.members().await?, self.today());
        let tasks = self.tasks(viewer).await?;
        let quarantined = self.office.quarantined(viewer.role).await?;
        let (mut queue, open) = self.office.visible_to(viewer, |seen| {
            let mut queue = Queue {
                tasks,
                quarantined,
                ..Queue::default()
            };
            let (mut listed, mut open) = (Vec::new(), Vec::new());
            let oversees = viewer.role.sees_all_cases();
            for group in seen.groups() {
                let is_in = group.views(viewer.id, today);
                queue.counts.add(&is_in);
                if oversees {
                    queue.signing.extend(self.to_sign(viewer, &group));
                }
                if viewer.role == Role::Supervisor {
                    queue.objections.extend(self.open_objections(group.cases()));
                }
                if oversees && self.expiring_line(&group).is_some() {
                    queue.expiring += 1;
                }
                if is_in(QueueView::Open) {
                    let due = group.next_deadline().map(|deadline| deadline.due_day);
                    queue.days_left.extend(due.map(|due| due.days_since(today)));
                }
                if !group.state().is_finished() {
                    open.push(group.lead.row.id);
                }
                if is_in(view) {
                    listed.push(group);
                }
            }
            queue
                .signing
                .sort_by(|a, b| (a.day, &a.number).cmp(&(b.day, &b.number)));
            queue
                .objections
                .sort_by(|a, b| (a.until, &a.number).cmp(&(b.until, &b.number)));
            let due = |group: &Group<'_>| group.next_deadline().map(|deadline| deadline.due_day);
            let (here, position) = sort_page(&mut listed, page, QUEUE_ROWS, |a, b| {
                let by = last(due(a), due(b));
                by.then_with(|| a.lead.row.number.cmp(&b.lead.row.number))
            });
            let mut floods = SeenFloods::default();
            let row = |group: &Group<'_>| {
                let mut row = group.queue_row(&members, today);
                row.copies = copies(seen, group, &mut floods);
                row
            };
            queue.rows = listed[here].iter().map(row).collect();
            queue.position = position;
            queue.bursts = self.bursts(viewer, seen);
            (queue, open)
        });
        // Not while the viewer's own sight is held: that of each other member is looked into.
        queue.asked = self.asked(viewer, &open, &members);
        Ok(queue)
    }
}

//! The queue: the cases of a view, page by page.

use super::copies::{SeenFloods, bursts, copies};
use super::expiring::expiring_line;
use super::own::own_cases;
use super::signing::to_sign;
use super::tasks::tasks;
use crate::audit::{Act, Kind};
use crate::cases::{Group, Queue, QueueView};
use crate::casework::{open_objections, open_questions};
use crate::ledger::last;
use crate::model::{Role, Viewer, sort_page};
use crate::office::{Office, OfficeError, quarantined};

/// Rows on a page of the queue.
const QUEUE_ROWS: usize = 100;

/// The cases of a view, with counts of every view: the first page.
///
/// # Errors
/// As [`queue_page`].
pub async fn queue(
    office: &Office,
    viewer: &Viewer,
    view: QueueView,
) -> Result<Queue, OfficeError> {
    queue_page(office, viewer, view, 1).await
}

/// The cases of a page of a view, from 1, with counts of every view; the last one where there are fewer.
///
/// # Errors
/// [`OfficeError::NotPermitted`] for a role that reads no tips, or what the store says.
pub async fn queue_page(
    office: &Office,
    viewer: &Viewer,
    view: QueueView,
    page: usize,
) -> Result<Queue, OfficeError> {
    let own = own_cases(office, viewer, None).await?;
    list(own.as_ref().unwrap_or(office), viewer, view, page).await
}

async fn list(
    office: &Office,
    viewer: &Viewer,
    view: QueueView,
    page: usize,
) -> Result<Queue, OfficeError> {
    if !viewer.role.reads_tips() {
        return Err(OfficeError::NotPermitted);
    }
    let act = Act::new(Kind::QueueSeen).detailed(view.code());
    office.audit_log().record(Some(viewer.id), act).await?;
    let (members, today) = (office.members().await?, office.today());
    let tasks = tasks(office, viewer).await?;
    let quarantined = quarantined(office, viewer.role).await?;
    let (mut queue, open) = office.visible_to(viewer, |seen| {
        let mut queue = Queue {
            tasks,
            quarantined,
            ..Queue::default()
        };
        let (mut listed, mut open) = (Vec::new(), Vec::new());
        for group in seen.groups() {
            let is_in = group.views(viewer.id, today);
            queue.counts.add(&is_in);
            add_what_waits(&mut queue, office, viewer, &group);
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
        let Queue {
            signing,
            objections,
            ..
        } = &mut queue;
        signing.sort_by(|a, b| (a.day, &a.number).cmp(&(b.day, &b.number)));
        objections.sort_by(|a, b| (a.until, &a.number).cmp(&(b.until, &b.number)));
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
        queue.bursts = bursts(office, viewer, seen);
        (queue, open)
    });
    // Not while the viewer's own sight is held: that of each other member is looked into.
    queue.asked = open_questions(office, viewer, &open, &members);
    Ok(queue)
}

/// Adds what of a case waits for the viewer above the lists: a signature, an objection, its end.
fn add_what_waits(queue: &mut Queue, office: &Office, viewer: &Viewer, group: &Group<'_>) {
    if viewer.role.sees_all_cases() {
        queue.signing.extend(to_sign(office, viewer, group));
        queue.expiring += usize::from(expiring_line(office, group).is_some());
    }
    if viewer.role == Role::Supervisor {
        let objections = open_objections(office, group.cases());
        queue.objections.extend(objections);
    }
}

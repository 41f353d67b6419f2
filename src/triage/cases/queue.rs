//! The queue as a member of the staff sees it: plain values.

use crate::model::{CaseNumber, CaseState, PagePosition, TaskLine, Urgency};
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::Category;
use mifeng_similarity::Offence;
use serde::{Deserialize, Serialize};

/// Which cases to list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QueueView {
    /// Those given to the viewer and not finished.
    #[default]
    Mine,
    /// Nobody has decided on them yet.
    New,
    /// Due within three days.
    DueSoon,
    /// Past their due day.
    Overdue,
    /// Every unfinished case the viewer may see.
    Open,
    /// Finished ones.
    Finished,
}

impl QueueView {
    /// Every view.
    pub const ALL: [Self; 6] = [
        Self::Mine,
        Self::New,
        Self::DueSoon,
        Self::Overdue,
        Self::Open,
        Self::Finished,
    ];

    /// The word in the address.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Mine => "mine",
            Self::New => "new",
            Self::DueSoon => "due-soon",
            Self::Overdue => "overdue",
            Self::Open => "open",
            Self::Finished => "finished",
        }
    }

    /// The view with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|view| view.code() == code)
    }
}

/// How many cases the viewer would see in each view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QueueCounts {
    /// [`QueueView::Mine`].
    pub mine: usize,
    /// [`QueueView::New`].
    pub new: usize,
    /// [`QueueView::DueSoon`].
    pub due_soon: usize,
    /// [`QueueView::Overdue`].
    pub overdue: usize,
    /// [`QueueView::Open`].
    pub open: usize,
    /// [`QueueView::Finished`].
    pub finished: usize,
}

impl QueueCounts {
    /// Counts one more case, which is in the views for which `is_in` says so.
    pub fn add(&mut self, is_in: impl Fn(QueueView) -> bool) {
        for view in QueueView::ALL.into_iter().filter(|view| is_in(*view)) {
            *match view {
                QueueView::Mine => &mut self.mine,
                QueueView::New => &mut self.new,
                QueueView::DueSoon => &mut self.due_soon,
                QueueView::Overdue => &mut self.overdue,
                QueueView::Open => &mut self.open,
                QueueView::Finished => &mut self.finished,
            } += 1;
        }
    }
}

/// A line of the queue.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark of its own that a page shows"
)]
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Case number.
    pub number: CaseNumber,
    /// School and subject in a line, cut to 40 characters.
    pub title: String,
    /// What it is about.
    pub category: Category,
    /// Where it stands.
    pub state: CaseState,
    /// The next due day, while a deadline runs.
    pub due_day: Option<Day>,
    /// Whether that day may move with the calendar.
    pub due_is_provisional: bool,
    /// Days until due, negative when late.
    pub days_left: Option<i32>,
    /// How time presses.
    pub urgency: Urgency,
    /// Names of those who handle it, the one who leads it first, if someone does.
    pub handler: Option<String>,
    /// Day of the last change.
    pub changed_day: Day,
    /// Whether the reporter wrote something that nobody has answered.
    pub reporter_wrote: bool,
    /// Whether something came that nothing tells to be a reporter's, and nobody has written to one since.
    pub unproven_words: bool,
    /// Whether a reporter corrected a tip.
    pub corrected: bool,
    /// Whether a reporter took a tip back.
    pub withdrawn: bool,
    /// How many tips are handled together in it.
    pub tips: usize,
    /// The copies of one text that it belongs to, if nothing else is handled in it.
    pub copies: Option<Copies>,
}

/// Near copies of one text that came within days of each other, as far as the viewer may see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copies {
    /// Their numbers, in order of arrival.
    pub numbers: Vec<CaseNumber>,
    /// Day of the first.
    pub first_day: Day,
    /// Day of the last.
    pub last_day: Day,
}

/// A school with far more tips of one kind in the past seven days than in its twelve weeks before, as far as the viewer
/// may see them.
#[derive(Clone, Debug, PartialEq)]
pub struct BurstView {
    /// The school's name.
    pub school: String,
    /// The kind; `None` where none was read.
    pub offence: Option<Offence>,
    /// Tips of the past seven days.
    pub tips: u32,
    /// Tips of a usual week.
    pub usual_per_week: f32,
}

/// What waits for a second person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningOf {
    /// Closing it off the ledger.
    Closing,
    /// Destroying it early.
    Deletion,
    /// Passing it up.
    Passing,
    /// That it was declined, though it tells of harm to a child.
    Declining,
}

impl SigningOf {
    /// Each.
    pub const ALL: [Self; 4] = [
        Self::Closing,
        Self::Deletion,
        Self::Passing,
        Self::Declining,
    ];

    /// The word, as the end of the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Closing => "closing",
            Self::Deletion => "deletion",
            Self::Passing => "passing",
            Self::Declining => "declining",
        }
    }
}

/// A case of which something waits for the viewer's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningLine {
    /// Its number.
    pub number: CaseNumber,
    /// School and subject.
    pub title: String,
    /// What waits.
    pub of: SigningOf,
    /// Who asked.
    pub by: String,
    /// When.
    pub day: Day,
}

/// An objection to a decision that no supervisor has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenObjection {
    /// The number of the case whose reporter objected.
    pub number: CaseNumber,
    /// School and subject.
    pub title: String,
    /// The day on which it came; `None` for what came before that was kept.
    pub since: Option<Day>,
    /// By when it is to be answered.
    pub until: Option<Day>,
    /// The same in days from today.
    pub days_left: Option<i32>,
}

/// The queue as one viewer sees it.
#[derive(Clone, Debug, Default)]
pub struct Queue {
    /// Rows by due day, the most pressing first.
    pub rows: Vec<QueueRow>,
    /// For the tiles and the menu.
    pub counts: QueueCounts,
    /// Due days of all open cases the viewer may see, as days from today: for the histogram.
    pub days_left: Vec<i32>,
    /// Schools with more than usual.
    pub bursts: Vec<BurstView>,
    /// The viewer's tasks, the most pressing first.
    pub tasks: Vec<TaskLine>,
    /// Cases of which the viewer is asked whether they mean a member.
    pub asked: usize,
    /// Envelopes that did not open and wait for the viewer's decision.
    pub quarantined: usize,
    /// Objections that wait for the viewer's answer, the most pressing first.
    pub objections: Vec<OpenObjection>,
    /// What waits for the viewer's signature, the oldest first.
    pub signing: Vec<SigningLine>,
    /// How many cases will be destroyed soon, as far as the viewer may see and hold them.
    pub expiring: usize,
    /// Which page of the view this is.
    pub position: PagePosition,
}

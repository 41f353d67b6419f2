//! What a member of the staff sees of cases: plain values, opened in memory for one answer.

use super::{AlikeCase, Piece};
use crate::clock::Day;
use crate::tip::{Category, Channel, Language, Status};
use crate::triage::deadlines::Rung;
use crate::triage::similarity::Offence;
use crate::triage::staff::MemberId;
use crate::triage::store::AttachmentState;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `2026-0147`: year of receipt and a counter within it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseNumber(pub String);

/// Where a case stands. Legal transitions are in [`CaseState::next_states`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseState {
    /// Routed, nobody has decided yet (待受理).
    Received,
    /// 受理.
    Accepted,
    /// 不予受理.
    Declined,
    /// 转办.
    Referred,
    /// 查办中.
    UnderInquiry,
    /// 办结, with an outcome.
    Concluded,
}

impl CaseState {
    /// Every state.
    pub const ALL: [Self; 6] = [
        Self::Received,
        Self::Accepted,
        Self::Declined,
        Self::Referred,
        Self::UnderInquiry,
        Self::Concluded,
    ];

    /// The word stored and used in forms.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.told_as().code()
    }

    /// The state with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// What the reporter is told.
    #[must_use]
    pub fn told_as(self) -> Status {
        match self {
            Self::Received => Status::Received,
            Self::Accepted => Status::Accepted,
            Self::Declined => Status::Declined,
            Self::Referred => Status::Referred,
            Self::UnderInquiry => Status::UnderInquiry,
            Self::Concluded => Status::Concluded,
        }
    }

    /// States a person may set by hand from here. `Concluded` is reached by concluding with an outcome only.
    #[must_use]
    pub fn next_states(self) -> &'static [Self] {
        match self {
            Self::Received => &[Self::Accepted, Self::Declined, Self::Referred],
            Self::Accepted => &[Self::UnderInquiry, Self::Referred],
            Self::UnderInquiry => &[Self::Referred],
            Self::Referred => &[Self::UnderInquiry],
            Self::Declined | Self::Concluded => &[],
        }
    }

    /// How far it is on the way, to tell which of two is further.
    #[must_use]
    pub fn step(self) -> u8 {
        match self {
            Self::Received => 0,
            Self::Accepted => 1,
            Self::Referred => 2,
            Self::UnderInquiry => 3,
            Self::Declined | Self::Concluded => 4,
        }
    }

    /// Whether nothing more is owed.
    #[must_use]
    pub fn is_finished(self) -> bool {
        matches!(self, Self::Declined | Self::Concluded)
    }
}

/// What an inquiry found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 查实.
    Upheld,
    /// 部分属实.
    PartlyUpheld,
    /// 不属实.
    NotUpheld,
    /// 无法查实.
    NotProvable,
    /// 澄清.
    Cleared,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [
        Self::Upheld,
        Self::PartlyUpheld,
        Self::NotUpheld,
        Self::NotProvable,
        Self::Cleared,
    ];

    /// The word used in forms and as the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Upheld => "upheld",
            Self::PartlyUpheld => "partly-upheld",
            Self::NotUpheld => "not-upheld",
            Self::NotProvable => "not-provable",
            Self::Cleared => "cleared",
        }
    }

    /// The outcome with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.code() == code)
    }
}

/// How a case is concluded.
#[derive(Clone, Debug)]
pub struct Conclusion {
    /// What was found.
    pub outcome: Outcome,
    /// What the reporter is told, word for word. Must not be empty.
    pub answer_to_reporter: String,
    /// What those are told who get an answer of their own, by number. None may be empty.
    pub own_answers: BTreeMap<CaseNumber, String>,
    /// Why, for the file. Must not be empty.
    pub reason: String,
}

impl Conclusion {
    /// What the reporter of the tip with this number is told.
    #[must_use]
    pub fn answer_to(&self, number: &str) -> &str {
        let own = self.own_answers.get(&CaseNumber(number.to_owned()));
        own.unwrap_or(&self.answer_to_reporter)
    }

    /// Every answer.
    pub fn answers(&self) -> impl Iterator<Item = &str> {
        let own = self.own_answers.values();
        own.chain([&self.answer_to_reporter]).map(String::as_str)
    }
}

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

/// How time presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// No clock runs.
    Done,
    /// More than three days left.
    OnTime,
    /// Three days or fewer left.
    Soon,
    /// Past the due day.
    Late,
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

/// A line of the queue.
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
    /// The next due day, while a clock runs.
    pub due_day: Option<Day>,
    /// Whether that day may move with the calendar.
    pub due_is_provisional: bool,
    /// Days until due, negative when late.
    pub days_left: Option<i32>,
    /// How time presses.
    pub urgency: Urgency,
    /// Name of the handler, if someone has it.
    pub handler: Option<String>,
    /// Day of the last change.
    pub changed_day: Day,
    /// Whether the reporter wrote something that nobody has answered.
    pub reporter_wrote: bool,
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
}

/// One tip of a case.
#[derive(Clone, Debug)]
pub struct TipView {
    /// Opaque id, hex.
    pub id: String,
    /// The number it was given when it came, which it keeps.
    pub number: CaseNumber,
    /// Where its reporter was told that it stands.
    pub state: CaseState,
    /// What its reporter was told in the end.
    pub outcome: Option<Outcome>,
    /// Whether its mailbox was deleted.
    pub reporter_gone: bool,
    /// The day it was joined to the case that leads; `None` for that one itself.
    pub joined_day: Option<Day>,
    /// What it is about.
    pub category: Category,
    /// School, as typed.
    pub school: String,
    /// Who, as typed.
    pub subject: String,
    /// When, as typed.
    pub when: String,
    /// What happened.
    pub text: String,
    /// The same in parts, with text marked that tips about many schools have in common.
    pub pieces: Vec<Piece>,
    /// The reporter's language.
    pub language: Language,
    /// Day of receipt.
    pub received_day: Day,
    /// How it came.
    pub channel: Channel,
}

/// One clock of a case.
#[derive(Clone, Debug)]
pub struct ClockView {
    /// The tip it runs for.
    pub number: CaseNumber,
    /// Id of the rule, also the key of its name.
    pub rule: String,
    /// Where the rule stands, in the reader's language as in the rule file.
    pub source_zh: String,
    /// The same in English.
    pub source_en: String,
    /// First day.
    pub start_day: Day,
    /// Last day.
    pub due_day: Day,
    /// Whether the due day may move because a year's calendar is not out.
    pub provisional: bool,
    /// The day it was met; `None` while it runs.
    pub met_day: Option<Day>,
    /// Days it was extended by; 0 if it was not.
    pub extended_days: u16,
    /// How far it has climbed.
    pub climbed: Rung,
    /// Whether the viewer may extend it.
    pub can_extend: bool,
}

/// A message to or from the reporter.
#[derive(Clone, Debug)]
pub struct MessageView {
    /// The tip whose reporter it is.
    pub number: CaseNumber,
    /// Whether the reporter wrote it.
    pub from_reporter: bool,
    /// Who wrote it, for those of the office.
    pub author: Option<String>,
    /// The day.
    pub day: Day,
    /// The words.
    pub text: String,
    /// For the office's: whether it lies in the mailbox by now.
    pub delivered: bool,
    /// Whether the reporter said to have read it.
    pub read: bool,
}

/// A file of a case.
#[derive(Clone, Debug)]
pub struct AttachmentView {
    /// The tip it came with.
    pub number: CaseNumber,
    /// Opaque id, hex.
    pub id: String,
    /// Its name, which a stranger chose.
    pub name: String,
    /// Its media type, as the sender's side told it.
    pub media_type: String,
    /// Length of the content.
    pub size_bytes: u64,
    /// SHA-256 of the content, hex.
    pub sha256: String,
    /// Where it is.
    pub state: AttachmentState,
}

/// A line of a case's history. `key` names the words (`history-<key>`), `detail` fills them in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// The tips it was done to.
    pub numbers: Vec<CaseNumber>,
    /// The day.
    pub day: Day,
    /// Who did it; `None` for the system.
    pub actor: Option<String>,
    /// What was done.
    pub key: String,
    /// The reason or result, in words.
    pub detail: String,
}

/// Everything of a case that a page shows.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// Its line in the queue.
    pub row: QueueRow,
    /// For changes: refused if someone else changed the case since.
    pub version: i64,
    /// What the trail calls it.
    pub trail_id: String,
    /// Unit id.
    pub unit: String,
    /// Who handles it.
    pub handler_id: Option<MemberId>,
    /// Names of everyone who can open it.
    pub readers: Vec<String>,
    /// Whether every reporter deleted the mailbox: nothing reaches them any more.
    pub reporter_gone: bool,
    /// Whether a reporter objected to the decision, and no supervisor has answered.
    pub objected: bool,
    /// Whether it was closed, and is open again because of a tip that was joined to it.
    pub reopened: bool,
    /// Its tips, that of the case that leads first.
    pub tips: Vec<TipView>,
    /// Numbers of cases whose text is the same, word for word or but for width and spaces, that the viewer may see.
    pub same_text: Vec<CaseNumber>,
    /// Cases that are like it and that the viewer may see, the most alike first.
    pub alike: Vec<AlikeCase>,
    /// The copies of one text that it belongs to.
    pub copies: Option<Copies>,
    /// Cases that a person holds apart from it, with the tip of this case each was compared with.
    pub held_apart: Vec<(CaseNumber, CaseNumber)>,
    /// Why it was routed so, step by step: Chinese and English.
    pub routing_reasons: Vec<(String, String)>,
    /// Its clocks.
    pub clocks: Vec<ClockView>,
    /// Messages, oldest first.
    pub messages: Vec<MessageView>,
    /// Files that came with tips and additions.
    pub attachments: Vec<AttachmentView>,
    /// History, oldest first.
    pub history: Vec<HistoryEntry>,
    /// The outcome, once concluded.
    pub outcome: Option<Outcome>,
}

/// An envelope that did not open.
#[derive(Clone, Debug)]
pub struct QuarantinedEnvelope {
    /// Opaque id at intake, hex.
    pub id: String,
    /// The day it came.
    pub received_day: Day,
    /// Length in bytes.
    pub size_bytes: u64,
    /// Why, as a key of words: `header`, `wrong-key`, `damaged`, `not-a-tip`, `unknown-mailbox`.
    pub reason: String,
    /// How many files came with it and are here, as they came.
    pub files_kept: usize,
    /// How many are on their way.
    pub files_waiting: usize,
}

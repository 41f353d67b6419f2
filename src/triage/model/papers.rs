//! What the office writes into a case (卷宗材料): plain values, sealed to the case before they are stored.

use super::MemberId;
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};

/// What a paper is. Stands beside it in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaperKind {
    /// A note.
    Note,
    /// An entry of the evidence register.
    Evidence,
    /// An interview.
    Interview,
    /// Something to do by a day.
    Task,
    /// A message to a reporter that is not sent.
    Draft,
    /// What left the office of it.
    Extract,
}

impl PaperKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Note,
        Self::Evidence,
        Self::Interview,
        Self::Task,
        Self::Draft,
        Self::Extract,
    ];

    /// The word stored, and the end of the keys of its names.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Evidence => "evidence",
            Self::Interview => "interview",
            Self::Task => "task",
            Self::Draft => "draft",
            Self::Extract => "extract",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// What a paper says, as it stands inside its seal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaperText {
    /// Who wrote it.
    pub author: String,
    /// What it says.
    pub says: PaperContent,
}

/// The content of a paper, by its kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum PaperContent {
    /// A note.
    Note {
        /// The words.
        text: String,
    },
    /// An entry of the evidence register.
    Evidence {
        /// What it is.
        what: String,
        /// Where it lies, or the name of the file of this case that it is.
        place: String,
        /// SHA-256 of a file, hex; empty for what is none.
        sha256: String,
    },
    /// An interview.
    Interview {
        /// With whom.
        with: String,
        /// Where; may be empty.
        place: String,
        /// The day it was held.
        held_day: Day,
        /// What was said.
        text: String,
    },
    /// Something to do.
    Task {
        /// What.
        text: String,
        /// Whose it is, by name.
        whose: String,
    },
    /// A message that is not sent.
    Draft {
        /// The number of the tip whose reporter is meant; empty where there is one only.
        to: String,
        /// The words.
        text: String,
    },
    /// What left the office.
    Extract {
        /// To whom it went.
        addressee: String,
        /// The words.
        text: String,
    },
}

impl PaperContent {
    /// The kind of paper that has this content.
    #[must_use]
    pub fn kind(&self) -> PaperKind {
        match self {
            Self::Note { .. } => PaperKind::Note,
            Self::Evidence { .. } => PaperKind::Evidence,
            Self::Interview { .. } => PaperKind::Interview,
            Self::Task { .. } => PaperKind::Task,
            Self::Draft { .. } => PaperKind::Draft,
            Self::Extract { .. } => PaperKind::Extract,
        }
    }
}

/// A paper to be written, as it was typed.
#[derive(Clone, Debug)]
pub enum NewPaper {
    /// A note.
    Note {
        /// The words. Must not be empty.
        text: String,
    },
    /// An entry of the evidence register.
    Evidence {
        /// What it is. Must not be empty.
        what: String,
        /// Where it lies. May be empty for a file of this case.
        place: String,
        /// The id of the file of this case that it is.
        file: Option<[u8; 16]>,
        /// SHA-256 of a file that lies elsewhere, hex; may be empty.
        sha256: String,
    },
    /// An interview.
    Interview {
        /// With whom. Must not be empty.
        with: String,
        /// Where; may be empty.
        place: String,
        /// The day it was held, not one to come.
        held_day: Option<Day>,
        /// What was said. Must not be empty.
        text: String,
    },
    /// Something to do.
    Task {
        /// Whose it is: somebody who may see the case.
        member: Option<MemberId>,
        /// By when: today or later.
        due_day: Option<Day>,
        /// What. Must not be empty.
        text: String,
    },
    /// A message that is not sent yet; it takes the place of the writer's last one.
    Draft {
        /// The number of the tip whose reporter is meant; empty where there is one only.
        to: String,
        /// The words. Must not be empty.
        text: String,
    },
}

/// A paper as it is shown.
#[derive(Clone, Debug)]
pub struct PaperView {
    /// Opaque id, hex.
    pub id: String,
    /// Its number among the papers of its kind in this case, from 1.
    pub number: usize,
    /// Who wrote it.
    pub author: String,
    /// The day it was written.
    pub day: Day,
    /// By when a task is to be done.
    pub due_day: Option<Day>,
    /// When it was done.
    pub done_day: Option<Day>,
    /// Whether the viewer can call the task done.
    pub can_finish: bool,
    /// Whether the viewer wrote it, or whose task it is.
    pub is_own: bool,
    /// What it says.
    pub says: PaperContent,
}

/// A task in its member's queue.
#[derive(Clone, Debug)]
pub struct TaskLine {
    /// The case.
    pub number: super::CaseNumber,
    /// The case's title.
    pub title: String,
    /// What is to be done.
    pub text: String,
    /// By when.
    pub due_day: Day,
    /// Days until then, negative when late.
    pub days_left: i32,
}

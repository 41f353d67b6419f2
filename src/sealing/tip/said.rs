//! What a reporter says after a tip: documents that stand inside a seal, as a tip does.

use super::document::write;
use super::draft::{TipError, parse_optional_text, parse_text};
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Whether what was reported has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// It has.
    Yes,
    /// In part.
    Partly,
    /// It goes on.
    No,
}

impl Stopped {
    /// Every answer, in the order of the form.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Partly, Self::No];

    /// The word used in the form and as the end of a key of words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Partly => "partly",
            Self::No => "no",
        }
    }
}

/// The kinds of what a reporter says later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SaidKind {
    /// More about the matter, or an answer.
    Addition,
    /// That the decision is wrong.
    Objection,
    /// That something in the tip was not so.
    Correction,
    /// That the tip is taken back.
    Withdrawal,
    /// How it is some time after the decision.
    Aftercare,
    /// That messages were read.
    Read,
    /// That the mailbox was deleted.
    Farewell,
}

impl SaidKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::Addition,
        Self::Objection,
        Self::Correction,
        Self::Withdrawal,
        Self::Aftercare,
        Self::Read,
        Self::Farewell,
    ];

    /// The word used in documents and as the end of a key of words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Addition => "addition",
            Self::Objection => "objection",
            Self::Correction => "correction",
            Self::Withdrawal => "withdrawal",
            Self::Aftercare => "aftercare",
            Self::Read => "read",
            Self::Farewell => "farewell",
        }
    }
}

/// What a reporter says later.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Said {
    /// More about the matter, or an answer to a question.
    Addition {
        /// The words.
        text: String,
    },
    /// That the decision is wrong.
    Objection {
        /// Why.
        text: String,
    },
    /// That something in the tip was not so.
    Correction {
        /// What, and how it was.
        text: String,
    },
    /// That the tip is taken back. It is noted, and nothing is deleted or concluded by it.
    Withdrawal {
        /// Why; may be empty.
        text: String,
    },
    /// How it is some time after the decision.
    Aftercare {
        /// The days after which it was asked: 30 or 90.
        after_days: u16,
        /// Whether it has ended.
        #[zeroize(skip)]
        stopped: Stopped,
        /// Whether the reporter or the child was made to suffer for it.
        treated_badly: bool,
        /// More, in words; may be empty.
        text: String,
    },
    /// That the office's messages were read.
    Read {
        /// How many with words, from the first.
        messages: u32,
    },
    /// That the reporter deleted the mailbox: nothing reaches it any more.
    Farewell,
}

/// Days after a decision on which it is asked how it is, the latest first.
pub const AFTERCARE_DAYS: [u16; 2] = [90, 30];

/// Most messages that somebody can say to have read: more than any office writes under one code.
pub const MESSAGES_READ_MAX: u32 = 10_000;

impl Said {
    /// With its words checked and trimmed.
    ///
    /// # Errors
    /// [`TipError`] as for a tip's text; only aftercare and a withdrawal may do without words. [`TipError::OutOfRange`] for a
    /// number that no page asks for.
    pub fn checked(self) -> Result<Self, TipError> {
        match &self {
            Self::Aftercare { after_days, .. } if !AFTERCARE_DAYS.contains(after_days) => {
                return Err(TipError::OutOfRange("after_days"));
            }
            Self::Read { messages } if *messages > MESSAGES_READ_MAX => {
                return Err(TipError::OutOfRange("messages"));
            }
            _ => {}
        }
        Ok(match &self {
            Self::Addition { text } => Self::Addition {
                text: parse_text(text, TipError::EmptyAddition)?,
            },
            Self::Objection { text } => Self::Objection {
                text: parse_text(text, TipError::EmptyObjection)?,
            },
            Self::Correction { text } => Self::Correction {
                text: parse_text(text, TipError::EmptyAddition)?,
            },
            Self::Withdrawal { text } => Self::Withdrawal {
                text: parse_optional_text(text)?,
            },
            Self::Aftercare {
                after_days,
                stopped,
                treated_badly,
                text,
            } => Self::Aftercare {
                after_days: *after_days,
                stopped: *stopped,
                treated_badly: *treated_badly,
                text: parse_optional_text(text)?,
            },
            Self::Read { .. } | Self::Farewell => self,
        })
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> SaidKind {
        match self {
            Self::Addition { .. } => SaidKind::Addition,
            Self::Objection { .. } => SaidKind::Objection,
            Self::Correction { .. } => SaidKind::Correction,
            Self::Withdrawal { .. } => SaidKind::Withdrawal,
            Self::Aftercare { .. } => SaidKind::Aftercare,
            Self::Read { .. } => SaidKind::Read,
            Self::Farewell => SaidKind::Farewell,
        }
    }

    /// The words in it; empty where a kind has none.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Addition { text }
            | Self::Objection { text }
            | Self::Correction { text }
            | Self::Withdrawal { text }
            | Self::Aftercare { text, .. } => text,
            Self::Read { .. } | Self::Farewell => "",
        }
    }

    /// Everything said, in one string: what a repeated request has in common with the first.
    #[must_use]
    pub fn canonical(&self) -> zeroize::Zeroizing<Vec<u8>> {
        zeroize::Zeroizing::new(write(self))
    }
}

impl fmt::Debug for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Said(..)")
    }
}

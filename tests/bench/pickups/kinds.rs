//! What may lie under a code.

/// One kind of code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nobody has it.
    Unknown,
    /// Nothing has been said yet.
    Empty,
    /// One message.
    One,
    /// As many messages as the smallest class of work has room for.
    Full,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Unknown, Self::Empty, Self::One, Self::Full];

    pub fn name(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Empty => "empty",
            Self::One => "one message",
            Self::Full => "full",
        }
    }

    /// How many messages the office wrote; `None` if there is no mailbox.
    pub fn messages(self) -> Option<u32> {
        match self {
            Self::Unknown => None,
            Self::Empty => Some(0),
            Self::One => Some(1),
            Self::Full => Some(8),
        }
    }
}

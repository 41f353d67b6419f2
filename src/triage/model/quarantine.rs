//! Why an envelope is in quarantine instead of having become a case. The codes are stored and are the keys of words
//! (`quarantine-<code>`): they are frozen.

use std::fmt;

/// Why an envelope is in quarantine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QuarantineReason {
    /// Its header is not one that tips are sealed with.
    Header,
    /// It is sealed to another key.
    WrongKey,
    /// It is damaged.
    Damaged,
    /// It opened, and is no tip and no reply.
    NotATip,
    /// It opened, and its mailbox is a key that protects nothing.
    WeakKey,
    /// The program failed over it.
    Failed,
    /// It adds to a mailbox of which there is no tip.
    UnknownMailbox,
    /// It is not proven to be the reporter's, and there were too many such before.
    Unproven,
    /// What a later version of the program wrote, and this one has no words for.
    Unknown,
}

impl QuarantineReason {
    /// Every reason that is written.
    pub const ALL: [Self; 8] = [
        Self::Header,
        Self::WrongKey,
        Self::Damaged,
        Self::NotATip,
        Self::WeakKey,
        Self::Failed,
        Self::UnknownMailbox,
        Self::Unproven,
    ];

    /// The word stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::WrongKey => "wrong-key",
            Self::Damaged => "damaged",
            Self::NotATip => "not-a-tip",
            Self::WeakKey => "weak-key",
            Self::Failed => "failed",
            Self::UnknownMailbox => "unknown-mailbox",
            Self::Unproven => "unproven",
            Self::Unknown => "unknown",
        }
    }

    /// The reason with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        let found = Self::ALL.into_iter().find(|reason| reason.code() == code);
        found.unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for QuarantineReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stored_words_are_what_they_were() {
        let codes = QuarantineReason::ALL.map(QuarantineReason::code);
        let stored = [
            "header",
            "wrong-key",
            "damaged",
            "not-a-tip",
            "weak-key",
            "failed",
            "unknown-mailbox",
            "unproven",
        ];
        assert_eq!(codes, stored);
        for reason in QuarantineReason::ALL {
            assert_eq!(QuarantineReason::from_code(reason.code()), reason);
        }
        let later = QuarantineReason::from_code("said-in-2031");
        assert_eq!(later, QuarantineReason::Unknown);
    }
}

//! What an office wrote into a case that it passes up: it goes with the tip, inside its seal.

use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};
use std::fmt;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Most papers that go with a tip.
pub const PASSED_PAPERS_MAX: usize = 1_000;
/// Most bytes of their texts together: with the longest tip they fit into the largest sealed document.
pub const PASSED_PAPERS_MAX_BYTES: usize = 384 * 1024;

/// What kind of paper it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PassedKind {
    /// A note.
    Note,
    /// An entry of the evidence register.
    Evidence,
    /// An interview.
    Interview,
    /// What had left the office of it.
    Extract,
    /// A joint opinion, with who signed it and who was of another.
    Opinion,
    /// How many papers had no room, and stay sealed at the office that passed it up.
    Rest,
}

impl PassedKind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Note,
        Self::Evidence,
        Self::Interview,
        Self::Extract,
        Self::Opinion,
        Self::Rest,
    ];

    /// The word, as the end of the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Evidence => "evidence",
            Self::Interview => "interview",
            Self::Extract => "extract",
            Self::Opinion => "opinion",
            Self::Rest => "rest",
        }
    }
}

/// A paper of the office below.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
pub struct PassedPaper {
    /// What it was.
    #[zeroize(skip)]
    pub kind: PassedKind,
    /// Who wrote it there.
    pub author: String,
    /// When.
    #[zeroize(skip)]
    pub day: Day,
    /// What it says.
    pub text: String,
}

impl fmt::Debug for PassedPaper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PassedPaper(..)")
    }
}

impl PassedPaper {
    fn bytes(&self) -> usize {
        // What JSON writes of a letter is at most six times as long, of a Chinese one as long.
        let escaped = |letter: char| {
            if letter.is_ascii_control() || "\"\\".contains(letter) {
                6
            } else {
                letter.len_utf8()
            }
        };
        64 + self
            .author
            .chars()
            .chain(self.text.chars())
            .map(escaped)
            .sum::<usize>()
    }
}

/// As many of `papers` as have room, the latest first kept, in their order; what has none is said in a last one.
#[must_use]
pub fn as_many_as_fit(papers: Vec<PassedPaper>, today: Day) -> Vec<PassedPaper> {
    let all = papers.len();
    let mut bytes = 0;
    let mut kept: Vec<PassedPaper> = Vec::new();
    for paper in papers.into_iter().rev() {
        bytes += paper.bytes();
        if bytes > PASSED_PAPERS_MAX_BYTES - 1_024 || kept.len() + 1 >= PASSED_PAPERS_MAX {
            break;
        }
        kept.push(paper);
    }
    kept.reverse();
    let left = all - kept.len();
    if left > 0 {
        kept.push(PassedPaper {
            kind: PassedKind::Rest,
            author: String::new(),
            day: today,
            text: left.to_string(),
        });
    }
    kept
}

/// Whether papers that came with a tip are within what an office sends: a stranger may have sealed them.
#[must_use]
pub fn are_within_limits(papers: &[PassedPaper]) -> bool {
    papers.len() <= PASSED_PAPERS_MAX
        && papers.iter().map(PassedPaper::bytes).sum::<usize>() <= PASSED_PAPERS_MAX_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// However many and long they are, what goes along is taken, and says how much does not.
        #[test]
        fn what_goes_along_is_taken(lengths in prop::collection::vec(0..60_000usize, 0..60)) {
            let day = Day::new(2026, 11, 30).expect("a day");
            let papers: Vec<_> = lengths.iter().enumerate().map(|(at, length)| PassedPaper {
                kind: PassedKind::Note,
                author: at.to_string(),
                day,
                text: "卷".repeat(*length / 3),
            }).collect();
            let sent = as_many_as_fit(papers.clone(), day);
            prop_assert!(are_within_limits(&sent));
            let told: usize = match sent.last() {
                Some(last) if last.kind == PassedKind::Rest => last.text.parse().expect("a number"),
                _ => 0,
            };
            let kept = sent.len() - usize::from(told > 0);
            prop_assert_eq!(kept + told, papers.len());
            prop_assert!(sent[..kept] == papers[told..], "the latest, in their order");
        }
    }
}

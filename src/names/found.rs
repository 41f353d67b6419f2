//! What was found of somebody in a tip, and how certain it is.

use super::text::letters_of;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a tip says of somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Nothing.
    #[default]
    No,
    /// Her name is a part of a longer name or word.
    Mention,
    /// It may be she: a person has to say.
    Possible,
    /// It is she.
    Certain,
}

/// In which way somebody may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Her name stands there.
    Name,
    /// Her name, which is a word besides.
    Word,
    /// Her name in a longer one.
    Longer,
    /// Her name in Latin letters, all or some of them.
    Latin,
    /// A name with a letter that sounds or looks like hers.
    Alike,
    /// Her title.
    Title,
}

impl Kind {
    /// The end of the key of the words that say it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Word => "word",
            Self::Longer => "longer",
            Self::Latin => "latin",
            Self::Alike => "alike",
            Self::Title => "title",
        }
    }
}

/// Words of a tip that may name somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// How.
    pub kind: Kind,
    /// The words, folded, without signs: whoever answered for these answered for all of their kind in the tip.
    pub words: String,
    /// Whether they keep the tip from her until somebody has answered.
    pub keeps: bool,
}

/// What was found of somebody in a tip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether it is certain that she is named.
    pub is_certain: bool,
    /// What else may name her; empty where it is certain.
    pub evidence: BTreeSet<Evidence>,
}

impl Found {
    /// The strongest answer, without what was `answered` by a person: words that do not mean her.
    #[must_use]
    pub fn answer(&self, answered: &BTreeSet<String>) -> Answer {
        if self.is_certain {
            return Answer::Certain;
        }
        let open = self.open(answered);
        let answers = open.map(|one| {
            if one.keeps {
                Answer::Possible
            } else {
                Answer::Mention
            }
        });
        answers.max().unwrap_or_default()
    }

    /// What nobody has answered.
    pub fn open<'a>(
        &'a self,
        answered: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = &'a Evidence> {
        self.evidence
            .iter()
            .filter(|one| !answered.contains(&one.words))
    }

    pub(super) fn note(
        &mut self,
        kind: Kind,
        field: &str,
        (from, to): (usize, usize),
        keeps: bool,
    ) {
        let words = letters_of(&field[from..to]).into_iter().collect();
        let known = Evidence {
            kind,
            words,
            keeps: !keeps,
        };
        if keeps {
            self.evidence.remove(&known);
        } else if self.evidence.contains(&known) {
            return;
        }
        self.evidence.insert(Evidence { keeps, ..known });
    }
}

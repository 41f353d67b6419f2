//! What comparing needs of one tip: keyed hashes and a few numbers. It is [made](making) of a reading, and sealed at rest
//! as one [`row`] of fixed size.

mod making;
mod packed;
mod row;

pub(super) use making::Hasher;

use super::TipId;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::Entropy;
use mifeng_opening::{SketchError, SketchKey, SketchOpener};

/// Most grams that are kept, the rarest first.
pub const GRAMS_MAX: usize = 128;
/// Most sentences that are kept.
pub const SENTENCES_MAX: usize = 24;

/// Up to `N` keyed hashes; zero is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys<const N: usize>([u32; N]);

impl<const N: usize> Default for Keys<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> Keys<N> {
    /// The hashes.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied().take_while(|key| *key != 0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.first().is_none_or(|key| *key == 0)
    }

    /// How many both have.
    #[must_use]
    pub fn shared<const M: usize>(&self, other: &Keys<M>) -> usize {
        self.iter().filter(|key| other.0.contains(key)).count()
    }
}

/// Everything but grams and sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The whole text's letters and digits.
    pub text: u64,
    /// The school it is about; 0 if none was read.
    pub school: u32,
    /// Another school it names.
    pub other_school: u32,
    /// Full names.
    pub names: Keys<3>,
    /// Surnames.
    pub surnames: Keys<4>,
    /// Surnames in Latin letters.
    pub pinyin: Keys<4>,
    /// Contacts.
    pub contacts: Keys<4>,
    /// Sums said exactly.
    pub sums: Keys<5>,
    /// Bodies and places of no list.
    pub places: Keys<8>,
    /// Those of the title and the fields.
    pub headline_places: Keys<4>,
    /// Kinds of matter that citizens write about.
    pub matters: u32,
    /// Those of the title.
    pub headline_matters: u32,
    /// Half powers of two that the sums, exact or not, lie in.
    pub magnitudes: u32,
    /// Days named, as offsets from the day the tip came.
    pub days: [Option<i16>; 3],
    /// Holidays and times of the week.
    pub seasons: u32,
    /// Venues and gifts.
    pub things: u32,
    /// Grades and classes.
    pub grades: [u16; 2],
    /// Subjects taught.
    pub subjects: u16,
    /// Kinds of wrong.
    pub offences: u16,
    /// The kind said most, from 1; 0 if none.
    pub main_offence: u8,
    /// Script, and whether the school is on the office's list.
    pub flags: u8,
    /// Letters and digits of the account.
    pub chars: u16,
}

const FLAG_LATIN: u8 = 1;
const FLAG_LISTED: u8 = 2;

impl Facts {
    /// Whether it is written in Latin letters.
    #[must_use]
    pub fn is_latin(&self) -> bool {
        self.flags & FLAG_LATIN != 0
    }

    /// Whether the school is on the office's list.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.flags & FLAG_LISTED != 0
    }
}

/// A keyed hash of a gram, and whether it stands in the title or a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyedGram {
    /// The hash.
    pub key: u32,
    /// Whether the reporter put it in a headline.
    pub is_headline: bool,
}

/// What comparing needs of one tip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    pub(super) day: Day,
    pub(super) facts: Facts,
    pub(super) grams: Vec<KeyedGram>,
    pub(super) sentences: Vec<u32>,
}

impl Sketch {
    /// Whether the letters and digits of two texts are the same.
    #[must_use]
    pub fn is_same_text(&self, other: &Self) -> bool {
        self.facts.text == other.facts.text
    }
}

impl Sketch {
    /// The day the tip came.
    #[must_use]
    pub fn day(&self) -> Day {
        self.day
    }

    /// Sealed for the tip with this id; every sketch has the same length.
    #[must_use]
    pub fn seal(&self, tip: &TipId, key: &SketchKey, entropy: &dyn Entropy) -> Vec<u8> {
        key.seal(tip, self.to_row().as_slice(), entropy)
    }

    /// Opens what [`Self::seal`] made.
    ///
    /// # Errors
    /// [`SketchError`] for a damaged row, one of another tip, or one of an older version: make it again from the tip.
    pub fn open(tip: &TipId, sealed: &[u8], key: &SketchKey) -> Result<Self, SketchError> {
        Self::open_next(tip, sealed, &mut key.opener())
    }

    /// The same, for one of many rows.
    ///
    /// # Errors
    /// [`SketchError`].
    pub fn open_next(
        tip: &TipId,
        sealed: &[u8],
        opener: &mut SketchOpener,
    ) -> Result<Self, SketchError> {
        Self::from_row(opener.open(tip, sealed)?).ok_or(SketchError)
    }
}

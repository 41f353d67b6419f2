//! Which tips say the same. Exact for now (the same text but for width, case and white space); the full comparison
//! gets this room, this interface and the rest of the row.

use crate::clock::Day;
use crate::entropy::Entropy;
use crate::opening::{SketchError, SketchKey};
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

/// Length of a sketch before it is sealed, in bytes: version, day, text key, and room for what comes.
const ROW_BYTES: usize = 1064;
const VERSION: u8 = 1;
const KEY_AT: usize = 5;

/// Folded text: NFKC, lower case, no white space.
#[must_use]
pub fn fold(text: &str) -> Zeroizing<String> {
    Zeroizing::new(
        text.nfkc()
            .filter(|c| !c.is_whitespace())
            .flat_map(char::to_lowercase)
            .collect(),
    )
}

/// What comparing needs of one tip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sketch {
    text_key: [u8; 32],
    day: Day,
}

impl Sketch {
    /// The sketch of a tip's text.
    #[must_use]
    pub fn of(text: &str, day: Day, key: &SketchKey) -> Self {
        Self {
            text_key: key.hash(fold(text).as_bytes()),
            day,
        }
    }

    /// Sealed for the tip with this id; every sketch has the same length.
    #[must_use]
    pub fn seal(&self, tip: &[u8; 16], key: &SketchKey, entropy: &dyn Entropy) -> Vec<u8> {
        let mut row = Zeroizing::new([0; ROW_BYTES]);
        row[0] = VERSION;
        row[1..KEY_AT].copy_from_slice(&self.day.number().to_le_bytes());
        row[KEY_AT..KEY_AT + 32].copy_from_slice(&self.text_key);
        key.seal(tip, row.as_slice(), entropy)
    }

    /// Opens what [`Self::seal`] made.
    ///
    /// # Errors
    /// [`SketchError`] for a damaged row or one of another tip.
    pub fn open(tip: &[u8; 16], sealed: &[u8], key: &SketchKey) -> Result<Self, SketchError> {
        let row = key.open(tip, sealed)?;
        if row.len() != ROW_BYTES || row[0] != VERSION {
            return Err(SketchError);
        }
        let number = row[1..KEY_AT].try_into().map_err(|_| SketchError)?;
        let day = Day::from_number(i32::from_le_bytes(number)).map_err(|_| SketchError)?;
        let text_key = row[KEY_AT..KEY_AT + 32]
            .try_into()
            .map_err(|_| SketchError)?;
        Ok(Self { text_key, day })
    }
}

/// The index, in memory only.
#[derive(Debug, Default)]
pub struct Comparer {
    by_text: HashMap<[u8; 32], Vec<[u8; 16]>>,
}

impl Comparer {
    /// Takes a tip in.
    pub fn add(&mut self, tip: [u8; 16], sketch: &Sketch) {
        self.by_text.entry(sketch.text_key).or_default().push(tip);
    }

    /// Tips that say the same word for word, but for width, case and white space.
    #[must_use]
    pub fn same_text(&self, sketch: &Sketch) -> &[[u8; 16]] {
        self.by_text
            .get(&sketch.text_key)
            .map_or(&[], Vec::as_slice)
    }
}

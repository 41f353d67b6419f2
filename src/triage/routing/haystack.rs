//! Where names are looked for.

use crate::triage::similarity::fold;
use zeroize::Zeroizing;

/// Everything of a tip that a name could stand in, folded; in memory only.
#[derive(Clone, Default)]
pub struct Haystack {
    compact: Zeroizing<String>,
    words: Zeroizing<String>,
}

impl Haystack {
    /// Takes in a field.
    pub fn add(&mut self, text: &str) {
        self.compact.push_str(&fold(text));
        self.compact.push('\n');
        self.words.push_str(&text.to_lowercase());
        self.words.push('\n');
    }

    /// Whether `name` stands in it. A Latin name has to stand as words; a single character is no name.
    #[must_use]
    pub fn names(&self, name: &str) -> bool {
        let name = name.trim().to_lowercase();
        if name.chars().count() < 2 {
            return false;
        }
        if !name.is_ascii() {
            return self.compact.contains(fold(&name).as_str());
        }
        let edge = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
        self.words.match_indices(&name).any(|(at, found)| {
            edge(self.words[..at].chars().next_back())
                && edge(self.words[at + found.len()..].chars().next())
        })
    }
}

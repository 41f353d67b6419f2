//! What an office says of itself in some languages, and not in others.

use super::manifest::{ManifestBody, OwnWords};
use mifeng_foundation::words::Language;
use std::fmt;

/// What an office leaves unsaid in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingWords {
    /// The language whose pages lack it.
    pub language: Language,
    /// Where it would stand in the manifest.
    pub keys: Vec<String>,
}

impl fmt::Display for MissingWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.language, self.keys.join(", "))
    }
}

/// One thing that an office says of itself, in the two languages that have keys of their own and in any other.
struct Word<'a> {
    key: &'static str,
    zh: &'a str,
    en: &'a str,
    further: fn(&OwnWords) -> (&'static str, &String),
}

impl ManifestBody {
    /// The languages in which the office does not say what it says in another. Their pages show the words of the other.
    /// None are made up for it: one simplified character may stand for several traditional ones, and a name is its
    /// owner's to write.
    #[must_use]
    pub fn missing_words(&self) -> Vec<MissingWords> {
        let missing = Language::ALL.iter().map(|&language| MissingWords {
            language,
            keys: self.keys_missing_in(language),
        });
        missing.filter(|it| !it.keys.is_empty()).collect()
    }

    fn words(&self) -> [Word<'_>; 4] {
        let contact = &self.contact;
        let parent = self.parent.as_ref();
        [
            Word {
                key: "name",
                zh: &self.name_zh,
                en: &self.name_en,
                further: |own| ("name", &own.name),
            },
            Word {
                key: "parent.name",
                zh: parent.map_or("", |it| &it.name_zh),
                en: parent.map_or("", |it| &it.name_en),
                further: |own| ("parent_name", &own.parent_name),
            },
            Word {
                key: "contact.hours",
                zh: &contact.hours_zh,
                en: &contact.hours_en,
                further: |own| ("hours", &own.hours),
            },
            Word {
                key: "contact.letter_box",
                zh: &contact.letter_box_zh,
                en: &contact.letter_box_en,
                further: |own| ("letter_box", &own.letter_box),
            },
        ]
    }

    fn keys_missing_in(&self, language: Language) -> Vec<String> {
        let none = OwnWords::default();
        let own = self.contact.in_language.get(language.tag());
        let own = own.unwrap_or(&none);
        let words = self.words().into_iter().filter_map(|word| {
            let (own_key, own_text) = (word.further)(own);
            let (key, text) = if language == Language::ZhHans {
                (format!("{}_zh", word.key), word.zh)
            } else if language == Language::En {
                (format!("{}_en", word.key), word.en)
            } else {
                (format!("contact.in_language.{language}.{own_key}"), "")
            };
            let is_said = !word.zh.is_empty() || !word.en.is_empty();
            (is_said && text.is_empty() && own_text.is_empty()).then_some(key)
        });
        let lines = self.contact.help_lines.iter().filter_map(|line| {
            let named = line.name.get(language.tag());
            let unnamed = named.is_none_or(String::is_empty);
            unnamed.then(|| format!("the name of {} in {language}", line.phone))
        });
        words.chain(lines).collect()
    }
}

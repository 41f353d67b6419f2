//! What reporters are told in so many words, each in the language of the tip.

use mifeng_foundation::words::{Language, Words};
use std::sync::LazyLock;

static TOLD: LazyLock<[Words; 3]> = LazyLock::new(|| {
    [
        Words::new(Language::ZhHans, &[include_str!("words/zh-Hans.ftl")]),
        Words::new(Language::ZhHant, &[include_str!("words/zh-Hant.ftl")]),
        Words::new(Language::En, &[include_str!("words/en.ftl")]),
    ]
});

/// Ready phrases for messages, as the ends of their keys.
pub const PHRASES: [&str; 6] = ["when", "where", "who", "proof", "safe", "thanks"];

/// What a reporter is told in `language`.
pub(crate) fn told(language: Language, key: &str, variables: &[(&'static str, &str)]) -> String {
    let words = TOLD.iter().find(|words| words.language() == language);
    words.unwrap_or(&TOLD[0]).say_with(key, variables)
}

/// What somebody wrote, without the full stop at its end: the sentence that it is put into has its own.
pub(super) fn unended(text: &str) -> &str {
    text.trim_end_matches(|letter: char| letter.is_whitespace() || "。.．｡".contains(letter))
}

/// A ready phrase in a reporter's `language`; `None` if there is none of this name.
#[must_use]
pub fn phrase(language: Language, name: &str) -> Option<String> {
    let name = PHRASES.into_iter().find(|known| *known == name)?;
    Some(told(language, &format!("phrase-{name}"), &[]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_that_is_quoted_ends_once() {
        for typed in [
            "证人出差。",
            "证人出差。。 ",
            "证人出差．",
            "证人出差.\n",
            "证人出差",
        ] {
            let said = told(
                Language::ZhHans,
                "told-extended",
                &[("reason", unended(typed)), ("due", "2026-03-26")],
            );
            assert_eq!(said, "需要更多时间：证人出差。新日期 2026-03-26。");
        }
    }

    #[test]
    fn every_phrase_is_there_in_every_language() {
        for words in TOLD.iter() {
            for name in PHRASES {
                assert!(words.has(&format!("phrase-{name}")), "{name}");
            }
            for key in ["told-extended", "told-destroyed", "told-destroyed-early"] {
                assert!(words.has(key), "{key}");
            }
        }
    }
}

//! What a reminder says: two numbers, in both languages.

use crate::tip::Language;
use crate::words::Words;
use std::sync::LazyLock;

static WORDS: LazyLock<[Words; 2]> = LazyLock::new(|| {
    [
        Words::new(Language::ZhHans, &[include_str!("words/zh-Hans.ftl")]),
        Words::new(Language::En, &[include_str!("words/en.ftl")]),
    ]
});

/// Everything a mail ever says about the office's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// News since the last mail.
    pub new: usize,
    /// The member's cases that are due within days.
    pub soon: usize,
}

impl Digest {
    /// The subject, Chinese and English.
    #[must_use]
    pub fn subject(self) -> String {
        self.say("mail-subject").join(" / ")
    }

    /// The body, Chinese and English.
    #[must_use]
    pub fn body(self) -> String {
        let mut body = self.say("mail-body").join("\r\n\r\n");
        body.push_str("\r\n");
        body
    }

    fn say(self, key: &str) -> [String; 2] {
        let (new, soon) = (self.new.to_string(), self.soon.to_string());
        WORDS
            .each_ref()
            .map(|words| words.say_with(key, &[("new", &new), ("soon", &soon)]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_two_numbers() {
        let digest = Digest { new: 3, soon: 1 };
        assert_eq!(
            digest.subject(),
            "密封：您有 3 项新事项，1 项即将到期 / Mifeng: you have 3 new item(s), 1 due soon"
        );
        assert!(digest.body().contains("3 项新事项，1 项即将到期"));
        assert!(digest.body().contains("3 new item(s), 1 due soon"));
    }
}

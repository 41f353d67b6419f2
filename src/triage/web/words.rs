//! The words of the staff's pages: one file for each part of the pages and language, compiled in.

use mifeng_foundation::words::{Language, Words};

/// The files of words in Chinese, one for each part of the pages.
const CHINESE: &[&str] = &[
    include_str!("words/zh-Hans.ftl"),
    include_str!("words/audit.zh-Hans.ftl"),
    include_str!("words/deadlines.zh-Hans.ftl"),
    include_str!("words/casework.zh-Hans.ftl"),
    include_str!("words/keys.zh-Hans.ftl"),
    include_str!("words/quarantine.zh-Hans.ftl"),
    include_str!("words/routing.zh-Hans.ftl"),
    include_str!("words/end.zh-Hans.ftl"),
    include_str!("words/handling.zh-Hans.ftl"),
    include_str!("words/factor.zh-Hans.ftl"),
    include_str!("words/ledger.zh-Hans.ftl"),
    include_str!("words/dashboard.zh-Hans.ftl"),
    include_str!("words/replies.zh-Hans.ftl"),
];
/// The same in English, with the same keys in the same order.
const ENGLISH: &[&str] = &[
    include_str!("words/en.ftl"),
    include_str!("words/audit.en.ftl"),
    include_str!("words/deadlines.en.ftl"),
    include_str!("words/casework.en.ftl"),
    include_str!("words/keys.en.ftl"),
    include_str!("words/quarantine.en.ftl"),
    include_str!("words/routing.en.ftl"),
    include_str!("words/end.en.ftl"),
    include_str!("words/handling.en.ftl"),
    include_str!("words/factor.en.ftl"),
    include_str!("words/ledger.en.ftl"),
    include_str!("words/dashboard.en.ftl"),
    include_str!("words/replies.en.ftl"),
];

/// The words of the staff's pages in every language.
pub struct StaffWords([Words; 2]);

impl StaffWords {
    /// Reads the words that are compiled in.
    #[must_use]
    pub fn new() -> Self {
        Self([
            Words::new(Language::ZhHans, CHINESE),
            Words::new(Language::En, ENGLISH),
        ])
    }

    pub(super) fn of(&self, language: Language) -> &Words {
        let [chinese, english] = &self.0;
        if language.is_chinese() {
            chinese
        } else {
            english
        }
    }
}

impl Default for StaffWords {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;

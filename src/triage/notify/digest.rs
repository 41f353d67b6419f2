//! What a mail says: numbers, and to the auditor where the audit log ends; in both languages.

use crate::model::Head;
use mifeng_foundation::words::{Language, Words};
use std::sync::LazyLock;

static WORDS: LazyLock<[Words; 2]> = LazyLock::new(|| {
    [
        Words::new(Language::ZhHans, &[include_str!("words/zh-Hans.ftl")]),
        Words::new(Language::En, &[include_str!("words/en.ftl")]),
    ]
});

/// A mail's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its subject, Chinese and English.
    pub subject: String,
    /// Its body, Chinese and English.
    pub body: String,
}

/// Subject and body from the words under `KEY-subject` and `KEY-body`.
pub(super) fn letter(key: &str, variables: &[(&'static str, &str)]) -> Letter {
    let say = |part: &str| {
        WORDS
            .each_ref()
            .map(|words| words.say_with(&format!("{key}-{part}"), variables))
    };
    Letter {
        subject: say("subject").join(" / "),
        body: say("body").join("\r\n\r\n") + "\r\n",
    }
}

/// The daily mail to the auditor: where the audit log ends, to hold it against later.
#[must_use]
pub fn audit_letter(head: Head) -> Letter {
    let count = head.sequence.to_string();
    letter("audit", &[("count", &count), ("head", &head.to_string())])
}

/// The daily mail to whoever handles or oversees cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Daily {
    /// The member's own cases that are due within days.
    pub soon: usize,
    /// Her own that are late.
    pub late: usize,
    /// Those of others that are late and have been escalated to her.
    pub escalated: usize,
    /// Her tasks that are late, or due within days.
    pub tasks: usize,
    /// What did not open, and waits for what she can do.
    pub quarantined: usize,
}

impl Daily {
    /// The words; `None` where there is nothing to tell.
    #[must_use]
    pub fn letter(self) -> Option<Letter> {
        let counts = [
            self.soon,
            self.late,
            self.escalated,
            self.tasks,
            self.quarantined,
        ];
        let [soon, late, escalated, tasks, quarantined] = counts.map(|n| n.to_string());
        let said = [
            ("soon", soon.as_str()),
            ("late", &late),
            ("escalated", &escalated),
            ("tasks", &tasks),
            ("apart", &quarantined),
        ];
        (self != Self::default()).then(|| letter("daily", &said))
    }
}

/// The daily mail to the office above: how many cases have been late for long.
#[must_use]
pub fn parent_letter(escalated: usize) -> Letter {
    letter("parent", &[("escalated", &escalated.to_string())])
}

/// The same where cases come to it by themselves within days, since nobody at the office below can see or sign for them.
#[must_use]
pub fn leaving_letter(escalated: usize, leaving: usize) -> Letter {
    let (escalated, leaving) = (escalated.to_string(), leaving.to_string());
    letter(
        "leaving",
        &[("escalated", &escalated), ("leaving", &leaving)],
    )
}

/// What stands around a sealed mail: that it is one.
pub(super) fn sealed_letter() -> Letter {
    letter("sealed", &[])
}

/// Everything a mail says about the news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Digest {
    /// News since the last mail.
    pub new: usize,
    /// The member's cases that are due within days.
    pub soon: usize,
}

impl Digest {
    /// The words.
    #[must_use]
    pub fn letter(self) -> Letter {
        let (new, soon) = (self.new.to_string(), self.soon.to_string());
        letter("mail", &[("new", &new), ("soon", &soon)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_say_the_two_numbers() {
        let letter = Digest { new: 3, soon: 1 }.letter();
        assert_eq!(
            letter.subject,
            "密封：您有 3 项新事项，1 项即将到期 / Mifeng: you have 3 new item(s), 1 due soon"
        );
        assert!(letter.body.contains("3 项新事项，1 项即将到期"));
        assert!(letter.body.contains("3 new item(s), 1 due soon"));
    }
}

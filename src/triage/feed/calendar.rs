//! iCalendar (RFC 5545): events of a whole day.

use mifeng_foundation::clock::Day;
use std::fmt::Write as _;

/// Longest line, in bytes; what is longer goes on in the next (RFC 5545, 3.1).
const LINE_BYTES: usize = 75;

/// Something that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// What tells it apart from all others, for good: a random id.
    pub id: [u8; 16],
    /// The day.
    pub day: Day,
    /// What it is called.
    pub name: String,
    /// How often its day was changed.
    pub sequence: u32,
    /// The day it was last changed.
    pub changed_day: Day,
}

/// How often programs are to look again: a day that is moved is known in the office at once, and outside by the evening.
const REFRESH: &str = "PT6H";

/// The calendar with these events. No time of day stands in it, and it is the same until one of them is another: what is
/// not in it any more is gone, since programs take a calendar as a whole.
#[must_use]
pub fn calendar(name: &str, events: &[Event]) -> String {
    let mut text = String::new();
    let date = |day: Day| day.to_string().replace('-', "");
    let mut line = |content: &str| fold(&mut text, content);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Mifeng//Due days//EN");
    line("CALSCALE:GREGORIAN");
    line("METHOD:PUBLISH");
    line(&format!("REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}"));
    line(&format!("X-PUBLISHED-TTL:{REFRESH}"));
    line(&format!("X-WR-CALNAME:{}", escape(name)));
    for event in events {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}@mifeng", hex::encode(event.id)));
        // Without a time a day is the most exact there is; both say when this event last changed (RFC 5545, 3.8.7.2).
        line(&format!("DTSTAMP:{}T000000Z", date(event.changed_day)));
        line(&format!(
            "LAST-MODIFIED:{}T000000Z",
            date(event.changed_day)
        ));
        line(&format!("SEQUENCE:{}", event.sequence));
        line(&format!("DTSTART;VALUE=DATE:{}", date(event.day)));
        line(&format!("SUMMARY:{}", escape(&event.name)));
        line("TRANSP:TRANSPARENT");
        line("END:VEVENT");
    }
    line("END:VCALENDAR");
    text
}

fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, c| {
        match c {
            '\\' | ';' | ',' => {
                let _ = write!(escaped, "\\{c}");
            }
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
        escaped
    })
}

fn fold(text: &mut String, content: &str) {
    let mut bytes = 0;
    for c in content.chars() {
        if bytes + c.len_utf8() > LINE_BYTES {
            text.push_str("\r\n ");
            bytes = 1;
        }
        text.push(c);
        bytes += c.len_utf8();
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_folded_and_signs_escaped() {
        let day = Day::new(2026, 3, 9).expect("a day");
        let event = Event {
            id: [7; 16],
            day,
            name: format!("403-817-2659 {}; a,b\\c\n", "办理期限".repeat(10)),
            sequence: 2,
            changed_day: day.plus_days(-1),
        };
        let text = calendar("due", &[event]);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_BYTES));
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains(r"\; a\,b\\c "));
        assert!(whole.contains("DTSTART;VALUE=DATE:20260309\r\n"));
        assert!(whole.contains("SEQUENCE:2\r\n"));
        for line in ["DTSTAMP", "LAST-MODIFIED"] {
            assert!(
                whole.contains(&format!("{line}:20260308T000000Z\r\n")),
                "{whole}"
            );
        }
    }
}

//! iCalendar (RFC 5545): events of a whole day.

use crate::clock::Day;
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
}

/// The calendar with these events, as of `today`. No time of day stands in it.
#[must_use]
pub fn calendar(name: &str, today: Day, events: &[Event]) -> String {
    let mut text = String::new();
    let date = |day: Day| day.to_string().replace('-', "");
    let mut line = |content: &str| fold(&mut text, content);
    line("BEGIN:VCALENDAR");
    line("VERSION:2.0");
    line("PRODID:-//Mifeng//Due days//EN");
    line("CALSCALE:GREGORIAN");
    line(&format!("X-WR-CALNAME:{}", escape(name)));
    for event in events {
        line("BEGIN:VEVENT");
        line(&format!("UID:{}@mifeng", hex::encode(event.id)));
        line(&format!("DTSTAMP:{}T000000Z", date(today)));
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
            name: format!("2026-0001 {}; a,b\\c\n", "办理期限".repeat(10)),
        };
        let text = calendar("due", day, &[event]);
        assert!(text.split("\r\n").all(|line| line.len() <= LINE_BYTES));
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains(r"\; a\,b\\c "));
        assert!(whole.contains("DTSTART;VALUE=DATE:20260309\r\n"));
    }
}

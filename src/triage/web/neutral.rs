//! What strangers wrote, as it is shown to staff: characters that turn the direction of writing, that cannot be seen or that
//! steer a program stand there as their numbers, `[U+202E]`. What is stored stays as it was written.

use std::fmt::Write as _;

/// Whether a character is shown as its number wherever it stands.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180e}' | '\u{200b}'
            | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e00ff}'
            | '\u{e01f0}'..='\u{e0fff}')
}

/// Whether it joins or parts letters, which some scripts and emoji need.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Whether a joiner belongs behind or before it: letters of scripts that are written joined, emoji and what follows them.
fn is_joined(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{dff}' | '\u{f00}'..='\u{109f}' | '\u{1800}'..='\u{18af}' | '\u{2190}'..='\u{27bf}'
        | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// Fields whose content goes back as it came when the form is sent: in them nothing is changed, and they are boxes of their own.
const FIELDS: [(&str, &str); 2] = [("<textarea", "</textarea>"), (" value=\"", "\"")];

/// A page with everything in it that hides or turns text as its number.
pub(super) fn neutral(page: String) -> String {
    if !page.contains(|c: char| is_hidden(c) || is_joiner(c)) {
        return page;
    }
    let mut shown = String::with_capacity(page.len());
    let mut rest = page.as_str();
    loop {
        let starts = FIELDS.iter().filter_map(|(start, end)| {
            let from = rest.find(start)? + start.len();
            let to = rest[from..].find(end).map_or(rest.len(), |to| from + to);
            Some((from, to))
        });
        let Some((from, to)) = starts.min() else {
            put(&mut shown, rest);
            return shown;
        };
        put(&mut shown, &rest[..from]);
        shown.push_str(&rest[from..to]);
        rest = &rest[to..];
    }
}

fn put(shown: &mut String, text: &str) {
    let mut before = '\n';
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        let belongs = is_joined(before) && letters.peek().is_some_and(|c| is_joined(*c));
        if is_hidden(c) || is_joiner(c) && !belongs {
            let _ = write!(shown, "[U+{:04X}]", u32::from(c));
        } else {
            shown.push(c);
        }
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Marks of direction, zero widths, controls of both sets and tags, assigned or not.
    fn hiding() -> impl Strategy<Value = char> {
        let ranges = [
            ('\u{0}', '\u{8}'),
            ('\u{b}', '\u{c}'),
            ('\u{e}', '\u{1f}'),
            ('\u{7f}', '\u{9f}'),
            ('\u{ad}', '\u{ad}'),
            ('\u{61c}', '\u{61c}'),
            ('\u{200b}', '\u{200f}'),
            ('\u{2028}', '\u{202e}'),
            ('\u{2060}', '\u{206f}'),
            ('\u{feff}', '\u{feff}'),
            ('\u{fff0}', '\u{fffb}'),
            ('\u{e0000}', '\u{e00ff}'),
            ('\u{e01f0}', '\u{e0fff}'),
        ];
        proptest::sample::select(ranges.to_vec())
            .prop_flat_map(|(first, last)| proptest::char::range(first, last))
    }

    proptest! {
        #[test]
        fn nothing_that_hides_or_turns_text_is_shown(parts in proptest::collection::vec(("[a-z温以宁 ，<>]{0,4}", hiding()), 1..9)) {
            let mut text = String::new();
            for (piece, c) in &parts {
                text.push_str(piece);
                text.push(*c);
            }
            let shown = neutral(format!("<h1>{text}</h1>"));
            prop_assert!(!shown.contains(|c| is_hidden(c) || is_joiner(c)));
            for (text, c) in parts {
                let expected = format!("{text}[U+{:04X}]", u32::from(c));
                prop_assert!(shown.contains(&expected));
            }
        }

        #[test]
        fn other_text_stays(text in "[\\p{L}\\p{N}\\p{P}\\p{So}\n\t]{0,60}") {
            let shown = neutral(text.clone());
            prop_assert!(shown == text || text.contains(is_hidden));
        }
    }

    #[test]
    fn emoji_joined_scripts_and_variants_of_letters_stay() {
        for text in [
            "👨\u{200d}👩\u{200d}👧",
            "❤\u{fe0f}\u{200d}🔥",
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "葛\u{e0100}",
            "a\tb\r\n",
        ] {
            assert_eq!(neutral(text.to_owned()), text);
        }
    }

    #[test]
    fn what_a_form_gives_back_stays() {
        let page = "<p>\u{202e}</p><textarea name=\"a\">\u{202e}x</textarea><input value=\"\u{200b}\" title=\"\u{200b}\">";
        let shown = "<p>[U+202E]</p><textarea name=\"a\">\u{202e}x</textarea><input value=\"\u{200b}\" title=\"[U+200B]\">";
        assert_eq!(neutral(page.to_owned()), shown);
    }
}

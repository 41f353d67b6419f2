//! What was typed or pasted, as it is kept: nothing of it is lost for a character that no keyboard makes.
//!
//! Slides, chats and PDFs give vertical tabs, form feeds and worse between two lines. Each becomes a line break, at every
//! door alike: the form, the API, replies, the staff's forms, and the script (`tidy` in `script/src/tip.ts`).

/// Whether a character ends a line, whatever program wrote it. A tab does not.
fn ends_line(c: char) -> bool {
    c.is_control() && c != '\t'
}

/// With every line end and every other control character but the tab made a `\n`.
#[must_use]
pub fn break_lines(text: &str) -> String {
    text.replace("\r\n", "\n").replace(ends_line, "\n")
}

/// A text of several lines as it is kept: [`break_lines`], without white space around it.
#[must_use]
pub fn tidy_text(text: &str) -> String {
    break_lines(text).trim().to_owned()
}

/// An answer of one line as it is kept: a line break in it becomes a space.
#[must_use]
pub fn tidy_line(text: &str) -> String {
    tidy_text(text).replace('\n', " ")
}

/// Whether it is seen as nothing: blanks of every kind, control characters, joiners, marks of direction, selectors, tags,
/// fillers and signs that are drawn empty. The script knows the same (`saysNothing` in `script/src/tip.ts`).
fn is_blank(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether nothing can be seen of a text.
#[must_use]
pub fn says_nothing(text: &str) -> bool {
    text.chars().all(is_blank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pasted_slides_keep_their_lines() {
        assert_eq!(
            tidy_text("第一行\x0b第二行\x0c第三行"),
            "第一行\n第二行\n第三行"
        );
        assert_eq!(tidy_text("a\r\nb\rc\u{85}d\0e\tf "), "a\nb\nc\nd\ne\tf");
        assert_eq!(tidy_line(" 第三\x0b中学\n"), "第三 中学");
    }

    proptest! {
        #[test]
        fn nothing_but_control_characters_changes(text in any::<String>()) {
            let kept = tidy_text(&text);
            prop_assert!(kept.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\t')));
            prop_assert_eq!(&tidy_text(&kept), &kept);
            let visible = |text: &str| {
                let seen: String = text.chars().filter(|c| !ends_line(*c)).collect();
                seen.trim().to_owned()
            };
            prop_assert_eq!(visible(&kept), visible(&text));
            prop_assert!(!tidy_line(&text).contains('\n'));
        }
    }
}

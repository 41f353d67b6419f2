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

//! The instruction of one field, written anew from the parts that can tell nothing.

use crate::office::labels::Labels;
use crate::office::usual::is_usual;
use crate::office::value::is_of_the_web;

/// What may stand behind a switch, or without one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Argument {
    /// The name of a bookmark, a style or a sequence.
    Name,
    /// An address of the web.
    Address,
    /// How numbers and dates are written.
    Picture,
    /// A number, or a usual word.
    Usual,
    None,
}

/// Of a field's own argument; `None` where the field is not known, or may bring in what is elsewhere.
fn own_argument(code: &str) -> Option<Argument> {
    Some(match code {
        "PAGEREF" | "REF" | "NOTEREF" | "SEQ" | "STYLEREF" => Argument::Name,
        "HYPERLINK" => Argument::Address,
        "SYMBOL" | "EMBED" | "SHAPE" | "LISTNUM" => Argument::Usual,
        "PAGE" | "NUMPAGES" | "SECTIONPAGES" | "SECTION" | "DATE" | "TIME" | "TOC" | "FORMTEXT"
        | "FORMCHECKBOX" | "FORMDROPDOWN" | "AUTONUM" | "AUTONUMLGL" | "AUTONUMOUT" => {
            Argument::None
        }
        _ => return None,
    })
}

/// Of a switch of a field; `None` where it goes, with its argument.
fn argument_of(code: &str, switch: char) -> Option<Argument> {
    Some(match (code, switch) {
        (_, '*')
        | ("TOC", 'o' | 'u' | 'n' | 's' | 'd' | 'p' | 'l')
        | ("SYMBOL", 's' | 'f')
        | ("SEQ", 'r' | 's') => Argument::Usual,
        (_, '@' | '#') => Argument::Picture,
        ("HYPERLINK", 'l') | ("TOC", 'b' | 'c' | 'a') => Argument::Name,
        ("HYPERLINK", 'o' | 't' | 's' | 'm' | 'n') | ("TOC", 't' | 'f') => {
            return None;
        }
        _ => Argument::None,
    })
}

/// The instruction written anew; empty where only the result may stay.
pub(super) fn instruction(text: &str, labels: &mut Labels) -> String {
    let text = text.trim();
    if is_drawn(text) {
        return format!(" {text} ");
    }
    let mut words = words(text).into_iter().peekable();
    let code = words.next().unwrap_or_default().to_ascii_uppercase();
    if code.starts_with('=') {
        return if is_usual(text) {
            format!(" {text} ")
        } else {
            String::new()
        };
    }
    let Some(own) = own_argument(&code) else {
        return String::new();
    };
    let (mut written, mut has_own) = (format!(" {code}"), false);
    while let Some(word) = words.next() {
        let mut letters = word.strip_prefix('\\').unwrap_or_default().chars();
        let (argument, switch) = match (letters.next(), letters.next()) {
            (Some(switch), None) => (
                argument_of(&code, switch.to_ascii_lowercase()),
                Some(switch),
            ),
            _ if word.starts_with('\\') || has_own => continue,
            _ => (Some(own), None),
        };
        let value = match switch {
            None => {
                has_own = true;
                Some(word)
            }
            Some(_) if argument == Some(Argument::None) => None,
            Some(_) => words.next_if(|next| !next.starts_with('\\')),
        };
        let value = match (argument, value) {
            (None, _) => continue,
            (Some(_), None) => None,
            (Some(argument), Some(value)) => match kept(argument, value, labels) {
                Some(value) => Some(value),
                // A switch means nothing without what belongs to it.
                None => continue,
            },
        };
        write(switch, argument, value.as_deref(), &mut written);
    }
    written.push(' ');
    // Nothing is left of what it leads to.
    let leads = matches!(own, Argument::Name | Argument::Address);
    let is_empty = leads && written.trim() == code;
    if is_empty { String::new() } else { written }
}

/// Whether an instruction is one of which the whole is drawn: letters in circles, fractions.
fn is_drawn(text: &str) -> bool {
    text.get(..2)
        .is_some_and(|code| code.eq_ignore_ascii_case("EQ"))
        && text[2..].starts_with([' ', '\\'])
}

/// Writes a switch and its value, or one of them.
fn write(
    switch: Option<char>,
    argument: Option<Argument>,
    value: Option<&str>,
    written: &mut String,
) {
    if let Some(switch) = switch {
        written.push_str(" \\");
        written.push(switch);
    }
    if let Some(value) = value {
        // Programs read a picture of a date to the next blank where it has no marks.
        let quoted = switch.is_some_and(|switch| switch != '*')
            || argument == Some(Argument::Address)
            || value.contains(' ')
            || value.is_empty();
        let mark = if quoted { "\"" } else { "" };
        for part in [" ", mark, value, mark] {
            written.push_str(part);
        }
    }
}

fn kept(argument: Argument, value: &str, labels: &mut Labels) -> Option<String> {
    match argument {
        Argument::Name => Some(labels.written(value)),
        Argument::Address => is_of_the_web(value).then(|| value.to_owned()),
        Argument::Usual => (is_usual(value) || is_format(value)).then(|| value.to_owned()),
        Argument::Picture => value
            .chars()
            .all(|letter| {
                "yYmMdDhHsSaApP/年月日时时分秒點点：:.,-–0#%$¥￥;()+x' \\大写上下午第星期周"
                    .contains(letter)
            })
            .then(|| value.to_owned()),
        Argument::None => None,
    }
}

/// How a result is written: `\* MERGEFORMAT`, `\* CHINESENUM3`.
fn is_format(value: &str) -> bool {
    const FORMATS: &[&str] = &[
        "MERGEFORMAT",
        "CHARFORMAT",
        "MERGEFORMATINET",
        "ARABIC",
        "ARABICDASH",
        "ALPHABETIC",
        "ROMAN",
        "CAPS",
        "FIRSTCAP",
        "LOWER",
        "UPPER",
        "CARDTEXT",
        "DOLLARTEXT",
        "HEX",
        "ORDINAL",
        "ORDTEXT",
        "CHINESENUM1",
        "CHINESENUM2",
        "CHINESENUM3",
        "DBNUM1",
        "DBNUM2",
        "DBNUM3",
        "DBNUM4",
        "DBCHAR",
        "SBCHAR",
        "GB1",
        "GB2",
        "GB3",
        "GB4",
        "ZODIAC1",
        "ZODIAC2",
        "ZODIAC3",
        "CIRCLENUM",
        "AIUEO",
        "IROHA",
    ];
    FORMATS.contains(&value.to_ascii_uppercase().as_str())
}

/// The words of an instruction; those in marks of quotation are one, and a switch is a stroke with one sign.
fn words(text: &str) -> Vec<&str> {
    let (mut found, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let (word, behind) = match rest.strip_prefix(is_quotation) {
            Some(quoted) => quoted.split_once(is_quotation).unwrap_or((quoted, "")),
            None if first == '\\' => {
                let sign = rest[1..].chars().next().map_or(0, char::len_utf8);
                rest.split_at(1 + sign)
            }
            None => {
                let end = rest.find(|letter: char| {
                    letter.is_whitespace() || letter == '\\' || is_quotation(letter)
                });
                rest.split_at(end.unwrap_or(rest.len()))
            }
        };
        found.push(word);
        rest = behind.trim_start();
    }
    found
}

pub(super) fn is_quotation(letter: char) -> bool {
    matches!(letter, '"' | '“' | '”')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions_are_written_anew_from_what_tells_nothing() {
        let mut labels = Labels::default();
        for (came, stays) in [
            ("PAGE", " PAGE "),
            (" page \\* MERGEFORMAT ", " PAGE \\* MERGEFORMAT "),
            (
                "TOC \\o \"1-3\" \\h \\z \\u",
                " TOC \\o \"1-3\" \\h \\z \\u ",
            ),
            (
                "HYPERLINK \"https://example.org/a\" \\o \"张三\"",
                " HYPERLINK \"https://example.org/a\" ",
            ),
            ("HYPERLINK \\l \"张三\"", " HYPERLINK \\l \"_n1\" "),
            ("PAGEREF 张三 \\h", " PAGEREF _n1 \\h "),
            ("DATE \\@ \"yyyy年M月d日\"", " DATE \\@ \"yyyy年M月d日\" "),
            (
                "DATE \\@\"MMMM\\ d', 'yyyy\"",
                " DATE \\@ \"MMMM\\ d', 'yyyy\" ",
            ),
            ("DATE \\@ \"'张三'\"", " DATE "),
            ("DATE \\@\"MMMM d, yyyy\"", " DATE \\@ \"MMMM d, yyyy\" "),
            ("eq \\o\\ac(○,1)", " eq \\o\\ac(○,1) "),
            ("=SUM(ABOVE)", " =SUM(ABOVE) "),
            ("SYMBOL 252 \\f Wingdings", " SYMBOL 252 \\f \"Wingdings\" "),
            ("AUTHOR", ""),
            ("DOCPROPERTY 张三", ""),
            ("ADDIN ZOTERO_ITEM {\"a\":\"张三\"}", ""),
            ("INCLUDEPICTURE \"C:\\\\a.jpg\"", ""),
            ("HYPERLINK \"file:///C:/a\"", ""),
            ("IF 1=1 \"张三\"", ""),
            ("", ""),
        ] {
            let written = instruction(came, &mut labels);
            assert_eq!(written, stays, "{came}");
            assert_eq!(instruction(&written, &mut labels), written, "again: {came}");
        }
    }
}

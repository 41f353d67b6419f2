//! Values of attributes, and texts that a program reads: what they may look like, and when they are a place on a computer.

use super::vocabulary::{Form, Vocabulary};

/// Endings of files that people have.
const ENDINGS: &[&str] = &[
    "jpg", "jpeg", "jpe", "jfif", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "heif",
    "svg", "emf", "wmf", "doc", "docx", "docm", "dot", "dotx", "dotm", "xls", "xlsx", "xlsm",
    "xlsb", "csv", "ppt", "pptx", "pptm", "pps", "pdf", "wps", "et", "dps", "txt", "rtf", "odt",
    "ods", "odp", "mp3", "mp4", "m4a", "mov", "avi", "wav", "amr", "zip", "rar", "7z", "mdb",
    "accdb", "odc", "htm", "html", "xml", "tmp", "psd", "ai", "cdr", "wmv", "mkv",
];

/// Whether a text names a place on a computer or in a network at home or at work.
pub(super) fn is_path(text: &str) -> bool {
    // Nearly all values are done with here.
    if !text.bytes().any(|byte| b"\\/:%".contains(&byte)) {
        return false;
    }
    let lower = text.to_ascii_lowercase();
    // Written for the web, a path has its signs as numbers.
    let lower = lower
        .replace("%5c", "\\")
        .replace("%3a", ":")
        .replace("%2f", "/");
    let drive = lower.as_bytes().windows(3).enumerate().any(|(at, three)| {
        let before = at.checked_sub(1).map(|at| lower.as_bytes()[at]);
        let stands_alone = before.is_none_or(|before| !before.is_ascii_alphanumeric());
        stands_alone
            && three[0].is_ascii_alphabetic()
            && three[1] == b':'
            && matches!(three[2], b'\\' | b'/')
    });
    // "https://" has a letter, a colon and a stroke as well.
    let drive = drive && !lower.contains("://") || lower.contains(":\\");
    let unix = [
        "/users/",
        "/home/",
        "/documents/",
        "/desktop/",
        "/volumes/",
        "/storage/emulated/",
        "/var/mobile/",
    ];
    let on_the_web = lower.starts_with("http://") || lower.starts_with("https://");
    drive
        || lower.contains("file:")
        || lower.contains("\\\\")
        || !on_the_web && unix.iter().any(|place| lower.contains(place))
}

/// Whether a text is what a file is called.
pub(super) fn is_file_name(text: &str) -> bool {
    let trimmed = text.trim();
    let Some((stem, ending)) = trimmed.rsplit_once('.') else {
        return false;
    };
    let ending = ending.to_ascii_lowercase();
    !stem.is_empty() && !trimmed.contains('\n') && ENDINGS.contains(&ending.as_str())
}

/// Whether an address leads to the web, or to a mailbox or telephone.
pub(super) fn is_of_the_web(address: &str) -> bool {
    let lower = address.trim().to_ascii_lowercase();
    let known = ["http://", "https://", "mailto:", "tel:"];
    known.iter().any(|start| lower.starts_with(start)) && !is_path(address)
}

/// Whether a value is of its form.
pub(super) fn fits(vocabulary: &Vocabulary, form: Form, value: &str) -> bool {
    match form {
        Form::Number => value.split(is_separator).all(is_number),
        Form::Word => {
            vocabulary.knows(value)
                || value
                    .split(is_separator)
                    .all(|word| vocabulary.knows(word) || is_number(word))
        }
        Form::Hex => {
            value.len() <= 128
                && value
                    .bytes()
                    .all(|byte| byte.is_ascii_hexdigit() || b"{}-".contains(&byte))
        }
        // Sums of passwords, no longer than the longest of them.
        Form::Bytes => {
            value.len() <= 128
                && value
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
        }
        Form::Date => false,
        Form::Text => true,
    }
}

fn is_separator(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, ',' | ';' | ':' | '(' | ')' | '{' | '}')
}

fn is_number(word: &str) -> bool {
    const UNITS: &[&str] = &[
        "", "%", "pt", "cm", "mm", "in", "pc", "pi", "px", "em", "ex", "emu", "mi", "fd", "f", "x",
        "deg", "grad", "rad", "s", "ms", "h", "w", "min", "max",
    ];
    const SWITCHES: &[&str] = &[
        "true",
        "false",
        "on",
        "off",
        "t",
        "f",
        "yes",
        "no",
        "auto",
        "none",
        "INF",
        "NaN",
        "infinity",
        "indefinite",
        "l",
        "r",
        "b",
        "ctr",
        "w",
        "h",
        "hc",
        "vc",
    ];
    if word.len() <= 24 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    if SWITCHES.contains(&word) {
        return true;
    }
    let digits = word.trim_start_matches(['+', '-', '#']);
    let end = digits.find(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let (number, unit) = digits.split_at(end.unwrap_or(digits.len()));
    if number.is_empty() {
        return word.is_empty() || word == "-" || is_color(word);
    }
    let exponent = unit.strip_prefix(['e', 'E']).is_some_and(|rest| {
        rest.len() <= 5
            && rest
                .trim_start_matches(['+', '-'])
                .bytes()
                .all(|b| b.is_ascii_digit())
    });
    let hex = word.len() <= 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    number.len() <= 24 && (UNITS.contains(&unit) || exponent || hex)
}

fn is_color(word: &str) -> bool {
    let digits = word.trim_start_matches('#');
    matches!(digits.len(), 6 | 8) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_on_computers_are_told_from_addresses_and_words() {
        for path in [
            "C:\\Users\\张三\\a.docx",
            "file:///C:/Users/a",
            "\\\\server\\share",
            "D:/张三/a.xls",
            "/Users/zhang/a.png",
            "file%3A///c",
            "INCLUDEPICTURE \"C:\\\\a\"",
            "/home/zhang/x",
        ] {
            assert!(is_path(path), "{path}");
        }
        for other in [
            "https://example.org/a",
            "第一节：C: 说明",
            "A1:B2",
            "a/b",
            "http://x.cn/users/5",
        ] {
            assert!(!is_path(other), "{other}");
        }
        assert!(is_file_name("微信图片_20260101.jpg") && is_file_name("a.DOCX"));
        assert!(!is_file_name("图片 1") && !is_file_name("共 3.5 元") && !is_file_name("."));
    }

    #[test]
    fn numbers_and_switches_are_told_from_names() {
        for number in [
            "", "12", "-3.5pt", "50%", "true", "1e-5", "FF00AA", "0 0 5 7", "2.5cm", "#ff00aa",
            "auto",
        ] {
            assert!(
                fits(&super::super::vocabulary::OPEN_XML, Form::Number, number),
                "{number}"
            );
        }
        for name in ["zhangwei", "CANARY", "12abz", "张三"] {
            assert!(
                !fits(&super::super::vocabulary::OPEN_XML, Form::Number, name),
                "{name}"
            );
        }
        assert!(fits(
            &super::super::vocabulary::OPEN_XML,
            Form::Word,
            "center"
        ));
        assert!(!fits(
            &super::super::vocabulary::OPEN_XML,
            Form::Word,
            "CANARY"
        ));
    }
}

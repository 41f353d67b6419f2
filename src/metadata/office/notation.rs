//! Notations that a format fixes: cells of a sheet, numbers in braces, codes of languages.

/// Whether a value names cells of a sheet: `A1`, `$B$2:XFD3`, `A:C 5:9`.
pub(super) fn is_cells(value: &str) -> bool {
    let is_cell = |cell: &str| {
        let cell = cell.strip_prefix('$').unwrap_or(cell);
        let letters = cell.bytes().take_while(u8::is_ascii_uppercase).count();
        let row = cell[letters..]
            .strip_prefix('$')
            .unwrap_or(&cell[letters..]);
        letters <= 3
            && row.len() <= 7
            && (letters > 0 || !row.is_empty())
            && row.bytes().all(|byte| byte.is_ascii_digit())
    };
    value
        .split([' ', ',', ':'])
        .all(|cell| cell.is_empty() || is_cell(cell))
}

/// The number of an extension or a style that a format gives it: `{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}`.
pub(super) fn is_braced_number(value: &str) -> bool {
    let digits = value
        .strip_prefix('{')
        .and_then(|rest| rest.strip_suffix('}'));
    digits.is_some_and(|digits| {
        digits.len() == 36
            && digits
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
    })
}

/// Whether a value is the code of a language, a country or a script: `zh-CN`, `Hans`.
pub(super) fn is_code(value: &str) -> bool {
    let parts: Vec<&str> = value.split(['-', '_']).collect();
    let are = |part: &str, is: fn(&u8) -> bool| part.as_bytes().iter().all(is);
    let is_language =
        |part: &str| (2..=3).contains(&part.len()) && are(part, u8::is_ascii_lowercase);
    let is_country = |part: &str| {
        part.len() == 2 && are(part, u8::is_ascii_uppercase)
            || part.len() == 3 && are(part, u8::is_ascii_digit)
    };
    // By bytes: of a word that is not ASCII, four of them may end within a letter.
    let is_script = |part: &str| {
        matches!(part.as_bytes(), [first, rest @ ..] if rest.len() == 3
            && first.is_ascii_uppercase()
            && rest.iter().all(u8::is_ascii_lowercase))
    };
    let rest = |part: &&str| is_country(part) || is_script(part);
    match parts.as_slice() {
        ["none"] => true,
        [one] => is_language(one) || is_country(one) || is_script(one),
        [first, others @ ..] => others.len() <= 2 && is_language(first) && others.iter().all(rest),
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_a_format_fixes_are_known() {
        for cells in ["A1", "$B$2:XFD1048576", "A:C 5:9", "AAB3", "", "A1 B2:C3"] {
            assert!(is_cells(cells), "{cells}");
        }
        for other in ["王", "ABCD1", "Sheet1!A1", "a1"] {
            assert!(!is_cells(other), "{other}");
        }
        assert!(is_code("zh-CN") && is_code("zh-Hans-CN") && is_code("en") && is_code("Hans"));
        assert!(!is_code("wang-xiao-ming") && !is_code("zhang") && !is_code("wang"));
        assert!(!is_code("王x") && !is_code("zh-\u{200b}x") && !is_code("é王"));
        assert!(is_braced_number("{5C22544A-7EE6-4342-B048-85BDC9FD1C3A}"));
        assert!(!is_braced_number("{王小明}"));
    }
}

//! Tests of `files.rs`.

use super::*;
use proptest::prelude::*;

#[test]
fn a_saved_file_has_a_sensible_name_in_every_program() {
    for (name, ascii) in [
        ("补课收费（2026春）.pdf", "file-2026.pdf"),
        ("😀.jpg", "file.jpg"),
        ("录音.m4a", "file.m4a"),
        ("price list 2.xlsx", "price-list-2.xlsx"),
        ("没有后缀", "file"),
        ("../../etc/passwd", "etc-passwd"),
        ("", "file"),
    ] {
        let said = disposition(name).to_string();
        assert!(
            said.contains(&format!("filename=\"{ascii}\"")),
            "{name}: {said}"
        );
    }
    let said = disposition("补课.pdf").to_string();
    assert!(
        said.ends_with("filename*=UTF-8''%E8%A1%A5%E8%AF%BE.pdf"),
        "{said}"
    );
}

proptest! {
    #[test]
    fn whatever_a_file_is_called_the_header_is_one(name in any::<String>()) {
        let said = disposition(&name).to_string();
        prop_assert!(said.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{said}");
        let plain = said.split('"').nth(1).expect("a name in ASCII");
        prop_assert!(plain.starts_with(|c: char| c.is_ascii_alphanumeric()), "{said}");
        prop_assert!(plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte)));
        prop_assert_eq!(said.matches('"').count(), 2);
    }
}

//! How an attribute is written, its value escaped.

pub(in crate::office) fn write_attribute(key: &str, value: &str, out: &mut String) {
    for part in [" ", key, "=\"", &escape_attribute(value), "\""] {
        out.push_str(part);
    }
}

/// Line breaks in a value would be read as blanks.
fn escape_attribute(value: &str) -> String {
    quick_xml::escape::escape(value)
        .replace('\n', "&#10;")
        .replace('\r', "&#13;")
        .replace('\t', "&#9;")
}

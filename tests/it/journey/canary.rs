//! Looks for what must not be there: words of a tip, a code, a name, in any file of a folder.

use std::path::Path;

/// Files in `folder` and below that hold `words` as UTF-8, UTF-16 or in JSON's `\u` form.
pub fn files_with(folder: &Path, words: &str) -> Vec<String> {
    let forms = forms(words);
    let mut found = Vec::new();
    visit(folder, &mut |path, content| {
        if forms.iter().any(|form| contains(content, form)) {
            found.push(path.display().to_string());
        }
    });
    found
}

/// Whether `content` holds `words` in one of those forms, or as an address or a form writes them.
pub fn holds(content: &[u8], words: &str) -> bool {
    let escaped = words
        .bytes()
        .fold(String::new(), |text, byte| text + &format!("%{byte:02X}"));
    let lower = escaped.to_lowercase().into_bytes();
    forms(words)
        .iter()
        .chain([&escaped.into_bytes(), &lower])
        .any(|form| contains(content, form))
}

/// How many files there are, so that a test can tell that it looked at something.
pub fn file_count(folder: &Path) -> usize {
    let mut count = 0;
    visit(folder, &mut |_, _| count += 1);
    count
}

fn forms(words: &str) -> Vec<Vec<u8>> {
    let escaped = words
        .encode_utf16()
        .fold(String::new(), |text, unit| text + &format!("\\u{unit:04x}"));
    let wide = |to_bytes: fn(u16) -> [u8; 2]| words.encode_utf16().flat_map(to_bytes).collect();
    vec![
        words.as_bytes().to_vec(),
        escaped.into_bytes(),
        wide(u16::to_le_bytes),
        wide(u16::to_be_bytes),
    ]
}

fn contains(content: &[u8], needle: &[u8]) -> bool {
    content.windows(needle.len()).any(|window| window == needle)
}

fn visit(folder: &Path, look: &mut dyn FnMut(&Path, &[u8])) {
    let entries = std::fs::read_dir(folder).expect("a folder of the test's own");
    for entry in entries.filter_map(Result::ok) {
        let path = entry.path();
        if path.is_dir() {
            visit(&path, look);
        } else if let Ok(content) = std::fs::read(&path) {
            look(&path, &content);
        }
    }
}

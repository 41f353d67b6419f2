//! The entries of a dictionary: those that its kind may have, and that have a place in this document.

use super::{Done, Writer};
use crate::finding::Reason;
use crate::pdf::marks::Entry;
use crate::pdf::rules::{self, Kind};
use crate::pdf::syntax::{Value, plain_name};

impl<'a> Writer<'a> {
    /// Writes a dictionary of a kind.
    pub(super) fn dict(
        &mut self,
        bytes: &'a [u8],
        value: &Value,
        kind: &'static Kind,
        depth: usize,
    ) -> Done {
        self.out.extend_from_slice(b"<<");
        self.entries(bytes, value, kind, &[], depth)?;
        self.out.extend_from_slice(b">>");
        Ok(true)
    }

    /// The entries of a dictionary that its kind may have, but for those in `but`.
    pub(in crate::pdf) fn entries(
        &mut self,
        bytes: &'a [u8],
        value: &Value,
        kind: &'static Kind,
        but: &[&[u8]],
        depth: usize,
    ) -> Result<(), Reason> {
        let Value::Dict(entries) = value else {
            return Ok(());
        };
        // A signature would be broken.
        if value.is(bytes, "FT", "Sig") && value.get(bytes, "V").is_some() {
            return Err(Reason::Signed);
        }
        let mut seen: Vec<&str> = Vec::new();
        for (key, entry) in entries {
            let raw = &bytes[key.clone()];
            let key = plain_name(raw);
            if but.contains(&&*key) {
                continue;
            }
            let found = kind.keys.iter().find(|(name, _)| name.as_bytes() == &*key);
            let found = found.copied();
            // A key that is there twice has one meaning at most.
            let found = found.filter(|(name, _)| !seen.contains(name));
            let Some((name, rule)) = found else {
                self.drop(bytes, &key, entry);
                continue;
            };
            seen.push(name);
            if !self.may_be(kind, name, value, bytes) {
                self.drop(bytes, &key, entry);
                continue;
            }
            if std::ptr::eq(kind, &raw const rules::MARK_KIND) {
                let start = self.out.len();
                match self.mark_entry(bytes, value, name, entry, depth)? {
                    Entry::Usual => {}
                    Entry::Written => continue,
                    Entry::Left => {
                        self.out.truncate(start);
                        continue;
                    }
                }
            }
            let start = self.out.len();
            self.key(name.as_bytes());
            if !self.value(bytes, entry, rule, depth)? {
                self.out.truncate(start);
            }
        }
        Ok(())
    }

    /// Whether an entry that its kind may have has a place in this document.
    fn may_be(&self, kind: &'static Kind, key: &str, dict: &Value, bytes: &[u8]) -> bool {
        let is = |other: &'static Kind| std::ptr::eq(kind, other);
        match key {
            "OC" | "OCProperties" | "Properties" => self.visibility.keeps_layers,
            "AcroForm" | "NeedAppearances" => self.visibility.keeps_fields,
            "CA" if is(&rules::BUTTONS_KIND) => self.visibility.keeps_fields,
            "Type" | "First" | "Last" | "Count" => true,
            _ if is(&rules::OUTLINE_KIND) => self.visibility.titles.contains(&self.at),
            // What a file is called that is not here.
            "F" | "UF" if is(&rules::FILE_KIND) => dict.get(bytes, "EF").is_some(),
            _ => true,
        }
    }
}

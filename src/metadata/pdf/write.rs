//! Writing the document anew, object by object, from its catalogue on.

use super::super::finding::{Findings, Reason, What};
use super::marks::Entry;
use super::names::Names;
use super::rules::{self, Data, Kind, Picked, Rule};
use super::scan::{Index, Object};
use super::syntax::{Value, plain_name};
use super::visibility::Visibility;
use std::collections::{HashMap, HashSet, VecDeque};
use std::io::Write as _;

/// Values nest no deeper in files that mean well.
pub(super) const DEPTH_MAX: usize = 64;

pub(super) type Done = Result<bool, Reason>;

/// The document, as far as it is written.
pub(super) struct Writer<'a> {
    pub index: &'a Index<'a>,
    pub findings: &'a mut Findings,
    pub names: Names,
    pub out: Vec<u8>,
    /// Where each object begins in what is written.
    starts: Vec<usize>,
    /// The number that an object has under a rule.
    numbers: HashMap<(usize, usize), usize>,
    waiting: VecDeque<(usize, &'static Rule)>,
    pub visibility: Visibility<'a>,
    /// The object that is being written.
    at: usize,
    /// Objects that were left behind because nothing is drawn with them.
    pub left_behind: Vec<usize>,
    /// Objects that were written, or left behind with a reason.
    pub visited: HashSet<usize>,
    /// Bytes that may still be unpacked.
    pub left: usize,
}

/// All streams of a file together, unpacked.
const TOTAL_MAX_BYTES: usize = 1024 * 1024 * 1024;

/// Writes what the catalogue leads to.
pub(super) fn write<'a>(
    index: &'a Index<'a>,
    findings: &'a mut Findings,
) -> Result<Vec<u8>, Reason> {
    let root = index.root.ok_or(Reason::Damaged)?;
    let visibility = Visibility::of(index, root, findings)?;
    let mut writer = Writer {
        index,
        visibility,
        at: root,
        left_behind: Vec::new(),
        findings,
        names: Names::default(),
        out: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
        starts: Vec::new(),
        numbers: HashMap::new(),
        waiting: VecDeque::new(),
        visited: HashSet::new(),
        left: TOTAL_MAX_BYTES,
    };
    let root = writer.number(root, &rules::ROOT);
    writer.objects()?;
    writer.others()?;
    if !index.was_read() {
        return Err(Reason::Bomb);
    }
    writer.end(root);
    Ok(writer.out)
}

impl<'a> Writer<'a> {
    /// The number under which an object is written by a rule.
    pub fn number(&mut self, number: usize, rule: &'static Rule) -> usize {
        let next = self.numbers.len() + 1;
        let Self {
            numbers, waiting, ..
        } = self;
        *numbers.entry((number, rule.id())).or_insert_with(|| {
            waiting.push_back((number, rule));
            next
        })
    }

    fn objects(&mut self) -> Result<(), Reason> {
        // Written under several rules a file could grow; what means well hardly does.
        let most = self.index.file.len().saturating_mul(3) + (64 << 20);
        while let Some((number, rule)) = self.waiting.pop_front() {
            if self.out.len() > most {
                return Err(Reason::Bomb);
            }
            self.visited.insert(number);
            self.at = number;
            self.starts.push(self.out.len());
            let written = self.starts.len();
            self.say(format_args!("{written} 0 obj\n"));
            match self.index.read(number, self.findings) {
                Some(object) => self.object(&object, rule)?,
                None => self.out.extend_from_slice(b"null"),
            }
            self.out.extend_from_slice(b"\nendobj\n");
        }
        Ok(())
    }

    pub fn say(&mut self, words: std::fmt::Arguments<'_>) {
        self.out.write_fmt(words).expect("memory takes all");
    }

    fn object(&mut self, object: &Object<'a>, rule: &'static Rule) -> Result<(), Reason> {
        let Object {
            bytes,
            value,
            stream,
        } = object;
        let Some(span) = stream else {
            if !self.value(bytes, value, rule, 0)? {
                self.out.extend_from_slice(b"null");
            }
            return Ok(());
        };
        let kind = match rule {
            Rule::Of(kind) => Some(*kind),
            Rule::Pick(picked) => self.pick(*picked, bytes, value, true),
            _ => None,
        };
        match kind {
            Some(kind) if kind.data != Data::None => {
                return self.stream(bytes, value, span.clone(), kind);
            }
            // A dictionary that has no data in any document.
            Some(kind) => {
                self.dict(bytes, value, kind, 1)?;
            }
            None => self.out.extend_from_slice(b"null"),
        }
        self.findings.removed(What::Hidden);
        Ok(())
    }

    /// Objects that nothing leads to.
    fn others(&mut self) -> Result<(), Reason> {
        let left_behind = std::mem::take(&mut self.left_behind);
        self.visited.extend(left_behind);
        let mut others: Vec<usize> = self.index.numbers().collect();
        others.retain(|number| !self.visited.contains(number));
        others.sort_unstable();
        let mut hints = usize::from(self.index.linearized);
        for number in others {
            let Some(object) = self.index.read(number, self.findings) else {
                continue;
            };
            let (bytes, value) = (object.bytes, &object.value);
            if self.index.infos.contains(&number) {
                self.information(bytes, value);
            } else if value.is(bytes, "Type", "EmbeddedFile") {
                // It may be what its sender wanted to send: it is told, not taken away.
                self.number(number, &rules::ATTACHED);
            } else if hints > 0 && value.get(bytes, "S").is_some() && object.stream.is_some() {
                hints = 0;
            } else if !matches!(value, Value::Integer(_) | Value::Word(_)) {
                self.findings.removed(What::Hidden);
            }
        }
        self.objects()
    }

    fn end(&mut self, root: usize) {
        let (start, size) = (self.out.len(), self.starts.len() + 1);
        self.say(format_args!("xref\n0 {size}\n0000000000 65535 f \n"));
        for start in std::mem::take(&mut self.starts) {
            self.say(format_args!("{start:010} 00000 n \n"));
        }
        self.say(format_args!(
            "trailer\n<</Size {size}/Root {root} 0 R>>\nstartxref\n{start}\n%%EOF\n"
        ));
    }

    /// Writes a value by a rule; false where it may not be there.
    pub fn value(
        &mut self,
        bytes: &'a [u8],
        value: &Value,
        rule: &'static Rule,
        depth: usize,
    ) -> Done {
        if depth > DEPTH_MAX {
            return Err(Reason::Structure);
        }
        if let Value::Reference(number) = value {
            return self.reference(*number, rule, depth);
        }
        let depth = depth + 1;
        match rule {
            // Pages are pointed to, so that each was looked at before.
            rule if depth > 1
                && matches!(value, Value::Dict(_))
                && std::ptr::eq(rule, &raw const rules::PAGE) =>
            {
                self.findings.removed(What::Hidden);
                Ok(false)
            }
            Rule::Plain | Rule::Name(_) | Rule::Own | Rule::Text | Rule::Code => {
                self.plain(bytes, value, rule, depth)
            }
            Rule::Drawn => Ok(self.drawn_with(bytes, value)),
            Rule::FileName => Ok(self.file_name(bytes, value)),
            Rule::Of(kind) => match value {
                Value::Dict(_) => self.dict(bytes, value, kind, depth),
                // An encoding by its name.
                value if kind.data == Data::Letters => {
                    self.plain(bytes, value, &rules::NAMES_OF_LETTERS, depth)
                }
                value => self.plain(bytes, value, &rules::PLAINS, depth),
            },
            Rule::Pick(picked) => match value {
                Value::Dict(_) => match self.pick(*picked, bytes, value, false) {
                    Some(kind) => self.dict(bytes, value, kind, depth),
                    // Appearances by state.
                    None if matches!(picked, Picked::Object) => {
                        self.named(bytes, value, rule, depth)
                    }
                    None => Ok(false),
                },
                value => self.plain(bytes, value, &rules::PLAINS, depth),
            },
            Rule::Each(each) => match value {
                Value::Array(items) => self.items(bytes, items, each, depth),
                value => self.value(bytes, value, each, depth),
            },
            Rule::Named(_) | Rule::Resources(_) | Rule::Glyphs(_) => {
                self.named(bytes, value, rule, depth)
            }
            Rule::NameTree(inner) => self.tree(bytes, value, inner, true, depth),
            Rule::NumberTree(inner) => self.tree(bytes, value, inner, false, depth),
            Rule::NamedPlaces => {
                self.forget_tree(bytes, value);
                Ok(false)
            }
            Rule::Color => self.color(bytes, value, depth),
            Rule::Action => self.action(bytes, value, depth),
            Rule::Place => self.place(bytes, value, depth),
        }
    }

    pub(super) fn reference(&mut self, number: usize, rule: &'static Rule, depth: usize) -> Done {
        let is_page = std::ptr::eq(rule, &raw const rules::PAGE);
        if is_page && !self.visibility.pages.contains(&number) {
            self.out.extend_from_slice(b"null");
            return Ok(true);
        }
        let is_unseen = match rule {
            Rule::NamedPlaces => {
                self.forget_tree(&[], &Value::Reference(number));
                return Ok(false);
            }
            Rule::Pick(Picked::Mark) => {
                !self.visibility.keeps_fields && !self.visibility.marks.contains(&number)
            }
            rule if std::ptr::eq(rule, &raw const rules::OUTLINE) => {
                !self.visibility.titles.contains(&number) && self.visibility.sidebar != Some(number)
            }
            _ => false,
        };
        if is_unseen {
            self.findings.removed(What::Hidden);
            return Ok(false);
        }
        if let Rule::Each(each) = rule
            && let Some(object) = self.index.read(number, &mut Findings::default())
            && !matches!(object.value, Value::Array(_))
        {
            return self.reference(number, each, depth + 1);
        }
        if matches!(rule, Rule::Action | Rule::Pick(Picked::Mark)) {
            // Whether it may be there at all must be known here.
            let Some(object) = self.index.read(number, &mut Findings::default()) else {
                return Ok(false);
            };
            let start = self.out.len();
            let may_be = match rule {
                Rule::Action => self.value(object.bytes, &object.value, rule, depth + 1)?,
                _ => self
                    .pick(Picked::Mark, object.bytes, &object.value, false)
                    .is_some(),
            };
            self.out.truncate(start);
            if !may_be {
                self.visited.insert(number);
                return Ok(false);
            }
        }
        let number = self.number(number, rule);
        self.say(format_args!("{number} 0 R"));
        Ok(true)
    }

    fn dict(&mut self, bytes: &'a [u8], value: &Value, kind: &'static Kind, depth: usize) -> Done {
        self.out.extend_from_slice(b"<<");
        self.entries(bytes, value, kind, &[], depth)?;
        self.out.extend_from_slice(b">>");
        Ok(true)
    }

    /// The entries of a dictionary that its kind may have, but for those in `but`.
    pub fn entries(
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

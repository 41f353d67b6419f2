//! Writing the document anew, object by object, from its catalogue on.

use super::super::finding::{Findings, Reason, What};
use super::names::Names;
use super::rules::{self, Data, Kind, Picked, Rule};
use super::scan::{Index, Object};
use super::syntax::{Value, plain_name};
use std::collections::{HashMap, HashSet, VecDeque};
use std::io::Write as _;

/// Values nest no deeper in files that mean well.
pub(super) const DEPTH_MAX: usize = 64;
/// Pages, and groups of them.
const PAGES_MAX: usize = 100_000;

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
    pages: HashSet<usize>,
    /// Objects that were written, or left behind with a reason.
    pub visited: HashSet<usize>,
    /// Bytes that may still be unpacked.
    pub left: usize,
}

/// All streams of a file together, unpacked.
const TOTAL_MAX_BYTES: usize = 1024 * 1024 * 1024;

/// Writes what the catalogue leads to.
pub(super) fn write(index: &Index<'_>, findings: &mut Findings) -> Result<Vec<u8>, Reason> {
    let root = index.root.ok_or(Reason::Damaged)?;
    let mut writer = Writer {
        index,
        findings,
        names: Names::default(),
        out: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
        starts: Vec::new(),
        numbers: HashMap::new(),
        waiting: VecDeque::new(),
        pages: HashSet::new(),
        visited: HashSet::new(),
        left: TOTAL_MAX_BYTES,
    };
    writer.find_pages(root)?;
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
    /// The pages that the document shows: no other is written, whatever points to it.
    fn find_pages(&mut self, root: usize) -> Result<(), Reason> {
        let index = self.index;
        let catalogue = index.read(root, &mut Findings::default());
        let catalogue = catalogue.ok_or(Reason::Damaged)?;
        let mut waiting = Vec::new();
        if let Some(Value::Reference(number)) = catalogue.value.get(catalogue.bytes, "Pages") {
            waiting.push(*number);
        }
        while let Some(number) = waiting.pop() {
            if self.pages.len() > PAGES_MAX {
                return Err(Reason::Bomb);
            }
            if !self.pages.insert(number) {
                continue;
            }
            let Some(page) = index.read(number, &mut Findings::default()) else {
                continue;
            };
            let kids = page.value.get(page.bytes, "Kids");
            let kids = kids.and_then(|kids| index.resolve(page.bytes, kids));
            if let Some(Value::Array(kids)) = kids.map(|kids| kids.value) {
                waiting.extend(kids.iter().filter_map(|kid| match kid {
                    Value::Reference(number) => Some(*number),
                    _ => None,
                }));
            }
        }
        Ok(())
    }

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
        if let Some(kind) = kind {
            return self.stream(bytes, value, span.clone(), kind);
        }
        self.findings.removed(What::Hidden);
        self.out.extend_from_slice(b"null");
        Ok(())
    }

    /// Objects that nothing leads to.
    fn others(&mut self) -> Result<(), Reason> {
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
            Rule::Plain | Rule::Name | Rule::Text | Rule::Code => {
                self.plain(bytes, value, rule, depth)
            }
            Rule::FileName => Ok(self.file_name(bytes, value)),
            Rule::Of(kind) => match value {
                Value::Dict(_) => self.dict(bytes, value, kind, depth),
                // An encoding by its name.
                value if kind.data == Data::Letters => {
                    self.plain(bytes, value, &rules::ANY_NAMES, depth)
                }
                value => self.plain(bytes, value, &rules::PLAINS, depth),
            },
            Rule::Pick(picked) => match value {
                Value::Dict(_) => match self.pick(*picked, bytes, value, false) {
                    Some(kind) => self.dict(bytes, value, kind, depth),
                    // Appearances by state.
                    None if matches!(picked, Picked::Object) => {
                        self.named(bytes, value, rule, true, depth)
                    }
                    None => Ok(false),
                },
                value => self.plain(bytes, value, &rules::PLAINS, depth),
            },
            Rule::Each(each) => match value {
                Value::Array(items) => self.items(bytes, items, each, depth),
                value => self.value(bytes, value, each, depth),
            },
            Rule::Named(inner) => self.named(bytes, value, inner, true, depth),
            Rule::Glyphs(inner) => self.named(bytes, value, inner, false, depth),
            Rule::Tree(inner) => self.tree(bytes, value, rule, inner, depth),
            Rule::Color => self.color(bytes, value, depth),
            Rule::Action => self.action(bytes, value, depth),
            Rule::Place => self.place(bytes, value, depth),
        }
    }

    pub(super) fn reference(&mut self, number: usize, rule: &'static Rule, depth: usize) -> Done {
        let is_page = std::ptr::eq(rule, &raw const rules::PAGE);
        if is_page && !self.pages.contains(&number) {
            self.out.extend_from_slice(b"null");
            return Ok(true);
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
            let found = found
                .copied()
                .or_else(|| field_name(bytes, value, kind, &key));
            // A key that is there twice has one meaning at most.
            let found = found.filter(|(name, _)| !seen.contains(name));
            let Some((name, rule)) = found else {
                self.drop(bytes, &key, entry);
                continue;
            };
            seen.push(name);
            let start = self.out.len();
            self.key(name.as_bytes());
            if !self.value(bytes, entry, rule, depth)? {
                self.out.truncate(start);
            }
        }
        Ok(())
    }
}

/// `T` is the name of a field in a form, and the writer's name on a note.
fn field_name(
    bytes: &[u8],
    value: &Value,
    kind: &'static Kind,
    key: &[u8],
) -> Option<(&'static str, &'static Rule)> {
    let of_marks = std::ptr::eq(kind, &raw const rules::MARK_KIND);
    let is_field = value.get(bytes, "Subtype").is_none() || value.is(bytes, "Subtype", "Widget");
    (of_marks && is_field && key == b"T").then_some(("T", &rules::TEXTS))
}

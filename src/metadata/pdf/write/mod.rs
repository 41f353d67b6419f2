//! Writing the document anew, object by object, from its catalogue on.

mod entries;
mod value;

use super::left_behind::information;
use super::names::Names;
use super::rules::{self, Data, Rule};
use super::scan::{Index, Object};
use super::subtypes::picked_kind;
use super::syntax::Value;
use super::visibility::Visibility;
use crate::finding::{Findings, Reason, What};
use std::collections::{HashMap, HashSet, VecDeque};
use std::io::Write as _;

/// Values nest no deeper in files that mean well.
pub(super) const DEPTH_MAX: usize = 64;

/// All streams of a file together, unpacked.
const TOTAL_MAX_BYTES: usize = 1024 * 1024 * 1024;

/// Whether something was written.
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
            Rule::Pick(picked) => picked_kind(self, *picked, bytes, value, true),
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
                information(self, bytes, value);
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
}

//! Going through a file from its first byte to its last, whatever its cross-reference tables say: a table can leave out
//! what is still there to be read. What is defined twice counts as it was defined last.

mod walk;

use super::filters::{Chain, Unpacked};
use super::syntax::{Lexer, Span, Value, integer};
use crate::finding::{Findings, Reason, What};
use memchr::memmem;
use std::cell::Cell;
use std::collections::HashMap;
use walk::{Met, Walk, stream};

/// Objects of one file. A thousand pages of print have about 20,000.
const OBJECTS_MAX: usize = 400_000;
/// Groups of packed objects, all of them unpacked. They are held until the file is written.
const GROUPS_MAX_BYTES: usize = 48 * 1024 * 1024;

const READ_MIN_BYTES: usize = 256 * 1024 * 1024;

/// Where an object stands.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In the file, its value from this byte on.
    Plain(usize),
    /// In an unpacked group, from this byte on.
    Packed { group: usize, at: usize },
}

/// One object, read.
#[derive(Clone)]
pub(super) struct Object<'a> {
    /// What its spans are in.
    pub bytes: &'a [u8],
    pub value: Value,
    /// The data behind its dictionary.
    pub stream: Option<Span>,
}

/// All objects of a file.
pub(super) struct Index<'a> {
    pub file: &'a [u8],
    places: HashMap<usize, Place>,
    groups: Vec<Vec<u8>>,
    /// Numbers that stand alone: lengths of streams.
    integers: HashMap<usize, usize>,
    /// The document's catalogue, as the last trailer says.
    pub root: Option<usize>,
    /// The document's information, of each trailer.
    pub infos: Vec<usize>,
    /// Whether the file is laid out for the web, with a table of hints.
    pub linearized: bool,
    /// Bytes that may still be read of objects: many entries may point to one long value.
    left: Cell<usize>,
}

impl<'a> Index<'a> {
    /// Reads where everything is, and notes what stands between the objects.
    pub fn of(file: &'a [u8], findings: &mut Findings) -> Result<Self, Reason> {
        // A signature holds for bytes: any change breaks it.
        if memmem::find(file, b"/ByteRange").is_some() {
            return Err(Reason::Signed);
        }
        let mut index = Self {
            file,
            places: HashMap::new(),
            groups: Vec::new(),
            integers: HashMap::new(),
            root: None,
            infos: Vec::new(),
            linearized: false,
            left: Cell::new(file.len().saturating_mul(8).saturating_add(READ_MIN_BYTES)),
        };
        index.lengths();
        index.walk(findings)?;
        Ok(index)
    }

    /// A first walk, for lengths that stand behind their streams.
    fn lengths(&mut self) {
        let mut walk = Walk::new(self.file);
        while let Some(met) = walk.next(&self.integers) {
            if let Met::Object { number, value, .. } = met
                && let Value::Integer(integer) = value
            {
                self.integers.insert(number, integer);
            }
        }
    }

    fn walk(&mut self, findings: &mut Findings) -> Result<(), Reason> {
        let integers = std::mem::take(&mut self.integers);
        let mut walk = Walk::new(self.file);
        while let Some(met) = walk.next(&integers) {
            match met {
                Met::Trailer(value) => self.trailer(self.file, &value, findings)?,
                Met::Strange => findings.removed(What::Hidden),
                Met::Object {
                    number,
                    at,
                    value,
                    stream,
                } => self.object(number, at, &value, stream.as_ref(), findings)?,
            }
        }
        if !walk.lexer.remarks.is_empty() {
            findings.removed(What::Hidden);
        }
        self.integers = integers;
        // A file that lost its end has no trailer, and has its catalogue all the same.
        if self
            .root
            .is_none_or(|root| !self.places.contains_key(&root))
        {
            let is_root = |number: &usize| {
                let object = self.read(*number, &mut Findings::default());
                object.is_some_and(|it| it.value.is(it.bytes, "Type", "Catalog"))
            };
            self.root = self.places.keys().copied().filter(is_root).max();
        }
        Ok(())
    }

    fn object(
        &mut self,
        number: usize,
        at: usize,
        value: &Value,
        stream: Option<&Span>,
        findings: &mut Findings,
    ) -> Result<(), Reason> {
        let file = self.file;
        if value.is(file, "Type", "XRef") {
            // Tables are made anew, and what stood in this one is not looked at.
            findings.removed(What::Other);
            return self.trailer(file, value, findings);
        }
        if value.get(file, "Linearized").is_some() {
            self.linearized = true;
            return Ok(());
        }
        if let (true, Some(span)) = (value.is(file, "Type", "ObjStm"), stream) {
            findings.removed(What::Other);
            return self.group(value, span.clone(), findings);
        }
        self.place(number, Place::Plain(at), findings)
    }

    fn place(
        &mut self,
        number: usize,
        place: Place,
        findings: &mut Findings,
    ) -> Result<(), Reason> {
        if self.places.insert(number, place).is_some() {
            findings.removed(What::History);
        }
        if self.places.len() > OBJECTS_MAX {
            return Err(Reason::Bomb);
        }
        Ok(())
    }

    /// A group of objects, packed together.
    fn group(&mut self, dict: &Value, span: Span, findings: &mut Findings) -> Result<(), Reason> {
        let held: usize = self.groups.iter().map(Vec::len).sum();
        let chain = Chain::of(self.file, dict).ok_or(Reason::Structure)?;
        let left = GROUPS_MAX_BYTES - held;
        let Unpacked { bytes, last } = chain.unpack(&self.file[span], left)?;
        let (Some(Value::Integer(count)), Some(Value::Integer(first)), None) =
            (dict.get(self.file, "N"), dict.get(self.file, "First"), last)
        else {
            return Err(Reason::Structure);
        };
        let table = bytes.get(..*first).ok_or(Reason::Structure)?;
        let numbers = table
            .split(u8::is_ascii_whitespace)
            .filter_map(integer)
            .take(count.saturating_mul(2));
        let numbers: Vec<usize> = numbers.collect();
        let group = self.groups.len();
        for pair in numbers.chunks_exact(2) {
            let at = first.saturating_add(pair[1]).min(bytes.len());
            self.place(pair[0], Place::Packed { group, at }, findings)?;
        }
        self.groups.push(bytes.into_owned());
        Ok(())
    }

    fn trailer(
        &mut self,
        bytes: &[u8],
        trailer: &Value,
        findings: &mut Findings,
    ) -> Result<(), Reason> {
        const TABLE: &[&[u8]] = &[
            b"Size",
            b"Prev",
            b"XRefStm",
            b"Type",
            b"W",
            b"Index",
            b"Filter",
            b"DecodeParms",
            b"Length",
        ];
        let Value::Dict(entries) = trailer else {
            findings.removed(What::Hidden);
            return Ok(());
        };
        for (key, value) in entries {
            match (&bytes[key.clone()], value) {
                (b"Encrypt", _) => return Err(Reason::Encrypted),
                (b"Root", Value::Reference(number)) => self.root = Some(*number),
                (b"Info", Value::Reference(number)) => self.infos.push(*number),
                // Marks that link the versions of a file.
                (b"ID", _) => findings.removed(What::History),
                (key, _) if TABLE.contains(&key) => {}
                _ => findings.removed(What::Other),
            }
        }
        Ok(())
    }

    /// Whether everything that was asked for could be read.
    pub fn was_read(&self) -> bool {
        self.left.get() > 0
    }

    /// The numbers of all objects.
    pub fn numbers(&self) -> impl Iterator<Item = usize> + '_ {
        self.places.keys().copied()
    }

    /// Reads an object; `None` where there is none, or nothing that can be read. Remarks within it are not read, and so
    /// not kept: they are noted.
    pub fn read(&self, number: usize, findings: &mut Findings) -> Option<Object<'_>> {
        let (bytes, at) = match self.places.get(&number)? {
            Place::Plain(at) => (self.file, *at),
            Place::Packed { group, at } => (self.groups[*group].as_slice(), *at),
        };
        let mut lexer = Lexer::new(bytes, at);
        let value = lexer.value()?;
        self.left.set(self.left.get().saturating_sub(lexer.at - at));
        if self.left.get() == 0 {
            return None;
        }
        if !lexer.remarks.is_empty() {
            findings.removed(What::Hidden);
        }
        let is_plain = matches!(self.places.get(&number), Some(Place::Plain(_)));
        let stream = if is_plain {
            stream(&mut lexer, &value, &self.integers)
        } else {
            None
        };
        Some(Object {
            bytes,
            value,
            stream,
        })
    }

    /// What a value is, past any reference.
    pub fn resolve<'b>(&'b self, bytes: &'b [u8], value: &Value) -> Option<Object<'b>> {
        let mut next = match value {
            Value::Reference(number) => *number,
            value => {
                return Some(Object {
                    bytes,
                    value: value.clone(),
                    stream: None,
                });
            }
        };
        // A reference to a reference is none that a program writes; eight of them are enough.
        for _ in 0..8 {
            let object = self.read(next, &mut Findings::default())?;
            match object.value {
                Value::Reference(number) => next = number,
                _ => return Some(object),
            }
        }
        None
    }
}

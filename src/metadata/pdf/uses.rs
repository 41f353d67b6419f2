//! What the pages draw with: of a dictionary of resources only the names that some program takes from it are written. A
//! form without resources of its own takes them from whoever draws it.

use super::super::finding::{Findings, Reason};
use super::content;
use super::filters::Chain;
use super::names::Names;
use super::scan::{Index, Object};
use super::syntax::{Value, plain_name};
use super::values::number;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

/// A program, unpacked.
const PROGRAM_MAX_BYTES: usize = 48 * 1024 * 1024;
/// All programs together, and all names that they take.
const TOTAL_MAX_BYTES: usize = 1024 * 1024 * 1024;
const TAKEN_MAX: usize = 20_000_000;

/// Resources as they are passed on to what has none.
pub(super) type Resources<'a> = Option<Rc<Object<'a>>>;
type Taken = Rc<Vec<(&'static str, Vec<u8>)>>;

/// Which names are taken from which dictionary.
pub(super) struct Uses<'a> {
    index: &'a Index<'a>,
    /// By the place of a dictionary in memory.
    names: HashMap<usize, HashSet<Vec<u8>>>,
    programs: HashMap<usize, Taken>,
    /// Programs that draw letters, or something that may.
    lettered: HashSet<usize>,
    seen: HashSet<(usize, usize)>,
    waiting: Vec<(Object<'a>, Resources<'a>)>,
    /// A program could not be read, so that it is not known what it takes.
    pub unsure: bool,
    /// Letters are drawn that nobody sees.
    pub unseen: bool,
    left_bytes: usize,
    left_names: usize,
}

/// Where a dictionary stands in memory, which no other has in common with it; 0 for an empty one.
pub(super) fn place_of(bytes: &[u8], value: &Value) -> usize {
    match value {
        Value::Dict(entries) => entries
            .first()
            .map_or(0, |(key, _)| bytes[key.clone()].as_ptr().addr()),
        _ => 0,
    }
}

fn entry<'v>(bytes: &[u8], dict: &'v Value, name: &[u8]) -> Option<&'v Value> {
    let Value::Dict(entries) = dict else {
        return None;
    };
    let found = entries
        .iter()
        .find(|(key, _)| &*plain_name(&bytes[key.clone()]) == name);
    found.map(|(_, value)| value)
}

impl<'a> Uses<'a> {
    pub fn new(index: &'a Index<'a>) -> Self {
        Self {
            index,
            names: HashMap::new(),
            programs: HashMap::new(),
            lettered: HashSet::new(),
            seen: HashSet::new(),
            waiting: Vec::new(),
            unsure: false,
            unseen: false,
            left_bytes: TOTAL_MAX_BYTES,
            left_names: TAKEN_MAX,
        }
    }

    /// Whether a program takes `name` from this dictionary. Spaces of colours that stand for others are taken unsaid.
    pub fn takes(&self, bytes: &[u8], dict: &Value, name: &[u8]) -> bool {
        let plain = plain_name(name);
        let unsaid = matches!(&*plain, b"DefaultGray" | b"DefaultRGB" | b"DefaultCMYK");
        let names = self.names.get(&place_of(bytes, dict));
        self.unsure || unsaid || names.is_some_and(|names| names.contains(&*plain))
    }

    /// Whether something is known of what is taken from this dictionary.
    pub fn knows(&self, bytes: &[u8], dict: &Value) -> bool {
        !self.unsure && self.names.contains_key(&place_of(bytes, dict))
    }

    /// Whether a program that was gone through draws letters, or something that may.
    pub fn has_letters(&self, program: &Object<'a>) -> bool {
        let packed = program.stream.clone();
        let packed = packed.and_then(|span| program.bytes.get(span));
        packed.is_some_and(|packed| self.lettered.contains(&packed.as_ptr().addr()))
    }

    /// What a dictionary has under `key`.
    pub fn of(&self, object: &Object<'a>, key: &str) -> Option<Object<'a>> {
        self.index
            .resolve(object.bytes, object.value.get(object.bytes, key)?)
    }

    /// Goes through a program, and through all that it draws.
    pub fn draw(&mut self, program: Object<'a>, resources: &Resources<'a>) -> Result<(), Reason> {
        self.waiting.push((program, resources.clone()));
        while let Some((program, resources)) = self.waiting.pop() {
            self.program(&program, &resources)?;
        }
        Ok(())
    }

    fn program(&mut self, program: &Object<'a>, resources: &Resources<'a>) -> Result<(), Reason> {
        let Some(span) = program.stream.clone() else {
            return Ok(());
        };
        let packed = program.bytes.get(span).unwrap_or_default();
        let own = self.of(program, "Resources").map(Rc::new);
        let resources = own.or_else(|| resources.clone());
        let place = packed.as_ptr().addr();
        let with = resources
            .as_ref()
            .map_or(0, |it| place_of(it.bytes, &it.value));
        if !self.seen.insert((place, with)) {
            return Ok(());
        }
        let taken = if let Some(taken) = self.programs.get(&place) {
            Rc::clone(taken)
        } else {
            let taken = Rc::new(self.read(program, packed)?);
            self.programs.insert(place, Rc::clone(&taken));
            taken
        };
        self.left_names = self
            .left_names
            .checked_sub(taken.len())
            .ok_or(Reason::Bomb)?;
        if let Some(found) = &resources {
            let parts: HashSet<_> = taken.iter().map(|(part, _)| *part).collect();
            for part in parts {
                // A part may be long: it is read once.
                let Some(dict) = self.of(found, part) else {
                    continue;
                };
                for (_, name) in taken.iter().filter(|(of, _)| *of == part) {
                    self.take(part, &dict, name, found);
                }
            }
        }
        Ok(())
    }

    fn read(
        &mut self,
        program: &Object<'a>,
        packed: &[u8],
    ) -> Result<Vec<(&'static str, Vec<u8>)>, Reason> {
        let limit = PROGRAM_MAX_BYTES.min(self.left_bytes);
        let unpacked = Chain::of(program.bytes, &program.value)
            .and_then(|chain| chain.unpack(packed, limit).ok())
            .filter(|unpacked| unpacked.last.is_none());
        let Some(unpacked) = unpacked else {
            self.unsure = true;
            return Ok(Vec::new());
        };
        let bytes = unpacked.bytes;
        self.left_bytes = self
            .left_bytes
            .checked_sub(bytes.len())
            .ok_or(Reason::Bomb)?;
        let (mut names, mut findings) = (Names::default(), Findings::default());
        let read = content::clean(&bytes, true, &mut names, &mut findings);
        self.unseen |= read.unseen;
        if read.letters {
            self.lettered.insert(packed.as_ptr().addr());
        }
        let all: HashSet<_> = read.uses.into_iter().collect();
        Ok(all.into_iter().collect())
    }

    fn take(
        &mut self,
        part: &'static str,
        dict: &Object<'a>,
        name: &[u8],
        resources: &Rc<Object<'a>>,
    ) {
        let place = place_of(dict.bytes, &dict.value);
        self.names.entry(place).or_default().insert(name.to_vec());
        let taken = entry(dict.bytes, &dict.value, name);
        let Some(taken) = taken.and_then(|taken| self.index.resolve(dict.bytes, taken)) else {
            return;
        };
        let resources = Some(Rc::clone(resources));
        match part {
            "XObject" | "Pattern" => self.form(taken, &resources),
            "ExtGState" => self.state(&taken, &resources),
            "Font" => self.font(&taken, &resources),
            _ => {}
        }
    }

    /// A form or a pattern is a program as well.
    pub fn form(&mut self, form: Object<'a>, resources: &Resources<'a>) {
        if let Some(state) = self.of(&form, "ExtGState") {
            self.state(&state, resources);
        }
        if form.stream.is_some() && !form.value.is(form.bytes, "Subtype", "Image") {
            self.waiting.push((form, resources.clone()));
        }
    }

    fn state(&mut self, state: &Object<'a>, resources: &Resources<'a>) {
        // What is drawn with no opacity at all nobody sees.
        let is_clear = |key| {
            let opacity = self.of(state, key);
            // What is no number is written as none.
            opacity.is_some_and(|it| number(it.bytes, &it.value).is_none_or(|it| it == 0.0))
        };
        self.unseen |= is_clear("CA") || is_clear("ca");
        let mask = self.of(state, "SMask");
        if let Some(form) = mask.and_then(|mask| self.of(&mask, "G")) {
            self.form(form, resources);
        }
    }

    /// The glyphs of a font of type 3 are programs, each of those that a code stands for.
    fn font(&mut self, font: &Object<'a>, resources: &Resources<'a>) {
        let Some(glyphs) = self.of(font, "CharProcs") else {
            return;
        };
        let own = self.of(font, "Resources").map(Rc::new);
        let resources = own.or_else(|| resources.clone());
        let coded = self.of(font, "Encoding");
        let coded = coded.and_then(|encoding| self.of(&encoding, "Differences"));
        let coded: Option<HashSet<Vec<u8>>> = coded.and_then(|list| match &list.value {
            Value::Array(items) => Some(
                items
                    .iter()
                    .filter_map(|item| Some(item.name(list.bytes)?.into_owned()))
                    .collect(),
            ),
            _ => None,
        });
        let Value::Dict(entries) = &glyphs.value else {
            return;
        };
        let place = place_of(glyphs.bytes, &glyphs.value);
        for (name, glyph) in entries {
            let name = plain_name(&glyphs.bytes[name.clone()]);
            if coded.as_ref().is_some_and(|coded| !coded.contains(&*name)) {
                continue;
            }
            let taken = self.names.entry(place).or_default();
            taken.insert(name.into_owned());
            if let Some(glyph) = self.index.resolve(glyphs.bytes, glyph) {
                self.waiting.push((glyph, resources.clone()));
            }
        }
    }
}

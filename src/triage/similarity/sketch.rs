//! What comparing needs of one tip: keyed hashes and a few numbers, sealed at rest as one row of fixed size.

use super::TipId;
use super::reading::{Gram, Reading, Script, Sentence, core};
use crate::clock::Day;
use crate::entropy::Entropy;
use crate::opening::{SketchError, SketchKey};
use std::collections::HashMap;
use zeroize::Zeroizing;

/// Length of a sketch before it is sealed, in bytes.
const ROW_BYTES: usize = 1064;
/// 1 held a hash of the whole text only, 2 neither matters nor places by themselves.
const VERSION: u8 = 3;
/// Most grams that are kept, the rarest first.
pub const GRAMS_MAX: usize = 128;
/// Most sentences that are kept.
pub const SENTENCES_MAX: usize = 24;
/// No day: an offset no tip has.
const NO_DAY: i16 = i16::MIN;

/// Up to `N` keyed hashes; zero is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys<const N: usize>([u32; N]);

impl<const N: usize> Default for Keys<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> Keys<N> {
    fn of(keys: impl Iterator<Item = u32>) -> Self {
        let mut made = Self::default();
        let mut count = 0;
        for key in keys {
            if count < N && !made.0[..count].contains(&key) {
                made.0[count] = key;
                count += 1;
            }
        }
        made
    }

    /// The hashes.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        self.0.iter().copied().take_while(|key| *key != 0)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.first().is_none_or(|key| *key == 0)
    }

    /// How many both have.
    #[must_use]
    pub fn shared<const M: usize>(&self, other: &Keys<M>) -> usize {
        self.iter().filter(|key| other.0.contains(key)).count()
    }
}

/// Everything but grams and sentences.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The whole text's letters and digits.
    pub text: u64,
    /// The school it is about; 0 if none was read.
    pub school: u32,
    /// Another school it names.
    pub other_school: u32,
    /// Full names.
    pub names: Keys<3>,
    /// Surnames.
    pub surnames: Keys<4>,
    /// Surnames in Latin letters.
    pub pinyin: Keys<4>,
    /// Contacts.
    pub contacts: Keys<4>,
    /// Sums said exactly.
    pub sums: Keys<5>,
    /// Bodies and places of no list.
    pub places: Keys<8>,
    /// Those of the title and the fields.
    pub headline_places: Keys<4>,
    /// Kinds of matter that citizens write about.
    pub matters: u32,
    /// Those of the title.
    pub headline_matters: u32,
    /// Half powers of two that the sums, exact or not, lie in.
    pub magnitudes: u32,
    /// Days named, as offsets from the day the tip came.
    pub days: [Option<i16>; 3],
    /// Holidays and times of the week.
    pub seasons: u32,
    /// Venues and gifts.
    pub things: u32,
    /// Grades and classes.
    pub grades: [u16; 2],
    /// Subjects taught.
    pub subjects: u16,
    /// Kinds of wrong.
    pub offences: u16,
    /// The kind said most, from 1; 0 if none.
    pub main_offence: u8,
    /// Script, and whether the school is on the office's list.
    pub flags: u8,
    /// Letters and digits of the account.
    pub chars: u16,
}

const FLAG_LATIN: u8 = 1;
const FLAG_LISTED: u8 = 2;

impl Facts {
    /// Whether it is written in Latin letters.
    #[must_use]
    pub fn is_latin(&self) -> bool {
        self.flags & FLAG_LATIN != 0
    }

    /// Whether the school is on the office's list.
    #[must_use]
    pub fn is_listed(&self) -> bool {
        self.flags & FLAG_LISTED != 0
    }
}

/// A keyed hash of a gram, and whether it stands in the title or a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyedGram {
    /// The hash.
    pub key: u32,
    /// Whether the reporter put it in a headline.
    pub is_headline: bool,
}

/// What comparing needs of one tip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sketch {
    pub(super) day: Day,
    pub(super) facts: Facts,
    pub(super) grams: Vec<KeyedGram>,
    pub(super) sentences: Vec<u32>,
}

/// Hashes what a sketch holds; each kind of thing in a space of its own.
pub(super) struct Hasher<'a>(pub &'a SketchKey);

impl Hasher<'_> {
    fn hash(&self, kind: u8, value: &[u8]) -> u64 {
        let hash = self.0.hash(&[&[kind], value].concat());
        u64::from_le_bytes(hash[..8].try_into().expect("eight bytes of a hash of 32"))
    }

    /// Never 0, which is none.
    fn short(&self, kind: u8, value: &str) -> u32 {
        let bytes = self.hash(kind, value.as_bytes()).to_le_bytes();
        u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]).max(1)
    }

    pub fn gram(&self, gram: &str) -> u32 {
        self.short(b'g', gram)
    }

    pub fn sentence(&self, sentence: &str) -> u32 {
        self.short(b's', sentence)
    }

    pub fn school(&self, id: &str) -> u32 {
        self.short(b'S', id)
    }
}

impl Sketch {
    /// The day the tip came.
    #[must_use]
    pub fn day(&self) -> Day {
        self.day
    }

    /// The sketch of a reading. What stands in template sentences only is left out; of the rest the rarest grams are
    /// kept: `commonness` says how many tips so far have one. Both go by hash.
    pub(super) fn of(
        reading: &Reading,
        key: &SketchKey,
        is_template: impl Fn(u32) -> bool,
        commonness: impl Fn(u32) -> u32,
    ) -> Self {
        let hasher = Hasher(key);
        let template = |sentence: &&Sentence| is_template(hasher.sentence(&sentence.text));
        let template: Vec<_> = reading
            .sentences
            .iter()
            .filter(template)
            .map(|s| s.from..s.to)
            .collect();
        let mut sentences: Vec<_> = reading
            .sentences
            .iter()
            .map(|sentence| hasher.sentence(&sentence.text))
            .collect();
        // By hash, so that two copies of a long text keep the same ones.
        sentences.sort_unstable();
        sentences.dedup();
        sentences.truncate(SENTENCES_MAX);
        Self {
            day: reading.day,
            facts: facts(reading, &hasher),
            grams: grams(reading, &hasher, &template, commonness),
            sentences,
        }
    }

    /// Sealed for the tip with this id; every sketch has the same length.
    #[must_use]
    pub fn seal(&self, tip: &TipId, key: &SketchKey, entropy: &dyn Entropy) -> Vec<u8> {
        key.seal(tip, self.to_row().as_slice(), entropy)
    }

    /// Opens what [`Self::seal`] made.
    ///
    /// # Errors
    /// [`SketchError`] for a damaged row, one of another tip, or one of an older version: make it again from the tip.
    pub fn open(tip: &TipId, sealed: &[u8], key: &SketchKey) -> Result<Self, SketchError> {
        Self::from_row(&key.open(tip, sealed)?).ok_or(SketchError)
    }

    fn to_row(&self) -> Zeroizing<Vec<u8>> {
        let mut row = Row(Zeroizing::new(Vec::with_capacity(ROW_BYTES)));
        row.put(&[VERSION]);
        row.put(&self.day.number().to_le_bytes());
        self.facts.write(&mut row);
        row.put(&[count(self.grams.len()), count(self.sentences.len())]);
        for gram in &self.grams {
            row.put(&gram.key.to_le_bytes());
        }
        for flags in self.grams.chunks(8) {
            let bits = flags
                .iter()
                .rev()
                .fold(0, |bits, gram| bits << 1 | u8::from(gram.is_headline));
            row.put(&[bits]);
        }
        for sentence in &self.sentences {
            row.put(&sentence.to_le_bytes());
        }
        let mut row = row.0;
        row.resize(ROW_BYTES, 0);
        row
    }

    fn from_row(row: &[u8]) -> Option<Self> {
        if row.len() != ROW_BYTES {
            return None;
        }
        let (version, rest) = row.split_first()?;
        if *version != VERSION {
            return None;
        }
        let mut rest = Reader(rest);
        let day = Day::from_number(i32::from_le_bytes(rest.take()?)).ok()?;
        let facts = Facts::read(&mut rest)?;
        let [grams, sentences] = rest.take::<2>()?.map(usize::from);
        if grams > GRAMS_MAX || sentences > SENTENCES_MAX {
            return None;
        }
        let keys: Vec<u32> = (0..grams).map(|_| rest.u32()).collect::<Option<_>>()?;
        let flags: Vec<u8> = (0..grams.div_ceil(8))
            .map(|_| Some(rest.take::<1>()?[0]))
            .collect::<Option<_>>()?;
        let is_headline = |at: usize| flags[at / 8] >> (at % 8) & 1 == 1;
        let grams = keys.into_iter().enumerate();
        let grams = grams
            .map(|(at, key)| KeyedGram {
                key,
                is_headline: is_headline(at),
            })
            .collect();
        let sentences = (0..sentences).map(|_| rest.u32()).collect::<Option<_>>()?;
        Some(Self {
            day,
            facts,
            grams,
            sentences,
        })
    }
}

/// Grams and sentences are bounded far below 256.
fn count(length: usize) -> u8 {
    u8::try_from(length).unwrap_or(u8::MAX)
}

/// Fewest grams that are left when template text is taken out; of a text that is nearly all template, all count.
const OWN_GRAMS_MIN: usize = 8;

fn grams(
    reading: &Reading,
    hasher: &Hasher<'_>,
    template: &[std::ops::Range<usize>],
    commonness: impl Fn(u32) -> u32,
) -> Vec<KeyedGram> {
    let mut seen: HashMap<&str, bool> = HashMap::new();
    let in_template = |gram: &Gram| {
        template
            .iter()
            .any(|range| range.start <= gram.from && gram.to <= range.end)
    };
    let own = reading
        .grams
        .iter()
        .filter(|gram| !in_template(gram))
        .count();
    for gram in reading
        .grams
        .iter()
        .filter(|gram| own < OWN_GRAMS_MIN || !in_template(gram))
    {
        seen.entry(&gram.text).or_insert(false);
    }
    for gram in &reading.headline {
        seen.insert(&gram.text, true);
    }
    let mut ranked: Vec<_> = seen
        .into_iter()
        .map(|(text, is_headline)| {
            let gram = KeyedGram {
                key: hasher.gram(text),
                is_headline,
            };
            // In steps of four, so that a gram does not fall out because its own copy came before.
            let class = (commonness(gram.key) / 4)
                .checked_ilog2()
                .map_or(0, |log| log + 1);
            (!is_headline, class, gram.key, gram)
        })
        .collect();
    ranked.sort_unstable_by_key(|(later, class, key, _)| (*later, *class, *key));
    ranked.dedup_by_key(|(.., gram)| gram.key);
    ranked.truncate(GRAMS_MAX);
    let mut grams: Vec<_> = ranked.into_iter().map(|(.., gram)| gram).collect();
    grams.sort_unstable_by_key(|gram| gram.key);
    grams.dedup_by_key(|gram| gram.key);
    grams
}

fn facts(reading: &Reading, hasher: &Hasher<'_>) -> Facts {
    let letters: Zeroizing<String> = Zeroizing::new(
        reading
            .text
            .chars
            .iter()
            .filter(|c| c.is_alphanumeric())
            .collect(),
    );
    // A text of signs only is still the same text as its copy.
    let whole = if letters.is_empty() {
        reading.text.text(0, reading.text.chars.len())
    } else {
        letters.to_string()
    };
    let keys = |kind: u8, value: &str| hasher.short(kind, value);
    let people = &reading.people;
    let mut flags = match reading.script {
        Script::Latin => FLAG_LATIN,
        Script::Chinese | Script::Mixed => 0,
    };
    let mut schools = reading.schools.iter();
    let school = schools.next();
    if school.is_some_and(|school| school.is_listed) {
        flags |= FLAG_LISTED;
    }
    let mut days = [None; 3];
    for (slot, day) in days.iter_mut().zip(reading.when.days.iter().rev()) {
        *slot = i16::try_from(day.days_since(reading.day))
            .ok()
            .filter(|offset| *offset != NO_DAY);
    }
    let mut grades = [0; 2];
    for (slot, grade) in grades.iter_mut().zip(&reading.grades) {
        *slot = *grade;
    }
    let headline_places = &reading.headline_places;
    let place_key = |place: &str| keys(b'P', core(place));
    let exact = reading.sums.iter().filter(|sum| sum.is_exact());
    Facts {
        text: hasher.hash(b't', whole.as_bytes()),
        school: school.map_or(0, |school| hasher.school(&school.id)),
        other_school: schools.next().map_or(0, |school| hasher.school(&school.id)),
        names: Keys::of(people.names.iter().map(|name| keys(b'n', name))),
        surnames: Keys::of(
            people
                .surnames
                .iter()
                .map(|name| keys(b'N', name.encode_utf8(&mut [0; 4]))),
        ),
        pinyin: Keys::of(people.pinyin.iter().map(|name| keys(b'p', name))),
        contacts: Keys::of(reading.contacts.iter().map(|contact| keys(b'c', contact))),
        sums: Keys::of(exact.map(|sum| keys(b'm', &sum.low.to_string()))),
        places: Keys::of(
            headline_places
                .iter()
                .chain(&reading.places)
                .map(|place| place_key(place)),
        ),
        headline_places: Keys::of(headline_places.iter().map(|place| place_key(place))),
        matters: reading.matters,
        headline_matters: reading.headline_matters,
        magnitudes: reading
            .sums
            .iter()
            .fold(0, |bits, sum| bits | magnitudes(sum.low, sum.high)),
        days,
        seasons: reading.when.seasons,
        things: reading.things,
        grades,
        subjects: people.subjects,
        offences: reading.offences.bits,
        main_offence: reading.offences.main.map_or(0, |offence| offence as u8 + 1),
        flags,
        chars: u16::try_from(letters.chars().count()).unwrap_or(u16::MAX),
    }
}

/// Half powers of two from `low` to `high`, one bit each.
fn magnitudes(low: u32, high: u32) -> u32 {
    let step = |value: u32| {
        let log = value.max(1).ilog2();
        let upper_half = u64::from(value) * u64::from(value) >= 1_u64 << (2 * log + 1);
        (2 * log + u32::from(upper_half)).min(31)
    };
    (step(low)..=step(high)).fold(0, |bits, bit| bits | 1 << bit)
}

struct Row(Zeroizing<Vec<u8>>);

impl Row {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn keys<const N: usize>(&mut self, keys: &Keys<N>) {
        for key in keys.0 {
            self.put(&key.to_le_bytes());
        }
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn u16(&mut self) -> Option<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn keys<const N: usize>(&mut self) -> Option<Keys<N>> {
        let mut keys = Keys::default();
        for key in &mut keys.0 {
            *key = self.u32()?;
        }
        Some(keys)
    }
}

impl Facts {
    fn write(&self, row: &mut Row) {
        row.put(&self.text.to_le_bytes());
        row.put(&self.school.to_le_bytes());
        row.put(&self.other_school.to_le_bytes());
        row.keys(&self.names);
        row.keys(&self.surnames);
        row.keys(&self.pinyin);
        row.keys(&self.contacts);
        row.keys(&self.sums);
        row.keys(&self.places);
        row.keys(&self.headline_places);
        row.put(&self.matters.to_le_bytes());
        row.put(&self.headline_matters.to_le_bytes());
        row.put(&self.magnitudes.to_le_bytes());
        for day in self.days {
            row.put(&day.unwrap_or(NO_DAY).to_le_bytes());
        }
        row.put(&self.seasons.to_le_bytes());
        row.put(&self.things.to_le_bytes());
        for grade in self.grades {
            row.put(&grade.to_le_bytes());
        }
        row.put(&self.subjects.to_le_bytes());
        row.put(&self.offences.to_le_bytes());
        row.put(&[self.main_offence, self.flags]);
        row.put(&self.chars.to_le_bytes());
    }

    fn read(row: &mut Reader<'_>) -> Option<Self> {
        Some(Self {
            text: u64::from_le_bytes(row.take()?),
            school: row.u32()?,
            other_school: row.u32()?,
            names: row.keys()?,
            surnames: row.keys()?,
            pinyin: row.keys()?,
            contacts: row.keys()?,
            sums: row.keys()?,
            places: row.keys()?,
            headline_places: row.keys()?,
            matters: row.u32()?,
            headline_matters: row.u32()?,
            magnitudes: row.u32()?,
            days: [row.u16()?, row.u16()?, row.u16()?]
                .map(|day| Some(day.cast_signed()).filter(|day| *day != NO_DAY)),
            seasons: row.u32()?,
            things: row.u32()?,
            grades: [row.u16()?, row.u16()?],
            subjects: row.u16()?,
            offences: row.u16()?,
            main_offence: row.take::<1>()?[0],
            flags: row.take::<1>()?[0],
            chars: row.u16()?,
        })
    }
}

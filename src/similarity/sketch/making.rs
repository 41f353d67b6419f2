//! Making a sketch of what was read in a tip: everything hashed under the office's key, and of its grams the rarest kept.

use super::row::NO_DAY;
use super::{FLAG_LATIN, FLAG_LISTED, Facts, GRAMS_MAX, KeyedGram, Keys, SENTENCES_MAX, Sketch};
use crate::reading::{Gram, Reading, SchoolRead, Script, Sentence, core};
use mifeng_opening::SketchKey;
use std::collections::HashMap;
use zeroize::Zeroizing;

/// Hashes what a sketch holds; each kind of thing in a space of its own.
pub(crate) struct Hasher<'a>(pub &'a SketchKey);

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
}

impl Sketch {
    /// The sketch of a reading. What stands in template sentences only is left out; of the rest the rarest grams are
    /// kept: `commonness` says how many tips so far have one. Both go by hash.
    pub(crate) fn of(
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
    let letters = letters(reading);
    let keys = |kind: u8, value: &str| hasher.short(kind, value);
    let people = &reading.people;
    let mut schools = reading.schools.iter();
    let (school, other_school) = (schools.next(), schools.next());
    let school_key = |school: Option<&SchoolRead>| school.map_or(0, |it| hasher.school(&it.id));
    let headline_places = &reading.headline_places;
    let all_places = headline_places.iter().chain(&reading.places);
    let place_key = |place: &String| keys(b'P', core(place));
    let surname_key = |name: &char| keys(b'N', name.encode_utf8(&mut [0; 4]));
    let exact = reading.sums.iter().filter(|sum| sum.is_exact());
    let mut grades = [0; 2];
    for (slot, grade) in grades.iter_mut().zip(&reading.grades) {
        *slot = *grade;
    }
    Facts {
        text: text_hash(reading, &letters, hasher),
        school: school_key(school),
        other_school: school_key(other_school),
        names: Keys::of(people.names.iter().map(|name| keys(b'n', name))),
        surnames: Keys::of(people.surnames.iter().map(surname_key)),
        pinyin: Keys::of(people.pinyin.iter().map(|name| keys(b'p', name))),
        contacts: Keys::of(reading.contacts.iter().map(|contact| keys(b'c', contact))),
        sums: Keys::of(exact.map(|sum| keys(b'm', &sum.low.to_string()))),
        places: Keys::of(all_places.map(place_key)),
        headline_places: Keys::of(headline_places.iter().map(place_key)),
        matters: reading.matters,
        headline_matters: reading.headline_matters,
        magnitudes: reading
            .sums
            .iter()
            .fold(0, |bits, sum| bits | magnitudes(sum.low, sum.high)),
        days: day_offsets(reading),
        seasons: reading.when.seasons,
        things: reading.things,
        grades,
        subjects: people.subjects,
        offences: reading.offences.bits,
        main_offence: reading.offences.main.map_or(0, |offence| offence as u8 + 1),
        flags: flags(reading.script, school),
        chars: u16::try_from(letters.chars().count()).unwrap_or(u16::MAX),
    }
}

/// The letters and digits of the text: by these two texts are the same.
fn letters(reading: &Reading) -> Zeroizing<String> {
    let chars = reading.text.chars.iter();
    Zeroizing::new(chars.filter(|c| c.is_alphanumeric()).collect())
}

/// The hash of the whole text. One of signs only is still the same text as its copy.
fn text_hash(reading: &Reading, letters: &str, hasher: &Hasher<'_>) -> u64 {
    let whole = if letters.is_empty() {
        reading.text.text(0, reading.text.chars.len())
    } else {
        letters.to_owned()
    };
    hasher.hash(b't', whole.as_bytes())
}

fn flags(script: Script, school: Option<&SchoolRead>) -> u8 {
    let latin = match script {
        Script::Latin => FLAG_LATIN,
        Script::Chinese | Script::Mixed => 0,
    };
    let is_listed = school.is_some_and(|school| school.is_listed);
    latin | if is_listed { FLAG_LISTED } else { 0 }
}

/// The last days that the tip speaks of, counted from its own.
fn day_offsets(reading: &Reading) -> [Option<i16>; 3] {
    let mut days = [None; 3];
    for (slot, day) in days.iter_mut().zip(reading.when.days.iter().rev()) {
        *slot = i16::try_from(day.days_since(reading.day))
            .ok()
            .filter(|offset| *offset != NO_DAY);
    }
    days
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

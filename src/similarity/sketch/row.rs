//! A sketch as one row of bytes: what stands where. The row is what is sealed.

use super::{Facts, GRAMS_MAX, KeyedGram, Keys, SENTENCES_MAX, Sketch};
use mifeng_foundation::clock::Day;
use zeroize::Zeroizing;

/// Length of a sketch before it is sealed, in bytes.
const ROW_BYTES: usize = 1064;
/// 1 held a hash of the whole text only, 2 neither matters nor places by themselves, 3 had letters folded by a smaller table.
const VERSION: u8 = 4;
/// No day: an offset no tip has.
pub(super) const NO_DAY: i16 = i16::MIN;

impl Sketch {
    pub(super) fn to_row(&self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(ROW_BYTES));
        let mut row = Row(&mut bytes);
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
        bytes.resize(ROW_BYTES, 0);
        bytes
    }

    pub(super) fn from_row(row: &[u8]) -> Option<Self> {
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
        let keys = rest.list(grams)?;
        let flags = rest.some(grams.div_ceil(8))?;
        let is_headline = |at: usize| flags[at / 8] >> (at % 8) & 1 == 1;
        let grams = keys.enumerate().map(|(at, key)| KeyedGram {
            key,
            is_headline: is_headline(at),
        });
        let grams = grams.collect();
        let sentences = rest.list(sentences)?.collect();
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

pub(super) struct Row<'a>(pub &'a mut Vec<u8>);

impl Row<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn keys<const N: usize>(&mut self, keys: &Keys<N>) {
        for key in keys.0 {
            self.put(&key.to_le_bytes());
        }
    }
}

pub(super) struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    fn some(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(head)
    }

    fn list(&mut self, numbers: usize) -> Option<impl ExactSizeIterator<Item = u32> + 'a> {
        let bytes = self.some(numbers * size_of::<u32>())?;
        let (numbers, _) = bytes.as_chunks();
        Some(numbers.iter().map(|number| u32::from_le_bytes(*number)))
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
    pub(super) fn write(&self, row: &mut Row<'_>) {
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

    pub(super) fn read(row: &mut Reader<'_>) -> Option<Self> {
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

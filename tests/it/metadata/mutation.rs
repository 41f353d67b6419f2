//! Files taken apart into their pieces and put together wrongly, with a word in them that must not remain where the page
//! says that a file is clean. Each format says what its pieces are; which mutations there are is said here once.

use super::strip;
use mifeng_metadata::{Outcome, Report};
use mifeng_sealing::tip::FileKind;
use std::collections::BTreeMap;

/// Stands wherever something private would.
pub const CANARY: &[u8] = b"CANARY-MIFENG";

/// How many mutations a test makes: `few` of them, or as many as `MIFENG_SOAK_CASES` says (`make soak`).
pub fn cases(few: usize) -> usize {
    let asked = std::env::var("MIFENG_SOAK_CASES").ok();
    asked.map_or(few, |number| number.parse().expect("a number of cases"))
}

/// Numbers in an order that is the same each time (`SplitMix64`), so that what fails can be tried again.
pub struct Dice(u64);

impl Dice {
    /// The `case`-th throw of a series.
    pub fn of(case: usize) -> Self {
        Self(
            (case as u64)
                .wrapping_mul(0xD134_2543_DE82_EF95)
                .wrapping_add(1),
        )
    }

    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Less than `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.number() % end as u64).expect("less than a usize")
    }

    pub fn one_of<'a, T>(&mut self, choice: &'a [T]) -> &'a T {
        &choice[self.below(choice.len())]
    }

    pub fn is(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }
}

/// What a format's files are made of.
pub trait Anatomy {
    /// The pieces of a sound file, in order: put together unchanged they are the file again.
    fn take_apart(&self, file: &[u8]) -> Vec<Vec<u8>>;

    /// A piece that no sound file has, of a known type or of none, with [`CANARY`] in it.
    fn foreign(&self, dice: &mut Dice) -> Vec<u8>;

    /// The same piece with [`CANARY`] where it holds no pixels and no text, its lengths and sums made to fit; `None` where
    /// it has no such place.
    fn tainted(&self, piece: &[u8], dice: &mut Dice) -> Option<Vec<u8>>;

    /// Whether packed pixels are followed to their end, so that nothing can stand in the place of the last of them.
    fn follows_pixels(&self) -> bool {
        true
    }

    /// The file of these pieces, with lengths over all of it set right.
    fn put_together(&self, pieces: &[Vec<u8>], _dice: &mut Dice) -> Vec<u8> {
        pieces.concat()
    }
}

/// `file` with one to four things done to it.
pub fn mutated(anatomy: &dyn Anatomy, file: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut pieces = anatomy.take_apart(file);
    for _ in 0..=dice.below(4) {
        let at = dice.below(pieces.len());
        match dice.below(8) {
            0 | 1 => pieces.insert(at + 1, anatomy.foreign(dice)),
            2 => pieces.push(anatomy.foreign(dice)),
            3 => pieces.insert(at, pieces[at].clone()),
            4 if pieces.len() > 2 => drop(pieces.remove(at)),
            5 => {
                let other = dice.below(pieces.len());
                pieces.swap(at, other);
            }
            _ => {
                if let Some(tainted) = anatomy.tainted(&pieces[at], dice) {
                    pieces[at] = tainted;
                }
            }
        }
    }
    let mut file = anatomy.put_together(&pieces, dice);
    if dice.is(8) {
        file.extend_from_slice(b"\n--");
        file.extend_from_slice(CANARY);
    }
    if dice.is(12) {
        file.truncate(dice.below(file.len()).max(1));
        if dice.is(2) && anatomy.follows_pixels() {
            file.extend_from_slice(CANARY);
        }
    }
    file
}

pub fn has_canary(bytes: &[u8]) -> bool {
    memmem(bytes, CANARY) || memmem(bytes, &utf16(CANARY))
}

fn utf16(word: &[u8]) -> Vec<u8> {
    word.iter().flat_map(|letter| [*letter, 0]).collect()
}

fn memmem(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

/// Mutates the samples `cases` times and holds every file that is called clean against two rules: the canary is gone, and
/// `sound` has nothing against the outcome (it gets the sample, and the file before and after). Returns how often each outcome was seen.
pub fn hold(
    kind: FileKind,
    anatomy: &dyn Anatomy,
    samples: &[Vec<u8>],
    cases: usize,
    mut sound: impl FnMut(&[u8], &[u8], &[u8]) -> Result<(), String>,
) -> BTreeMap<&'static str, usize> {
    for sample in samples {
        let whole = anatomy.take_apart(sample).concat();
        assert!(whole == *sample, "taken apart, a sample is whole still");
    }
    let mut seen = BTreeMap::new();
    for case in 0..cases {
        let mut dice = Dice::of(case);
        let sample = dice.one_of(samples).clone();
        let file = mutated(anatomy, &sample, &mut dice);
        let (out, report) = strip(kind, &file);
        *seen.entry(outcome(&report)).or_insert(0) += 1;
        if matches!(report.outcome, Outcome::CouldNot(_)) {
            continue;
        }
        let wrong = if has_canary(&out) {
            Err("the canary is in it still".to_owned())
        } else if report.outcome == Outcome::NothingFound && out != file {
            Err("nothing was found, and yet it was changed".to_owned())
        } else {
            sound(&sample, &file, &out)
        };
        if let Err(why) = wrong {
            let path = std::env::temp_dir().join(format!("mifeng-{kind:?}-{case}"));
            std::fs::write(&path, &file).expect("writes");
            panic!(
                "{kind:?}, case {case}: {why}: {report:?}: {}",
                path.display()
            );
        }
    }
    println!("{kind:?}: {cases} mutations: {seen:?}");
    seen
}

/// The word for how it ended.
pub fn outcome(report: &Report) -> &'static str {
    match report.outcome {
        Outcome::Cleaned => "cleaned",
        Outcome::NothingFound => "nothing-found",
        Outcome::CouldNot(reason) => reason.key(),
    }
}

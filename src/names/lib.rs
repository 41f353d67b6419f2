//! Names of people: how they are written, and whether a tip names somebody.
//!
//! A name is written in simplified or traditional letters, in variants, in radicals that look like letters, with signs between,
//! in Latin letters in either order (pinyin, Wade-Giles, Tongyong, bopomofo; letter by letter, with digits or letters of other
//! scripts for what looks like them), in both scripts at once, with a letter that only sounds or looks alike, or not at all where a title stands for
//! it. [`Person`] says what somebody is called and which offices she holds; a [`Matcher`] made of it once looks through the
//! [`Text`] of a tip, folded once, and gives a [`Found`] with one of these answers:
//!
//! - *certain*: the whole name in the subject field, or the full name in the text;
//! - *possible*: a person has to say whether it is she;
//! - *mention*: the name is a part of a longer name or word; shown to whoever decides, and keeps nothing from anybody.
//!
//! The tables of letters are made by `generate/letters.py` from the Unicode data. This crate knows nothing of cases, stores
//! or pages. Start reading at [`Matcher`].

mod around;
mod fold;
mod form;
mod found;
pub mod generate;
mod latin;
mod letters;
mod lists;
mod matcher;
mod meaning;
mod mixed;
mod person;
mod readings;
mod romanised;
mod text;
mod titles;
mod uncovered;

pub use fold::{Folded, fold};
pub use found::{Answer, Evidence, Found, Kind};
pub use letters::{fold_letter, is_alike, is_han};
pub use matcher::Matcher;
pub use person::{Held, Person};
pub use readings::{readings, sounds_alike};
pub use text::{Part, Text, letters_of};

//! Whether a tip names somebody.

use super::around::{After, Around, Before};
use super::latin::{Latin, Words, parts, surname_letters};
use super::letters::{is_han, lookalikes};
use super::lists::{ADVERBS, COMPOUND, COUNTED, LITTLE, SURNAMES, WORDS, title_at};
use super::mixed::Mixed;
use super::person::Person;
use super::readings::{Syllables, homophones, syllables};
use super::text::{Part, Reading, Text, all_han, find_letters, is_sign, letters_of, next_letter};
use super::titles::Title;
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What a tip says of somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// Nothing.
    #[default]
    No,
    /// Her name is a part of a longer name or word.
    Mention,
    /// It may be she: a person has to say.
    Possible,
    /// It is she.
    Certain,
}

/// In which way somebody may be meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Her name stands there.
    Name,
    /// Her name, which is a word besides.
    Word,
    /// Her name in a longer one.
    Longer,
    /// Her name in Latin letters, all or some of them.
    Latin,
    /// A name with a letter that sounds or looks like hers.
    Alike,
    /// Her title.
    Title,
}

impl Kind {
    /// The end of the key of the words that say it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Word => "word",
            Self::Longer => "longer",
            Self::Latin => "latin",
            Self::Alike => "alike",
            Self::Title => "title",
        }
    }
}

/// Words of a tip that may name somebody.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// How.
    pub kind: Kind,
    /// The words, folded, without signs: whoever answered for these answered for all of their kind in the tip.
    pub words: String,
    /// Whether they keep the tip from her until somebody has answered.
    pub keeps: bool,
}

/// What was found of somebody in a tip.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Whether it is certain that she is named.
    pub is_certain: bool,
    /// What else may name her; empty where it is certain.
    pub evidence: BTreeSet<Evidence>,
}

impl Found {
    /// The strongest answer, without what was `answered` by a person: words that do not mean her.
    #[must_use]
    pub fn answer(&self, answered: &BTreeSet<String>) -> Answer {
        if self.is_certain {
            return Answer::Certain;
        }
        let open = self.open(answered);
        let answers = open.map(|one| {
            if one.keeps {
                Answer::Possible
            } else {
                Answer::Mention
            }
        });
        answers.max().unwrap_or_default()
    }

    /// What nobody has answered.
    pub fn open<'a>(
        &'a self,
        answered: &'a BTreeSet<String>,
    ) -> impl Iterator<Item = &'a Evidence> {
        self.evidence
            .iter()
            .filter(|one| !answered.contains(&one.words))
    }

    fn note(&mut self, kind: Kind, field: &str, (from, to): (usize, usize), keeps: bool) {
        let words = letters_of(&field[from..to]).into_iter().collect();
        let known = Evidence {
            kind,
            words,
            keeps: !keeps,
        };
        if keeps {
            self.evidence.remove(&known);
        } else if self.evidence.contains(&known) {
            return;
        }
        self.evidence.insert(Evidence { keeps, ..known });
    }
}

/// One letter of a name, and those that are taken for it.
#[derive(Clone, Debug)]
struct Letter {
    exact: char,
    /// Sounding or looking like it, one bit each.
    near: Vec<u64>,
    /// Readings of any of them.
    heard: Syllables,
}

/// Letters for which there is a bit: those with readings.
const NEAR_WORDS: usize = (0x9fff - 0x3400) / 64 + 1;

fn near_bit(c: char) -> Option<(usize, u64)> {
    let place = u32::from(c).checked_sub(0x3400)? as usize;
    (place / 64 < NEAR_WORDS).then_some((place / 64, 1 << (place % 64)))
}

impl Letter {
    fn of(exact: char) -> Self {
        let mut heard = Syllables::default();
        let mut near = vec![0; NEAR_WORDS];
        for c in homophones(exact).chain(lookalikes(exact)).chain([exact]) {
            for reading in syllables(c) {
                heard.add(*reading);
            }
            if let Some((word, bit)) = near_bit(c) {
                near[word] |= bit;
            }
        }
        Self { exact, near, heard }
    }
}

/// A name, made ready.
#[derive(Clone, Debug)]
struct Form {
    letters: Vec<char>,
    /// The readings of each letter that has any, with their letters: where a text has none of one's, the name is not in it.
    heard: Vec<(char, Syllables)>,
    /// Its letters with what is taken for them; empty where only the name itself counts.
    near: Vec<Letter>,
    latin: Latin,
    mixed: Mixed,
    /// Whether it is a word besides.
    is_word: bool,
    /// Whether its given name is a number or a little word.
    is_little: bool,
    /// Whether the word says how something is done.
    is_adverb: bool,
    /// Of a name of a minority in parts the first, which is said alone.
    first_part: Vec<char>,
    /// A given name of at least two letters, which is said alone too.
    given: Vec<char>,
}

impl Form {
    fn of(name: &str, is_exact: bool) -> Option<Self> {
        let letters = letters_of(name);
        if letters.len() < 2 {
            return None;
        }
        let whole: String = letters.iter().collect();
        let is_chinese = all_han(&letters);
        let is_little = letters.len() == 2 && LITTLE.contains(letters[1]);
        let is_title =
            (2..=letters.len()).any(|at| title_at(&letters[letters.len() - at..]).is_some());
        let parts = parts(name, &letters);
        let has_near = is_chinese && !is_exact && !is_title;
        Some(Self {
            near: if has_near {
                letters.iter().map(|c| Letter::of(*c)).collect()
            } else {
                Vec::new()
            },
            latin: if has_near {
                Latin::of(&parts)
            } else {
                Latin::default()
            },
            mixed: if has_near {
                Mixed::of(&parts)
            } else {
                Mixed::default()
            },
            is_word: WORDS.contains(whole.as_str()),
            is_little,
            is_adverb: ADVERBS.split_whitespace().any(|one| one == whole),
            first_part: match &parts[..] {
                [first, ..] if has_near && first.len() >= 3 => first.clone(),
                _ => Vec::new(),
            },
            given: match &parts[..] {
                [_, given] if has_near && given.len() >= 2 => given.clone(),
                _ => Vec::new(),
            },
            heard: letters
                .iter()
                .filter_map(|c| Some((*c, heard(*c)?)))
                .collect(),
            letters,
        })
    }

    /// Whether all of these letters of it may stand in the fields of a text.
    fn may_stand(&self, letters: &[char], text: &Text) -> bool {
        let of_them = self.heard.iter().filter(|(c, _)| letters.contains(c));
        of_them
            .into_iter()
            .all(|(_, heard)| heard.has_any_of(&text.heard))
    }

    fn surname(&self) -> Vec<char> {
        self.letters[..surname_letters(&self.letters)].to_vec()
    }
}

/// The readings of a letter; `None` if it has none.
fn heard(c: char) -> Option<Syllables> {
    let mut heard = Syllables::default();
    for reading in syllables(c) {
        heard.add(*reading);
    }
    (heard != Syllables::default()).then_some(heard)
}

/// Somebody's names and titles, made ready to look for.
#[derive(Clone, Debug, Default)]
pub struct Matcher {
    forms: Vec<Form>,
    titles: Vec<Title>,
    surnames: Vec<Vec<char>>,
    /// Words beside which a near name of two letters may be hers.
    agreeing: Vec<Vec<char>>,
}

/// Letters on either side in which an agreeing word counts as beside a name.
const BESIDE_CHARS: usize = 24;

impl Matcher {
    /// Makes ready what a person is called.
    #[must_use]
    pub fn new(person: &Person) -> Self {
        let own = person.names.iter().filter_map(|name| Form::of(name, false));
        let exact = person
            .exact_names
            .iter()
            .filter_map(|name| Form::of(name, true));
        let forms: Vec<Form> = own.chain(exact).collect();
        let titles: Vec<Title> = person.titles.iter().filter_map(Title::read).collect();
        let surnames = forms
            .iter()
            .filter(|form| !form.near.is_empty())
            .map(Form::surname);
        let agreeing = person.titles.iter().map(|held| held.title.as_str());
        let agreeing = agreeing.chain(person.agreeing.iter().map(String::as_str));
        Self {
            surnames: surnames.collect(),
            agreeing: agreeing
                .map(letters_of)
                .filter(|word| word.len() >= 2)
                .collect(),
            forms,
            titles,
        }
    }

    /// What `text` of a tip that came on `day` says of her.
    #[must_use]
    pub fn find(&self, text: &Text, day: Day) -> Found {
        let mut found = Found::default();
        let may_stand = |form: &&Form| form.may_stand(&form.letters, text);
        for form in self.forms.iter().filter(may_stand) {
            for (part, field) in text.fields() {
                Self::exact(form, part, field, &mut found);
                if found.is_certain {
                    found.evidence.clear();
                    return found;
                }
            }
        }
        self.possible(text, day, &mut found);
        for reading in &text.other {
            self.otherwise(reading, &mut found);
        }
        found
    }

    /// Looks in what a part of the text can be read as besides: what is certain there is possible.
    fn otherwise(&self, reading: &Reading, found: &mut Found) {
        let (part, field) = (reading.part, reading.text.as_str());
        let words = reading.has_latin.then(|| Words::of(field));
        for form in &self.forms {
            for place @ (from, to) in find_letters(field, &form.letters) {
                let is_hers = if form.letters.iter().all(char::is_ascii) {
                    stands_apart(field, place)
                } else {
                    let is_item = || is_whole(&item(field, from, to), &form.letters);
                    let answer = || judge(form, &Around::new(field, from, to)).0;
                    part == Part::Subject && is_item() || answer() >= Answer::Possible
                };
                if is_hers {
                    found.note(Kind::Name, field, place, true);
                }
            }
            if let Some(words) = &words {
                let places = form.latin.find(words).into_iter();
                for place in places.chain(form.mixed.find(field)) {
                    found.note(Kind::Latin, field, place, true);
                }
            }
        }
    }

    fn possible(&self, text: &Text, day: Day, found: &mut Found) {
        for (part, field) in text.fields() {
            if text.has_latin {
                let words = Words::of(field);
                for form in &self.forms {
                    let places = form.latin.find(&words).into_iter();
                    for place in places.chain(form.mixed.find(field)) {
                        found.note(Kind::Latin, field, place, true);
                    }
                }
            }
            for form in &self.forms {
                let all_heard = || {
                    form.near
                        .iter()
                        .all(|letter| letter.heard.has_any_of(&text.heard))
                };
                if !form.near.is_empty() && all_heard() {
                    self.near(form, part, field, text, found);
                }
                if !form.given.is_empty() && form.may_stand(&form.given, text) {
                    Self::given(form, part, field, found);
                }
                if part == Part::Subject && !form.first_part.is_empty() {
                    for place in find_letters(field, &form.first_part) {
                        found.note(Kind::Name, field, place, true);
                    }
                }
            }
            if part == Part::School {
                continue;
            }
            for title in &self.titles {
                for place in title.find(field, day) {
                    found.note(Kind::Title, field, place, true);
                }
                for place in title.find_named(field, &self.surnames, day) {
                    found.note(Kind::Title, field, place, true);
                }
            }
        }
    }

    /// Looks for a name as it is.
    fn exact(form: &Form, part: Part, field: &str, found: &mut Found) {
        let is_latin = form.letters.iter().all(char::is_ascii);
        for place @ (from, to) in find_letters(field, &form.letters) {
            if is_latin {
                found.is_certain |= stands_apart(field, place);
                continue;
            }
            let around = Around::new(field, from, to);
            let item = (part == Part::Subject).then(|| item(field, from, to));
            if let Some(item) = &item {
                if is_whole(item, &form.letters) {
                    found.is_certain = true;
                    continue;
                }
                if form.letters.len() == 2 && item.len() == 3 && item.starts_with(&form.letters) {
                    // The whole field is another name.
                    found.note(Kind::Longer, field, place, false);
                    continue;
                }
            }
            match judge(form, &around) {
                (Answer::Certain, _) => found.is_certain = true,
                (Answer::Possible, kind) => found.note(kind, field, place, true),
                (Answer::Mention, kind) => found.note(kind, field, place, false),
                (Answer::No, _) => {}
            }
        }
    }

    /// Looks for a given name alone: the whole subject, or before a title. Behind another's surname it is that one's.
    fn given(form: &Form, part: Part, field: &str, found: &mut Found) {
        for place @ (from, to) in find_letters(field, &form.given) {
            let mut behind = field[..from].chars().rev();
            let (last, one_before) = (behind.next(), behind.next());
            let is_compound = || {
                let both: String = one_before.into_iter().chain(last).collect();
                COMPOUND.split_whitespace().any(|one| one == both)
            };
            if last.is_some_and(|c| SURNAMES.contains(&c)) || is_compound() {
                continue;
            }
            let around = Around::new(field, from, to);
            let is_clear = !matches!(
                around.before(form.given[0]),
                Before::Word | Before::Compound
            );
            let is_subject = part == Part::Subject && is_whole(&item(field, from, to), &form.given);
            if is_subject || is_clear && around.after() == After::Title {
                found.note(Kind::Name, field, place, true);
            }
        }
    }

    /// Looks for names with letters that sound or look alike.
    fn near(&self, form: &Form, part: Part, field: &str, text: &Text, found: &mut Found) {
        let count = form.near.len();
        for (from, c) in field.char_indices() {
            let Some(first) = nearness(&form.near[0], c) else {
                continue;
            };
            let (mut exact, mut to) = (usize::from(first), from + c.len_utf8());
            let whole = form.near[1..].iter().all(|letter| {
                let next = next_letter(field, to).filter(|(_, c)| is_han(*c));
                let near = next.and_then(|(at, c)| Some((at, c, nearness(letter, c)?)));
                if let Some((at, c, is_exact)) = near {
                    exact += usize::from(is_exact);
                    to = at + c.len_utf8();
                }
                near.is_some()
            });
            if !whole || exact == count {
                continue;
            }
            let around = Around::new(field, from, to);
            let is_item = part == Part::Subject && item(field, from, to).len() <= count + 3;
            let agrees = || self.agrees(text, part, field, (from, to));
            let is_near = match (count, count - exact) {
                (2, 1) => is_named(&around, c) && agrees(),
                (2, _) => is_item && agrees(),
                (_, 1) => !matches!(around.before(c), Before::Word | Before::Compound) || first,
                (3, 2) => SURNAMES.contains(&c) && (is_item || is_named(&around, c)),
                (3, _) => SURNAMES.contains(&c) && (is_item || around.after() == After::Title),
                (_, wrong) => wrong * 2 <= count,
            };
            if is_near {
                found.note(Kind::Alike, field, (from, to), true);
            }
        }
    }

    /// Whether something of hers stands beside a place: her title, her unit, one of her schools.
    fn agrees(&self, text: &Text, part: Part, field: &str, (from, to): (usize, usize)) -> bool {
        let start = field[..from].char_indices().rev().take(BESIDE_CHARS).last();
        let start = start.map_or(from, |(at, _)| at);
        let end = field[to..].char_indices().nth(BESIDE_CHARS);
        let end = end.map_or(field.len(), |(at, _)| to + at);
        let beside = &field[start..end];
        let of_subject = part == Part::Subject;
        self.agreeing.iter().any(|word| {
            let has = |field: &str| find_letters(field, word).next().is_some();
            has(beside) || has(&text.school) || (of_subject && has(&text.body))
        }) || self.titles.iter().any(|title| title.follows(&field[to..]))
    }
}

/// Whether a letter is exactly the name's (`true`) or one that is taken for it.
fn nearness(letter: &Letter, c: char) -> Option<bool> {
    if c == letter.exact {
        return Some(true);
    }
    let (word, bit) = near_bit(c)?;
    (letter.near[word] & bit != 0).then_some(false)
}

/// Whether what stands there is a name as far as can be seen: nothing makes a longer word of it.
fn is_named(around: &Around<'_>, first: char) -> bool {
    let before = !matches!(
        around.before(first),
        Before::Word | Before::Compound | Before::Perhaps
    );
    before && !around.is_broken() && around.after() != After::Longer
}

/// Whether no Latin letter or digit stands beside it.
fn stands_apart(field: &str, (from, to): (usize, usize)) -> bool {
    let beside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !beside(field[..from].chars().next_back()) && !beside(field[to..].chars().next())
}

/// Signs that stand between the persons of a subject field; others may stand within a name.
const BETWEEN_PERSONS: &str = "，、；,;/\n（）()：:&和与及";

/// The letters of the part of a subject field that a place is in: between signs that part persons.
fn item(field: &str, from: usize, to: usize) -> Vec<char> {
    let is_end = |c: char| BETWEEN_PERSONS.contains(c);
    let start = field[..from].rfind(is_end).map_or(0, |at| {
        at + field[at..].chars().next().map_or(0, char::len_utf8)
    });
    let end = field[to..].find(is_end).map_or(field.len(), |at| to + at);
    let letters = field[start..end].chars().filter(|c| !is_sign(*c));
    letters.collect()
}

/// Whether an item is the whole name, with or without a title behind it.
fn is_whole(item: &[char], letters: &[char]) -> bool {
    let Some(rest) = item.strip_prefix(letters) else {
        return false;
    };
    rest.is_empty() || title_at(rest) == Some(rest.len())
}

/// What a name means where it stands.
fn judge(form: &Form, around: &Around<'_>) -> (Answer, Kind) {
    let first = form.letters[0];
    let before = around.before(first);
    let after = around.after();
    if form.is_word {
        return (as_word(form, around, before, after), Kind::Word);
    }
    if form.letters.len() > 2 {
        return match before {
            Before::Compound => (Answer::Mention, Kind::Longer),
            Before::Perhaps => (Answer::Possible, Kind::Longer),
            _ if begins_with_word(form) && after == After::Unclear => {
                (Answer::Possible, Kind::Word)
            }
            _ => (Answer::Certain, Kind::Name),
        };
    }
    if around.is_broken() {
        let is_name = before != Before::Word && matches!(after, After::Title | After::Clear);
        let answer = if is_name {
            Answer::Possible
        } else {
            Answer::No
        };
        return (answer, Kind::Name);
    }
    if form.is_little {
        let is_counted = around
            .letters_on()
            .first()
            .is_some_and(|c| COUNTED.contains(*c));
        let is_name = before != Before::Word && !is_counted && after != After::Longer;
        return (
            if is_name {
                Answer::Possible
            } else {
                Answer::No
            },
            Kind::Word,
        );
    }
    match (before, after) {
        (Before::Perhaps, _) => (Answer::Possible, Kind::Longer),
        (Before::Word, After::Title) => (Answer::Possible, Kind::Name),
        (Before::Compound | Before::Word, _) | (_, After::Longer) => {
            (Answer::Mention, Kind::Longer)
        }
        (_, After::Unclear) => (Answer::Possible, Kind::Longer),
        (_, After::Title | After::Clear) => (Answer::Certain, Kind::Name),
    }
}

/// 周一明 in 周一明天: its first two letters are a word.
fn begins_with_word(form: &Form) -> bool {
    let start: String = form.letters[..2].iter().collect();
    WORDS.contains(start.as_str())
}

/// What a name that is a word means: only something beside it says that a person is meant.
fn as_word(form: &Form, around: &Around<'_>, before: Before, after: After) -> Answer {
    let is_clear = before == Before::Clear || around.is_labelled();
    let is_titled = after == After::Title && before != Before::Word;
    let acts = around.has_done() || around.is_doing() && !form.is_adverb;
    let does = !around.is_broken() && is_clear && acts;
    if is_titled || does || around.is_labelled() && after != After::Unclear {
        Answer::Possible
    } else {
        Answer::No
    }
}

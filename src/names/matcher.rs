//! Whether a tip names somebody.

use super::around::{After, Around, Before};
use super::form::{Form, nearness};
use super::found::{Answer, Found, Kind};
use super::latin::Words;
use super::letters::is_han;
use super::lists::{COMPOUND, SURNAMES};
use super::meaning::{is_named, is_whole, item, judge, stands_apart};
use super::person::Person;
use super::text::{Part, Reading, Text, find_letters, letters_of, next_letter};
use super::titles::Title;
use mifeng_foundation::clock::Day;

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

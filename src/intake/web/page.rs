//! What every public page knows: the office, the language, the size of the text, and its own address.

use super::words::words;
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use mifeng_sealing::{HelpLine, OfficeManifest, OwnWords};

/// The frame of a page.
pub struct Page<'a> {
    office: &'a OfficeManifest,
    language: Language,
    /// Whether the large version is shown.
    pub large: bool,
    /// What stands after the base in the address, to switch language and size in place.
    place: &'static str,
}

/// A language in the switch.
pub struct LanguageLink {
    /// BCP 47 tag.
    pub tag: &'static str,
    /// The language's own name.
    pub name: &'static str,
    /// This page in that language.
    pub href: String,
    /// Whether it is this one.
    pub current: bool,
}

impl<'a> Page<'a> {
    /// The place of a page that says what went wrong: its switches lead to the start page.
    pub const PROBLEM: &'static str = "problem";

    /// The frame for the page at `place` (`write`, `check`, …).
    pub fn new(
        office: &'a OfficeManifest,
        language: Language,
        large: bool,
        place: &'static str,
    ) -> Self {
        Self {
            office,
            language,
            large,
            place,
        }
    }

    /// The page's language.
    pub fn language(&self) -> Language {
        self.language
    }

    pub(super) fn slug(&self) -> &str {
        self.office.slug()
    }

    pub(super) fn tag(&self) -> &'static str {
        self.language.tag()
    }

    pub(super) fn say(&self, key: &str) -> String {
        words(self.language).say(key)
    }

    pub(super) fn say_with(&self, key: &str, name: &'static str, value: &str) -> String {
        words(self.language).say_with(key, &[(name, value)])
    }

    pub(super) fn say_two(
        &self,
        key: &str,
        name: &'static str,
        value: &str,
        other_name: &'static str,
        other_value: &str,
    ) -> String {
        words(self.language).say_with(key, &[(name, value), (other_name, other_value)])
    }

    /// A day as people write it.
    pub fn day(&self, day: Day) -> String {
        day.date().strftime(&self.say("day-format")).to_string()
    }

    pub(super) fn base(&self) -> String {
        self.base_in(self.language, self.large)
    }

    fn base_in(&self, language: Language, large: bool) -> String {
        let size = if large { "/l" } else { "" };
        format!("/{}/{}{size}", self.office.slug(), language.tag())
    }

    fn way(&self) -> &'static str {
        if self.place == Self::PROBLEM {
            ""
        } else {
            self.place
        }
    }

    pub(super) fn other_size(&self) -> String {
        let base = self.base_in(self.language, !self.large);
        format!("{base}/{}", self.way())
    }

    pub(super) fn languages(&self) -> Vec<LanguageLink> {
        Language::ALL
            .iter()
            .map(|&language| LanguageLink {
                tag: language.tag(),
                name: language.endonym(),
                href: format!("{}/{}", self.base_in(language, self.large), self.way()),
                current: language == self.language,
            })
            .collect()
    }

    /// The page's title: what it is for, and nothing that a bystander could make something of.
    pub(super) fn title(&self) -> String {
        let site = self.say("tagline");
        match self.place {
            "" => site,
            place => self.say_two(
                "page-title",
                "place",
                &self.say(&format!("place-{place}")),
                "site",
                &site,
            ),
        }
    }

    /// What stands between a word and what is said of it.
    pub(super) fn colon(&self) -> &'static str {
        if self.language.is_chinese() {
            "："
        } else {
            ": "
        }
    }

    pub(super) fn office_name(&self) -> &str {
        let body = self.office.body();
        self.own(|own| &own.name, &body.name_zh, &body.name_en)
    }

    /// The language of the office's name, where it is not the page's: the office has none in that (see
    /// [`missing_words`](mifeng_sealing::ManifestBody::missing_words)).
    pub(super) fn foreign_name(&self) -> Option<&'static str> {
        let own = self.office.body().contact.in_language.get(self.tag());
        let has_own = own.is_some_and(|it| !it.name.is_empty());
        let of_name = self.language_of_two();
        (!has_own && of_name != self.language).then(|| of_name.tag())
    }

    pub(super) fn parent_name(&self) -> Option<&str> {
        let parent = self.office.body().parent.as_ref()?;
        Some(self.own(|own| &own.parent_name, &parent.name_zh, &parent.name_en))
    }

    pub(super) fn exit_url(&self) -> &str {
        match self.office.body().contact.quick_exit_url.as_str() {
            "" => "https://www.weather.com.cn/",
            url => url,
        }
    }

    /// Whom to call where a child may be in danger, the most urgent first.
    pub(super) fn help_lines(&self) -> Vec<Call<'_>> {
        let contact = &self.office.body().contact;
        let emergency = some(&contact.emergency_phone).map(|phone| Call {
            phone,
            name: self.say("emergency-name"),
        });
        let others = contact.help_lines.iter().map(|line| Call {
            phone: &line.phone,
            name: self.name_of(line).to_owned(),
        });
        emergency.into_iter().chain(others).collect()
    }

    fn name_of<'b>(&self, line: &'b HelpLine) -> &'b str {
        let named = [self.language, self.language_of_two()]
            .into_iter()
            .find_map(|it| line.name.get(it.tag()));
        let named = named.or_else(|| line.name.values().next());
        named.map_or("", String::as_str)
    }

    pub(super) fn phone(&self) -> Option<&str> {
        some(&self.office.body().contact.phone)
    }

    pub(super) fn hours(&self) -> &str {
        let contact = &self.office.body().contact;
        self.own(|own| &own.hours, &contact.hours_zh, &contact.hours_en)
    }

    pub(super) fn letter_box(&self) -> Option<&str> {
        let contact = &self.office.body().contact;
        some(self.own(
            |own| &own.letter_box,
            &contact.letter_box_zh,
            &contact.letter_box_en,
        ))
    }

    /// The fingerprint of the office's signing key in groups of four, as on the poster.
    pub(super) fn fingerprint(&self) -> String {
        let digits = self.office.fingerprint();
        let groups = (0..digits.len())
            .step_by(4)
            .map(|at| &digits[at..(at + 4).min(digits.len())]);
        groups.collect::<Vec<_>>().join(" ")
    }

    /// The one of the two languages that every office has words in, which is read in place of the page's own.
    fn language_of_two(&self) -> Language {
        if self.language.is_chinese() {
            Language::ZhHans
        } else {
            Language::En
        }
    }

    /// The one of two texts that is in the page's language.
    pub(super) fn pick<'b>(&self, chinese: &'b str, english: &'b str) -> &'b str {
        if self.language.is_chinese() {
            chinese
        } else {
            english
        }
    }

    /// The office's own words: in this language if it has them, else in Chinese or English.
    fn own<'b>(
        &'b self,
        pick: impl Fn(&'b OwnWords) -> &'b String,
        chinese: &'b str,
        english: &'b str,
    ) -> &'b str {
        let contact = &self.office.body().contact;
        let own = contact.in_language.get(self.language.tag()).map(pick);
        match own.filter(|text| !text.is_empty()) {
            Some(text) => text,
            None => self.pick(chinese, english),
        }
    }
}

/// Someone to call.
pub struct Call<'a> {
    /// The number as it is written.
    pub phone: &'a str,
    /// Whose it is.
    pub name: String,
}

impl Call<'_> {
    /// The number as a telephone dials it.
    pub fn dial(&self) -> String {
        let dialled = |c: &char| c.is_ascii_digit() || *c == '+';
        self.phone.chars().filter(dialled).collect()
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

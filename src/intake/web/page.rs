//! What every public page knows: the office, the language, the size of the text, and its own address.

use super::words::words;
use crate::clock::Day;
use crate::sealing::OfficeManifest;
use crate::tip::Language;

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
        match self.language {
            Language::ZhHans => {
                let date = day.date();
                format!("{}年{}月{}日", date.year(), date.month(), date.day())
            }
            Language::En => day.date().strftime("%-d %B %Y").to_string(),
        }
    }

    pub(super) fn base(&self) -> String {
        self.base_in(self.language, self.large)
    }

    fn base_in(&self, language: Language, large: bool) -> String {
        let size = if large { "/l" } else { "" };
        format!("/{}/{}{size}", self.office.slug(), language.tag())
    }

    pub(super) fn other_size(&self) -> String {
        let base = self.base_in(self.language, !self.large);
        format!("{base}/{}", self.place)
    }

    pub(super) fn languages(&self) -> Vec<LanguageLink> {
        Language::ALL
            .into_iter()
            .map(|language| LanguageLink {
                tag: language.tag(),
                name: language.endonym(),
                href: format!("{}/{}", self.base_in(language, self.large), self.place),
                current: language == self.language,
            })
            .collect()
    }

    pub(super) fn office_name(&self) -> &str {
        let body = self.office.body();
        self.pick(&body.name_zh, &body.name_en)
    }

    pub(super) fn parent_name(&self) -> Option<&str> {
        let parent = self.office.body().parent.as_ref()?;
        Some(self.pick(&parent.name_zh, &parent.name_en))
    }

    pub(super) fn exit_url(&self) -> &str {
        match self.office.body().contact.quick_exit_url.as_str() {
            "" => "https://www.weather.com.cn/",
            url => url,
        }
    }

    pub(super) fn emergency_phone(&self) -> Option<&str> {
        some(&self.office.body().contact.emergency_phone)
    }

    pub(super) fn phone(&self) -> Option<&str> {
        some(&self.office.body().contact.phone)
    }

    pub(super) fn hours(&self) -> &str {
        let contact = &self.office.body().contact;
        self.pick(&contact.hours_zh, &contact.hours_en)
    }

    pub(super) fn letter_box(&self) -> Option<&str> {
        let contact = &self.office.body().contact;
        some(self.pick(&contact.letter_box_zh, &contact.letter_box_en))
    }

    pub(super) fn fingerprint(&self) -> &str {
        self.office.fingerprint()
    }

    /// The one of two texts that is in the page's language.
    pub(super) fn pick<'b>(&self, chinese: &'b str, english: &'b str) -> &'b str {
        match self.language {
            Language::ZhHans => chinese,
            Language::En => english,
        }
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

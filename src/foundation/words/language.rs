//! The languages pages and tips come in. A new one is a row in the list below and a file of words for each service
//! that speaks it.

use actix_web::http::header::{AcceptLanguage, Quality};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Hands every language to a macro, the default first: variant, BCP 47 tag, and its name in itself.
#[macro_export]
macro_rules! languages {
    ($with:ident) => {
        $with! {
            /// Simplified Chinese.
            ZhHans = "zh-Hans", "简体中文";
            /// Traditional Chinese, in words that Taiwan and Hong Kong share.
            ZhHant = "zh-Hant", "繁體中文";
            /// English.
            En = "en", "English";
        }
    };
}

macro_rules! define {
    ($($(#[$doc:meta])+ $name:ident = $tag:literal, $endonym:literal;)+) => {
        /// A language of the interface. Written as in a path and in `lang=`: `zh-Hans`, `en`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Language {
            $($(#[$doc])+ #[serde(rename = $tag)] $name,)+
        }

        impl Language {
            /// Every language, the default first.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The BCP 47 tag.
            #[must_use]
            pub fn tag(self) -> &'static str {
                match self { $(Self::$name => $tag),+ }
            }

            /// The language's name in itself, for the switch.
            #[must_use]
            pub fn endonym(self) -> &'static str {
                match self { $(Self::$name => $endonym),+ }
            }
        }
    };
}
languages!(define);

impl Default for Language {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl Language {
    /// The languages the staff's pages and mails are in.
    pub const OF_STAFF: [Self; 2] = [Self::ZhHans, Self::En];

    /// Whether it is written in Chinese characters: an office's Chinese name is then the one to show.
    #[must_use]
    pub fn is_chinese(self) -> bool {
        self.tag().starts_with("zh-")
    }

    /// The language of `offered` that an `Accept-Language` header likes best; the first if it likes none.
    #[must_use]
    pub fn negotiate(accept_language: &str, offered: &[Self]) -> Self {
        let ranges = accept_language.split(',');
        let mut liked = AcceptLanguage(ranges.filter_map(|it| it.trim().parse().ok()).collect());
        // `q=0` refuses.
        liked.0.retain(|range| range.quality > Quality::ZERO);
        // Of equal ones the first named wins.
        let mut ranked = liked.ranked().into_iter();
        ranked
            .find_map(|range| Self::best_of(offered, &range.to_string().to_ascii_lowercase()))
            .or_else(|| offered.first().copied())
            .unwrap_or_default()
    }

    /// The offered language for one range, `zh-tw` for instance. A script that is not offered does not keep anyone
    /// from reading Chinese.
    fn best_of(offered: &[Self], range: &str) -> Option<Self> {
        let wanted = match range.split('-').next()? {
            "zh" if is_traditional(range) => Self::ZhHant,
            "zh" => Self::ZhHans,
            primary => *Self::ALL.iter().find(|it| it.primary() == primary)?,
        };
        let same = |it: &&Self| it.primary() == wanted.primary();
        let exact = offered.iter().find(|&&it| it == wanted);
        exact.or_else(|| offered.iter().find(same)).copied()
    }

    fn primary(self) -> &'static str {
        self.tag().split('-').next().unwrap_or_default()
    }
}

/// Where Chinese is written in traditional characters unless the tag says otherwise (CLDR, likely subtags).
fn is_traditional(range: &str) -> bool {
    let has = |subtag: &str| range.split('-').any(|part| part == subtag);
    has("hant") || (!has("hans") && ["tw", "hk", "mo"].into_iter().any(has))
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

/// Text that is no tag of a language we have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown language")]
pub struct UnknownLanguage;

impl FromStr for Language {
    type Err = UnknownLanguage;

    fn from_str(tag: &str) -> Result<Self, UnknownLanguage> {
        Self::ALL
            .iter()
            .copied()
            .find(|language| language.tag() == tag)
            .ok_or(UnknownLanguage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_liked_best_wins() {
        for (header, language) in [
            ("", Language::ZhHans),
            ("fr", Language::ZhHans),
            ("zh-CN,zh;q=0.9,en;q=0.8", Language::ZhHans),
            ("zh-TW", Language::ZhHant),
            ("zh-HK,zh;q=0.9", Language::ZhHant),
            ("zh-MO", Language::ZhHant),
            ("zh-Hant-CN", Language::ZhHant),
            ("zh-Hans-HK", Language::ZhHans),
            ("fr;q=1, en-GB, zh", Language::En),
            ("en;q=0.2, zh-TW;q=0.7", Language::ZhHant),
            ("en;q=0, zh-tw;q=0.1", Language::ZhHant),
            ("*", Language::ZhHans),
        ] {
            assert_eq!(
                Language::negotiate(header, Language::ALL),
                language,
                "{header}"
            );
        }
    }

    #[test]
    fn a_script_not_offered_falls_back_to_the_language() {
        let of_staff = |header| Language::negotiate(header, &Language::OF_STAFF);
        assert_eq!(of_staff("zh-TW,en;q=0.5"), Language::ZhHans);
        assert_eq!(of_staff("en,zh-TW;q=0.5"), Language::En);
    }
}

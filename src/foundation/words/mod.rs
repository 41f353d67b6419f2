//! What pages say, in each language (Fluent). The words stand in `*.ftl` files beside the pages of each
//! service; a missing key is a bug that the tests find, and shows as the key itself.

mod language;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
pub use language::{Language, UnknownLanguage};
use std::borrow::Cow;

/// The words of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl Words {
    /// Words from the text of `.ftl` files.
    ///
    /// # Panics
    /// If a file is not well-formed Fluent or repeats a key: the files are compiled in, so the first test finds it.
    #[must_use]
    pub fn new(language: Language, sources: &[&'static str]) -> Self {
        let id = language.tag().parse().expect("our tags are BCP 47");
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks around variables would end up in copied text.
        bundle.set_use_isolating(false);
        for source in sources {
            let resource = FluentResource::try_new((*source).to_owned())
                .unwrap_or_else(|(_, errors)| panic!("malformed words: {errors:?}"));
            bundle
                .add_resource(resource)
                .unwrap_or_else(|errors| panic!("repeated words: {errors:?}"));
        }
        Self { language, bundle }
    }

    /// The language these words are in.
    #[must_use]
    pub fn language(&self) -> Language {
        self.language
    }

    /// Whether there are words for `key`.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The words for `key`.
    #[must_use]
    pub fn say(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The words for `key` with variables filled in.
    #[must_use]
    pub fn say_with(&self, key: &str, variables: &[(&'static str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in variables {
            args.set(*name, FluentValue::from(*value));
        }
        self.format(key, Some(&args))
    }

    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text: Cow<'_, str> = self.bundle.format_pattern(pattern, args, &mut errors);
        text.into_owned()
    }
}

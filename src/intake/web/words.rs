//! The public pages' words: a file for each language.

#[cfg(test)]
mod room;

use crate::problem::Problem;
use mifeng_foundation::words::{Language, Words};
use mifeng_sealing::tip::{FIELD_MAX_CHARS, TEXT_MAX_CHARS};
use std::sync::LazyLock;

macro_rules! sources {
    ($($(#[$doc:meta])+ $name:ident = $tag:literal, $endonym:literal;)+) => {
        /// The file of words in `language`.
        fn source(language: Language) -> &'static str {
            match language {
                $(Language::$name => include_str!(concat!("words/", $tag, ".ftl")),)+
            }
        }
    };
}
mifeng_foundation::languages!(sources);

static WORDS: LazyLock<Vec<Words>> = LazyLock::new(|| {
    let all = Language::ALL.iter();
    all.map(|&language| Words::new(language, &[source(language)]))
        .collect()
});

/// The words in `language`.
#[must_use]
pub fn words(language: Language) -> &'static Words {
    // The list stands in the order in which the variants are declared.
    &WORDS[language as usize]
}

/// What is said about `problem`.
#[must_use]
pub fn say_problem(problem: Problem, language: Language) -> String {
    let seconds = match problem {
        Problem::TooMany { retry_after_s } => retry_after_s,
        _ => 0,
    };
    let tags: Vec<&str> = Language::ALL.iter().map(|it| it.tag()).collect();
    let variables = [
        ("max", TEXT_MAX_CHARS.to_string()),
        ("field-max", FIELD_MAX_CHARS.to_string()),
        ("minutes", seconds.div_ceil(60).to_string()),
        ("languages", tags.join(" / ")),
        ("number", problem.file_number()),
    ];
    let variables = variables
        .each_ref()
        .map(|(name, text)| (*name, text.as_str()));
    words(language).say_with(problem.key(), &variables)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::path::Path;

    pub fn keys(source: &str) -> Vec<&str> {
        source
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" = ").map(|(key, _)| key))
            .collect()
    }

    fn folder(name: &str) -> Vec<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("web").join(name);
        let files = fs::read_dir(folder).expect("part of the tree");
        let paths = files.map(|file| file.expect("an entry").path());
        paths
            .filter(|path| path.extension().is_some_and(|it| it != "rs"))
            .map(|path| {
                let name = path
                    .file_stem()
                    .expect("a name")
                    .to_string_lossy()
                    .into_owned();
                (name, fs::read_to_string(path).expect("a text"))
            })
            .collect()
    }

    #[test]
    fn all_languages_say_the_same_things() {
        let first = keys(source(Language::default()));
        assert!(first.len() > 100);
        for &language in Language::ALL {
            assert_eq!(first, keys(source(language)), "{language}");
            assert_eq!(words(language).language(), language);
        }
        let files = folder("words");
        assert_eq!(
            files.len(),
            Language::ALL.len(),
            "a file that no language uses"
        );
    }

    #[test]
    fn variables_are_the_same_in_all_languages() {
        let variables = |line: &str| {
            let mut names: Vec<String> = line
                .split("{ $")
                .skip(1)
                .filter_map(|rest| rest.split(' ').next().map(str::to_owned))
                .collect();
            names.sort();
            names.dedup();
            names
        };
        let lines = |language| source(language).lines().filter(|line| line.contains(" = "));
        for &language in Language::ALL {
            for (ours, first) in lines(language).zip(lines(Language::default())) {
                assert_eq!(variables(ours), variables(first), "{language}: {ours}");
            }
        }
    }

    #[test]
    fn pages_use_only_words_that_there_are() {
        let mut used = 0;
        for (name, template) in folder("templates") {
            for part in template.split("say").skip(1) {
                // `say("key")`, `say_with("key", …)` and their like; keys that are put together are others' business.
                let Some((_, rest)) = part.split_once("(\"").filter(|(head, _)| head.len() < 6)
                else {
                    continue;
                };
                let key = rest.split('"').next().unwrap_or_default();
                assert!(words(Language::En).has(key), "{name}: no words for {key}");
                used += 1;
            }
        }
        assert!(used > 60);
    }
}

//! The public pages' words.

use crate::tip::Language;
use crate::words::Words;
use std::sync::LazyLock;

static ZH_HANS: LazyLock<Words> =
    LazyLock::new(|| Words::new(Language::ZhHans, &[include_str!("words/zh-Hans.ftl")]));
static EN: LazyLock<Words> =
    LazyLock::new(|| Words::new(Language::En, &[include_str!("words/en.ftl")]));

/// The words in `language`.
#[must_use]
pub fn words(language: Language) -> &'static Words {
    match language {
        Language::ZhHans => &ZH_HANS,
        Language::En => &EN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(source: &str) -> Vec<&str> {
        source
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" = ").map(|(key, _)| key))
            .collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let chinese = keys(include_str!("words/zh-Hans.ftl"));
        assert!(chinese.len() > 100);
        assert_eq!(chinese, keys(include_str!("words/en.ftl")));
    }

    #[test]
    fn pages_use_only_words_that_there_are() {
        let templates = [
            include_str!("templates/public.html"),
            include_str!("templates/start.html"),
            include_str!("templates/write.html"),
            include_str!("templates/files_field.html"),
            include_str!("templates/code.html"),
            include_str!("templates/check.html"),
            include_str!("templates/status.html"),
            include_str!("templates/help.html"),
            include_str!("templates/problem.html"),
        ];
        let mut used = 0;
        for template in templates {
            for part in template.split("say(\"").skip(1) {
                let key = part.split('"').next().unwrap_or_default();
                assert!(words(Language::En).has(key), "no words for {key}");
                used += 1;
            }
        }
        assert!(used > 60);
    }
}

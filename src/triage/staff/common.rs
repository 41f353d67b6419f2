//! Passwords that are guessed first: words of the lists that crack programs begin with, keys in a row, days and years, and
//! the account's own words, its names in pinyin among them.

use pinyin::ToPinyin as _;
use zxcvbn::zxcvbn;

/// Guesses that a password has to withstand. The lists of common passwords, each word with its usual disguises (a capital, a
/// year behind it, 0 for o), are used up before that.
const GUESSES_AT_LEAST: u64 = 10_000_000;

/// Words that begin such lists in China, and that an English list lacks: "I love you" in letters and in digits, "my password",
/// rows of keys.
const COMMON_HERE: [&str; 22] = [
    "woaini",
    "woaini1314",
    "woaini520",
    "aini",
    "5201314",
    "1314520",
    "5211314",
    "1314521",
    "1314",
    "520",
    "521",
    "wodemima",
    "mima",
    "woaiwojia",
    "zhongguo",
    "beijing",
    "qq",
    "aa",
    "abc",
    "1qaz2wsx3edc",
    "qazwsxedc",
    "jiaoyuju",
];

/// Whether `password` is one of those that are guessed first by whoever knows the words `about` the account.
pub(super) fn is_common(password: &str, about: &[String]) -> bool {
    let words = own_words(about);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // Of the composed letters: a full-width digit is a digit to whoever guesses.
    let plain: zeroize::Zeroizing<String> = zeroize::Zeroizing::new(
        unicode_normalization::UnicodeNormalization::nfkc(password).collect(),
    );
    zxcvbn(&plain, &words).guesses() < GUESSES_AT_LEAST
}

/// The words as they are, their parts, and Chinese ones in pinyin, in either order of family and given name.
fn own_words(about: &[String]) -> Vec<String> {
    let mut words: Vec<String> = COMMON_HERE.map(str::to_owned).into();
    for word in about {
        words.push(word.clone());
        let parts = word.split(|letter: char| !letter.is_alphanumeric());
        words.extend(parts.filter(|part| part.len() > 2).map(str::to_owned));
        words.push(
            word.chars()
                .filter(|letter| letter.is_alphanumeric())
                .collect(),
        );
        let sounds: Vec<&str> = word
            .chars()
            .filter_map(|letter| letter.to_pinyin().map(pinyin::Pinyin::plain))
            .collect();
        if let Some((family, given)) = sounds.split_first() {
            words.push(sounds.concat());
            words.push(given.concat() + family);
            words.push(
                sounds
                    .iter()
                    .filter_map(|sound| sound.chars().next())
                    .collect(),
            );
        }
    }
    words.retain(|word| !word.is_empty());
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn about() -> Vec<String> {
        [
            "tao.wenqing",
            "陶文清",
            "青溪县教育和科学技术局",
            "Qingxi County Education Bureau",
        ]
        .map(str::to_owned)
        .into()
    }

    /// The beginning of the lists that crack programs come with.
    const LISTED: [&str; 24] = [
        "password",
        "123456789",
        "qwertyuiop",
        "1qaz2wsx3edc",
        "iloveyou",
        "football",
        "princess",
        "sunshine",
        "superman",
        "letmein",
        "welcome",
        "trustno1",
        "administrator",
        "changeme",
        "computer",
        "internet",
        "woaini1314",
        "5201314",
        "1314520",
        "a123456789",
        "qq123456",
        "aa123456",
        "zxcvbnm",
        "asdfghjkl",
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        /// A listed word or one of the account's own, in capitals or not, with a year or a few digits behind it.
        #[test]
        fn a_word_of_a_list_in_a_disguise_is_common(
            at in 0..LISTED.len(), year in 1950..2030u32, capital: bool, full_width: bool,
        ) {
            let mut word = format!("{}{year}", LISTED[at]);
            if capital {
                word[..1].make_ascii_uppercase();
            }
            if full_width {
                word = word.chars().map(wide).collect();
            }
            prop_assert!(is_common(&word, &about()), "{word}");
        }

        #[test]
        fn the_own_words_with_digits_are_common(
            word in prop::sample::select(vec!["taowenqing", "wenqingtao", "tao.wenqing", "TaoWenqing"]),
            year in 1950..2030u32,
        ) {
            let word = format!("{word}{year}");
            prop_assert!(is_common(&word, &about()), "{word}");
        }

        #[test]
        fn what_is_drawn_at_random_is_not(word in "[a-z0-9]{14}") {
            prop_assert!(!is_common(&word, &about()), "{word}");
        }

        #[test]
        fn any_text_is_looked_at(
            word in "\\PC{0,40}", of in prop::collection::vec("\\PC{0,20}", 0..3),
        ) {
            is_common(&word, &of);
        }
    }

    fn wide(letter: char) -> char {
        match letter {
            '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap_or(letter),
            _ => letter,
        }
    }
}

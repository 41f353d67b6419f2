//! Spellings of a pinyin syllable in other romanisations: Wade-Giles and Tongyong pinyin; and bopomofo (zhuyin) as pinyin.
//! Without tones, apostrophes and marks, ü as v.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Initials, longest first: bopomofo, pinyin, Wade-Giles, Tongyong.
const INITIALS: [(&str, &str, &str, &str); 21] = [
    ("ㄓ", "zh", "ch", "jh"),
    ("ㄔ", "ch", "ch", "ch"),
    ("ㄕ", "sh", "sh", "sh"),
    ("ㄅ", "b", "p", "b"),
    ("ㄆ", "p", "p", "p"),
    ("ㄇ", "m", "m", "m"),
    ("ㄈ", "f", "f", "f"),
    ("ㄉ", "d", "t", "d"),
    ("ㄊ", "t", "t", "t"),
    ("ㄋ", "n", "n", "n"),
    ("ㄌ", "l", "l", "l"),
    ("ㄍ", "g", "k", "g"),
    ("ㄎ", "k", "k", "k"),
    ("ㄏ", "h", "h", "h"),
    ("ㄐ", "j", "ch", "j"),
    ("ㄑ", "q", "ch", "c"),
    ("ㄒ", "x", "hs", "s"),
    ("ㄖ", "r", "j", "r"),
    ("ㄗ", "z", "ts", "z"),
    ("ㄘ", "c", "ts", "c"),
    ("ㄙ", "s", "s", "s"),
];

/// Finals: bopomofo, pinyin behind an initial, pinyin alone.
const FINALS: [(&str, &str, &str); 37] = [
    ("ㄚ", "a", "a"),
    ("ㄛ", "o", "o"),
    ("ㄜ", "e", "e"),
    ("ㄝ", "e", "e"),
    ("ㄞ", "ai", "ai"),
    ("ㄟ", "ei", "ei"),
    ("ㄠ", "ao", "ao"),
    ("ㄡ", "ou", "ou"),
    ("ㄢ", "an", "an"),
    ("ㄣ", "en", "en"),
    ("ㄤ", "ang", "ang"),
    ("ㄥ", "eng", "eng"),
    ("ㄦ", "er", "er"),
    ("ㄧ", "i", "yi"),
    ("ㄧㄚ", "ia", "ya"),
    ("ㄧㄛ", "io", "yo"),
    ("ㄧㄝ", "ie", "ye"),
    ("ㄧㄞ", "iai", "yai"),
    ("ㄧㄠ", "iao", "yao"),
    ("ㄧㄡ", "iu", "you"),
    ("ㄧㄢ", "ian", "yan"),
    ("ㄧㄣ", "in", "yin"),
    ("ㄧㄤ", "iang", "yang"),
    ("ㄧㄥ", "ing", "ying"),
    ("ㄨ", "u", "wu"),
    ("ㄨㄚ", "ua", "wa"),
    ("ㄨㄛ", "uo", "wo"),
    ("ㄨㄞ", "uai", "wai"),
    ("ㄨㄟ", "ui", "wei"),
    ("ㄨㄢ", "uan", "wan"),
    ("ㄨㄣ", "un", "wen"),
    ("ㄨㄤ", "uang", "wang"),
    ("ㄨㄥ", "ong", "weng"),
    ("ㄩ", "v", "yu"),
    ("ㄩㄝ", "ve", "yue"),
    ("ㄩㄢ", "van", "yuan"),
    ("ㄩㄣ", "vn", "yun"),
];

/// Most letters of a syllable in bopomofo.
const BOPOMOFO_MAX: usize = 3;

/// Every syllable in bopomofo, with its pinyin. Some of them occur in no word; nobody is named by those.
static BOPOMOFO: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for (sign, initial, ..) in INITIALS {
        let is_whole = matches!(initial, "zh" | "ch" | "sh" | "r" | "z" | "c" | "s");
        if is_whole {
            all.insert(sign.to_owned(), format!("{initial}i"));
        }
        let is_soft = matches!(initial, "j" | "q" | "x");
        for (end, behind, _) in FINALS.into_iter().chain([("ㄩㄥ", "iong", "yong")]) {
            let behind = if is_soft {
                behind.replace('v', "u")
            } else {
                behind.to_owned()
            };
            all.insert(format!("{sign}{end}"), format!("{initial}{behind}"));
        }
    }
    for (end, _, alone) in FINALS.into_iter().chain([("ㄩㄥ", "iong", "yong")]) {
        all.insert(end.to_owned(), alone.to_owned());
    }
    all
});

/// Whether it is a letter of bopomofo.
pub(super) fn is_bopomofo(c: char) -> bool {
    matches!(c, '\u{3105}'..='\u{3129}')
}

/// Whether it is a tone of bopomofo.
pub(super) fn is_bopomofo_tone(c: char) -> bool {
    matches!(c, 'ˉ' | 'ˊ' | 'ˇ' | 'ˋ' | '˙')
}

/// Pinyin of the longest syllable with which letters of bopomofo begin, and how many letters it has.
pub(super) fn from_bopomofo(letters: &[char]) -> Option<(&'static str, usize)> {
    let longest = letters.len().min(BOPOMOFO_MAX);
    (1..=longest).rev().find_map(|count| {
        let syllable: String = letters[..count].iter().collect();
        Some((BOPOMOFO.get(&syllable)?.as_str(), count))
    })
}

/// A syllable of pinyin in bopomofo.
pub(super) fn to_bopomofo(syllable: &str) -> Option<&'static str> {
    let found = BOPOMOFO.iter().find(|(_, pinyin)| *pinyin == syllable);
    found.map(|(bopomofo, _)| bopomofo.as_str())
}

/// A syllable's initial, in the three romanisations, and what is behind it.
fn split(syllable: &str) -> Option<(&'static str, &'static str, &'static str, &str)> {
    INITIALS
        .into_iter()
        .find_map(|(_, initial, wade, tongyong)| {
            let rest = syllable.strip_prefix(initial)?;
            Some((initial, wade, tongyong, rest))
        })
}

/// Both ways in which people type an ü.
fn with_u(spelt: String) -> Vec<String> {
    if spelt.contains('v') {
        let plain = spelt.replace('v', "u");
        vec![spelt, plain]
    } else {
        vec![spelt]
    }
}

/// Wade-Giles spellings of a syllable of pinyin: 宁 ning, 陈 chen (Ch'ên), 徐 hsv (Hsü), 志 chih.
pub(super) fn wade_giles(syllable: &str) -> Vec<String> {
    let end = |end: &str| {
        match end {
            "ie" | "ye" => "ieh",
            "ian" => "ien",
            "iong" => "iung",
            "ong" => "ung",
            "ve" | "ue" => "veh",
            other => other,
        }
        .to_owned()
    };
    let Some((initial, wade, _, rest)) = split(syllable) else {
        let alone = match syllable {
            "yi" => "i",
            "yan" => "yen",
            "ye" => "yeh",
            "you" => "yu",
            "yong" => "yung",
            "yu" => "yv",
            "yue" => "yveh",
            "yuan" => "yvan",
            "yun" => "yvn",
            "er" => "erh",
            other => other,
        };
        return with_u(alone.to_owned());
    };
    let spelt = match (initial, rest) {
        ("zh" | "ch", "i") => vec!["chih".to_owned()],
        ("sh", "i") => vec!["shih".to_owned()],
        ("r", "i") => vec!["jih".to_owned()],
        ("z" | "c", "i") => vec!["tzu".to_owned()],
        ("s", "i") => vec!["ssu".to_owned(), "szu".to_owned()],
        ("g" | "k" | "h", "e") => vec![format!("{wade}o"), format!("{wade}e")],
        ("d" | "t" | "n" | "l" | "z" | "c" | "s" | "zh" | "ch" | "r", "uo") => {
            vec![format!("{wade}o")]
        }
        ("g" | "k", "ui") => vec![format!("{wade}uei")],
        ("j" | "q" | "x", rest) if rest.starts_with('u') => {
            let rest = rest.replacen('u', "v", 1);
            vec![format!("{wade}{}", end(&rest))]
        }
        _ => vec![format!("{wade}{}", end(rest))],
    };
    spelt.into_iter().flat_map(with_u).collect()
}

/// Tongyong spellings of a syllable of pinyin: 志 jhih, 徐 syu, 温 wun.
pub(super) fn tongyong(syllable: &str) -> Vec<String> {
    let Some((initial, _, tongyong, rest)) = split(syllable) else {
        let alone = match syllable {
            "wen" => "wun",
            "weng" => "wong",
            other => other,
        };
        return vec![alone.to_owned()];
    };
    let rest = match (initial, rest) {
        ("zh" | "ch" | "sh" | "r" | "z" | "c" | "s", "i") => "ih".to_owned(),
        ("f", "eng") => "ong".to_owned(),
        ("j" | "q" | "x", "iong") => "yong".to_owned(),
        ("j" | "q" | "x", rest) if rest.starts_with('u') => format!("y{rest}"),
        (_, "iu") => "iou".to_owned(),
        (_, "ui") => "uei".to_owned(),
        (_, rest) => rest.replace('v', "yu"),
    };
    vec![format!("{tongyong}{rest}")]
}

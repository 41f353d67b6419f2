//! How letters are read: every reading of each, without tones.

use super::letters::{fold_letter, is_han};
use pinyin::ToPinyinMulti as _;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Words of the set of readings that a text has: there are some 420 syllables.
const WORDS: usize = 8;

/// A set of syllables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Syllables([u64; WORDS]);

impl Syllables {
    pub(super) fn add(&mut self, syllable: u16) {
        let syllable = usize::from(syllable);
        self.0[syllable / 64 % WORDS] |= 1 << (syllable % 64);
    }

    pub(super) fn has_any_of(&self, other: &Self) -> bool {
        self.0
            .iter()
            .zip(other.0)
            .any(|(one, other)| one & other != 0)
    }
}

/// Every syllable by number, and every letter's.
struct Table {
    names: Vec<String>,
    /// By letter from [`FIRST`]: where its readings begin in `list`, and how many there are.
    spans: Vec<(u32, u8)>,
    list: Vec<u16>,
    /// Folded letters with each reading.
    letters: Vec<Vec<char>>,
}

const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9fff;

/// Readings that surnames have and dictionaries of everyday words leave out.
const OF_SURNAMES: &str = "单shan 仇qiu 曾zeng 解xie 查zha 区ou 盖ge 朴piao 尉yu 万mo 俟qi 冼xian 覃tan 覃qin 乐yue 员yun 纪ji 燕yan 宁ning 翟zhai \
翟di 黑he 缪miao 缪mou 种chong 繁po 秘bi 折she 逄pang 召shao 隗wei 隗kui 晁chao 么yao 那na 阚kan 令ling 澹tan 教jiao 任ren 华hua 葛ge 过guo \
哈ha 洗xian 卜bu 柏bai 薄bo 贲ben 伯bo 车che 谌chen 谌shen 郗xi 郗chi 句gou 佴nai 牟mou 牟mu 祭zhai 宓mi 宓fu 瞿qu 撒sa 莘shen 莘xin 眭sui \
冯feng 洪hong 给ji 行xing 长zhang 重chong 石shi 叶ye 台tai 应ying 相xiang 占zhan 钻zuan 都du 洗xi 沈shen 贾jia 吕lv 六lu 费bi 费fei 殷yin \
殷yan 郇xun 郇huan 阙que 尹yin 訾zi 笪da 昝zan 谷gu 谷yu 龟gui 祝zhu 强qiang 强jiang 尧yao 佘she 厍she 乜nie 亓qi 仉zhang 妫gui 郜gao 濮pu";

static TABLE: LazyLock<Table> = LazyLock::new(Table::new);

impl Table {
    fn new() -> Self {
        let mut numbers: HashMap<String, u16> = HashMap::new();
        let mut table = Self {
            names: Vec::new(),
            spans: Vec::new(),
            list: Vec::new(),
            letters: Vec::new(),
        };
        for code in FIRST..=LAST {
            let c = char::from_u32(code).expect("between surrogates and the last letter");
            let from = table.list.len();
            for name in spellings(c) {
                let next = u16::try_from(numbers.len()).expect("there are some 420 syllables");
                let number = *numbers.entry(name.clone()).or_insert(next);
                if number == next {
                    table.names.push(name);
                    table.letters.push(Vec::new());
                }
                if !table.list[from..].contains(&number) {
                    table.list.push(number);
                    if fold_letter(c) == c {
                        table.letters[usize::from(number)].push(c);
                    }
                }
            }
            let count = u8::try_from(table.list.len() - from).expect("no letter has 256 readings");
            table
                .spans
                .push((u32::try_from(from).expect("few readings"), count));
        }
        table
    }

    fn of(&self, c: char) -> &[u16] {
        let place = u32::from(c).checked_sub(FIRST);
        let span = place.and_then(|place| self.spans.get(place as usize));
        let (from, count) = span.copied().unwrap_or_default();
        &self.list[from as usize..from as usize + usize::from(count)]
    }
}

/// Readings as the crate and the list of surnames have them, ü written v.
fn spellings(c: char) -> Vec<String> {
    let known = c.to_pinyin_multi().into_iter().flatten();
    let mut all: Vec<String> = known
        .map(|reading| plain(reading.plain()))
        .filter(|reading| !reading.is_empty())
        .collect();
    let entries = OF_SURNAMES.split_whitespace();
    all.extend(entries.filter_map(|entry| Some(entry.strip_prefix(c)?.to_owned())));
    all
}

/// A syllable in lower-case ASCII; empty where it has none.
fn plain(reading: &str) -> String {
    let letters = reading.chars().map(|c| if c == 'ü' { 'v' } else { c });
    letters.filter(char::is_ascii_lowercase).collect()
}

/// Numbers of the readings of a folded letter.
pub(super) fn syllables(c: char) -> &'static [u16] {
    TABLE.of(c)
}

/// Folded letters with any of the readings of `c`, itself among them.
pub(super) fn homophones(c: char) -> impl Iterator<Item = char> {
    let table = &*TABLE;
    let readings = table.of(c).iter();
    readings.flat_map(|number| table.letters[usize::from(*number)].iter().copied())
}

/// Every reading of a letter, without tones, ü written v; empty for what is no Chinese letter.
#[must_use]
pub fn readings(c: char) -> Vec<&'static str> {
    let table = &*TABLE;
    let numbers = table.of(fold_letter(c)).iter();
    numbers
        .map(|number| table.names[usize::from(*number)].as_str())
        .collect()
}

/// Whether two letters have a reading in common, tones apart.
#[must_use]
pub fn sounds_alike(one: char, other: char) -> bool {
    let (one, other) = (fold_letter(one), fold_letter(other));
    is_han(one)
        && syllables(one)
            .iter()
            .any(|reading| syllables(other).contains(reading))
}

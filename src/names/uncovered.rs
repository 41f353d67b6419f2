//! What a text reads as to the eye, where its letters are others: letters in circles and squares, letters of other scripts that
//! look like Latin ones, bopomofo, text that is shown reversed, digits between letters.

use super::letters::is_han;
use super::romanised::{from_bopomofo, is_bopomofo, is_bopomofo_tone};
use std::collections::HashMap;
use std::sync::LazyLock;
use zeroize::Zeroizing;

/// A Latin letter on each line, then those of other scripts, small capitals and letters with strokes that look like it.
/// Unicode's normal form makes Latin letters of none of them.
const LOOK_LATIN: &str = "\
aаαᴀаꓮᎪΑАɐⱥ
bвьЬВΒʙᏴꓐƀɓБ
cсСϲᴄᏟꓚϹƈↄ
dԁᴅꓓᎠđɗժ
eеεᴇЕΕꓰᎬɇєэёЁɛ
fꜰꓝϜƒғ
gɢꓖᏀǥɠցԍ
hһнНΗʜᎻꓧħհҺ
iіιІΙɪıꓲᏆɨӏⅼ
jјЈᴊꓙᎫϳյ
kкКκΚᴋꓗᏦƙқ
lʟꓡᏞłɭ
mмМΜᴍꓟᎷ
nпηΝɴꓠոռŋп
oоОοΟᴏꓳօσøØөһ
pрРρΡᴘꓑᏢ
qԛզɋ
rгʀꓣᏒɍя
sѕЅꜱꓢᏚʂ
tтТτΤᴛꓔᎢŧ
uυᴜꓴսʉц
vνᴠꓦᏙѵ
wԝωшᴡꓪᏔщѡ
xхХχΧꓫ᙭
yуУγΥʏꓬүҮ
zΖᴢꓜᏃƶʐ";

static LATIN: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    for line in LOOK_LATIN.lines() {
        let mut letters = line.chars();
        let Some(first) = letters.next() else {
            continue;
        };
        for letter in letters {
            all.entry(letter).or_insert(first);
        }
    }
    all
});

/// The letter of `A` to `Z` at a place in one of the rows that Unicode has of them as signs, as which no normal form reads.
fn of_row(c: char) -> Option<char> {
    let firsts = ['\u{1f150}', '\u{1f170}', '\u{1f1e6}'];
    firsts.into_iter().find_map(|first| {
        let place = u32::from(c).checked_sub(u32::from(first))?;
        let place = u8::try_from(place).ok().filter(|place| *place < 26)?;
        Some(char::from(b'a' + place))
    })
}

/// A text as it is shown, with Latin letters for what looks like them and pinyin for bopomofo; `None` if it is what it was.
/// Letters in circles and squares are left for the normal form, which knows them.
pub(super) fn uncovered(text: &str) -> Option<Zeroizing<String>> {
    let shown = text.contains(REVERSED).then(|| shown(text));
    let text = shown.as_ref().map_or(text, |shown| shown.as_str());
    let chars = Zeroizing::new(text.chars().collect::<Vec<char>>());
    let mut read = Zeroizing::new(String::with_capacity(text.len()));
    let (mut at, mut is_other) = (0, shown.is_some());
    while let Some(c) = chars.get(at) {
        at += 1;
        if is_bopomofo(*c) {
            let end = chars[at..].iter().position(|c| !is_bopomofo(*c));
            let end = end.map_or(chars.len(), |length| at + length);
            if let Some((syllable, count)) = from_bopomofo(&chars[at - 1..end]) {
                at += count - 1;
                while chars.get(at).is_some_and(|c| is_bopomofo_tone(*c)) {
                    at += 1;
                }
                read.push(' ');
                read.push_str(syllable);
                read.push(' ');
                is_other = true;
                continue;
            }
        }
        let latin = of_row(*c).or_else(|| LATIN.get(c).copied());
        is_other |= latin.is_some() || is_in_ring(*c);
        read.push(latin.unwrap_or(*c));
    }
    is_other.then_some(read)
}

/// Whether it is a sign in or beside which a letter or digit stands: ⓗ, ⒣, 🅗, ㈠, ㊣.
pub(super) fn is_in_ring(c: char) -> bool {
    matches!(c, '\u{2460}'..='\u{24ff}' | '\u{3200}'..='\u{32ff}' | '\u{1f100}'..='\u{1f2ff}')
}

/// The mark behind which everything is shown from right to left.
const REVERSED: char = '\u{202e}';
/// Marks that begin a run, and those that end one.
const BEGINS: &str = "\u{202a}\u{202b}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}";
const ENDS: &str = "\u{202c}\u{2069}";
/// Deepest run in a run that Unicode allows.
const DEPTH_MAX: usize = 125;

/// Letters of a run, in the order in which they were typed, and whether they are shown in the other.
type Run = (bool, Zeroizing<Vec<char>>);

/// A text as it is shown, line by line: what stands behind the mark that reverses, in the order in which it is seen.
fn shown(text: &str) -> Zeroizing<String> {
    let mut shown = Zeroizing::new(String::with_capacity(text.len()));
    for line in text.split_inclusive(['\n', '\r', '\u{85}', '\u{2029}']) {
        let letters = line.trim_end_matches(['\n', '\r', '\u{85}', '\u{2029}']);
        let mut runs: Vec<Run> = Vec::new();
        for c in letters.chars() {
            if BEGINS.contains(c) && runs.len() < DEPTH_MAX {
                runs.push((c == REVERSED, Zeroizing::default()));
            } else if ENDS.contains(c) && !runs.is_empty() {
                end_run(&mut runs, &mut shown);
            } else if let Some((_, run)) = runs.last_mut() {
                run.push(c);
            } else {
                shown.push(c);
            }
        }
        while !runs.is_empty() {
            end_run(&mut runs, &mut shown);
        }
        shown.push_str(&line[letters.len()..]);
    }
    shown
}

/// Puts the letters of the innermost run, as they are shown, into the run around it.
fn end_run(runs: &mut Vec<Run>, shown: &mut String) {
    let Some((is_reversed, mut letters)) = runs.pop() else {
        return;
    };
    if is_reversed {
        letters.reverse();
    }
    match runs.last_mut() {
        // It is turned once more with what is around it.
        Some((true, outer)) => outer.extend(letters.iter().rev()),
        Some((false, outer)) => outer.extend(letters.iter()),
        None => shown.extend(letters.iter()),
    }
}

/// Most digits that stand between two letters of a name.
const DIGITS_MAX: usize = 2;

/// A folded text with signs for what stands between two Chinese letters and is none: a digit or two, one Latin letter. `None`
/// if there is nothing of the kind.
pub(super) fn without_between(folded: &str) -> Option<Zeroizing<String>> {
    let chars = Zeroizing::new(folded.chars().collect::<Vec<char>>());
    let mut read = Zeroizing::new(String::with_capacity(folded.len()));
    let (mut at, mut is_other) = (0, false);
    while let Some(c) = chars.get(at) {
        let is_behind = at > 0 && is_han(chars[at - 1]);
        let count = chars[at..]
            .iter()
            .take_while(|c| c.is_ascii_alphanumeric())
            .count();
        let between = &chars[at..at + count];
        let is_few = count <= DIGITS_MAX && between.iter().all(char::is_ascii_digit) || count == 1;
        let is_before = chars.get(at + count).is_some_and(|c| is_han(*c));
        if count > 0 && is_few && is_behind && is_before {
            read.extend(between.iter().map(|_| '※'));
            is_other = true;
        } else if count > 0 {
            read.extend(between);
        } else {
            read.push(*c);
        }
        at += count.max(1);
    }
    is_other.then_some(read)
}

//! Plain text is said to hold nothing only if every letter of it is UTF-8 and shown.

use super::{strip, strip_in};
use mifeng_metadata::{Outcome, Reason};
use mifeng_sealing::tip::FileKind;
use proptest::prelude::*;

const UNCHECKED: Outcome = Outcome::CouldNot(Reason::Unchecked);

/// PNG 3, D: the check over a chunk.
fn crc(bytes: &[u8]) -> u32 {
    let sum = bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xEDB8_8320 & (sum & 1).wrapping_neg())
        })
    });
    !sum
}

/// One of each kind of what no editor shows.
const HIDDEN: [char; 14] = [
    '\u{200b}',
    '\u{200d}',
    '\u{ad}',
    '\u{2060}',
    '\u{202e}',
    '\u{2066}',
    '\u{fe0f}',
    '\u{e0041}',
    '\u{e0101}',
    '\u{3164}',
    '\u{180e}',
    '\u{e000}',
    '\u{feff}',
    '\u{1}',
];

#[test]
fn what_is_written_in_an_ordinary_way_is_clean() {
    for text in [
        "周末在家里补课\r\n收钱\t两千六",
        "plain words\n",
        "\u{feff}记事本写的",
        "Ünïcode · “quoted” — 😀 ①",
    ] {
        let (out, report) = strip(FileKind::Text, text.as_bytes());
        assert_eq!(
            (report.outcome, out),
            (Outcome::NothingFound, text.as_bytes().to_vec()),
            "{text}"
        );
    }
}

#[test]
fn letters_of_two_bytes_could_not_be_checked() {
    // 你好 in GBK, in Big5, in UTF-16, and cut short in UTF-8.
    for bytes in [
        &b"\xc4\xe3\xba\xc3"[..],
        b"\xa7\x41\xa6\x6e",
        b"\xff\xfe\x60\x4f\x7d\x59",
        b"\xe4\xbd",
    ] {
        assert_eq!(
            strip(FileKind::Text, bytes).1.outcome,
            UNCHECKED,
            "{bytes:x?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// However it is cut into pieces, and wherever what is hidden stands.
    #[test]
    fn what_no_editor_shows_is_told_wherever_it_stands(
        words in "[a-z补课收钱 \n]{0,40}",
        at in any::<prop::sample::Index>(),
        hidden in prop::sample::select(HIDDEN.to_vec()),
        chunk in 1_usize..9,
    ) {
        let letters: Vec<char> = words.chars().collect();
        let at = at.index(letters.len() + 1);
        // A mark first of all is an editor's.
        prop_assume!(hidden != '\u{feff}' || at > 0);
        let text: String = letters[..at].iter().chain([&hidden]).chain(&letters[at..]).collect();
        let (out, report) = strip_in(FileKind::Text, text.as_bytes(), chunk);
        prop_assert_eq!(report.outcome, UNCHECKED);
        prop_assert_eq!(out, text.into_bytes());
        let (_, report) = strip_in(FileKind::Text, words.as_bytes(), chunk);
        prop_assert_eq!(report.outcome, Outcome::NothingFound);
    }

    /// A picture may say that it is as large as it likes.
    #[test]
    fn no_measure_of_a_picture_is_too_large_to_be_counted(
        width in prop_oneof![any::<u32>(), Just(0x7fff_ffff), Just(u32::MAX)],
        height in prop_oneof![any::<u32>(), Just(0x7fff_ffff), Just(u32::MAX)],
        depth in prop::sample::select(vec![1_u8, 8, 16]),
        colours in prop::sample::select(vec![0_u8, 2, 3, 4, 6]),
        interlaced in 0_u8..2,
    ) {
        let mut header = b"IHDR".to_vec();
        header.extend(width.to_be_bytes());
        header.extend(height.to_be_bytes());
        header.extend([depth, colours, 0, 0, interlaced]);
        let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
        for (length, chunk) in [(13_u32, header), (3, b"PLTEabc".to_vec()), (2, b"IDAT\x78\x01".to_vec()), (0, b"IEND".to_vec())] {
            file.extend(length.to_be_bytes());
            file.extend(&chunk);
            file.extend(crc(&chunk).to_be_bytes());
        }
        let (_, report) = strip(FileKind::Png, &file);
        prop_assert!(matches!(report.outcome, Outcome::CouldNot(_)), "{report:?}");
    }
}

//! What must hold of every sealed file, whatever the tip.

use super::vectors::{self, Keys};
use mifeng_foundation::clock::Day;
use mifeng_opening::{Identity, OpenError};
use mifeng_sealing::tip::{Category, Channel, RawTip, TEXT_MAX_CHARS, Tip, TipDocument};
use mifeng_sealing::{
    SIZE_CLASSES, SealError, check_header, class_for, is_class, seal_bytes, seal_tip,
};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn tips() -> impl Strategy<Value = TipDocument> {
    let short = "\\PC{0,60}";
    let text = prop_oneof![
        "\\PC{1,40}",
        "[\\PC\\n\\t]{1,3000}",
        "[\"\\\\😠补课]{1,20000}"
    ];
    let category = 0..Category::ALL.len();
    (category, short, short, short, text, 0..40_000_i32).prop_filter_map(
        "blank text",
        |(category, school, subject, when, text, day)| {
            let raw = RawTip {
                category: Category::ALL[category].code().to_owned(),
                school,
                subject,
                when,
                text,
                language: String::new(),
                attachments: Vec::new(),
                only_above: false,
            };
            Tip::parse(&raw).ok().map(|tip| document(&tip, day))
        },
    )
}

fn document(tip: &Tip, day: i32) -> TipDocument {
    let secrets = Keys::read().mailbox();
    let mailbox = secrets.address();
    let day = Day::from_number(day).expect("within the calendar");
    TipDocument::new(tip, "qingxi", day, Channel::Web, mailbox)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_tip_comes_back_and_is_plain_json(tip in tips()) {
        let keys = Keys::read();
        let sealed = seal_tip(&tip, &[keys.office().recipient()]).expect("any tip fits").0;
        prop_assert!(is_class(sealed.as_bytes().len()));
        let opened = keys.office().open(sealed.as_bytes()).expect("its own key");
        prop_assert!(TipDocument::from_json(&opened).expect("a tip") == tip);
        let json: serde_json::Value = serde_json::from_slice(&opened).expect("plain JSON");
        prop_assert_eq!(&json["type"], "mifeng/tip/2");
        let refused = keys.other().open(sealed.as_bytes());
        prop_assert_eq!(refused.err(), Some(OpenError::WrongKey));
    }

    #[test]
    fn arbitrary_bytes_never_open(noise in proptest::collection::vec(any::<u8>(), 0..6000), keep in 0..600_usize) {
        let office = Keys::read().office();
        prop_assert!(office.open(&noise).is_err());
        let tip = vectors::bytes("tip.age");
        prop_assert!(office.open(&[&tip[..keep], &noise].concat()).is_err());
    }

    #[test]
    fn length_tells_the_class_only(bytes in 1..300_000_usize) {
        let recipients = [Keys::read().office().recipient()];
        let file = seal_bytes(&vec![b'x'; bytes], &recipients).expect("it fits");
        prop_assert_eq!(Some(file.as_bytes().len()), class_for(bytes));
    }
}

#[test]
fn any_flipped_bit_fails() {
    let office = Keys::read().office();
    let sound = vectors::bytes("tip.age");
    let header = check_header(&sound).expect("sound");
    let mut file = sound.clone();
    for at in 0..file.len() {
        // Every bit of the header, and one bit of each byte of the payload.
        let bits = if at < header {
            0..8
        } else {
            at % 8..at % 8 + 1
        };
        for bit in bits {
            file[at] ^= 1 << bit;
            assert!(office.open(&file).is_err(), "byte {at}, bit {bit}");
            file[at] = sound[at];
        }
    }
    assert!(office.open(&file).is_ok());
}

#[test]
fn a_file_cut_short_or_lengthened_fails() {
    let office = Keys::read().office();
    let sound = vectors::bytes("tip.age");
    for end in (0..sound.len()).step_by(3).chain([sound.len() - 1]) {
        assert!(office.open(&sound[..end]).is_err(), "{end}");
    }
    assert!(office.open(&[sound.as_slice(), b" "].concat()).is_err());
    assert!(
        office
            .open(&[sound.as_slice(), sound.as_slice()].concat())
            .is_err()
    );
}

#[test]
fn grease_changes_the_header_and_not_the_length() {
    let recipients = [Keys::read().office().recipient()];
    let mut headers = BTreeSet::new();
    for _ in 0..64 {
        let file = seal_bytes(b"{}", &recipients).expect("it fits");
        assert_eq!(file.as_bytes().len(), SIZE_CLASSES[0]);
        headers.insert(check_header(file.as_bytes()).expect("our own"));
    }
    assert!(headers.len() > 1, "64 headers of one length: no grease?");
}

#[test]
fn classes_change_where_they_say() {
    let recipients: Vec<_> = (0..16).map(|_| Identity::generate().recipient()).collect();
    for (index, class) in SIZE_CLASSES.into_iter().enumerate() {
        let largest = (1..=class)
            .rev()
            .find(|bytes| class_for(*bytes) == Some(class))
            .expect("each class holds something");
        for recipients in [&recipients[..1], &recipients[..]] {
            let file = seal_bytes(&vec![b' '; largest], recipients).expect("it fits");
            assert_eq!(file.as_bytes().len(), class);
        }
        assert_eq!(class_for(largest + 1), SIZE_CLASSES.get(index + 1).copied());
    }
    let too_large = seal_bytes(&vec![b' '; 1 << 20], &recipients[..1]);
    assert_eq!(too_large.err(), Some(SealError::TooLarge));
}

#[test]
fn the_longest_tip_fits_whatever_its_characters() {
    for character in ['a', '补', '😠', '"', '\\'] {
        let mut raw = RawTip::default();
        "other".clone_into(&mut raw.category);
        raw.text = character.to_string().repeat(TEXT_MAX_CHARS);
        let tip = document(&Tip::parse(&raw).expect("within the limit"), 20_000);
        let recipients = [Keys::read().office().recipient()];
        assert!(seal_tip(&tip, &recipients).is_ok(), "{character}");
    }
}

#[test]
fn what_could_not_be_opened_is_not_sealed() {
    assert_eq!(seal_bytes(b"{}", &[]).err(), Some(SealError::NoRecipient));
    let many = vec![Keys::read().office().recipient(); 30];
    assert_eq!(
        seal_bytes(b"{}", &many).err(),
        Some(SealError::TooManyRecipients)
    );
}

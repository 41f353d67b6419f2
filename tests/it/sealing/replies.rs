//! Who can speak for a reporter: whoever has the code, and nobody else, whatever else they have.

use super::vectors::{Keys, signed_on};
use ed25519_dalek::{Signer as _, SigningKey};
use hmac::{Hmac, Mac as _};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::tip::{
    Attachment, MailboxAddress, ReplyDocument, ReplyStatement, Said, SignedStatement, Stopped,
};
use mifeng_sealing::{MailboxSecrets, PickupCode, ProvenReply, ReplyKey, seal_reply};
use proptest::prelude::*;
use sha2::Sha256;

fn secrets() -> MailboxSecrets {
    MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), "qingxi")
}

fn day() -> Day {
    "2026-11-30".parse().expect("a day")
}

/// The seal of a tip of either version.
fn addresses(secrets: &MailboxSecrets) -> [MailboxAddress; 2] {
    let mut first = secrets.address();
    first.reply_key = None;
    [secrets.address(), first]
}

fn proves(reply: &ReplyDocument, address: &MailboxAddress) -> bool {
    ProvenReply::of(reply, "qingxi", address).is_some()
}

/// As it comes out of its seal, with something of it changed.
fn changed(
    reply: &ReplyDocument,
    change: impl Fn(&mut serde_json::Value),
) -> Option<ReplyDocument> {
    let mut json = serde_json::from_slice(&reply.to_json()).expect("JSON");
    change(&mut json);
    ReplyDocument::from_json(&serde_json::to_vec(&json).expect("JSON")).ok()
}

fn file(id: u8) -> Attachment {
    Attachment {
        id: hex::encode([id; 16]),
        name: "收据.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size_bytes: u64::from(id) + 1,
        sha256: hex::encode([id; 32]),
        labelled_origin: id.is_multiple_of(2),
        under_password: false,
    }
}

fn anything() -> impl Strategy<Value = Said> {
    let text = "[\\PC\\n\\t\"\\\\]{1,200}";
    prop_oneof![
        text.prop_map(|text| Said::Addition { text }),
        text.prop_map(|text| Said::Objection { text }),
        text.prop_map(|text| Said::Correction { text }),
        text.prop_map(|text| Said::Withdrawal { text }),
        (text, 0..2_usize, any::<bool>()).prop_map(|(text, at, treated_badly)| Said::Aftercare {
            after_days: [30, 90][at],
            stopped: Stopped::ALL[at],
            treated_badly,
            text,
        }),
        any::<u32>().prop_map(|messages| Said::Read { messages }),
        Just(Said::Farewell),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_said_under_a_code_is_proven_and_comes_back(said in anything(), ids in proptest::collection::vec(any::<u8>(), 0..4)) {
        let files: Vec<_> = ids.into_iter().map(file).collect();
        let secrets = secrets();
        let reply = signed_on(&secrets, day(), said.clone(), &files);
        let read = ReplyDocument::from_json(&reply.to_json()).expect("a reply");
        prop_assert!(read == reply && read.attachments == files && read.said == said);
        for address in addresses(&secrets) {
            let proven = ProvenReply::of(&read, "qingxi", &address).expect("the reporter's own");
            prop_assert!(proven.statement().said == said);
            prop_assert_eq!(proven.statement().files.len(), files.len());
            prop_assert!(proven.id().is_some());
            prop_assert!(ProvenReply::of(&read, "linjiang", &address).is_none(), "another office");
        }
        let sealed = seal_reply(&reply, &[Keys::read().office().recipient()]);
        prop_assert!(sealed.is_ok());
    }

    #[test]
    fn any_bit_of_what_is_signed_counts(said in anything(), flips in proptest::collection::vec((any::<prop::sample::Index>(), 0..8_u32), 24)) {
        let secrets = secrets();
        let reply = signed_on(&secrets, day(), said, &[file(7)]);
        let proof = reply.proof().expect("signed").clone();
        for (address, counts) in addresses(&secrets).iter().zip(["signature", "mac"]) {
            for part in ["statement", counts] {
                let whole = serde_json::to_value(&proof).expect("JSON")[part].as_str().expect("text").as_bytes().to_vec();
                for (at, bit) in &flips {
                    let mut bytes = whole.clone();
                    let at = at.index(bytes.len());
                    bytes[at] ^= 1 << bit;
                    let Ok(text) = String::from_utf8(bytes) else { continue };
                    // Hex in capitals is another spelling of the same proof, and no other words.
                    if part != "statement" && text.to_lowercase().as_bytes() == whole { continue }
                    let altered = changed(&reply, |json| json[part] = text.clone().into());
                    prop_assert!(altered.is_none_or(|altered| !proves(&altered, address)), "{part}, byte {at}, bit {bit}");
                }
            }
        }
    }

    #[test]
    fn what_is_said_in_one_mailbox_is_said_in_no_other(said in anything()) {
        let (one, other) = (secrets(), secrets());
        let reply = signed_on(&one, day(), said, &[]);
        let (from, to) = (one.lookup().digest().to_hex(), other.lookup().digest().to_hex());
        let moved = changed(&reply, |json| {
            let statement = json["statement"].as_str().expect("text").replace(&from, &to);
            json["statement"] = statement.into();
        });
        for address in addresses(&other) {
            prop_assert!(!proves(&reply, &address));
            prop_assert!(moved.as_ref().is_none_or(|moved| !proves(moved, &address)));
        }
    }

    /// With all that a tip's seal holds, with everything that its reporter ever said, and with keys of one's own.
    #[test]
    fn nobody_who_opened_the_tip_speaks_for_its_reporter(said in anything(), earlier in anything()) {
        prop_assume!(said != earlier);
        let reporter = secrets();
        let [tip, _] = addresses(&reporter);
        let genuine = signed_on(&reporter, day(), earlier, &[]);
        let proof = genuine.proof().expect("signed");
        let statement = ReplyStatement {
            office: "qingxi".to_owned(),
            lookup_digest: tip.lookup_digest.clone(),
            reply_id: "11".repeat(32),
            received_day: day(),
            said: said.clone(),
            files: Vec::new(),
        }
        .to_json();
        let own = SigningKey::from_bytes(&[7; 32]);
        let by_own = hex::encode(own.sign(statement.as_bytes()).to_bytes());
        let by_tip = signed_by_all_a_handler_knows(&tip, &statement);
        let by_other = secrets().sign(&ReplyStatement::from_json(&statement).expect("a statement"));
        for signature in [proof.signature.clone(), by_own, by_tip, by_other.signature.clone(), "00".repeat(64), String::new()] {
            for mac in [proof.mac.clone(), mac_with(&tip.receipt_secret, &statement), String::new()] {
                let forged = SignedStatement { statement: statement.clone(), signature: signature.clone(), mac };
                let forged = ReplyDocument::signed(forged, |_| None).expect("a statement");
                prop_assert!(!proves(&forged, &tip));
            }
        }
        let bare = ReplyDocument::new("qingxi", tip.lookup_digest.clone(), day(), said);
        prop_assert!(!proves(&bare, &tip));
    }
}

/// Ed25519 with the receipt secret in place of the seed: a handler knows it.
fn signed_by_all_a_handler_knows(tip: &MailboxAddress, statement: &str) -> String {
    let mut seed = [0; 32];
    hex::decode_to_slice(&tip.receipt_secret, &mut seed).expect("hex");
    let text = [b"mifeng/reply-signature/1\0", statement.as_bytes()].concat();
    hex::encode(SigningKey::from_bytes(&seed).sign(&text).to_bytes())
}

/// The proof of a tip's first version, which whoever opened it can make.
fn mac_with(receipt_secret: &str, statement: &str) -> String {
    let secret = hex::decode(receipt_secret).expect("hex");
    let mut key = [0; 32];
    let hkdf = hkdf::Hkdf::<Sha256>::from_prk(&secret).expect("32 bytes");
    hkdf.expand(b"mifeng/reply-mac-key/1", &mut key)
        .expect("32 bytes");
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("any length");
    mac.update(&[b"mifeng/reply-mac/1\0", statement.as_bytes()].concat());
    hex::encode(mac.finalize().into_bytes())
}

/// Under a key of small order a signature holds for many texts; under a second spelling of a key, for that of another.
#[test]
fn weak_and_doubtful_keys_are_none() {
    let good = secrets().address().reply_key.clone().expect("a key");
    assert!(good.parse::<ReplyKey>().is_ok());
    assert!(good.to_uppercase().parse::<ReplyKey>().is_err());
    for bad in [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "00",
        "",
    ] {
        assert!(bad.parse::<ReplyKey>().is_err(), "{bad}");
    }
}

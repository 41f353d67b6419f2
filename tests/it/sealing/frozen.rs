//! What was written once is read for ever: every file in `tests/vectors`.

use super::vectors::{self, Keys};
use mifeng_opening::{OfficeIdentityFile, OfficeKeyError};
use mifeng_sealing::tip::{
    Category, DocumentError, MailboxMessage, MessageKind, ReplyDocument, ReplyStatement, Said,
    SignedStatement, Status, Stopped, TipDocument,
};
use mifeng_sealing::{
    MailboxSecrets, OfficeManifest, OpenedField, PickupCode, ProvenReply, is_class, sign_manifest,
};
use secrecy::{ExposeSecret, SecretString};

#[test]
fn codes_give_what_they_always_gave() {
    let codes = vectors::codes();
    assert_eq!(codes.len(), 3);
    for vector in codes {
        let code = PickupCode::parse(&vector.pickup_code).expect("a frozen code");
        let secrets = MailboxSecrets::derive(&code, &vector.office);
        assert_eq!(secrets.lookup().digest().to_hex(), vector.lookup_digest);
        assert_eq!(secrets.recipient(), vector.recipient);
        assert_eq!(secrets.receipt_secret(), vector.receipt_secret);
        assert_eq!(
            hex::encode(secrets.mailbox_secret().to_bytes()),
            vector.mailbox_secret
        );
        let tag = secrets.submission_tag(vector.submission_tag.content.as_bytes());
        assert_eq!(hex::encode(tag.as_bytes()), vector.submission_tag.tag);
        let opened_by = vectors::mailbox_identity(&secrets).recipient().to_string();
        assert_eq!(opened_by, vector.recipient);
    }
}

#[test]
fn the_same_code_is_another_mailbox_at_another_office() {
    let keys = Keys::read();
    let code = PickupCode::parse(&keys.mailbox_pickup_code).expect("a frozen code");
    let here = MailboxSecrets::derive(&code, &keys.mailbox_office);
    let there = MailboxSecrets::derive(&code, "elsewhere");
    assert_ne!(here.lookup().digest(), there.lookup().digest());
    assert_ne!(here.recipient(), there.recipient());
    assert_ne!(here.receipt_secret(), there.receipt_secret());
}

#[test]
fn the_frozen_tip_opens() {
    let opened = open_class_file("tip.age", &Keys::read().office());
    let expected = vectors::bytes("tip.json");
    let tip = TipDocument::from_json(&opened).expect("a tip");
    assert_eq!(tip.to_json(), expected);
    assert_eq!(opened.trim_ascii_end(), expected);
    assert_eq!(tip.category, Category::TutoringTeacher);
    assert_eq!(tip.received_day.to_string(), "2026-02-13");
    assert_eq!(tip.mailbox.recipient, Keys::read().mailbox().recipient());
}

#[test]
fn the_frozen_reply_opens() {
    let opened = open_class_file("reply.age", &Keys::read().office());
    assert_eq!(opened.trim_ascii_end(), vectors::bytes("reply.json"));
    let reply = ReplyDocument::from_json(&opened).expect("a reply of the first version");
    let first: serde_json::Value = serde_json::from_slice(&opened).expect("JSON");
    let text = first["text"].as_str().expect("words").to_owned();
    assert_eq!(reply.said, Said::Addition { text });
    assert_eq!(reply.received_day.to_string(), first["received_day"]);
    let mailbox = Keys::read().mailbox().lookup().digest().to_hex();
    assert_eq!(reply.lookup_digest, mailbox);
}

#[test]
fn the_frozen_second_reply_opens() {
    let opened = open_class_file("reply-2.age", &Keys::read().office());
    let reply = ReplyDocument::from_json(&opened).expect("a reply");
    assert_eq!(reply.to_json(), vectors::bytes("reply-2.json"));
    let said = Said::Aftercare {
        after_days: 90,
        stopped: Stopped::Partly,
        treated_badly: false,
        text: "好多了".to_owned(),
    };
    assert_eq!(reply.said, said);
}

#[test]
fn the_frozen_third_reply_opens_and_is_proven() {
    let opened = open_class_file("reply-3.age", &Keys::read().office());
    let reply = ReplyDocument::from_json(&opened).expect("a reply");
    assert_eq!(reply.to_json(), vectors::bytes("reply-3.json"));
    assert_eq!(reply.attachments[0].name, "收据.pdf");
    let text = "孩子转学了".to_owned();
    assert_eq!(reply.said, Said::Withdrawal { text });
    let tip = open_class_file("tip-2.age", &Keys::read().office());
    let tip = TipDocument::from_json(&tip).expect("a tip");
    assert_eq!(tip.to_json(), vectors::bytes("tip-2.json"));
    let proven = ProvenReply::of(&reply, &tip.office, &tip.mailbox).expect("the reporter's");
    assert_eq!(proven.statement().said, reply.said);
    let first = TipDocument::from_json(&vectors::bytes("tip.json")).expect("a tip");
    assert!(ProvenReply::of(&reply, &first.office, &first.mailbox).is_some());
}

#[test]
fn codes_sign_as_they_always_signed() {
    let signed = vectors::reply_keys();
    assert_eq!(signed.len(), 3);
    for vector in signed {
        let code = PickupCode::parse(&vector.pickup_code).expect("a frozen code");
        let secrets = MailboxSecrets::derive(&code, &vector.office);
        assert_eq!(secrets.address().reply_key, Some(vector.reply_key));
        let statement = ReplyStatement::from_json(&vector.statement).expect("a statement");
        let reply = SignedStatement {
            statement: vector.statement,
            signature: vector.signature,
            mac: vector.mac,
        };
        let reply = ReplyDocument::signed(reply, |_| None).expect("a statement");
        let mut first = secrets.address();
        first.reply_key = None;
        for address in [secrets.address(), first] {
            let proven = ProvenReply::of(&reply, &vector.office, &address).expect("proven");
            assert!(*proven.statement() == statement);
        }
    }
}

#[test]
fn days_of_openings_are_read_as_they_always_were() {
    let frozen: serde_json::Value =
        serde_json::from_str(&vectors::text("opened-days.json")).expect("JSON");
    let secrets = Keys::read().mailbox();
    assert_eq!(secrets.opened_key().to_hex(), frozen["opened_key"]);
    let today = frozen["today"]
        .as_str()
        .expect("text")
        .parse()
        .expect("a day");
    let fields = frozen["fields"].as_array().expect("a list");
    assert_eq!(fields.len(), 6);
    for vector in fields {
        let bytes = hex::decode(vector["field"].as_str().expect("hex")).expect("hex");
        let field = OpenedField::from_bytes(&bytes).expect("a field");
        let day = vector["day"]
            .as_str()
            .map(|day| day.parse().expect("a day"));
        assert_eq!(secrets.opened_day(&field, today), day);
    }
}

#[test]
fn a_tip_has_the_keys_of_its_version() {
    for (file, other) in [("tip.json", "mifeng/tip/2"), ("tip-2.json", "mifeng/tip/1")] {
        let mut tip: serde_json::Value = serde_json::from_str(&vectors::text(file)).expect("JSON");
        tip["type"] = other.into();
        let json = serde_json::to_vec(&tip).expect("JSON");
        assert_eq!(TipDocument::from_json(&json), Err(DocumentError::Malformed));
    }
}

#[test]
fn the_frozen_second_message_opens_with_the_code() {
    let mailbox = vectors::mailbox_identity(&Keys::read().mailbox());
    let opened = open_class_file("message-2.age", &mailbox);
    let message = MailboxMessage::from_json(&opened).expect("a message");
    assert_eq!(message.to_json(), vectors::bytes("message-2.json"));
    assert_eq!(message.messages_read, 2);
    assert_eq!(message.due_source_zh, "《信访工作条例》第二十三条");
}

#[test]
fn the_frozen_third_message_opens_with_the_code() {
    let mailbox = vectors::mailbox_identity(&Keys::read().mailbox());
    let opened = open_class_file("message-3.age", &mailbox);
    let message = MailboxMessage::from_json(&opened).expect("a message");
    assert_eq!(message.to_json(), vectors::bytes("message-3.json"));
    assert_eq!(message.kind, MessageKind::Question);
    let kinds: Vec<_> = message.sent.iter().map(|item| item.kind.code()).collect();
    assert_eq!(kinds, ["tip", "correction"]);
    assert_eq!(message.deadlines[0].rule, "handle");
}

#[test]
fn the_frozen_message_opens_with_the_code() {
    let mailbox = vectors::mailbox_identity(&Keys::read().mailbox());
    let opened = open_class_file("message.age", &mailbox);
    let message = MailboxMessage::from_json(&opened).expect("a message");
    assert_eq!(message.to_json(), vectors::bytes("message.json"));
    assert_eq!(message.status, Status::UnderInquiry);
}

#[test]
fn the_frozen_office_identity_unlocks() {
    let keys = Keys::read();
    let file = OfficeIdentityFile::from_bytes(vectors::bytes("office-identity.age"));
    let office = file.unlock(keys.passphrase()).expect("its passphrase");
    assert_eq!(
        office.to_secret_text().expose_secret(),
        keys.office_identity
    );
    assert_eq!(office.recipient().to_string(), keys.office_recipient);
    let wrong = file.unlock(SecretString::from("清溪"));
    assert_eq!(wrong.err(), Some(OfficeKeyError::WrongPassphrase));
}

#[test]
fn the_frozen_manifest_verifies() {
    let keys = Keys::read();
    let today = "2026-02-13".parse().expect("a day");
    let manifest = OfficeManifest::verify(&vectors::text("manifest.txt"), &keys.trusted(), today)
        .expect("signed and in its term");
    assert_eq!(manifest.slug(), "qingxi");
    let recipients: Vec<String> = manifest
        .body()
        .recipients
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(recipients, [keys.office_recipient]);
    assert_eq!(manifest.fingerprint().len(), 32);
}

#[test]
fn the_frozen_second_manifest_verifies_and_the_first_has_no_number() {
    let keys = Keys::read();
    let today = "2026-02-13".parse().expect("a day");
    let read = |name| {
        let file = vectors::text(name);
        OfficeManifest::verify(&file, &keys.trusted(), today).expect("signed and in its term")
    };
    let (first, second) = (read("manifest.txt"), read("manifest-2.txt"));
    assert_eq!((first.body().serial, first.body().revoked.len()), (0, 0));
    assert_eq!(second.body().serial, 7);
    let revoked: Vec<String> = second
        .body()
        .revoked
        .iter()
        .map(ToString::to_string)
        .collect();
    let parent = second.body().parent.as_ref().expect("a parent");
    let expected = [
        "00112233445566778899aabbccddeeff",
        &parent.recipients[0].to_string(),
    ];
    assert_eq!(revoked, expected);
    for manifest in [first, second] {
        let again = sign_manifest(manifest.body(), &keys.signing()).expect("a good body");
        assert_eq!(again, manifest.file(), "it is written as it always was");
    }
}

fn open_class_file(name: &str, identity: &mifeng_opening::Identity) -> zeroize::Zeroizing<Vec<u8>> {
    let file = vectors::bytes(name);
    assert!(is_class(file.len()));
    identity.open(&file).expect("sealed to this key")
}

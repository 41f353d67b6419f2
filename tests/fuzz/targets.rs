//! Every parser that meets a stranger's bytes, as a function of bytes that must return: for `cargo fuzz`
//! (`tests/fuzz/cargo-fuzz`) and for the bounded run without it (`tests/fuzz/main.rs`).

use arbitrary::Unstructured;
use mifeng_foundation::clock::Day;
use mifeng_metadata::Stripper;
use mifeng_opening::{Identity, Share, open_with};
use mifeng_sealing::tip::{
    FileKind, MailboxMessage, RawTip, ReplyDocument, Tip, TipDocument, break_lines, clean_name,
    tidy_line,
};
use mifeng_sealing::{
    ContentHash, Lookup, LookupDigest, ManifestBody, ManifestPublicKey, ManifestSigningKey,
    OfficeManifest, PickupCode, Recipient, SealedReply, SealedTip, SubmissionTag, check_header,
    relay, seal_bytes, sign_manifest,
};
use std::sync::LazyLock;

/// One parser.
pub struct Target {
    /// Its name, for the report and for `MIFENG_FUZZ_TARGET`.
    pub name: &'static str,
    /// Gives it bytes. Whatever they are, it returns.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 13] = [
    Target {
        name: "age-header",
        run: age_header,
    },
    Target {
        name: "age-file",
        run: age_file,
    },
    Target {
        name: "age-payload",
        run: age_payload,
    },
    Target {
        name: "envelope",
        run: envelope,
    },
    Target {
        name: "recipient",
        run: recipient,
    },
    Target {
        name: "manifest",
        run: manifest,
    },
    Target {
        name: "tip",
        run: tip,
    },
    Target {
        name: "reply",
        run: reply,
    },
    Target {
        name: "typed-code",
        run: typed_code,
    },
    Target {
        name: "typed-text",
        run: typed_text,
    },
    Target {
        name: "share",
        run: share,
    },
    Target {
        name: "file",
        run: file,
    },
    Target {
        name: "relay",
        run: relay_wire,
    },
];

/// Good for nothing else.
static KEYS: LazyLock<(Identity, ManifestSigningKey)> = LazyLock::new(|| {
    let signing = ManifestSigningKey::generate(&mifeng_foundation::entropy::SystemEntropy);
    (Identity::generate(), signing)
});

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn age_header(bytes: &[u8]) {
    if let Ok(header_bytes) = check_header(bytes) {
        assert!(header_bytes <= bytes.len());
    }
}

fn age_file(bytes: &[u8]) {
    // Nothing was sealed to a key that was made a moment ago.
    assert!(open_with(std::slice::from_ref(&KEYS.0), bytes).is_err());
}

/// What stands inside a seal that holds: sealed by a stranger to our key.
fn age_payload(bytes: &[u8]) {
    let Ok(sealed) = seal_bytes(bytes, &[KEYS.0.recipient()]) else {
        return;
    };
    let opened = KEYS
        .0
        .open(&sealed.into_bytes())
        .expect("sealed to this key");
    assert!(opened.starts_with(bytes));
    tip(&opened);
    reply(&opened);
}

fn envelope(bytes: &[u8]) {
    for recipients in [1, 3] {
        let _ = SealedTip::receive(bytes.to_vec(), recipients);
        let _ = SealedReply::receive(bytes.to_vec(), recipients);
    }
}

fn recipient(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(recipient) = text.parse::<Recipient>() {
        // Whatever is a recipient can be sealed to: no point of low order ever is one.
        assert!(seal_bytes(b"{}", &[recipient]).is_ok());
    }
}

fn manifest(bytes: &[u8]) {
    let (text, today) = (text(bytes), Day::new(2026, 3, 1).expect("a day"));
    let _ = OfficeManifest::verify(&text, &KEYS.1.public(), today);
    let _ = text.parse::<ManifestPublicKey>();
    if let Ok(body) = toml::from_str::<ManifestBody>(&text)
        && let Ok(file) = sign_manifest(&body, &KEYS.1)
    {
        let read = OfficeManifest::verify(&file, &KEYS.1.public(), today);
        assert!(
            read.is_ok() || today > body.not_after,
            "signed, yet refused"
        );
    }
}

fn tip(bytes: &[u8]) {
    let _ = TipDocument::from_json(bytes);
    if let Ok(raw) = serde_json::from_slice::<RawTip>(bytes) {
        let _ = Tip::parse(&raw);
    }
}

fn reply(bytes: &[u8]) {
    let _ = ReplyDocument::from_json(bytes).map(|reply| reply.said.clone().checked());
    let _ = MailboxMessage::from_json(bytes);
}

fn typed_code(bytes: &[u8]) {
    let text = text(bytes);
    if let Ok(code) = PickupCode::parse(&text) {
        assert_eq!(PickupCode::parse(code.digits()), Ok(code));
    }
}

fn typed_text(bytes: &[u8]) {
    let text = text(bytes);
    assert_eq!(break_lines(&break_lines(&text)), break_lines(&text));
    assert!(!tidy_line(&text).contains('\n'));
    let _ = clean_name(&text);
    let _ = ContentHash::from_hex(&text);
    let _ = LookupDigest::from_hex(&text);
    let _ = Lookup::from_hex(&text);
    let _ = SubmissionTag::from_hex(&text);
}

fn share(bytes: &[u8]) {
    let _ = Share::parse(&text(bytes));
}

/// The kind that the bytes say, cleaned in pieces as they might come over a line: the same whatever the pieces.
fn file(bytes: &[u8]) {
    let mut input = Unstructured::new(bytes);
    let piece = input.int_in_range(1..=4096_usize).unwrap_or(1);
    let Some(kind) = FileKind::sniff(&bytes[..bytes.len().min(mifeng_sealing::tip::HEAD_BYTES)])
    else {
        return;
    };
    let strip = |piece: usize| {
        let (mut stripper, mut out) = (Stripper::new(kind), Vec::new());
        for part in bytes.chunks(piece) {
            stripper.feed(part, &mut out);
        }
        let report = stripper.finish(&mut out);
        (out, report.outcome)
    };
    let (whole, outcome) = strip(bytes.len().max(1));
    assert_eq!(
        (&whole, &outcome),
        (&strip(piece).0, &strip(piece).1),
        "{kind:?} in pieces of {piece}"
    );
}

fn relay_wire(bytes: &[u8]) {
    let _ = serde_json::from_slice::<relay::Hello>(bytes);
    let _ = serde_json::from_slice::<relay::ListQuery>(bytes);
    let _ = serde_json::from_slice::<relay::EnvelopeList>(bytes);
    let _ = serde_json::from_slice::<relay::FetchRequest>(bytes);
    let _ = serde_json::from_slice::<relay::FetchResponse>(bytes);
    let _ = serde_json::from_slice::<relay::EnvelopeRefs>(bytes);
    let _ = serde_json::from_slice::<relay::Done>(bytes);
    let _ = serde_json::from_slice::<relay::PostMessages>(bytes);
    let _ = serde_json::from_slice::<relay::OpenMailboxes>(bytes);
    let _ = serde_json::from_slice::<relay::Opened>(bytes);
    let _ = serde_json::from_slice::<relay::Posted>(bytes);
    let _ = serde_json::from_slice::<relay::PassUp>(bytes);
    let _ = serde_json::from_slice::<relay::Passed>(bytes);
}

//! The manifest as a file: a line with its kind, the TOML body, and a line with the signature.
//!
//! ```text
//! mifeng-manifest-1
//! slug = "qingxi"
//! …
//! mifeng-signature-1 <base64 of the Ed25519 signature over everything before this line>
//! ```

use super::manifest::ManifestBody;
use super::manifest_key::{ManifestPublicKey, ManifestSigningKey};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use ed25519_dalek::Signature;
use mifeng_foundation::clock::Day;

const FIRST_LINE: &str = "mifeng-manifest-1\n";
const SIGNATURE_PREFIX: &str = "mifeng-signature-1 ";
const SLUG_MAX_BYTES: usize = 40;

/// Most recipients of one office: 16 stanzas of 98 bytes and age's grease of at most 190 stay within the
/// header that is looked at (`HEADER_MAX_BYTES`), 19 may not.
const RECIPIENTS_MAX: usize = 16;

/// Most keys that one manifest revokes.
const REVOKED_MAX: usize = 256;

/// Highest serial number: what TOML and both stores hold.
const SERIAL_MAX: u64 = i64::MAX as u64;

/// Most posts of leaders, and the longest in characters: they stand in one line of the form.
const POSTS_MAX: usize = 12;
const POST_MAX_CHARS: usize = 30;

/// Why a manifest is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ManifestError {
    /// No signature line, or not a manifest file at all.
    #[error("the manifest is not signed")]
    Unsigned,
    /// The signature is not by the trusted key over this text: forged, foreign or altered.
    #[error("the manifest's signature is not by the trusted key, or the text was altered")]
    BadSignature,
    /// Its term has run out.
    #[error("the manifest ran out on {not_after}")]
    Expired {
        /// The last day it was good for.
        not_after: Day,
    },
    /// A newer one was served before.
    #[error("the manifest has the serial number {serial}, and one with {served} was served before")]
    Older {
        /// Its number.
        serial: u64,
        /// The highest that was served.
        served: u64,
    },
    /// Another one with the same number was served before.
    #[error(
        "another manifest with the serial number {serial} was served before: sign it with a higher one"
    )]
    SameSerial {
        /// Its number.
        serial: u64,
    },
    /// It has the slug of another manifest of the settings.
    #[error("another manifest has the slug {0} as well")]
    OthersSlug(String),
    /// The office above has taken back a key of it.
    #[error("the office {by} above has revoked {key}, which the manifest is signed by or names")]
    Revoked {
        /// Slug of the office above.
        by: String,
        /// The key: a fingerprint or a recipient.
        key: String,
    },
    /// Signed, but not what a manifest must be.
    #[error("the manifest is not well formed: {0}")]
    Malformed(String),
    /// An editor put a byte order mark in front.
    #[error(
        "the manifest begins with a byte order mark (BOM), which an editor put there: take the file as it was signed"
    )]
    ByteOrderMark,
    /// An editor or a mail changed the line ends.
    #[error("the manifest's lines end in CR LF: take the file as it was signed, with LF alone")]
    LineEnds,
    /// Blanks were put at the end of a line or of the file.
    #[error(
        "there are blanks at the end of a line of the manifest: take the file as it was signed"
    )]
    TrailingBlank,
    /// Text that is no manifest key.
    #[error("not a manifest key")]
    BadKey,
    /// The key that signs, where the one to trust is wanted.
    #[error(
        "this is the key that signs manifests, which is secret: the key to trust begins with mifeng-manifest-key-1"
    )]
    SigningKey,
}

/// Writes the signed file for `body`.
///
/// # Errors
/// [`ManifestError::Malformed`] if intake would refuse the body.
pub fn sign_manifest(
    body: &ManifestBody,
    key: &ManifestSigningKey,
) -> Result<String, ManifestError> {
    check(body)?;
    let toml =
        toml::to_string(body).map_err(|error| ManifestError::Malformed(error.to_string()))?;
    let signed = format!("{FIRST_LINE}{toml}");
    let signature = BASE64_STANDARD.encode(key.sign(signed.as_bytes()).to_bytes());
    Ok(format!("{signed}{SIGNATURE_PREFIX}{signature}\n"))
}

/// The body of `file`, once its signature by `trusted` holds.
pub(super) fn verified_body(
    file: &str,
    trusted: &ManifestPublicKey,
) -> Result<ManifestBody, ManifestError> {
    if file.starts_with('\u{feff}') {
        return Err(ManifestError::ByteOrderMark);
    }
    let at = file
        .rfind(SIGNATURE_PREFIX)
        .ok_or(ManifestError::Unsigned)?;
    let (signed, signature_line) = file.split_at(at);
    let toml = signed
        .strip_prefix(FIRST_LINE)
        .ok_or_else(|| changed_by_an_editor(file).unwrap_or(ManifestError::Unsigned))?;
    let refused = || changed_by_an_editor(file).unwrap_or(ManifestError::BadSignature);
    let signature = BASE64_STANDARD
        .decode(signature_line[SIGNATURE_PREFIX.len()..].trim_end_matches('\n'))
        .ok()
        .and_then(|bytes| Signature::from_slice(&bytes).ok())
        .ok_or_else(refused)?;
    if !trusted.holds(signed.as_bytes(), &signature) {
        return Err(refused());
    }
    let body = toml::from_str(toml)
        .map_err(|error| ManifestError::Malformed(error.message().to_owned()))?;
    check(&body)?;
    Ok(body)
}

/// What of a manifest's file is signed.
pub(super) fn signed_part(file: &str) -> &str {
    file.rfind(SIGNATURE_PREFIX).map_or(file, |at| &file[..at])
}

/// The slugs that a file names as its office's own and as that of the office above, whether or not it is signed: for telling
/// which office a file that is refused was for, and for nothing else.
#[must_use]
pub fn named_in(file: &str) -> (Option<String>, Option<String>) {
    let text = signed_part(file.trim_start_matches('\u{feff}'));
    let toml = text.split_once('\n').map_or(text, |(_, rest)| rest);
    let Ok(table) = toml.parse::<toml::Table>() else {
        return (None, None);
    };
    let slug = |value: Option<&toml::Value>| {
        let slug = value?.as_str()?;
        is_slug(slug).then(|| slug.to_owned())
    };
    let parent = table.get("parent").and_then(|parent| parent.get("slug"));
    (slug(table.get("slug")), slug(parent))
}

/// What an editor or a mail did to a file whose signature does not hold, where that can be told.
fn changed_by_an_editor(file: &str) -> Option<ManifestError> {
    if file.contains('\r') {
        return Some(ManifestError::LineEnds);
    }
    let mut lines = file.split('\n');
    lines
        .any(|line| line.ends_with([' ', '\t', '\u{a0}', '\u{3000}']))
        .then_some(ManifestError::TrailingBlank)
}

fn check(body: &ManifestBody) -> Result<(), ManifestError> {
    let malformed = |what: &str| Err(ManifestError::Malformed(what.to_owned()));
    if !is_slug(&body.slug) {
        return malformed("the slug has characters other than a-z, 0-9 and dashes, or is too long");
    }
    if body.recipients.is_empty() {
        return malformed("it names no recipient");
    }
    if body.revoked.len() > REVOKED_MAX {
        return malformed("it revokes too many keys");
    }
    if body.serial > SERIAL_MAX {
        return malformed("the serial number is too high");
    }
    let parents = body.parent.as_ref().map_or(0, |p| p.recipients.len());
    if body.recipients.len().max(parents) > RECIPIENTS_MAX {
        return malformed("it names too many recipients");
    }
    let fits = |post: &String| !post.trim().is_empty() && post.chars().count() <= POST_MAX_CHARS;
    if body.leader_posts.len() > POSTS_MAX || !body.leader_posts.iter().all(fits) {
        return malformed("it names too many posts of leaders, or one that is empty or too long");
    }
    if jiff::tz::TimeZone::get(&body.time_zone).is_err() {
        return malformed("the time zone is unknown");
    }
    if let Some(parent) = &body.parent {
        if !is_slug(&parent.slug) || parent.slug == body.slug {
            return malformed("the parent office's slug is wrong");
        }
        if parent.recipients.is_empty() {
            return malformed("the parent office has no recipient");
        }
        // Whoever can open both could read tips about himself.
        if parent
            .recipients
            .iter()
            .any(|r| body.recipients.contains(r))
        {
            return malformed("a recipient is both the office's and its parent's");
        }
    }
    Ok(())
}

fn is_slug(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= SLUG_MAX_BYTES
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

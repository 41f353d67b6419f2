//! The office manifest (公开密钥清单): who may be sealed to for an office, until when, and who said so.

use super::Recipient;
use super::manifest_file::{ManifestError, signed_part, verified_body};
use super::manifest_key::ManifestPublicKey;
use super::revoked::RevokedKey;
use mifeng_foundation::clock::Day;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Other ways to reach the office, shown on its pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Reporting telephone.
    pub phone: String,
    /// When it is answered, in Chinese.
    pub hours_zh: String,
    /// When it is answered, in English.
    pub hours_en: String,
    /// Where the letter box stands, in Chinese.
    pub letter_box_zh: String,
    /// Where the letter box stands, in English.
    pub letter_box_en: String,
    /// What to call when a child is in danger, `110` for instance.
    pub emergency_phone: String,
    /// The neutral page that the quick exit leads to.
    pub quick_exit_url: String,
    /// Who else helps where a child is harmed, besides `emergency_phone`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub help_lines: Vec<HelpLine>,
    /// The office's own words in further languages, by tag; what is missing is shown in Chinese or English.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub in_language: BTreeMap<String, OwnWords>,
}

/// A telephone that helps children, `12355` for instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpLine {
    /// Its number.
    pub phone: String,
    /// Whose it is, by language tag.
    pub name: BTreeMap<String, String>,
}

/// What an office says of itself in one further language. Empty where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OwnWords {
    /// Its name.
    pub name: String,
    /// The name of the level above.
    pub parent_name: String,
    /// When the telephone is answered.
    pub hours: String,
    /// Where the letter box stands.
    pub letter_box: String,
}

/// The level above, to which tips about the office's own leaders and staff are sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ParentOffice {
    /// Its slug.
    pub slug: String,
    /// Its name in Chinese.
    pub name_zh: String,
    /// Its name in English.
    pub name_en: String,
    /// Its recipients.
    pub recipients: Vec<Recipient>,
}

/// The one client that may pull an office's envelopes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayClient {
    /// The client certificate, PEM.
    pub certificate_pem: String,
}

/// What a manifest says, before anyone has signed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestBody {
    /// Short name in addresses: lower-case letters, digits and dashes, at most 40.
    pub slug: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// IANA name of the zone in which the office's days begin and end.
    pub time_zone: String,
    /// Last day on which anything may be sealed under this manifest.
    pub not_after: Day,
    /// Higher with each manifest of the office: whoever has served one serves none with a lower number again. 0 in manifests
    /// from before there were numbers.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub serial: u64,
    /// Keys of offices below that are not to be trusted any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<RevokedKey>,
    /// Whom tips are sealed to: the office's own recipients.
    pub recipients: Vec<Recipient>,
    /// Posts of those who lead the office, as people call them: 局长. Whoever writes about one of them is told that the office
    /// above can read it alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub leader_posts: Vec<String>,
    /// The next level up.
    pub parent: Option<ParentOffice>,
    /// Who may pull.
    pub relay_client: RelayClient,
    /// Other ways in.
    #[serde(default)]
    pub contact: Contact,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it so")]
fn is_none_yet(serial: &u64) -> bool {
    *serial == 0
}

/// A manifest whose signature was checked and whose term has not run out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeManifest {
    body: ManifestBody,
    fingerprint: String,
    file: String,
    trusted: ManifestPublicKey,
}

impl OfficeManifest {
    /// Reads a manifest file, signed by `trusted`, as of `today`.
    ///
    /// # Errors
    /// [`ManifestError`]: unsigned, signed by someone else, altered, expired or not well formed.
    pub fn verify(
        file: &str,
        trusted: &ManifestPublicKey,
        today: Day,
    ) -> Result<Self, ManifestError> {
        let body = verified_body(file, trusted)?;
        if today > body.not_after {
            return Err(ManifestError::Expired {
                not_after: body.not_after,
            });
        }
        let fingerprint = trusted.fingerprint();
        Ok(Self {
            body,
            fingerprint,
            file: file.to_owned(),
            trusted: trusted.clone(),
        })
    }

    /// What it says.
    #[must_use]
    pub fn body(&self) -> &ManifestBody {
        &self.body
    }

    /// The office's slug.
    #[must_use]
    pub fn slug(&self) -> &str {
        &self.body.slug
    }

    /// The zone in which the office's days begin and end.
    #[must_use]
    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.body.time_zone)
            .expect("a manifest with an unknown zone is refused when it is read")
    }

    /// Who reads a tip of this category, and the slug under which they pull it: the parent office for tips about
    /// the office itself, where there is one, and for whoever chose it (`only_above`). `None` if it was chosen and there is none:
    /// what nobody in this office may open is not sealed to it.
    #[must_use]
    pub fn readers_of(
        &self,
        category: crate::tip::Category,
        only_above: bool,
    ) -> Option<(&str, &[Recipient])> {
        match &self.body.parent {
            Some(parent) if only_above || category.is_about_the_office() => {
                Some((&parent.slug, &parent.recipients))
            }
            None if only_above => None,
            _ => Some((&self.body.slug, &self.body.recipients)),
        }
    }

    /// The recipients who pull under `slug`: the office's own or its parent's.
    #[must_use]
    pub fn readers_called(&self, slug: &str) -> Option<&[Recipient]> {
        if slug == self.body.slug {
            return Some(&self.body.recipients);
        }
        self.body
            .parent
            .as_ref()
            .filter(|parent| parent.slug == slug)
            .map(|parent| parent.recipients.as_slice())
    }

    /// The signed file, for whoever checks it himself: a browser that seals.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// SHA-256 of what is signed.
    #[must_use]
    pub fn content_sha256(&self) -> [u8; 32] {
        Sha256::digest(signed_part(&self.file)).into()
    }

    /// The key that signed it.
    #[must_use]
    pub fn trusted(&self) -> &ManifestPublicKey {
        &self.trusted
    }

    /// The fingerprint of the key that signed it: on the poster and on the pages, for a careful reader to compare. It
    /// stays when a manifest is renewed, and so a printed poster stays right.
    #[must_use]
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

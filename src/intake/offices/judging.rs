//! Whether a manifest of the settings can be served: looked at by itself, beside the others, and after what was served before.

use super::relay_clients::{client_certificate, not_a_certificate};
use super::{Before, Refused};
use crate::config::{IntakeError, OfficeConfig};
use crate::store::ServedManifest;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::{ManifestError, OfficeManifest, RevokedKey};
use rustls::RootCertStore;
use std::sync::Arc;

/// One whose manifest was verified, with its settings.
pub(super) struct Candidate<'a> {
    pub(super) settings: &'a OfficeConfig,
    pub(super) manifest: Arc<OfficeManifest>,
}

impl Candidate<'_> {
    pub(super) fn slug(&self) -> &str {
        self.manifest.slug()
    }
}

/// Looks for something wrong with an office, beside all of them, after what was served before.
type Look = fn(&Candidate<'_>, &[Candidate<'_>], &Before) -> Result<(), ManifestError>;

/// Refuses those that `look`, which is shown all of them, finds something wrong with.
pub(super) fn keep(
    candidates: &mut Vec<Candidate<'_>>,
    refused: &mut Vec<Refused>,
    before: &Before,
    look: Look,
) {
    let found: Vec<_> = candidates
        .iter()
        .map(|office| look(office, candidates, before).err())
        .collect();
    let mut found = found.into_iter();
    candidates.retain(|office| match found.next().flatten() {
        Some(cause) => {
            refused.push(Refused::because(office.settings, cause, before));
            false
        }
        None => true,
    });
}

pub(super) fn read(
    settings: &OfficeConfig,
    is_tls: bool,
    clock: &dyn Clock,
) -> Result<OfficeManifest, IntakeError> {
    let manifest = settings.manifest(clock)?;
    settings.relay_token()?;
    for missing in manifest.body().missing_words() {
        log(Event::WordsMissing {
            office: manifest.slug(),
            language: missing.language.tag(),
            keys: &missing.keys,
        });
    }
    if is_tls {
        let added = client_certificate(&manifest).and_then(|certificate| {
            let added = RootCertStore::empty().add(certificate);
            added.map_err(|_| not_a_certificate())
        });
        added.map_err(|cause| IntakeError::Manifest {
            file: settings.manifest_file.clone(),
            cause,
        })?;
    }
    Ok(manifest)
}

/// Refuses a slug that two manifests have, but for the one that is signed as the last that was served under it: an office
/// cannot take another one's address.
pub(super) fn is_its_own(
    office: &Candidate<'_>,
    others: &[Candidate<'_>],
    before: &Before,
) -> Result<(), ManifestError> {
    let same = others.iter().filter(|other| other.slug() == office.slug());
    let last = before.get(office.slug()).map(|it| it.fingerprint.as_str());
    let is_known = |office: &&Candidate<'_>| last == Some(office.manifest.fingerprint());
    let known = same.clone().filter(is_known).count();
    if same.count() == 1 || (known == 1 && is_known(&office)) {
        Ok(())
    } else {
        Err(ManifestError::OthersSlug(office.slug().to_owned()))
    }
}

/// Refuses a manifest that is older than one that was served from this store before, or has the number of one that was not the
/// same.
pub(super) fn is_not_older(
    office: &Candidate<'_>,
    _: &[Candidate<'_>],
    before: &Before,
) -> Result<(), ManifestError> {
    let now = ServedManifest::of(&office.manifest);
    let before = before.get(office.slug());
    before
        .and_then(|before| older(&now, before))
        .map_or(Ok(()), Err)
}

pub(super) fn older(now: &ServedManifest, served: &ServedManifest) -> Option<ManifestError> {
    if now.serial < served.serial {
        return Some(ManifestError::Older {
            serial: now.serial,
            served: served.serial,
        });
    }
    let is_other = served
        .content_sha256
        .is_some_and(|it| now.content_sha256 != Some(it));
    (now.serial == served.serial && is_other)
        .then_some(ManifestError::SameSerial { serial: now.serial })
}

/// Refuses a manifest with a key that an office above took back: in its own manifest, or, where that one is not served now, in
/// the last that was. An office that had one above it when it was served last takes back nobody else's because its newest
/// manifest names none: a stolen key could sign that.
pub(super) fn is_not_revoked(
    office: &Candidate<'_>,
    others: &[Candidate<'_>],
    before: &Before,
) -> Result<(), ManifestError> {
    let revoked = |by: &str, key: &RevokedKey| ManifestError::Revoked {
        by: by.to_owned(),
        key: key.to_string(),
    };
    for other in others {
        let had_one_above = before.get(other.slug()).is_some_and(|it| !it.is_top);
        if had_one_above && !names_above(office, other.slug()) {
            continue;
        }
        if let Some(key) = other.manifest.revokes(&office.manifest) {
            return Err(revoked(other.slug(), key));
        }
    }
    for (slug, last) in before {
        let is_served = others.iter().any(|other| other.slug() == slug);
        let may = last.is_top || names_above(office, slug);
        if is_served || !may || slug == office.slug() {
            continue;
        }
        let mut keys = last.revoked.iter();
        if let Some(key) = keys.find(|key| office.manifest.has(key)) {
            return Err(revoked(slug, key));
        }
    }
    Ok(())
}

fn names_above(office: &Candidate<'_>, slug: &str) -> bool {
    let above = office.manifest.body().parent.as_ref();
    above.is_some_and(|above| above.slug == slug)
}

//! Which offices are served. One whose manifest cannot be served (unsigned, foreign, run out, older than one that was served
//! before, or with a key that the office above took back) is not, and the others are: its pages say so. Only where none is left
//! does the service not start.

use super::config::{IntakeConfig, IntakeError, OfficeConfig};
use super::relay::RelayClients;
use super::store::{IntakeStore, ServedManifest};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::{ManifestError, ManifestPublicKey, OfficeManifest, RevokedKey, named_in};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Verified manifests by slug.
pub type Served = BTreeMap<String, Arc<OfficeManifest>>;

/// An office of the settings that is not served.
#[derive(Debug)]
pub struct Refused {
    /// Its slug, as far as it can be read: it may be what its manifest says without a signature that holds. It decides nothing
    /// but under which address is said that nothing is taken.
    pub slug: Option<String>,
    /// Slug of the office above, if that one is served.
    pub above: Option<String>,
    /// The manifest's file.
    pub file: PathBuf,
    /// Why.
    pub cause: IntakeError,
}

impl Refused {
    fn new(office: &OfficeConfig, cause: IntakeError, before: &Before) -> Self {
        let text = std::fs::read_to_string(&office.manifest_file);
        let (slug, above) = text.map_or((None, None), |text| named_in(&text));
        Self {
            // By its key, if something signed by that was served before.
            slug: slug_of_key(office, before).or(slug),
            above,
            file: office.manifest_file.clone(),
            cause,
        }
    }

    fn because(office: &OfficeConfig, cause: ManifestError, before: &Before) -> Self {
        let file = office.manifest_file.clone();
        Self::new(office, IntakeError::Manifest { file, cause }, before)
    }

    /// Its slug, or its file where it has none that can be read.
    #[must_use]
    pub fn name(&self) -> String {
        let slug = self.slug.clone();
        slug.unwrap_or_else(|| self.file.display().to_string())
    }
}

/// The offices of the settings.
#[derive(Default)]
pub struct Offices {
    /// Those that are served.
    pub served: Served,
    /// Those that are not.
    pub refused: Vec<Refused>,
}

/// One whose manifest was verified, with its settings.
struct Candidate<'a> {
    settings: &'a OfficeConfig,
    manifest: Arc<OfficeManifest>,
}

impl Candidate<'_> {
    fn slug(&self) -> &str {
        self.manifest.slug()
    }
}

/// What was served before, by slug.
type Before = BTreeMap<String, ServedManifest>;

impl Offices {
    /// Reads the manifests and looks at each as at all together. `before` is what was served from the store before.
    ///
    /// # Errors
    /// The first office's, where none is left to serve.
    pub fn judge(
        config: &IntakeConfig,
        before: &Before,
        clock: &dyn Clock,
    ) -> Result<Self, IntakeError> {
        let mut refused = Vec::new();
        let mut candidates = Vec::new();
        let is_tls = config.relay.certificate_file.is_some();
        for settings in &config.office {
            match read(settings, is_tls, clock) {
                Ok(manifest) => candidates.push(Candidate {
                    settings,
                    manifest: Arc::new(manifest),
                }),
                Err(cause) => refused.push(Refused::new(settings, cause, before)),
            }
        }
        for look in [is_its_own, is_not_older, is_not_revoked] {
            keep(&mut candidates, &mut refused, before, look);
        }
        let served = candidates.into_iter();
        let served = served.map(|office| (office.slug().to_owned(), office.manifest));
        Self {
            served: served.collect(),
            refused,
        }
        .or_none_left()
    }

    /// The same, and notes in the store what is served from now on.
    ///
    /// # Errors
    /// As [`Self::judge`]; what the store says.
    pub async fn load(
        config: &IntakeConfig,
        store: &dyn IntakeStore,
        clock: &dyn Clock,
    ) -> Result<Self, IntakeError> {
        let before = store.served_manifests().await?;
        let mut offices = Self::judge(config, &before, clock)?;
        let mut late = Vec::new();
        for (slug, manifest) in &offices.served {
            // Another machine over the same store may have been quicker with a newer one.
            let now = ServedManifest::of(manifest);
            let noted = store.note_served(slug, &now).await?;
            if let Some(cause) = older(&now, &noted) {
                late.push((slug.clone(), cause));
            }
        }
        for (slug, cause) in late {
            if let Some(manifest) = offices.served.remove(&slug) {
                let settings = settings_of(config, &manifest);
                offices
                    .refused
                    .extend(settings.map(|settings| Refused::because(settings, cause, &before)));
            }
        }
        let offices = offices.or_none_left()?;
        for office in &offices.refused {
            log(Event::OfficeRefused {
                office: &office.name(),
                cause: &office.cause,
            });
        }
        Ok(offices)
    }

    fn or_none_left(mut self) -> Result<Self, IntakeError> {
        if self.served.is_empty() {
            let none = || IntakeError::Config("no office to serve".to_owned());
            let first = self.refused.into_iter().next();
            return Err(first.map_or_else(none, |office| office.cause));
        }
        for office in &mut self.refused {
            let above = match &office.cause {
                IntakeError::Manifest {
                    cause: ManifestError::Revoked { by, .. },
                    ..
                } => Some(by.clone()),
                _ => office.above.take(),
            };
            // Whatever says so, only somebody whose own manifest holds is named to those who look for help.
            office.above = above.filter(|slug| self.served.contains_key(slug));
            let slug = office.slug.take();
            office.slug = slug.filter(|slug| !self.served.contains_key(slug));
        }
        Ok(self)
    }

    /// The refused office called `slug`.
    #[must_use]
    pub fn refused(&self, slug: &str) -> Option<&Refused> {
        let mut refused = self.refused.iter();
        refused.find(|office| office.slug.as_deref() == Some(slug))
    }

    /// Who may ask on the relay, for which of the offices that are served.
    ///
    /// # Errors
    /// [`IntakeError::File`].
    pub fn relay_clients(&self, config: &IntakeConfig) -> Result<RelayClients, IntakeError> {
        let mut clients = RelayClients {
            tls: config.relay.certificate_file.is_some(),
            ..RelayClients::default()
        };
        for (slug, manifest) in &self.served {
            if let Ok(certificate) = client_certificate(manifest) {
                let hash = Sha256::digest(&certificate).into();
                clients.by_certificate.insert(hash, slug.clone());
            }
            let settings = settings_of(config, manifest);
            let token = settings.map(OfficeConfig::relay_token).transpose()?;
            if let Some(token) = token.flatten() {
                clients
                    .by_token
                    .insert(Sha256::digest(token).into(), slug.clone());
            }
        }
        Ok(clients)
    }

    /// The certificates of the offices' triages: nobody else gets past the handshake.
    ///
    /// # Errors
    /// [`IntakeError::Manifest`]; none of an office that is served.
    pub fn client_roots(&self) -> Result<RootCertStore, IntakeError> {
        let mut roots = RootCertStore::empty();
        for manifest in self.served.values() {
            let added = client_certificate(manifest)
                .and_then(|certificate| roots.add(certificate).map_err(|_| not_a_certificate()));
            added.map_err(|cause| IntakeError::Manifest {
                file: PathBuf::new(),
                cause,
            })?;
        }
        Ok(roots)
    }
}

/// Looks for something wrong with an office, beside all of them, after what was served before.
type Look = fn(&Candidate<'_>, &[Candidate<'_>], &Before) -> Result<(), ManifestError>;

/// The slug of what was last served that the key of the settings signed.
fn slug_of_key(office: &OfficeConfig, before: &Before) -> Option<String> {
    let key: ManifestPublicKey = office.manifest_public_key.parse().ok()?;
    let fingerprint = key.fingerprint();
    let mut signed = before
        .iter()
        .filter(|(_, it)| it.fingerprint == fingerprint);
    let (slug, _) = signed.next()?;
    signed.next().is_none().then(|| slug.clone())
}

/// Refuses those that `look`, which is shown all of them, finds something wrong with.
fn keep(
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

fn read(
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
fn is_its_own(
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
fn is_not_older(
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

fn older(now: &ServedManifest, served: &ServedManifest) -> Option<ManifestError> {
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
fn is_not_revoked(
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

/// The settings that a manifest was read by.
fn settings_of<'a>(
    config: &'a IntakeConfig,
    manifest: &OfficeManifest,
) -> Option<&'a OfficeConfig> {
    config.office.iter().find(|office| {
        let text = std::fs::read_to_string(&office.manifest_file);
        text.is_ok_and(|text| text == manifest.file())
    })
}

fn not_a_certificate() -> ManifestError {
    ManifestError::Malformed("the relay's certificate is none".to_owned())
}

fn client_certificate(manifest: &OfficeManifest) -> Result<CertificateDer<'static>, ManifestError> {
    let pem = manifest.body().relay_client.certificate_pem.as_bytes();
    CertificateDer::from_pem_slice(pem).map_err(|_| not_a_certificate())
}

/// What a start with the settings in `file` would say of each office, without a look at what was served before.
///
/// # Errors
/// [`IntakeError`] for settings that cannot be read; the first office's where none could be served.
pub fn check(file: &Path, clock: &dyn Clock) -> Result<Offices, IntakeError> {
    Offices::judge(&IntakeConfig::read(file)?, &Before::new(), clock)
}

impl ServedManifest {
    /// What is noted of a manifest.
    fn of(manifest: &OfficeManifest) -> Self {
        Self {
            serial: manifest.body().serial,
            content_sha256: Some(manifest.content_sha256()),
            fingerprint: manifest.fingerprint().to_owned(),
            revoked: manifest.body().revoked.clone(),
            is_top: manifest.body().parent.is_none(),
        }
    }

    /// The keys in one text, for a column.
    pub(super) fn revoked_text(&self) -> String {
        let keys: Vec<String> = self.revoked.iter().map(ToString::to_string).collect();
        keys.join(" ")
    }

    /// From a row's columns.
    pub(super) fn from_columns(
        serial: i64,
        content: Option<&[u8]>,
        fingerprint: String,
        revoked: &str,
        is_top: i64,
    ) -> Result<Self, StoreError> {
        let damaged = |_| StoreError::Damaged("a revoked key");
        let revoked = revoked.split_whitespace().map(str::parse);
        Ok(Self {
            serial: serial.unsigned_abs(),
            content_sha256: content
                .map(mifeng_foundation::storage::hash_from)
                .transpose()?,
            fingerprint,
            revoked: revoked.collect::<Result<_, _>>().map_err(damaged)?,
            is_top: is_top != 0,
        })
    }
}

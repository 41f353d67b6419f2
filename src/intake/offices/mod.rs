//! Which offices are served. One whose manifest cannot be served (unsigned, foreign, run out, older than one that was served
//! before, or with a key that the office above took back) is not, and the others are: its pages say so. Only where none is left
//! does the service not start.

mod judging;
mod relay_clients;
mod served_manifest;

use crate::config::{IntakeConfig, IntakeError, OfficeConfig};
use crate::store::{IntakeStore, ServedManifest};
use judging::{Candidate, is_its_own, is_not_older, is_not_revoked, keep, older, read};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::{ManifestError, ManifestPublicKey, OfficeManifest, named_in};
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
}

/// What a start with the settings in `file` would say of each office, without a look at what was served before.
///
/// # Errors
/// [`IntakeError`] for settings that cannot be read; the first office's where none could be served.
pub fn check(file: &Path, clock: &dyn Clock) -> Result<Offices, IntakeError> {
    Offices::judge(&IntakeConfig::read(file)?, &Before::new(), clock)
}

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

//! The settings `[[office]]`: an office's manifest, the key that must have signed it, and its relay token.

use super::{IntakeError, read_text};
use mifeng_sealing::{ManifestPublicKey, OfficeManifest};
use serde::Deserialize;
use std::path::PathBuf;

/// One office.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeConfig {
    /// The signed manifest.
    pub manifest_file: PathBuf,
    /// The key that must have signed it, `mifeng-manifest-key-1:…`.
    pub manifest_public_key: String,
    /// File with the token that triage gives on a plain relay listener. Not needed with TLS.
    #[serde(default)]
    pub relay_token_file: Option<PathBuf>,
}

impl OfficeConfig {
    /// The office's manifest, verified as of the office's own today.
    ///
    /// # Errors
    /// [`IntakeError::File`], [`IntakeError::Manifest`].
    pub fn manifest(
        &self,
        clock: &dyn mifeng_foundation::clock::Clock,
    ) -> Result<OfficeManifest, IntakeError> {
        let refuse = |cause| IntakeError::Manifest {
            file: self.manifest_file.clone(),
            cause,
        };
        let trusted: ManifestPublicKey = self.manifest_public_key.parse().map_err(refuse)?;
        let text = read_text(&self.manifest_file)?;
        // The zone is inside: the earliest today on earth first, then the office's own.
        let utc = clock.today(&jiff::tz::TimeZone::UTC).plus_days(-1);
        let manifest = OfficeManifest::verify(&text, &trusted, utc).map_err(refuse)?;
        let today = clock.today(&manifest.zone());
        OfficeManifest::verify(&text, &trusted, today).map_err(refuse)
    }

    /// The relay token, if one is set.
    ///
    /// # Errors
    /// [`IntakeError::File`].
    pub fn relay_token(&self) -> Result<Option<String>, IntakeError> {
        let text = self
            .relay_token_file
            .as_deref()
            .map(read_text)
            .transpose()?;
        Ok(text.map(|token| token.trim().to_owned()))
    }
}

//! Who gets in on the relay: the triages of the offices that are served, by certificate or by token.

use super::{Offices, settings_of};
use crate::config::{IntakeConfig, IntakeError, OfficeConfig};
use crate::relay::RelayClients;
use mifeng_sealing::{ManifestError, OfficeManifest};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;

impl Offices {
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

pub(super) fn not_a_certificate() -> ManifestError {
    ManifestError::Malformed("the relay's certificate is none".to_owned())
}

pub(super) fn client_certificate(
    manifest: &OfficeManifest,
) -> Result<CertificateDer<'static>, ManifestError> {
    let pem = manifest.body().relay_client.certificate_pem.as_bytes();
    CertificateDer::from_pem_slice(pem).map_err(|_| not_a_certificate())
}

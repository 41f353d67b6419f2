//! The office's key read at the start, from a file or a credential, if it is there.

use crate::audit::{Act, AuditLog, Kind};
use crate::config::TriageConfig;
use crate::error::TriageError;
use mifeng_opening::{Identity, OfficeIdentityFile};
use mifeng_sealing::OfficeManifest;
use std::path::Path;
use zeroize::Zeroizing;

pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, TriageError> {
    let bytes =
        std::fs::read(path).map_err(|e| TriageError::File(path.display().to_string(), e))?;
    Ok(Zeroizing::new(bytes))
}

/// The office identity, unlocked as the settings say, on record.
///
/// # Errors
/// [`TriageError`].
pub(super) async fn unlocked(
    config: &TriageConfig,
    manifest: &OfficeManifest,
    audit_log: &AuditLog,
) -> Result<Identity, TriageError> {
    let identity = unlock(config, manifest).await;
    let kind = match identity {
        Ok(_) => Kind::Unlocked,
        Err(_) => Kind::UnlockFailed,
    };
    audit_log.record(None, Act::new(kind)).await?;
    identity
}

/// The office identity, unlocked; refused if the manifest does not name it, since nothing sealed would open.
async fn unlock(config: &TriageConfig, manifest: &OfficeManifest) -> Result<Identity, TriageError> {
    let file = OfficeIdentityFile::from_bytes(read(&config.office_identity_file)?.to_vec());
    let text = match config.passphrase_path()? {
        Some(path) => {
            let bytes = read(&path)?;
            let text = std::str::from_utf8(&bytes);
            Zeroizing::new(
                text.map_err(|_| TriageError::Setting("passphrase_file"))?
                    .to_owned(),
            )
        }
        None => {
            tokio::task::spawn_blocking(|| mifeng_foundation::terminal::ask("Office passphrase: "))
                .await
                .expect("asking does not panic")
                .map_err(|error| TriageError::File("/dev/tty".to_owned(), error))?
        }
    };
    let passphrase = text.trim_end_matches(['\n', '\r']).to_owned().into();
    // scrypt takes a good part of a second.
    let unlocked = tokio::task::spawn_blocking(move || file.unlock(passphrase)).await;
    let identity = unlocked.expect("unlocking does not panic")?;
    if !manifest.body().recipients.contains(&identity.recipient()) {
        return Err(TriageError::Setting("office_identity_file"));
    }
    Ok(identity)
}

//! `mifeng keys rotate`: another office identity takes the place of the present one. Everything here can be broken off and
//! run again: what is there is kept, what is missing is made. Nothing changes for anybody until triage's settings name the
//! new files; triage then seals cases and sketches anew at its start, and opens with the old identity what comes late.

use super::OperatorError;
use super::audit::record;
use super::files::{make_folder, read_text, write_public, write_secret};
use super::manifest::{sign_manifest_file, verify_at_any_time};
use mifeng_foundation::clock::{Clock, Day};
use mifeng_opening::{Identity, OfficeIdentityFile, Share, join_shares};
use mifeng_sealing::{ManifestBody, ManifestPublicKey, Recipient};
use mifeng_triage::audit::{Act, Kind};
use mifeng_triage::config::TriageConfig;
use mifeng_triage::engine::open_stores;
use mifeng_triage::store::{RetiredKey, TriageStore};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// How the present identity is opened.
#[derive(Debug)]
pub enum Opener {
    /// By its passphrase.
    Passphrase(SecretString),
    /// By files with a share each, and the file that they open.
    Shares(Vec<PathBuf>),
}

/// What is asked for.
#[derive(Debug)]
pub struct Rotation {
    /// Triage's configuration, as it stands.
    pub config: PathBuf,
    /// The identity that is to be replaced; that of the configuration if it is left out.
    pub from: Option<PathBuf>,
    /// How that is opened.
    pub opener: Opener,
    /// Folder for what is made; one of a try that was broken off goes on.
    pub folder: PathBuf,
    /// The new identity's passphrase.
    pub passphrase: SecretString,
    /// The key that signs manifests, if it is at hand.
    pub signing_key: Option<PathBuf>,
    /// Last day of the new manifest; the old one's if it is left out.
    pub not_after: Option<Day>,
    /// Last day on which anybody may seal to the old identity, where that is later than the old manifest says: a parent
    /// office's recipients stand in the manifests of those below.
    pub sealed_until: Option<Day>,
}

/// What was made.
#[derive(Clone, Debug)]
pub struct Rotated {
    /// The new identity, locked.
    pub identity: PathBuf,
    /// The new manifest's body.
    pub body: PathBuf,
    /// The new manifest; `None` where the signing key was not at hand.
    pub manifest: Option<PathBuf>,
    /// The new recipient.
    pub recipient: Recipient,
    /// Last day on which anybody may seal to the old identity.
    pub sealed_until: Day,
}

/// Prepares the change from the present identity to another.
///
/// # Errors
/// [`OperatorError`]; run again, it goes on where it was broken off.
pub async fn rotate_keys(asked: &Rotation, clock: &dyn Clock) -> Result<Rotated, OperatorError> {
    let config = TriageConfig::read(&asked.config)
        .map_err(|error| OperatorError::malformed(&asked.config, error))?;
    let trusted: ManifestPublicKey = config.manifest_public_key.parse()?;
    let manifest = verify_at_any_time(&read_text(&config.manifest_file)?, &trusted)?;
    let old = open_old(asked, &config)?;
    let identity = asked.folder.join("office-identity.age");
    let new = new_identity(&identity, asked)?;
    let recipient = new.recipient();
    if recipient == old.recipient() {
        let why = "the folder holds the identity that is to be replaced: choose another";
        return Err(OperatorError::Argument(why.to_owned()));
    }
    let sealed_until = manifest.body().not_after;
    let sealed_until = asked.sealed_until.unwrap_or(sealed_until).max(sealed_until);
    let today = clock.today(&manifest.zone());
    let store = open_stores(&config.store_url.parse()?).await?.cases;
    retire(&*store, &old, &recipient, (today, sealed_until), clock).await?;

    let body = asked.folder.join("manifest-body.toml");
    let said = ManifestBody {
        recipients: vec![recipient.clone()],
        not_after: asked.not_after.unwrap_or(manifest.body().not_after),
        serial: manifest.body().serial + 1,
        ..manifest.body().clone()
    };
    let text = toml::to_string(&said).map_err(|error| OperatorError::malformed(&body, error))?;
    write_public(&body, text.as_bytes())?;
    let signed = asked.signing_key.as_ref().map(|key| {
        let out = asked.folder.join("office.manifest");
        sign_manifest_file(&body, key, &out, clock).map(|_| out)
    });
    Ok(Rotated {
        identity,
        body,
        manifest: signed.transpose()?,
        recipient,
        sealed_until,
    })
}

fn open_old(asked: &Rotation, config: &TriageConfig) -> Result<Identity, OperatorError> {
    let read = |path: &Path| std::fs::read(path).map_err(OperatorError::at(path));
    match &asked.opener {
        Opener::Passphrase(passphrase) => {
            let file = asked.from.as_ref().unwrap_or(&config.office_identity_file);
            let file = OfficeIdentityFile::from_bytes(read(file)?);
            Ok(file.unlock(passphrase.clone())?)
        }
        Opener::Shares(paths) => {
            let file = asked.from.as_ref().or(config.office_shares_file.as_ref());
            let file = file.ok_or_else(|| {
                OperatorError::Argument("no file is set that shares open".to_owned())
            })?;
            let shares = paths.iter().map(|path| {
                let text = Zeroizing::new(read_text(path)?);
                Share::parse(&text).map_err(|error| OperatorError::malformed(path, error))
            });
            let shares = shares.collect::<Result<Vec<_>, _>>()?;
            let opened = join_shares(&shares, &read(file)?);
            opened.map_err(|error| OperatorError::Argument(error.to_string()))
        }
    }
}

/// The new identity: that of a try that was broken off, if there is one.
fn new_identity(path: &Path, asked: &Rotation) -> Result<Identity, OperatorError> {
    if path.exists() {
        let file = std::fs::read(path).map_err(OperatorError::at(path))?;
        let file = OfficeIdentityFile::from_bytes(file);
        return Ok(file.unlock(asked.passphrase.clone())?);
    }
    let identity = Identity::generate();
    let locked = OfficeIdentityFile::lock(&identity, asked.passphrase.clone())?;
    make_folder(&asked.folder)?;
    write_secret(path, locked.as_bytes())?;
    Ok(identity)
}

/// Keeps the old identity, and those before it, sealed to the new one, on record once.
async fn retire(
    store: &dyn TriageStore,
    old: &Identity,
    to: &Recipient,
    (today, sealed_until): (Day, Day),
    clock: &dyn Clock,
) -> Result<(), OperatorError> {
    let kept = store.retired_keys().await?;
    let wrapped_to = to.to_string();
    let has = |recipient: &str| {
        let mut kept = kept.iter();
        kept.any(|row| row.recipient == recipient && row.wrapped_to == wrapped_to)
    };
    let wrap = |identity: &Identity| {
        let wrapped = identity.wrap(to);
        wrapped.map_err(|error| OperatorError::Argument(error.to_string()))
    };
    let mut retiring = Vec::new();
    let recipient = old.recipient().to_string();
    if !has(&recipient) {
        retiring.push(RetiredKey {
            wrapped: wrap(old)?,
            wrapped_to: wrapped_to.clone(),
            retired_day: today,
            sealed_until_day: sealed_until,
            recipient: recipient.clone(),
        });
    }
    let before = kept.iter().filter(|row| row.wrapped_to == recipient);
    for row in before.filter(|row| !has(&row.recipient)) {
        let identity = old.open_identity(&row.wrapped);
        let identity = identity.map_err(|error| OperatorError::Argument(error.to_string()))?;
        retiring.push(RetiredKey {
            wrapped: wrap(&identity)?,
            wrapped_to: wrapped_to.clone(),
            ..row.clone()
        });
    }
    if retiring.is_empty() {
        return Ok(());
    }
    let act = Act::new(Kind::KeyRotated);
    record(store, clock, act).await?;
    if let Err(error) = store.retire_keys(&retiring).await {
        record(store, clock, act.failed()).await?;
        return Err(error.into());
    }
    Ok(())
}

//! `mifeng keys init`: everything secret that an office needs, made in one folder, and a manifest body ready to sign.

use super::certificates::{client_certificate, server_certificate};
use super::files::{make_folder, refuse_existing, write_public, write_secret};
use super::{CertificatePair, OperatorError};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::{Entropy, random_bytes};
use mifeng_opening::{Identity, OfficeIdentityFile, split_identity};
use mifeng_sealing::{Contact, ManifestBody, ManifestSigningKey, ParentOffice, RelayClient};
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// What an office says of itself.
#[derive(Clone, Debug)]
pub struct OfficeDetails {
    /// Short name in addresses.
    pub slug: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Today, there.
    pub today: Day,
    /// Last day for which anything may be sealed under its first manifest.
    pub not_after: Day,
    /// The next level up.
    pub parent: Option<ParentOffice>,
    /// Other ways in.
    pub contact: Contact,
    /// Names or addresses under which triage reaches the intake's relay listener.
    pub relay_hosts: Vec<String>,
}

/// Where [`init_keys`] put everything.
#[derive(Clone, Debug)]
pub struct KeyFiles {
    /// The office identity, locked; for triage, and a copy in a safe.
    pub office_identity: PathBuf,
    /// The key that signs manifests; offline if it can.
    pub manifest_signing_key: PathBuf,
    /// The key that intake trusts.
    pub manifest_public_key: PathBuf,
    /// The manifest's body, not signed yet.
    pub manifest_body: PathBuf,
    /// For intake.
    pub relay_server_certificate: PathBuf,
    /// For intake, secret.
    pub relay_server_key: PathBuf,
    /// For triage.
    pub relay_client_certificate: PathBuf,
    /// For triage, secret.
    pub relay_client_key: PathBuf,
    /// For both, secret: stands in for the certificates where both sit on one machine.
    pub relay_token: PathBuf,
}

impl KeyFiles {
    /// The names in `folder`.
    #[must_use]
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            office_identity: folder.join("office-identity.age"),
            manifest_signing_key: folder.join("manifest-signing.key"),
            manifest_public_key: folder.join("manifest-signing.pub"),
            manifest_body: folder.join("manifest-body.toml"),
            relay_server_certificate: folder.join("relay-server.crt"),
            relay_server_key: folder.join("relay-server.key"),
            relay_client_certificate: folder.join("relay-client.crt"),
            relay_client_key: folder.join("relay-client.key"),
            relay_token: folder.join("relay.token"),
        }
    }

    /// Every one of them.
    #[must_use]
    pub fn all(&self) -> [&Path; 9] {
        [
            &self.office_identity,
            &self.manifest_signing_key,
            &self.manifest_public_key,
            &self.manifest_body,
            &self.relay_server_certificate,
            &self.relay_server_key,
            &self.relay_client_certificate,
            &self.relay_client_key,
            &self.relay_token,
        ]
    }
}

/// Makes an office's keys in `folder`, the identity locked under `passphrase`. Overwrites nothing.
///
/// # Errors
/// [`OperatorError`]; of two runs into one folder the second is refused before it writes.
pub fn init_keys(
    folder: &Path,
    office: &OfficeDetails,
    passphrase: SecretString,
    entropy: &dyn Entropy,
) -> Result<KeyFiles, OperatorError> {
    let files = KeyFiles::in_folder(folder);
    files.all().into_iter().try_for_each(refuse_existing)?;
    let identity = Identity::generate();
    let locked = OfficeIdentityFile::lock(&identity, passphrase)?;
    let signing = ManifestSigningKey::generate(entropy);
    let server = server_certificate(&office.relay_hosts, office.today, office.not_after)?;
    let client = client_certificate(&office.slug, office.today, office.not_after)?;
    let body = manifest_body(office, &identity, &client);
    // What cannot be signed is found out before anything is on disk.
    mifeng_sealing::sign_manifest(&body, &signing)?;
    let body = toml::to_string(&body)
        .map_err(|error| OperatorError::malformed(&files.manifest_body, error))?;

    make_folder(folder)?;
    write_secret(&files.office_identity, locked.as_bytes())?;
    write_secret(
        &files.manifest_signing_key,
        line(&signing.to_secret_text()).as_bytes(),
    )?;
    write_public(
        &files.manifest_public_key,
        line(&signing.public().to_string()).as_bytes(),
    )?;
    write_public(&files.manifest_body, body.as_bytes())?;
    write_pair(
        &server,
        &files.relay_server_certificate,
        &files.relay_server_key,
    )?;
    write_pair(
        &client,
        &files.relay_client_certificate,
        &files.relay_client_key,
    )?;
    let token = Zeroizing::new(hex::encode(random_bytes::<32>(entropy)));
    write_secret(&files.relay_token, line(&token).as_bytes())?;
    Ok(files)
}

/// Where [`split_keys`] put everything.
#[derive(Clone, Debug)]
pub struct ShareFiles {
    /// The identity, sealed to the key that the shares are of; for triage.
    pub sealed: PathBuf,
    /// One file a person, secret: to be printed or carried to each, and deleted.
    pub shares: Vec<PathBuf>,
}

/// Splits the office identity in `identity`, locked under `passphrase`, into `of` shares of which `needed` open it
/// together, all in `folder`. The identity stays as it is, and its passphrase opens it as before.
///
/// # Errors
/// [`OperatorError`]; nothing is overwritten.
pub fn split_keys(
    identity: &Path,
    passphrase: SecretString,
    folder: &Path,
    (needed, of): (u8, u8),
    entropy: &dyn Entropy,
) -> Result<ShareFiles, OperatorError> {
    let locked = std::fs::read(identity).map_err(OperatorError::at(identity))?;
    let identity = OfficeIdentityFile::from_bytes(locked).unlock(passphrase)?;
    let (shares, sealed) = split_identity(&identity, needed, of, entropy)
        .map_err(|error| OperatorError::Argument(error.to_string()))?;
    let files = ShareFiles {
        sealed: folder.join("office-shares.age"),
        shares: (1..=shares.len())
            .map(|number| folder.join(format!("share-{number}.txt")))
            .collect(),
    };
    refuse_existing(&files.sealed)?;
    for path in &files.shares {
        refuse_existing(path)?;
    }
    make_folder(folder)?;
    for (path, share) in files.shares.iter().zip(&shares) {
        write_secret(path, line(&share.to_text()).as_bytes())?;
    }
    write_secret(&files.sealed, &sealed)?;
    Ok(files)
}

fn manifest_body(
    office: &OfficeDetails,
    identity: &Identity,
    client: &CertificatePair,
) -> ManifestBody {
    ManifestBody {
        slug: office.slug.clone(),
        name_zh: office.name_zh.clone(),
        name_en: office.name_en.clone(),
        time_zone: office.time_zone.clone(),
        not_after: office.not_after,
        serial: 1,
        revoked: Vec::new(),
        recipients: vec![identity.recipient()],
        leader_posts: Vec::new(),
        parent: office.parent.clone(),
        relay_client: RelayClient {
            certificate_pem: client.certificate_pem.clone(),
        },
        contact: office.contact.clone(),
    }
}

fn write_pair(pair: &CertificatePair, certificate: &Path, key: &Path) -> Result<(), OperatorError> {
    write_public(certificate, pair.certificate_pem.as_bytes())?;
    write_secret(key, pair.key_pem.as_bytes())
}

fn line(text: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("{text}\n"))
}

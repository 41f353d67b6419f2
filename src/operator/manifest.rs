//! `mifeng manifest sign` and `mifeng manifest check`.

use super::OperatorError;
use super::files::{read_text, write_public};
use jiff::tz::TimeZone;
use mifeng_foundation::clock::{Clock, Day};
use mifeng_sealing::{
    ManifestBody, ManifestError, ManifestPublicKey, ManifestSigningKey, OfficeManifest,
    sign_manifest,
};
use std::path::Path;
use zeroize::Zeroizing;

/// Signs the body in `body` with the key in `key` and writes the manifest to `out`, replacing an older one. Its serial number is
/// the body's, or higher where an older one with other content is replaced that has as high a number: intake serves none with a
/// lower one after it.
///
/// # Errors
/// [`OperatorError`], for a body that intake would refuse too.
pub fn sign_manifest_file(
    body: &Path,
    key: &Path,
    out: &Path,
    clock: &dyn Clock,
) -> Result<OfficeManifest, OperatorError> {
    let mut parsed: ManifestBody = toml::from_str(&read_text(body)?)
        .map_err(|error| OperatorError::malformed(body, error.message()))?;
    let secret = Zeroizing::new(read_text(key)?);
    let signing = ManifestSigningKey::from_secret_text(&secret)?;
    parsed.serial = serial_for(&parsed, out, &signing.public());
    let file = sign_manifest(&parsed, &signing)?;
    let manifest = verify(&file, &signing.public(), clock)?;
    write_public(out, file.as_bytes())?;
    Ok(manifest)
}

/// The number to sign `body` with, where it replaces the manifest in `out`.
fn serial_for(body: &ManifestBody, out: &Path, trusted: &ManifestPublicKey) -> u64 {
    let least = body.serial.max(1);
    let before = read_text(out).ok();
    let before = before.and_then(|file| verify_at_any_time(&file, trusted).ok());
    let Some(before) = before.as_ref().map(OfficeManifest::body) else {
        return least;
    };
    let same = ManifestBody {
        serial: before.serial,
        ..body.clone()
    };
    if *before == same && before.serial > 0 {
        return least.max(before.serial);
    }
    least.max(before.serial.saturating_add(1))
}

/// Whether the manifest of the office above in `parent`, signed by `parent_key`, has taken back a key of `manifest`.
///
/// # Errors
/// [`ManifestError::Revoked`] if it has; [`OperatorError`].
pub fn check_not_revoked(
    manifest: &OfficeManifest,
    parent: &Path,
    parent_key: &str,
    clock: &dyn Clock,
) -> Result<(), OperatorError> {
    let above = check_manifest(parent, parent_key, clock)?;
    match above.revokes(manifest) {
        None => Ok(()),
        Some(key) => Err(ManifestError::Revoked {
            by: above.slug().to_owned(),
            key: key.to_string(),
        }
        .into()),
    }
}

/// Checks the manifest in `file` as an intake would that trusts `key`: the key itself, or a file that holds it.
///
/// # Errors
/// [`OperatorError`].
pub fn check_manifest(
    file: &Path,
    key: &str,
    clock: &dyn Clock,
) -> Result<OfficeManifest, OperatorError> {
    let trusted: ManifestPublicKey = match key.parse() {
        Ok(key) => key,
        Err(_) => read_text(Path::new(key))?.parse()?,
    };
    verify(&read_text(file)?, &trusted, clock)
}

/// The manifest in `file`, signed by `trusted`, whether or not its term has run out.
///
/// # Errors
/// [`ManifestError`].
pub(super) fn verify_at_any_time(
    file: &str,
    trusted: &ManifestPublicKey,
) -> Result<OfficeManifest, ManifestError> {
    let long_ago = Day::from_number(0).expect("1970 is in every calendar");
    OfficeManifest::verify(file, trusted, long_ago)
}

/// The manifest's term ends in the office's own zone, which only the verified manifest tells; a manifest that is
/// good for some zone today is therefore looked at again in its own.
fn verify(
    file: &str,
    trusted: &ManifestPublicKey,
    clock: &dyn Clock,
) -> Result<OfficeManifest, OperatorError> {
    let earliest = clock.today(&TimeZone::UTC).plus_days(-1);
    let manifest = OfficeManifest::verify(file, trusted, earliest)?;
    let zone = TimeZone::get(&manifest.body().time_zone)
        .map_err(|_| ManifestError::Malformed("the time zone is unknown".to_owned()))?;
    Ok(OfficeManifest::verify(file, trusted, clock.today(&zone))?)
}

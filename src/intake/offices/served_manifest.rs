//! What the store notes of a manifest that is served, and how it is read from a row.

use crate::store::ServedManifest;
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::OfficeManifest;

impl ServedManifest {
    /// What is noted of a manifest.
    pub(super) fn of(manifest: &OfficeManifest) -> Self {
        Self {
            serial: manifest.body().serial,
            content_sha256: Some(manifest.content_sha256()),
            fingerprint: manifest.fingerprint().to_owned(),
            revoked: manifest.body().revoked.clone(),
            is_top: manifest.body().parent.is_none(),
        }
    }

    /// The keys in one text, for a column.
    pub(crate) fn revoked_text(&self) -> String {
        let keys: Vec<String> = self.revoked.iter().map(ToString::to_string).collect();
        keys.join(" ")
    }

    /// From a row's columns.
    pub(crate) fn from_columns(
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

//! Documents as they are stored: JSON, sealed to a key.

use super::OfficeError;
use mifeng_opening::Identity;
use mifeng_sealing::tip::TipDocument;
use mifeng_sealing::{Recipient, seal_bytes};
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

pub(crate) fn open_tip(key: &Identity, sealed: &[u8]) -> Result<TipDocument, OfficeError> {
    let json = key.open(sealed).map_err(|_| OfficeError::Damaged)?;
    TipDocument::from_json(&json).map_err(|_| OfficeError::Damaged)
}

pub(crate) fn open_json<T: DeserializeOwned>(
    key: &Identity,
    sealed: &[u8],
) -> Result<T, OfficeError> {
    let json = key.open(sealed).map_err(|_| OfficeError::Damaged)?;
    serde_json::from_slice(&json).map_err(|_| OfficeError::Damaged)
}

pub(crate) fn seal_json<T: Serialize>(
    document: &T,
    to: &Recipient,
) -> Result<Vec<u8>, OfficeError> {
    let json =
        serde_json::to_vec(document).expect("strings, days and codes always have a JSON form");
    seal(&Zeroizing::new(json), to)
}

pub(crate) fn seal(document: &[u8], to: &Recipient) -> Result<Vec<u8>, OfficeError> {
    seal_bytes(document, std::slice::from_ref(to))
        .map(mifeng_sealing::Sealed::into_bytes)
        .map_err(|_| OfficeError::BadText(""))
}

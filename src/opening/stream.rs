//! Opening what is too large for memory: a file that goes with a tip.

use super::identity::map_age_error;
use super::{Identity, OpenError};
use mifeng_sealing::{HEADER_MAX_BYTES, check_header};
use std::io::{BufReader, Cursor, Read};

impl Identity {
    /// Opens a file as it is read; see [`open_stream_with`].
    ///
    /// # Errors
    /// [`OpenError`], by the file's header.
    pub fn open_stream<R: Read>(&self, file: R) -> Result<impl Read + use<R>, OpenError> {
        open_stream_with(std::slice::from_ref(self), file)
    }
}

/// Opens a file as it is read, in constant memory, with whichever of `identities` it was sealed to. A chunk comes out only
/// once it is known to be whole; a file that was altered or cut short ends with an error. Behind the content comes its
/// padding.
///
/// # Errors
/// [`OpenError`], by the file's header.
pub fn open_stream_with<R: Read>(
    identities: &[Identity],
    mut file: R,
) -> Result<impl Read + use<R>, OpenError> {
    let mut head = Vec::with_capacity(HEADER_MAX_BYTES + 1);
    file.by_ref()
        .take(HEADER_MAX_BYTES as u64 + 1)
        .read_to_end(&mut head)
        .map_err(|_| OpenError::Damaged)?;
    check_header(&head)?;
    let whole = BufReader::with_capacity(128 * 1024, Cursor::new(head).chain(file));
    let decryptor = age::Decryptor::new_buffered(whole).map_err(map_age_error)?;
    decryptor
        .decrypt(identities.iter().map(|one| &one.0 as &dyn age::Identity))
        .map_err(map_age_error)
}

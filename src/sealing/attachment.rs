//! Files that go with a tip: each an age file of its own, sealed as it streams by and filled up with zero bytes behind
//! its content, so that the length of the sealed file says little of the content's.
//!
//! The rule, which every writer follows (a browser too): `n` bytes of content become a file of exactly
//! [`attachment_length`]`(n)` bytes, header and all. That length is the [Padmé](padme) length of what the content
//! could need at most, at least [`ATTACHMENT_SMALLEST_BYTES`]; it does not depend on the header, which varies by writer.
//! In the rare case that the payload would end with an empty chunk, which the format forbids, the next allowed length is taken.

use super::envelope::SealError;
use super::header::HEADER_MAX_BYTES;
use super::recipient::Recipient;
use super::size_class::padded_length;
use sha2::{Digest as _, Sha256};
use std::cell::Cell;
use std::io::{self, Write};
use std::rc::Rc;

/// Length of the smallest sealed file, in bytes: a short recording and a small picture look alike.
pub const ATTACHMENT_SMALLEST_BYTES: u64 = 16 * 1024;

/// Longest content that is sealed or opened, in bytes: far above what any intake allows.
pub const ATTACHMENT_MAX_BYTES: u64 = 1 << 40;

const CHUNK_BYTES: u64 = 64 * 1024;
const TAG_BYTES: u64 = 16;
const NONCE_BYTES: u64 = 16;

/// The Padmé length of `bytes`: at most 12 % more, with so few significant bits that a length of up to `2^k` tells
/// `log2 k` bits (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs",
/// PETS 2019, algorithm 1).
#[must_use]
pub fn padme(bytes: u64) -> u64 {
    if bytes < 2 {
        return bytes;
    }
    let exponent = bytes.ilog2();
    let kept = exponent.checked_ilog2().unwrap_or(0) + 1;
    let mask = (1_u64 << (exponent - kept.min(exponent))) - 1;
    (bytes + mask) & !mask
}

/// The length of the sealed file of `content_bytes` bytes of content.
#[must_use]
pub fn attachment_length(content_bytes: u64) -> u64 {
    let chunks = content_bytes / CHUNK_BYTES + 1;
    let most =
        HEADER_MAX_BYTES as u64 + NONCE_BYTES + content_bytes + chunks * TAG_BYTES + TAG_BYTES;
    padme(most.max(ATTACHMENT_SMALLEST_BYTES))
}

/// Whether a sealed file can have this length.
#[must_use]
pub fn is_attachment_length(file_bytes: u64) -> bool {
    file_bytes >= ATTACHMENT_SMALLEST_BYTES && padme(file_bytes) == file_bytes
}

/// What a file was, once it is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentSeal {
    /// Length of the content.
    pub content_bytes: u64,
    /// SHA-256 of the content.
    pub content_sha256: [u8; 32],
    /// Length of the sealed file.
    pub sealed_bytes: u64,
}

/// Seals what is written to it into a writer below, in constant memory. What is not [finished](Self::finish) opens
/// for nobody.
pub struct AttachmentSealer<W: Write> {
    content: ContentSealer<W>,
    hash: Sha256,
}

impl<W: Write> AttachmentSealer<W> {
    /// Begins a file for `recipients` on `below`.
    ///
    /// # Errors
    /// [`SealError`]; also where `below` does not take the header.
    pub fn begin(below: W, recipients: &[Recipient]) -> Result<Self, SealError> {
        Ok(Self {
            content: ContentSealer::begin(below, recipients)?,
            hash: Sha256::new(),
        })
    }

    /// Fills the file up and ends it. Returns what it was, and the writer below.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn finish(self) -> io::Result<(AttachmentSeal, W)> {
        let content_bytes = self.content.content_bytes;
        let (sealed_bytes, below) = self.content.finish()?;
        let seal = AttachmentSeal {
            content_bytes,
            content_sha256: self.hash.finalize().into(),
            sealed_bytes,
        };
        Ok((seal, below))
    }
}

impl<W: Write> Write for AttachmentSealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.content.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.content.flush()
    }
}

/// The same for content that is hashed elsewhere.
pub struct ContentSealer<W: Write> {
    writer: age::stream::StreamWriter<Counting<W>>,
    written: Rc<Cell<u64>>,
    header_bytes: u64,
    content_bytes: u64,
}

impl<W: Write> ContentSealer<W> {
    /// Begins a file for `recipients` on `below`.
    ///
    /// # Errors
    /// [`SealError`]; also where `below` does not take the header.
    pub fn begin(below: W, recipients: &[Recipient]) -> Result<Self, SealError> {
        if recipients.is_empty() {
            return Err(SealError::NoRecipient);
        }
        let keys = recipients.iter().map(Recipient::as_age);
        let encryptor = age::Encryptor::with_recipients(keys).map_err(|_| SealError::Failed)?;
        let written = Rc::new(Cell::new(0));
        let counting = Counting {
            below,
            written: Rc::clone(&written),
        };
        let writer = encryptor
            .wrap_output(counting)
            .map_err(|_| SealError::Failed)?;
        let header_bytes = written.get();
        if header_bytes > HEADER_MAX_BYTES as u64 {
            return Err(SealError::TooManyRecipients);
        }
        Ok(Self {
            writer,
            written,
            header_bytes,
            content_bytes: 0,
        })
    }

    /// Fills the file up and ends it. Returns the length of the sealed file, and the writer below.
    ///
    /// # Errors
    /// What the writer below says.
    pub fn finish(mut self) -> io::Result<(u64, W)> {
        let mut sealed_bytes = attachment_length(self.content_bytes);
        let padded = loop {
            match padded_length(sealed_bytes, self.header_bytes) {
                Some(padded) => break padded,
                None => sealed_bytes = padme(sealed_bytes + 1),
            }
        };
        let mut zeros = io::Read::take(io::repeat(0), padded - self.content_bytes);
        io::copy(&mut zeros, &mut self.writer)?;
        let below = self.writer.finish()?.below;
        debug_assert_eq!(self.written.get(), sealed_bytes);
        Ok((sealed_bytes, below))
    }
}

impl<W: Write> Write for ContentSealer<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.content_bytes += bytes.len() as u64;
        if self.content_bytes > ATTACHMENT_MAX_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.writer.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // The last chunk can be sealed only when it is known to be the last.
        Ok(())
    }
}

/// Counts what goes into a writer.
struct Counting<W> {
    below: W,
    written: Rc<Cell<u64>>,
}

impl<W: Write> Write for Counting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.below.write(bytes)?;
        self.written.set(self.written.get() + written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.below.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_grow_and_waste_little() {
        let mut before = 0;
        for bytes in (0..3_000_000_u64)
            .step_by(997)
            .chain([1 << 27, (1 << 27) + 1, 1 << 35])
        {
            let length = attachment_length(bytes);
            assert!(length >= before && is_attachment_length(length), "{bytes}");
            assert!(
                length <= (bytes + bytes / 4096 + 2200).max(ATTACHMENT_SMALLEST_BYTES) * 112 / 100
            );
            before = length;
        }
        // From the paper: 9 keeps one bit behind the leading three.
        for (bytes, padded) in [
            (0, 0),
            (1, 1),
            (9, 10),
            (15, 16),
            (1023, 1024),
            (1025, 1088),
        ] {
            assert_eq!(padme(bytes), padded);
        }
    }
}

//! The two threads in which a file is looked at, cleaned and hashed, and sealed, while it streams by. Nothing of it is
//! ever written down in the clear.

use super::held::HeldBytes;
use super::{FileProblem, clean};
use mifeng_foundation::streaming::{PieceReader, PieceWriter, between_threads, on_thread};
use mifeng_metadata::Report;
use mifeng_sealing::tip::{FileKind, HEAD_BYTES, KnownFile, TAIL_BYTES};
use mifeng_sealing::{AttachmentSeal, ContentSealer, Recipient};
use sha2::{Digest as _, Sha256};
use std::io::{self, BufRead, Cursor, ErrorKind, Read, Write};

/// What came out.
pub(super) struct Sealed {
    pub seal: AttachmentSeal,
    pub known: KnownFile,
    pub report: Report,
}

/// Seals the file called `name` from `reader` into `writer`.
pub(super) fn seal_file(
    mut reader: PieceReader,
    writer: PieceWriter,
    name: &str,
    recipients: Vec<Recipient>,
    memory: &HeldBytes,
) -> Result<Sealed, FileProblem> {
    let mut head = Vec::with_capacity(HEAD_BYTES);
    reader
        .by_ref()
        .take(HEAD_BYTES as u64)
        .read_to_end(&mut head)
        .map_err(cut_short)?;
    if head.is_empty() {
        return Err(FileProblem::Empty);
    }
    let known = FileKind::of(name, &head)?;
    let mut watched = Watched {
        inner: Cursor::new(head.as_slice()).chain(reader),
        tail: Vec::new(),
    };
    let (cleaned, pieces) = between_threads();
    let sealing = on_thread(move || seal_content(pieces, writer, &recipients));
    let mut content = Hashed {
        below: cleaned,
        hash: Sha256::new(),
        bytes: 0,
    };
    let mut share = memory.share();
    let report = clean(known.kind, &mut watched, &mut content, &mut share).map_err(cut_short)?;
    drop(share);
    if known.kind.is_two_things(&head, watched.tail()) {
        // What is not ended opens for nobody, and is not kept.
        return Err(FileProblem::TwoThings);
    }
    content.below.end().map_err(cut_short)?;
    let sealed_bytes = sealing.blocking_recv().map_err(|_| FileProblem::Busy)??;
    let seal = AttachmentSeal {
        content_bytes: content.bytes,
        content_sha256: content.hash.finalize().into(),
        sealed_bytes,
    };
    Ok(Sealed {
        seal,
        known,
        report,
    })
}

/// Seals what another thread has cleaned; the length of the sealed file.
fn seal_content(
    mut pieces: PieceReader,
    writer: PieceWriter,
    recipients: &[Recipient],
) -> Result<u64, FileProblem> {
    let mut sealer = ContentSealer::begin(writer, recipients)?;
    loop {
        let piece = pieces.fill_buf().map_err(cut_short)?;
        if piece.is_empty() {
            break;
        }
        sealer.write_all(piece).map_err(cut_short)?;
        let bytes = piece.len();
        pieces.consume(bytes);
    }
    let (sealed_bytes, writer) = sealer.finish().map_err(cut_short)?;
    writer.end().map_err(cut_short)?;
    Ok(sealed_bytes)
}

/// Hashes and counts what goes into a writer.
struct Hashed<W> {
    below: W,
    hash: Sha256,
    bytes: u64,
}

impl<W: Write> Write for Hashed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.below.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.below.flush()
    }
}

/// Whichever side broke off, the file is not whole; the side itself knows better and is heard first. No side breaks off
/// for want of memory but this one.
#[expect(clippy::needless_pass_by_value, reason = "handed to map_err")]
fn cut_short(error: io::Error) -> FileProblem {
    match error.kind() {
        ErrorKind::ResourceBusy => FileProblem::Busy,
        _ => FileProblem::CutShort,
    }
}

/// Keeps the last bytes that were consumed.
struct Watched<R> {
    inner: R,
    tail: Vec<u8>,
}

impl<R> Watched<R> {
    fn tail(&self) -> &[u8] {
        &self.tail[self.tail.len().saturating_sub(TAIL_BYTES)..]
    }
}

impl<R: BufRead> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Watched<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, read: usize) {
        // What is there already is given again without asking anybody.
        let last = self.inner.fill_buf().unwrap_or_default();
        let last = &last[..read];
        let last = &last[read.saturating_sub(TAIL_BYTES)..];
        if last.len() == TAIL_BYTES || self.tail.len() > 4 * TAIL_BYTES {
            let kept = TAIL_BYTES - last.len();
            self.tail.drain(..self.tail.len().saturating_sub(kept));
        }
        self.tail.extend_from_slice(last);
        self.inner.consume(read);
    }
}

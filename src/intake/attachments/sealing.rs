//! The thread in which a file is looked at, cleaned and sealed while it streams by. Nothing of it is ever written down
//! in the clear.

use super::held::HeldBytes;
use super::{FileProblem, clean};
use crate::intake::metadata::Report;
use crate::sealing::{AttachmentSeal, AttachmentSealer, Recipient};
use crate::streaming::{PieceReader, PieceWriter};
use crate::tip::{FileKind, HEAD_BYTES, TAIL_BYTES};
use std::io::{self, Cursor, ErrorKind, Read};

/// What came out.
pub(super) struct Sealed {
    pub seal: AttachmentSeal,
    pub media_type: &'static str,
    pub report: Report,
}

/// Seals the file called `name` from `reader` into `writer`.
pub(super) fn seal_file(
    mut reader: PieceReader,
    writer: PieceWriter,
    name: &str,
    recipients: &[Recipient],
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
    let kind = FileKind::sniff(&head).ok_or(FileProblem::WrongKind)?;
    let media_type = kind.media_type_for(name).ok_or(FileProblem::NotAsNamed)?;
    let mut watched = Watched {
        inner: Cursor::new(head.as_slice()).chain(reader),
        tail: Vec::new(),
    };
    let mut sealer = AttachmentSealer::begin(writer, recipients)?;
    let mut share = memory.share();
    let report = clean(kind, &mut watched, &mut sealer, &mut share).map_err(cut_short)?;
    drop(share);
    if kind.is_two_things(&head, watched.tail()) {
        return Err(FileProblem::TwoThings);
    }
    let (seal, writer) = sealer.finish().map_err(cut_short)?;
    writer.end().map_err(cut_short)?;
    Ok(Sealed {
        seal,
        media_type,
        report,
    })
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

/// Keeps the last bytes that were read.
struct Watched<R> {
    inner: R,
    tail: Vec<u8>,
}

impl<R> Watched<R> {
    fn tail(&self) -> &[u8] {
        &self.tail[self.tail.len().saturating_sub(TAIL_BYTES)..]
    }
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.tail.extend_from_slice(&buffer[..read]);
        if self.tail.len() > 4 * TAIL_BYTES {
            self.tail.drain(..self.tail.len() - TAIL_BYTES);
        }
        Ok(read)
    }
}

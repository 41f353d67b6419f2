//! A file fetched range by range, and sealed anew to its case as it comes.

use super::attachments::Failed;
use super::exchange::Relay;
use actix_web::http::header::ContentRangeSpec;
use mifeng_foundation::blobs::{BlobStore, BlobWriter, READ_MAX_BYTES};
use mifeng_foundation::streaming::{PieceReader, PieceReceiver, PieceSender, PieceWriter};
use mifeng_opening::{Identity, open_stream_with};
use mifeng_sealing::tip::Attachment;
use mifeng_sealing::{AttachmentSealer, Recipient, attachment_length, padme};
use std::io::{self, Read as _};

/// Where a part of a file begins, and how long the whole is, of `bytes BEGIN-END/WHOLE`.
pub(super) fn range_of(text: &str) -> Option<(u64, u64)> {
    match text.parse().ok()? {
        ContentRangeSpec::Bytes {
            range: Some((begin, _)),
            instance_length: Some(whole),
        } => Some((begin, whole)),
        _ => None,
    }
}

/// Where a file is read from.
pub(super) enum Place<'a> {
    /// At intake, under this address.
    Intake(&'a Relay, String),
    /// Here, as it came.
    Here(&'a dyn BlobStore, [u8; 16]),
}

/// The longest sealed file of so many bytes of content: the length that it has, or where no padding fits, the next one.
pub(super) fn longest_sealed(content_bytes: u64) -> u64 {
    padme(attachment_length(content_bytes).saturating_add(1))
}

/// A file, range by range.
pub(super) struct Ranges<'a> {
    pub(super) place: Place<'a>,
    pub(super) from: u64,
    /// How long the whole is, once it was said.
    pub(super) size_bytes: Option<u64>,
    /// How long it can be.
    pub(super) most_bytes: u64,
}

impl<'a> Ranges<'a> {
    /// From its beginning.
    pub(super) fn of(place: Place<'a>) -> Self {
        Self {
            place,
            from: 0,
            size_bytes: None,
            most_bytes: padme(u64::MAX >> 20),
        }
    }

    /// The next range; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Vec<u8>>, Failed> {
        if self.size_bytes.is_some_and(|whole| self.from >= whole) {
            return Ok(None);
        }
        let bytes = match &self.place {
            Place::Here(blobs, id) => {
                let read = blobs.read(*id, self.from, READ_MAX_BYTES).await?;
                let bytes = read.ok_or(Failed::Missing)?;
                if bytes.is_empty() {
                    return Ok(None);
                }
                bytes
            }
            Place::Intake(relay, address) => {
                let Some((bytes, size_bytes)) = relay.range(address, self.from).await? else {
                    return Ok(None);
                };
                let is_one = *self.size_bytes.get_or_insert(size_bytes) == size_bytes;
                let left = size_bytes.saturating_sub(self.from);
                // Cut short of the length it has, longer than it can be, or another's: not whole.
                if bytes.is_empty()
                    || !is_one
                    || size_bytes > self.most_bytes
                    || bytes.len() as u64 > left
                {
                    return Err(Failed::Damaged);
                }
                bytes
            }
        };
        self.from += bytes.len() as u64;
        Ok(Some(bytes))
    }
}

/// Reads a file range by range and hands it to the thread.
pub(super) async fn give_ranges(
    mut whole: Ranges<'_>,
    mut sender: PieceSender,
) -> Result<(), Failed> {
    while let Some(bytes) = whole.next().await? {
        if sender.give(&bytes).await.is_err() {
            // The thread has seen enough and says why.
            return Ok(());
        }
    }
    let _ = sender.end().await;
    Ok(())
}

/// In the thread: opens, compares with what the tip says, seals to the case, or to the office above.
pub(super) fn seal_anew(
    reader: PieceReader,
    writer: PieceWriter,
    with: &[Identity],
    to: &[Recipient],
    file: &Attachment,
) -> io::Result<()> {
    let damaged = || io::Error::from(io::ErrorKind::InvalidData);
    let mut opened = open_stream_with(with, reader).map_err(|_| damaged())?;
    let sealer = AttachmentSealer::begin(writer, to);
    let mut sealer = sealer.map_err(|_| damaged())?;
    let mut content = opened.by_ref().take(file.size_bytes);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match content.read(&mut buffer)? {
            0 => break,
            read => io::Write::write_all(&mut sealer, &buffer[..read])?,
        }
    }
    // The padding is under the seal as well: a file cut short in it was altered.
    io::copy(&mut opened, &mut io::sink())?;
    let (seal, writer) = sealer.finish()?;
    if seal.content_bytes != file.size_bytes || hex::encode(seal.content_sha256) != file.sha256 {
        return Err(damaged());
    }
    writer.end()
}

/// Takes the sealed file from the thread into its place. Where that fails the receiver goes away with it: a thread that
/// waited for it would wait for ever.
pub(super) async fn store(
    mut receiver: PieceReceiver,
    writer: &mut dyn BlobWriter,
) -> Result<(), Failed> {
    // Where the thread breaks off, it says why itself.
    while let Ok(Some(bytes)) = receiver.take().await {
        writer.write(bytes).await?;
    }
    Ok(())
}

//! Files of a case: listed, and opened as they are read.

use crate::cases::AttachmentView;
use crate::model::{CaseId, CaseNumber, MessageText};
use crate::office::{Office, OfficeError, open_json};
use crate::store::AttachmentState;
use mifeng_foundation::blobs::{BlobStore, READ_MAX_BYTES};
use mifeng_foundation::streaming::{
    PieceReader, PieceReceiver, PieceSender, PieceWriter, into_thread, on_thread, out_of_thread,
};
use mifeng_opening::Identity;
use mifeng_sealing::tip::Attachment;
use std::collections::BTreeSet;
use std::io::{self, Read as _};
use std::sync::Arc;

/// A file that is being read.
pub struct OpenFile {
    /// What its tip says of it.
    pub about: Attachment,
    /// Its content. A file that was altered breaks off.
    pub content: PieceReceiver,
}

/// The files of a case, as a page lists them.
pub(crate) async fn views(
    office: &Office,
    case: CaseId,
    number: &CaseNumber,
    key: &Identity,
) -> Result<Vec<AttachmentView>, OfficeError> {
    let rows = office.parts.store.attachments(case).await?;
    let unproven = unproven_files(office, case, key).await?;
    let view = |row: &crate::store::AttachmentRow| {
        let about: Attachment = open_json(key, &row.sealed)?;
        Ok(AttachmentView {
            number: number.clone(),
            id: hex::encode(row.id),
            name: about.name.clone(),
            media_type: about.media_type.clone(),
            size_bytes: about.size_bytes,
            sha256: about.sha256.clone(),
            labelled_origin: about.labelled_origin,
            under_password: about.under_password,
            state: row.state,
            unproven: unproven.contains(&hex::encode(row.intake_id)),
        })
    };
    rows.iter().map(view).collect()
}

/// Ids at intake of the files that came with words that nothing tells to be a reporter's.
async fn unproven_files(
    office: &Office,
    case: CaseId,
    key: &Identity,
) -> Result<BTreeSet<String>, OfficeError> {
    let mut files = BTreeSet::new();
    for (row, _) in office.parts.store.messages(case).await? {
        if !row.from_reporter {
            continue;
        }
        let words: MessageText = open_json(key, &row.sealed)?;
        let received = words
            .received
            .into_iter()
            .filter(|received| !received.proven);
        files.extend(received.flat_map(|received| received.files));
    }
    Ok(files)
}

/// Begins to read a file of a case.
pub(crate) async fn open(
    office: &Office,
    case: CaseId,
    key: &Identity,
    file: [u8; 16],
) -> Result<OpenFile, OfficeError> {
    let rows = office.parts.store.attachments(case).await?;
    let row = rows
        .iter()
        .find(|row| row.id == file && row.state == AttachmentState::Stored);
    let (row, blobs) = row.zip(office.blobs.clone()).ok_or(OfficeError::NotYours)?;
    let about: Attachment = open_json(key, &row.sealed)?;
    let first = blobs.read(file, 0, READ_MAX_BYTES).await?;
    let first = first.ok_or(OfficeError::Damaged)?;
    let (sender, reader) = into_thread();
    let (writer, content) = out_of_thread();
    let (key, size_bytes) = (key.clone(), about.size_bytes);
    drop(on_thread(move || {
        open_file(reader, writer, &key, size_bytes)
    }));
    tokio::spawn(give(blobs, file, first, sender));
    Ok(OpenFile { about, content })
}

/// Reads the sealed file until its end, or until nobody wants more.
async fn give(blobs: Arc<dyn BlobStore>, file: [u8; 16], first: Vec<u8>, mut sender: PieceSender) {
    let mut offset = first.len() as u64;
    let mut bytes = first;
    while !bytes.is_empty() {
        if sender.give(&bytes).await.is_err() {
            return;
        }
        bytes = match blobs.read(file, offset, READ_MAX_BYTES).await {
            Ok(Some(bytes)) => bytes,
            // The reader sees that the file breaks off.
            _ => return,
        };
        offset += bytes.len() as u64;
    }
    // The thread may have all it wants: it leaves the padding out.
    let _ = sender.end().await;
}

/// In the thread. The padding behind the content is left where it is.
fn open_file(
    reader: PieceReader,
    mut writer: PieceWriter,
    key: &Identity,
    size_bytes: u64,
) -> io::Result<()> {
    let damaged = |_| io::Error::from(io::ErrorKind::InvalidData);
    let opened = key.open_stream(reader).map_err(damaged)?;
    let read = io::copy(&mut opened.take(size_bytes), &mut writer)?;
    if read < size_bytes {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    writer.end()
}

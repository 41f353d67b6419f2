//! What goes up to the office above through intake: envelopes, and before them their files, each opened and sealed to that
//! office while it streams by. Every step may be broken off and is done again: intake says which files it still misses.

use super::answers;
use super::exchange::{BATCH_U32, PullError, Relay};
use super::ranges::{Place, Ranges, give_ranges, seal_anew};
use crate::office::{Office, OfficeError, open_json};
use crate::store::{AttachmentState, PassingFile, PassingRow};
use futures_util::stream::unfold;
use mifeng_foundation::streaming::{PieceReceiver, into_thread, on_thread, out_of_thread};
use mifeng_sealing::relay::{PASS_FILES_PATH, PASS_PATH, PassUp, Passed, PassedEnvelope};
use mifeng_sealing::tip::Attachment;
use std::io;
use std::time::Duration;

/// Longest time that a file may take.
const FILE_TIMEOUT: Duration = Duration::from_hours(6);

impl Relay {
    /// Hands over what is for the office above, one mailbox after the other. What fails of one holds up no other.
    ///
    /// # Errors
    /// [`PullError`].
    pub async fn pass_up(&self, office: &Office) -> Result<(), PullError> {
        let store = &office.parts.store;
        let mut failed = Ok(());
        loop {
            let queued = store.queued_passing(BATCH_U32).await?;
            let mut passed = Vec::new();
            for of_mailbox in queued.chunk_by(|one, other| one.mailbox == other.mailbox) {
                match self.pass_mailbox(office, of_mailbox).await {
                    Ok(ids) => passed.extend(ids),
                    Err(error) => failed = Err(error),
                }
            }
            if passed.is_empty() {
                return failed;
            }
            store.mark_passed(&passed).await?;
        }
    }

    /// Hands over what is of one mailbox, with its files; the ids of what intake has now.
    async fn pass_mailbox(
        &self,
        office: &Office,
        rows: &[PassingRow],
    ) -> Result<Vec<[u8; 16]>, PullError> {
        let answer = self.offer(rows).await?;
        if answer.missing.is_empty() {
            return Ok(stored(rows, &answer));
        }
        for row in rows {
            for file in &row.files {
                if answer.missing.contains(&hex::encode(file.id)) {
                    self.send_file(office, row, file).await?;
                }
            }
        }
        Ok(stored(rows, &self.offer(rows).await?))
    }

    async fn offer(&self, rows: &[PassingRow]) -> Result<Passed, PullError> {
        let envelopes = rows.iter().map(|row| PassedEnvelope {
            id: hex::encode(row.id),
            kind: row.kind,
            ciphertext: row.ciphertext.clone(),
            attachments: row.files.iter().map(|file| hex::encode(file.id)).collect(),
        });
        let body = PassUp {
            lookup_digest: rows[0].mailbox.to_hex(),
            envelopes: envelopes.collect(),
        };
        let passed: Passed = self.post(PASS_PATH, &body).await?;
        let ids = |word: &str| rows.iter().any(|row| hex::encode(row.id) == word);
        answers::only_asked(&passed.stored, ids)?;
        let files = |word: &str| {
            let mut files = rows.iter().flat_map(|row| &row.files);
            files.any(|file| hex::encode(file.id) == word)
        };
        answers::only_asked(&passed.missing, files)?;
        Ok(passed)
    }

    /// Sends a file, sealed anew to the office above on its way. One that does not open any more goes up as one that is
    /// missing.
    async fn send_file(
        &self,
        office: &Office,
        passing: &PassingRow,
        file: &PassingFile,
    ) -> Result<(), PullError> {
        let store = &office.parts.store;
        let parent = office.parts.parent.as_ref();
        let (parent, blobs) = parent
            .zip(office.blobs.as_ref())
            .ok_or(OfficeError::NotPossible)?;
        let entry = office.caseload(|caseload| caseload.by_id(passing.case).cloned());
        let key = office.case_key(&entry.ok_or(OfficeError::Damaged)?.row)?;
        let rows = store.attachments(passing.case).await?;
        let row = rows.iter().find(|row| row.id == file.attachment);
        let row = row.ok_or(OfficeError::Damaged)?;
        let about: Attachment = open_json(&key, &row.sealed)?;
        let (feed, reader) = into_thread();
        let (writer, sealed) = out_of_thread();
        let to = parent.recipients.clone();
        let resealed = on_thread(move || seal_anew(reader, writer, &[key], &to, &about));
        let address = format!("{PASS_FILES_PATH}/{}", hex::encode(file.id));
        let request = self.to(&address).timeout(FILE_TIMEOUT).body(body(sealed));
        let from = Ranges::of(Place::Here(blobs.as_ref(), row.id));
        let (given, sent, resealed) =
            tokio::join!(give_ranges(from, feed), request.send(), resealed);
        let is_damaged = |error: &io::Error| error.kind() != io::ErrorKind::BrokenPipe;
        if given.is_ok() && matches!(&resealed, Ok(Err(error)) if is_damaged(error)) {
            let damaged = AttachmentState::Damaged;
            return Ok(store.mark_attachment(row.id, row.content, damaged).await?);
        }
        sent?.error_for_status()?;
        Ok(())
    }
}

/// Which of `rows` intake has.
fn stored(rows: &[PassingRow], answer: &Passed) -> Vec<[u8; 16]> {
    let ids = rows.iter().map(|row| row.id);
    ids.filter(|id| answer.stored.contains(&hex::encode(id)))
        .collect()
}

/// What the thread gives, as a request's body; it breaks off where the thread does.
fn body(sealed: PieceReceiver) -> reqwest::Body {
    let pieces = unfold(Some(sealed), async |receiver| {
        let mut receiver = receiver?;
        match receiver.take().await {
            Ok(Some(bytes)) => Some((Ok(bytes), Some(receiver))),
            Ok(None) => None,
            Err(broken) => Some((Err(broken), None)),
        }
    });
    reqwest::Body::wrap_stream(pieces)
}

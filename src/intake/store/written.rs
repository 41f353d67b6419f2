//! What SQLite's writer writes within a transaction that many share.

use super::quota::Quota;
use super::{Appended, AttachmentId, NewEnvelope, NewSubmission, Submitted};
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::{EnvelopeKind, LookupDigest};
use sqlx::sqlite::SqliteConnection;
use sqlx::{QueryBuilder, Row as _, Sqlite};
use std::collections::HashSet;

/// What a transaction took of the quota, to be given back if it fails, and of the places.
pub(super) struct Room {
    pub quota: Quota,
    pub taken_bytes: u64,
    pub next_place: i64,
}

impl Room {
    fn place(&mut self) -> i64 {
        let place = self.next_place;
        self.next_place += 1;
        place
    }

    fn take(&mut self, bytes: usize) -> bool {
        let fits = self.quota.take(bytes);
        if fits {
            self.taken_bytes += bytes as u64;
        }
        fits
    }

    fn give_back(&mut self, bytes: usize) {
        self.taken_bytes -= bytes as u64;
        self.quota.give_back(bytes as u64);
    }
}

/// Many tips by two statements, since each statement is a way to the engine's thread and back.
pub(super) async fn submit_all(
    connection: &mut SqliteConnection,
    submissions: Vec<&NewSubmission>,
    room: &mut Room,
) -> Result<Vec<Submitted>, StoreError> {
    let size = |submission: &NewSubmission| submission.envelope.ciphertext.len();
    let mut fits = Vec::with_capacity(submissions.len());
    let mut files_gone = Vec::with_capacity(submissions.len());
    for submission in &submissions {
        let gone = !are_ready(connection, &submission.envelope).await?;
        files_gone.push(gone);
        fits.push(!gone && room.take(size(submission)));
    }
    let fitting = || submissions.iter().zip(&fits).filter(|(_, fits)| **fits);
    let mut new = insert_mailboxes(connection, fitting().map(|(s, _)| *s).collect()).await?;
    let mut answers = Vec::with_capacity(submissions.len());
    let mut stored = Vec::with_capacity(submissions.len());
    for ((submission, fits), gone) in submissions.iter().zip(&fits).zip(files_gone) {
        // Of two under one code in one group, the first was inserted.
        if *fits && new.remove(submission.lookup_digest.as_bytes().as_slice()) {
            stored.push(&submission.envelope);
            answers.push(Submitted::Stored);
            continue;
        }
        if *fits {
            room.give_back(size(submission));
        }
        let unless_known = if gone {
            Submitted::FileGone
        } else {
            Submitted::QuotaFull
        };
        answers.push(told_apart(connection, submission, unless_known).await?);
    }
    if !stored.is_empty() {
        insert(connection, &stored, EnvelopeKind::Tip, room, false).await?;
    }
    for envelope in stored {
        claim(connection, envelope.id, &envelope.attachments).await?;
    }
    Ok(answers)
}

/// Inserts the mailboxes that are not there yet, and returns the digests of those.
async fn insert_mailboxes(
    connection: &mut SqliteConnection,
    submissions: Vec<&NewSubmission>,
) -> Result<HashSet<Vec<u8>>, StoreError> {
    if submissions.is_empty() {
        return Ok(HashSet::new());
    }
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO mailbox (lookup_digest, office, addressee, submission_tag) ",
    );
    sql.push_values(submissions, |mut row, submission| {
        row.push_bind(submission.lookup_digest.as_bytes().as_slice())
            .push_bind(&submission.office)
            .push_bind(&submission.envelope.addressee)
            .push_bind(submission.submission_tag.as_bytes().as_slice());
    });
    sql.push(" ON CONFLICT DO NOTHING RETURNING lookup_digest");
    let rows = sql.build().fetch_all(connection).await?;
    rows.iter().map(|row| Ok(row.try_get(0)?)).collect()
}

/// What a submission that was not inserted is: a repeat, another tip under the same code, or else what it is said to be.
async fn told_apart(
    connection: &mut SqliteConnection,
    submission: &NewSubmission,
    unless_known: Submitted,
) -> Result<Submitted, StoreError> {
    let existing = sqlx::query("SELECT submission_tag FROM mailbox WHERE lookup_digest = ?")
        .bind(submission.lookup_digest.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    let Some(row) = existing else {
        return Ok(unless_known);
    };
    let tag: &[u8] = row.try_get(0)?;
    Ok(if tag == submission.submission_tag.as_bytes() {
        Submitted::AlreadyStored
    } else {
        Submitted::OtherContent
    })
}

pub(super) async fn append(
    connection: &mut SqliteConnection,
    office: &str,
    lookup_digest: LookupDigest,
    envelope: &NewEnvelope,
    room: &mut Room,
) -> Result<Appended, StoreError> {
    let known = sqlx::query("SELECT closed FROM mailbox WHERE lookup_digest = ? AND office = ?")
        .bind(lookup_digest.as_bytes().as_slice())
        .bind(office)
        .fetch_optional(&mut *connection)
        .await?;
    match known.map(|row| row.try_get::<i64, _>(0)).transpose()? {
        None => return Ok(Appended::NoMailbox),
        Some(0) => {}
        Some(_) => return Ok(Appended::Closed),
    }
    keep(connection, envelope, EnvelopeKind::Reply, room).await
}

/// Stores an envelope whose mailbox is known, once.
pub(super) async fn keep(
    connection: &mut SqliteConnection,
    envelope: &NewEnvelope,
    kind: EnvelopeKind,
    room: &mut Room,
) -> Result<Appended, StoreError> {
    if !room.take(envelope.ciphertext.len()) {
        return Ok(Appended::QuotaFull);
    }
    if !are_ready(connection, envelope).await? {
        room.give_back(envelope.ciphertext.len());
        return Ok(Appended::FileGone);
    }
    if insert(connection, &[envelope], kind, room, true).await? == 0 {
        room.give_back(envelope.ciphertext.len());
        return Ok(Appended::AlreadyStored);
    }
    claim(connection, envelope.id, &envelope.attachments).await?;
    Ok(Appended::Stored)
}

/// Whether every file is there for the envelope. Asked before anything is written, since others share the transaction.
async fn are_ready(
    connection: &mut SqliteConnection,
    envelope: &NewEnvelope,
) -> Result<bool, StoreError> {
    for id in &envelope.attachments {
        let row = sqlx::query(
            "SELECT 1 FROM attachment WHERE id = ? AND addressee = ? AND state = 'ready'",
        )
        .bind(id.as_slice())
        .bind(&envelope.addressee)
        .fetch_optional(&mut *connection)
        .await?;
        if row.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn claim(
    connection: &mut SqliteConnection,
    envelope: [u8; 16],
    attachments: &[AttachmentId],
) -> Result<(), StoreError> {
    for id in attachments {
        sqlx::query("UPDATE attachment SET state = 'claimed', envelope_id = ? WHERE id = ?")
            .bind(envelope.as_slice())
            .bind(id.as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

pub(super) async fn delete_mailbox(
    connection: &mut SqliteConnection,
    lookup_digest: LookupDigest,
) -> Result<(), StoreError> {
    for sql in [
        "DELETE FROM message WHERE lookup_digest = ?",
        "DELETE FROM opened WHERE lookup_digest = ?",
        "DELETE FROM mailbox WHERE lookup_digest = ?",
    ] {
        sqlx::query(sql)
            .bind(lookup_digest.as_bytes().as_slice())
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Inserts envelopes and returns how many; what is there already, and may be, stays as it is.
async fn insert(
    connection: &mut SqliteConnection,
    envelopes: &[&NewEnvelope],
    kind: EnvelopeKind,
    room: &mut Room,
    may_be_there: bool,
) -> Result<u64, StoreError> {
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO envelope (place, id, addressee, kind, content_sha256, received_day, ciphertext) ",
    );
    sql.push_values(envelopes, |mut row, envelope| {
        row.push_bind(room.place())
            .push_bind(envelope.id.as_slice())
            .push_bind(&envelope.addressee)
            .push_bind(kind.code())
            .push_bind(envelope.content_hash.as_bytes().as_slice())
            .push_bind(envelope.received_day.number())
            .push_bind(&envelope.ciphertext);
    });
    if may_be_there {
        sql.push(" ON CONFLICT (id) DO NOTHING");
    }
    Ok(sql.build().execute(connection).await?.rows_affected())
}

//! The mailboxes at intake: opened for what was typed in, closed for what was destroyed, and filled with answers.

use super::answers;
use super::exchange::{BATCH_U32, PullError, Relay};
use crate::office::Office;
use crate::store::{OpeningState, OutgoingState};
use mifeng_sealing::LookupDigest;
use mifeng_sealing::relay::{
    CLOSE_PATH, MAILBOXES_PATH, MESSAGES_PATH, MailboxEntry, MessageEntry, OpenMailboxes, Opened,
    PostMessages, Posted,
};

impl Relay {
    /// Has the mailboxes opened of what was typed in here.
    pub(super) async fn open_mailboxes(&self, office: &Office) -> Result<(), PullError> {
        let store = &office.parts.store;
        loop {
            let queued = store.queued_openings(BATCH_U32).await?;
            if queued.is_empty() {
                return Ok(());
            }
            let entries = queued.iter().map(|row| MailboxEntry {
                lookup_digest: row.mailbox.to_hex(),
                submission_tag: hex::encode(row.tag.as_bytes()),
            });
            let body = OpenMailboxes {
                mailboxes: entries.collect(),
            };
            let opened: Opened = self.post(MAILBOXES_PATH, &body).await?;
            let is_asked = |word: &str| queued.iter().any(|row| row.mailbox.to_hex() == word);
            answers::only_asked(opened.open.iter().chain(&opened.taken), is_asked)?;
            let digests = |words: &[String]| -> Vec<LookupDigest> {
                let known = queued.iter().map(|row| row.mailbox);
                known.filter(|one| words.contains(&one.to_hex())).collect()
            };
            let (open, taken) = (digests(&opened.open), digests(&opened.taken));
            store.mark_openings(&open, OpeningState::Open).await?;
            store.mark_openings(&taken, OpeningState::Taken).await?;
            if open.is_empty() && taken.is_empty() {
                return Ok(());
            }
        }
    }

    /// Says the last words in the mailboxes of cases that were destroyed, and has them closed; here they are forgotten then.
    pub(super) async fn close_mailboxes(&self, office: &Office) -> Result<(), PullError> {
        let store = &office.parts.store;
        loop {
            let waiting = store.last_messages(BATCH_U32).await?;
            if waiting.is_empty() {
                return Ok(());
            }
            let entries = waiting.iter().map(|row| MessageEntry {
                id: hex::encode(row.id),
                lookup_digest: row.mailbox.to_hex(),
                ciphertext: row.ciphertext.clone(),
            });
            let body = PostMessages {
                messages: entries.collect(),
            };
            let posted: Posted = self.post(CLOSE_PATH, &body).await?;
            let is_asked = |word: &str| waiting.iter().any(|row| hex::encode(row.id) == word);
            answers::only_asked(posted.stored.iter().chain(&posted.no_mailbox), is_asked)?;
            let done = |id: &[u8; 16]| {
                let id = hex::encode(id);
                posted.stored.contains(&id) || posted.no_mailbox.contains(&id)
            };
            let ids: Vec<_> = waiting.iter().map(|row| row.id).filter(done).collect();
            if ids.is_empty() {
                return Ok(());
            }
            store.forget_last_messages(&ids).await?;
        }
    }

    pub(super) async fn post_messages(&self, office: &Office) -> Result<(), PullError> {
        let store = &office.parts.store;
        loop {
            let queued = store.queued_messages(BATCH_U32).await?;
            let entries = queued.iter().map(|row| MessageEntry {
                id: hex::encode(row.id),
                lookup_digest: row.mailbox.to_hex(),
                ciphertext: row.ciphertext.clone(),
            });
            let body = PostMessages {
                messages: entries.collect(),
            };
            if body.messages.is_empty() {
                return Ok(());
            }
            let posted: Posted = self.post(MESSAGES_PATH, &body).await?;
            let is_asked = |word: &str| queued.iter().any(|row| hex::encode(row.id) == word);
            answers::only_asked(posted.stored.iter().chain(&posted.no_mailbox), is_asked)?;
            let ids = |words: &[String]| -> Vec<[u8; 16]> {
                let known = queued.iter().map(|row| row.id);
                known
                    .filter(|id| words.contains(&hex::encode(id)))
                    .collect()
            };
            let (stored, gone) = (ids(&posted.stored), ids(&posted.no_mailbox));
            store.mark_messages(&stored, OutgoingState::Posted).await?;
            store.mark_messages(&gone, OutgoingState::NoMailbox).await?;
            if stored.is_empty() && gone.is_empty() {
                return Ok(());
            }
        }
    }
}

//! The other side of the relay, as far as intake can tell.

use super::{Answer, Intake, OFFICE, PARENT, client};
use mifeng_opening::Identity;
use mifeng_sealing::relay::{
    ACKNOWLEDGE_PATH, Done, EnvelopeEntry, EnvelopeList, EnvelopeRef, EnvelopeRefs, FETCH_PATH,
    FetchRequest, FetchResponse, HELLO_PATH, Hello, LIST_PATH, MESSAGES_PATH, MessageEntry,
    PostMessages, Posted, RELEASE_PATH,
};
use mifeng_sealing::tip::{MailboxMessage, TipDocument};
use mifeng_sealing::{ContentHash, seal_message};
use serde::Serialize;

/// An office's triage, with its token and its key.
pub struct Triage<'a> {
    http: reqwest::Client,
    url: &'a str,
    token: &'static str,
    key: &'a Identity,
}

impl Intake {
    pub fn triage(&self) -> Triage<'_> {
        self.triage_of(OFFICE)
    }

    pub fn triage_of(&self, slug: &str) -> Triage<'_> {
        let place = &self.place;
        let (token, key) = match slug {
            PARENT => ("parent-token", &place.parent),
            _ => ("office-token", &place.office),
        };
        Triage {
            http: client(),
            url: &self.relay,
            token,
            key,
        }
    }
}

impl Triage<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        let request = self.http.get(format!("{}{path}", self.url));
        Answer::of(request.bearer_auth(self.token)).await
    }

    pub async fn post(&self, path: &str, body: &impl Serialize) -> Answer {
        let request = self.http.post(format!("{}{path}", self.url));
        Answer::of(request.bearer_auth(self.token).json(body)).await
    }

    pub async fn hello(&self) -> Hello {
        serde_json::from_value(self.get(HELLO_PATH).await.json()).expect("a greeting")
    }

    pub async fn list(&self, state: &str) -> Vec<EnvelopeEntry> {
        let answer = self.get(&format!("{LIST_PATH}?state={state}")).await;
        let list: EnvelopeList = serde_json::from_value(answer.json()).expect("a list");
        list.envelopes
    }

    /// Fetches one envelope, checks that it is what was listed, and opens it.
    pub async fn open(&self, entry: &EnvelopeEntry) -> Vec<u8> {
        let wanted = FetchRequest {
            ids: vec![entry.id.clone()],
        };
        let answer = self.post(FETCH_PATH, &wanted).await.json();
        let mut fetched: FetchResponse = serde_json::from_value(answer).expect("envelopes");
        let file = fetched.envelopes.pop().expect("it is there").ciphertext;
        assert_eq!(ContentHash::of(&file).to_hex(), entry.content_sha256);
        assert_eq!(file.len() as u64, entry.size_bytes);
        self.key.open(&file).expect("our key").to_vec()
    }

    /// The only waiting tip.
    pub async fn only_tip(&self) -> TipDocument {
        let waiting = self.list("waiting").await;
        assert_eq!(waiting.len(), 1);
        TipDocument::from_json(&self.open(&waiting[0]).await).expect("a tip")
    }

    pub async fn acknowledge(&self, entry: &EnvelopeEntry) -> u64 {
        self.change(ACKNOWLEDGE_PATH, entry).await
    }

    pub async fn release(&self, entry: &EnvelopeEntry) -> u64 {
        self.change(RELEASE_PATH, entry).await
    }

    async fn change(&self, path: &str, entry: &EnvelopeEntry) -> u64 {
        let names = EnvelopeRefs {
            envelopes: vec![EnvelopeRef {
                id: entry.id.clone(),
                content_sha256: entry.content_sha256.clone(),
            }],
        };
        let answer = self.post(path, &names).await.json();
        let done: Done = serde_json::from_value(answer).expect("a count");
        done.changed
    }

    /// Seals a message to the tip's mailbox and posts it under `id`.
    pub async fn answers(&self, tip: &TipDocument, id: u8, message: &MailboxMessage) -> Posted {
        self.answers_all(tip, &[id], message).await
    }

    /// The same with several of them at once.
    pub async fn answers_all(
        &self,
        tip: &TipDocument,
        ids: &[u8],
        message: &MailboxMessage,
    ) -> Posted {
        let recipient = tip.mailbox.recipient.parse().expect("a recipient");
        let messages = ids.iter().map(|id| MessageEntry {
            id: hex::encode([*id; 16]),
            lookup_digest: tip.mailbox.lookup_digest.clone(),
            ciphertext: seal_message(message, &recipient)
                .expect("a message")
                .0
                .into_bytes(),
        });
        let batch = PostMessages {
            messages: messages.collect(),
        };
        let answer = self.post(MESSAGES_PATH, &batch).await.json();
        serde_json::from_value(answer).expect("what became of it")
    }
}

//! What taking a tip in cannot do without: it is opened, and sealed to its case with the card, the first line of the record
//! and the answer; the case's key is sealed to the office and to whoever may see it; and all of it is made durable, as many
//! tips together as triage stores together, while the next ones are sealed.

use crate::ledger::place::{PEOPLE, Place};
use mifeng_foundation::storage::sqlite_options;
use mifeng_opening::Identity;
use mifeng_sealing::{Recipient, seal_bytes};
use mifeng_triage::ingest::Arrived;
use mifeng_triage::model::Role;
use sqlx::{Connection as _, SqliteConnection};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Tips that are stored together.
const AT_ONCE: usize = 16;
/// Bytes of a card, of a line of the record, and of an answer.
const SEALED_BYTES: [usize; 3] = [900, 60, 4_096];

pub struct Bare {
    key: Identity,
    /// Whoever may see a case: its handler and all who see every case.
    readers: Vec<Recipient>,
    connection: Arc<Mutex<SqliteConnection>>,
}

impl Bare {
    pub async fn open(place: &Place) -> Self {
        let file = PathBuf::from(place.url.trim_start_matches("sqlite:")).with_extension("bare");
        let options = sqlite_options(&file).create_if_missing(true);
        let connection = SqliteConnection::connect_with(&options).await;
        let mut connection = connection.expect("it opens");
        sqlx::query(
            "CREATE TABLE IF NOT EXISTS sealed (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)",
        )
        .execute(&mut connection)
        .await
        .expect("a table");
        let see_all = PEOPLE
            .iter()
            .filter(|(role, _)| *role != Role::Investigator);
        let readers = see_all.map(|(_, many)| many).sum::<usize>() + 1;
        let keys = place.members.iter().filter_map(|one| one.recipient.clone());
        Self {
            key: place.key.clone(),
            readers: keys.take(readers).collect(),
            connection: Arc::new(Mutex::new(connection)),
        }
    }

    pub async fn take_in(&self, tips: &[Arrived]) {
        let mut storing: Option<tokio::task::JoinHandle<()>> = None;
        for some in tips.chunks(AT_ONCE) {
            let half = some.len().div_ceil(2);
            let sealed: Vec<Vec<u8>> = std::thread::scope(|scope| {
                let threads: Vec<_> = some
                    .chunks(half)
                    .map(|part| {
                        scope.spawn(move || {
                            part.iter().map(|one| self.sealed(one)).collect::<Vec<_>>()
                        })
                    })
                    .collect();
                let parts = threads.into_iter().map(|one| one.join().expect("sealed"));
                parts.flatten().collect()
            });
            if let Some(storing) = storing.take() {
                storing.await.expect("stored");
            }
            let connection = Arc::clone(&self.connection);
            storing = Some(tokio::spawn(
                async move { store(&connection, sealed).await },
            ));
        }
        if let Some(storing) = storing {
            storing.await.expect("stored");
        }
    }

    /// All that is sealed of a tip, one after the other.
    fn sealed(&self, tip: &Arrived) -> Vec<u8> {
        let json = self.key.open(&tip.ciphertext).expect("it opens");
        let case = Identity::generate();
        let to = [case.recipient()];
        let seal = |bytes: &[u8]| seal_bytes(bytes, &to).expect("sealed").into_bytes();
        let mut all = seal(json.trim_ascii_end());
        for bytes in SEALED_BYTES {
            all.extend(seal(&vec![b'x'; bytes]));
        }
        for reader in self.readers.iter().chain([&self.key.recipient()]) {
            all.extend(case.wrap(reader).expect("wrapped"));
        }
        all
    }
}

async fn store(connection: &Mutex<SqliteConnection>, sealed: Vec<Vec<u8>>) {
    let mut connection = connection.lock().await;
    let mut transaction = connection.begin().await.expect("begun");
    for bytes in sealed {
        sqlx::query("INSERT INTO sealed (bytes) VALUES ($1)")
            .bind(bytes)
            .execute(&mut *transaction)
            .await
            .expect("written");
    }
    transaction.commit().await.expect("durable");
}

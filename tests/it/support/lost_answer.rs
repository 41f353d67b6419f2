//! A line to PostgreSQL that ends after a commit was done and before its answer is heard.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{UnixListener, UnixStream};

/// What is said to a server that ends a transaction; the drivers say it in one piece.
const COMMIT: &[u8] = b"COMMIT\0";

/// Which commit's answer is to be lost, counted down; 0 for none.
#[derive(Default)]
struct Countdown(AtomicU32);

/// The line.
pub struct LostAnswer {
    /// The database by this line.
    pub url: String,
    countdown: Arc<Countdown>,
    _folder: tempfile::TempDir,
}

impl LostAnswer {
    /// A line to the database at `url`, which names the folder of the server's socket.
    pub fn before(url: &str) -> Self {
        let (account, rest) = url.split_once('@').expect("an account");
        let (place, database) = rest.rsplit_once('/').expect("a database");
        let (there, port) = place.rsplit_once(':').expect("a port");
        let there = there.replace("%2F", "/");
        let folder = tempfile::tempdir().expect("a folder");
        let socket = format!(".s.PGSQL.{port}");
        let listener = UnixListener::bind(folder.path().join(&socket)).expect("a socket");
        let countdown = Arc::new(Countdown::default());
        let of_task = Arc::clone(&countdown);
        let there = Path::new(&there).join(socket);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = UnixStream::connect(&there).await.expect("the server");
                tokio::spawn(carry(near, far, Arc::clone(&of_task)));
            }
        });
        let here = folder.path().display().to_string().replace('/', "%2F");
        Self {
            url: format!("{account}@{here}:{port}/{database}"),
            countdown,
            _folder: folder,
        }
    }

    /// The answer to the commit after `before` others will be lost.
    pub fn lose_after(&self, before: u32) {
        self.countdown.0.store(before + 1, Ordering::SeqCst);
    }

    /// Whether it was lost; none will be from now on.
    pub fn has_lost(&self) -> bool {
        self.countdown.0.swap(0, Ordering::SeqCst) == 0
    }
}

async fn carry(mut near: UnixStream, mut far: UnixStream, countdown: Arc<Countdown>) {
    let (mut asked, mut answered) = (vec![0; 64 << 10], vec![0; 64 << 10]);
    loop {
        tokio::select! {
            read = near.read(&mut asked) => match read {
                Ok(count @ 1..) => {
                    let said = &asked[..count];
                    let commits = said.windows(COMMIT.len()).any(|some| some == COMMIT);
                    if far.write_all(said).await.is_err() {
                        return;
                    }
                    let step = |left: u32| left.checked_sub(1);
                    let left = || countdown.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step);
                    if commits && left() == Ok(1) {
                        // It is done once the server says so, and nobody hears that.
                        let _ = far.read(&mut answered).await;
                        return;
                    }
                }
                _ => return,
            },
            read = far.read(&mut answered) => match read {
                Ok(count @ 1..) if near.write_all(&answered[..count]).await.is_ok() => {}
                _ => return,
            },
        }
    }
}

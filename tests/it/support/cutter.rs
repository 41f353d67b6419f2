//! A line that breaks: between a program and what it speaks to, after so many bytes of one connection.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// Most bytes that a connection carries to the other side, and how many connections were cut.
#[derive(Default)]
struct Line {
    most_bytes: AtomicU64,
    cuts: AtomicUsize,
    resets: Notify,
}

/// The line.
pub struct Cutter {
    pub address: SocketAddr,
    line: Arc<Line>,
}

impl Cutter {
    /// A whole line to `there`.
    pub async fn before(there: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("bound");
        let line = Arc::new(Line::default());
        line.most_bytes.store(u64::MAX, Ordering::SeqCst);
        let of_task = Arc::clone(&line);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                tokio::spawn(carry(near, there, Arc::clone(&of_task)));
            }
        });
        Self { address, line }
    }

    /// From now on it breaks once a connection has carried so many bytes.
    pub fn cut_after(&mut self, bytes: u64) {
        self.line.most_bytes.store(bytes, Ordering::SeqCst);
    }

    /// Breaks every connection now, without a farewell: the other side hears of a reset.
    pub fn reset_all(&self) {
        self.line.resets.notify_waiters();
    }

    /// Waits until it was cut `count` times.
    pub async fn has_cut(&self, count: usize) {
        for _ in 0..300 {
            if self.line.cuts.load(Ordering::SeqCst) >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("never cut {count} times");
    }
}

async fn carry(mut near: TcpStream, there: SocketAddr, line: Arc<Line>) {
    let Ok(mut far) = TcpStream::connect(there).await else {
        return;
    };
    let (mut near_reads, mut near_writes) = near.split();
    let (mut far_reads, mut far_writes) = far.split();
    let forth = async {
        let (mut buffer, mut carried) = (vec![0; 16 * 1024], 0_u64);
        while let Ok(read) = near_reads.read(&mut buffer).await {
            carried += read as u64;
            if carried > line.most_bytes.load(Ordering::SeqCst) {
                line.cuts.fetch_add(1, Ordering::SeqCst);
                return;
            }
            if read == 0 || far_writes.write_all(&buffer[..read]).await.is_err() {
                return;
            }
        }
    };
    let back = tokio::io::copy(&mut far_reads, &mut near_writes);
    // Whichever side ends, both are closed.
    let is_reset = tokio::select! {
        () = forth => false,
        _ = back => false,
        () = line.resets.notified() => true,
    };
    if is_reset {
        far.set_zero_linger().expect("an open line");
    }
}

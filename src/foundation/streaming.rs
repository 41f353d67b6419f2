//! Files on their way through a thread: bytes come in pieces from asynchronous code, are worked on by plain readers and
//! writers, and go back in pieces. Whoever goes away without ending his side has broken the file off.

use std::io::{self, BufRead, ErrorKind, Read, Write};
use tokio::sync::{mpsc, oneshot};

/// Bytes in a piece, about: few enough that several files at once cost little, enough that passing them on does.
pub const PIECE_BYTES: usize = 128 * 1024;

/// Pieces that wait in one direction: enough for the time that a thread may have to wait for a processor.
const PIECES: usize = 4;

/// A working thread's stack, in bytes. The whole process is locked into memory, and stacks with it.
const STACK_BYTES: usize = 512 * 1024;

enum Piece {
    Bytes(Vec<u8>),
    End,
}

/// The asynchronous end that sends pieces to a thread.
pub struct PieceSender {
    pieces: mpsc::Sender<Piece>,
    gathered: Vec<u8>,
}

/// The thread's end that reads.
pub struct PieceReader {
    pieces: mpsc::Receiver<Piece>,
    piece: Vec<u8>,
    read: usize,
    ended: bool,
}

/// The thread's end that writes.
pub struct PieceWriter(PieceSender);

/// The asynchronous end that receives pieces from a thread.
pub struct PieceReceiver(mpsc::Receiver<Piece>);

/// The other side went away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the other side of a stream broke off")]
pub struct BrokenOff;

/// A way into a thread.
#[must_use]
pub fn into_thread() -> (PieceSender, PieceReader) {
    let (pieces, receiver) = mpsc::channel(PIECES);
    let reader = PieceReader {
        pieces: receiver,
        piece: Vec::new(),
        read: 0,
        ended: false,
    };
    (PieceSender::new(pieces), reader)
}

/// A way out of a thread.
#[must_use]
pub fn out_of_thread() -> (PieceWriter, PieceReceiver) {
    let (pieces, receiver) = mpsc::channel(PIECES);
    (
        PieceWriter(PieceSender::new(pieces)),
        PieceReceiver(receiver),
    )
}

/// A way from one thread to another.
#[must_use]
pub fn between_threads() -> (PieceWriter, PieceReader) {
    let (sender, reader) = into_thread();
    (PieceWriter(sender), reader)
}

/// Runs `work` on a thread of its own, not on one of the few that wait for disks: a slow sender may hold it for long.
pub fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> oneshot::Receiver<T> {
    let (tell, told) = oneshot::channel();
    let builder = std::thread::Builder::new().stack_size(STACK_BYTES);
    // Without a thread nobody tells, and whoever waits sees that.
    let _ = builder.spawn(move || {
        let _ = tell.send(work());
    });
    told
}

impl PieceSender {
    fn new(pieces: mpsc::Sender<Piece>) -> Self {
        Self {
            pieces,
            gathered: Vec::new(),
        }
    }

    /// Whether `more` bytes would make a piece.
    fn gather(&mut self, bytes: &[u8]) -> Option<Piece> {
        if self.gathered.capacity() == 0 {
            self.gathered.reserve_exact(PIECE_BYTES + bytes.len());
        }
        self.gathered.extend_from_slice(bytes);
        let full = self.gathered.len() >= PIECE_BYTES;
        full.then(|| Piece::Bytes(std::mem::take(&mut self.gathered)))
    }

    /// Gives bytes on.
    ///
    /// # Errors
    /// [`BrokenOff`] if nobody reads any more.
    pub async fn give(&mut self, bytes: &[u8]) -> Result<(), BrokenOff> {
        match self.gather(bytes) {
            Some(piece) => self.pieces.send(piece).await.map_err(|_| BrokenOff),
            None => Ok(()),
        }
    }

    /// Gives a piece on as it is.
    ///
    /// # Errors
    /// [`BrokenOff`] if nobody reads any more.
    pub async fn give_piece(&mut self, piece: Vec<u8>) -> Result<(), BrokenOff> {
        debug_assert!(self.gathered.is_empty(), "either bytes or pieces");
        let sent = self.pieces.send(Piece::Bytes(piece)).await;
        sent.map_err(|_| BrokenOff)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// [`BrokenOff`] if nobody reads any more.
    pub async fn end(mut self) -> Result<(), BrokenOff> {
        let rest = std::mem::take(&mut self.gathered);
        for piece in [Piece::Bytes(rest), Piece::End] {
            self.pieces.send(piece).await.map_err(|_| BrokenOff)?;
        }
        Ok(())
    }
}

impl PieceReceiver {
    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// [`BrokenOff`] if the thread ended before its file did.
    pub async fn take(&mut self) -> Result<Option<Vec<u8>>, BrokenOff> {
        match self.0.recv().await {
            Some(Piece::Bytes(bytes)) => Ok(Some(bytes)),
            Some(Piece::End) => Ok(None),
            None => Err(BrokenOff),
        }
    }
}

impl BufRead for PieceReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.read == self.piece.len() && !self.ended {
            match self.pieces.blocking_recv() {
                Some(Piece::Bytes(bytes)) => (self.piece, self.read) = (bytes, 0),
                Some(Piece::End) => self.ended = true,
                None => return Err(ErrorKind::UnexpectedEof.into()),
            }
        }
        Ok(&self.piece[self.read..])
    }

    fn consume(&mut self, bytes: usize) {
        self.read += bytes;
    }
}

impl Read for PieceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let read = available.len().min(buffer.len());
        buffer[..read].copy_from_slice(&available[..read]);
        self.consume(read);
        Ok(read)
    }
}

impl PieceWriter {
    /// Ends the file.
    ///
    /// # Errors
    /// [`ErrorKind::BrokenPipe`] if nobody takes any more.
    pub fn end(mut self) -> io::Result<()> {
        let rest = std::mem::take(&mut self.0.gathered);
        self.send(Piece::Bytes(rest))?;
        self.send(Piece::End)
    }

    fn send(&self, piece: Piece) -> io::Result<()> {
        let sent = self.0.pieces.blocking_send(piece);
        sent.map_err(|_| ErrorKind::BrokenPipe.into())
    }
}

impl Write for PieceWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(piece) = self.0.gather(bytes) {
            self.send(piece)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

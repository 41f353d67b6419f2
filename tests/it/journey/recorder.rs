//! A proxy on loopback between a browser and intake, as one stands behind TLS: it keeps every byte that the browser
//! sends, and can lose answers, refuse, or alter what the server says.

use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// How long a server that has more to say is quiet at most, on a busy machine.
const PAUSE: Duration = Duration::from_millis(300);

/// What the line is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// Everything passes.
    Good,
    /// Requests arrive, answers do not.
    LosesAnswers,
    /// Nothing passes.
    Dead,
    /// What the browser says passes in small pieces, with a pause after each.
    Slow,
    /// Of what the server says, the first text stands in the place of the second; both are equally long.
    Alters(String, String),
}

struct State {
    line: Line,
    sent: Vec<u8>,
}

/// The running proxy.
#[derive(Clone)]
pub struct Recorder {
    port: u16,
    state: Arc<Mutex<State>>,
}

impl Recorder {
    /// Stands before the server at `origin`, `http://ADDRESS:PORT`.
    pub async fn before(origin: &str) -> Self {
        let server = origin.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let state = Arc::new(Mutex::new(State {
            line: Line::Good,
            sent: Vec::new(),
        }));
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(carry(client, server.clone(), shared.clone()));
            }
        });
        Self { port, state }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub fn becomes(&self, line: Line) {
        self.state.lock().line = line;
    }

    /// Every byte that the browser sent so far.
    pub fn sent(&self) -> Vec<u8> {
        self.state.lock().sent.clone()
    }

    /// How many requests began with `words`.
    pub fn requests(&self, words: &str) -> usize {
        let sent = self.sent();
        sent.windows(words.len())
            .filter(|window| *window == words.as_bytes())
            .count()
    }
}

async fn carry(mut client: TcpStream, server: String, state: Arc<Mutex<State>>) {
    let Ok(mut server) = TcpStream::connect(server).await else {
        return;
    };
    let (mut asked, mut answered) = (vec![0; 64 * 1024], vec![0; 64 * 1024]);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(count @ 1..) = read else { return };
                if state.lock().line == Line::Slow {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
                if !pass_on(&state, &asked[..count]) || server.write_all(&unpacked(asked[..count].to_vec())).await.is_err() {
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(count @ 1..) = read else { return };
                let line = state.lock().line.clone();
                let passed = match line {
                    Line::Good | Line::Slow => client.write_all(&answered[..count]).await,
                    Line::Alters(new, old) => {
                        let whole = until_quiet(&mut server, answered[..count].to_vec()).await;
                        client.write_all(&altered(whole, &new, &old)).await
                    }
                    Line::LosesAnswers | Line::Dead => return,
                };
                if passed.is_err() {
                    return;
                }
            }
        }
    }
}

fn pass_on(state: &Mutex<State>, bytes: &[u8]) -> bool {
    let mut state = state.lock();
    state.sent.extend_from_slice(bytes);
    state.line != Line::Dead
}

/// The request without the wish for packed answers, in which nothing could be found to alter.
fn unpacked(request: Vec<u8>) -> Vec<u8> {
    altered(request, "X-Any-Encodings", "Accept-Encoding")
}

/// What the server says until it pauses: what is looked for may come in two pieces.
async fn until_quiet(server: &mut TcpStream, mut said: Vec<u8>) -> Vec<u8> {
    let mut more = vec![0; 64 * 1024];
    while let Ok(Ok(count @ 1..)) = tokio::time::timeout(PAUSE, server.read(&mut more)).await {
        said.extend_from_slice(&more[..count]);
    }
    said
}

fn altered(mut bytes: Vec<u8>, new: &str, old: &str) -> Vec<u8> {
    let found = bytes
        .windows(old.len())
        .position(|window| window == old.as_bytes());
    if let Some(at) = found {
        bytes[at..at + old.len()].copy_from_slice(new.as_bytes());
    }
    bytes
}

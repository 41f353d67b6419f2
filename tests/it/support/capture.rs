//! What passes over loopback, packet by packet, as someone on the wire sees it. Where the right to listen is missing the
//! test fails; it never skips.

use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

/// What the kernel may hold until a machine with much to do lets the listener run, in KiB: a thousand of the largest
/// packets. The usual two MiB are thirty of them.
const BUFFER_KIB: &str = "65536";

/// Sent when all has been said: what came before it was heard before it.
const LAST_WORDS: &[u8] = b"GET /nothing-is-sent-after-this HTTP/1.0\r\n\r\n";

/// How long the last words may take, in tries of a twentieth of a second.
const TRIES: u32 = 600;

/// Bytes of a capture file's head and of each packet's.
const FILE_HEAD_BYTES: usize = 24;
const PACKET_HEAD_BYTES: usize = 16;

/// Bytes of an Ethernet header.
const ETHERNET_BYTES: usize = 14;

/// A running capture of some ports.
pub struct Capture {
    child: Child,
    stderr: BufReader<ChildStderr>,
    port: u16,
    captured: Arc<Mutex<Vec<u8>>>,
    reading: JoinHandle<()>,
}

impl Capture {
    /// Listens to `ports` on loopback.
    pub fn of(ports: &[u16]) -> Self {
        let filter: Vec<String> = ports
            .iter()
            .map(|port| format!("tcp port {port}"))
            .collect();
        let mut child = Command::new("tcpdump")
            .args(["-i", "lo", "-U", "--immediate-mode", "-s", "0", "-w", "-"])
            .args(["-B", BUFFER_KIB])
            .arg(filter.join(" or "))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("tcpdump; `make test` installs it");
        let mut said = String::new();
        let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        while !said.contains("listening on") {
            let read = stderr.read_line(&mut said).expect("text");
            assert_ne!(
                read, 0,
                "tcpdump may not listen here; run this test as root or with CAP_NET_RAW: {said}"
            );
        }
        let mut stdout = child.stdout.take().expect("a pipe");
        let captured = Arc::new(Mutex::new(Vec::new()));
        let reading = std::thread::spawn({
            let captured = Arc::clone(&captured);
            move || {
                let mut piece = vec![0; 1 << 16];
                loop {
                    let read = stdout.read(&mut piece).expect("a pipe");
                    if read == 0 {
                        return;
                    }
                    captured.lock().extend_from_slice(&piece[..read]);
                }
            }
        });
        Self {
            child,
            stderr,
            port: ports[0],
            captured,
            reading,
        }
    }

    /// Ends it; everything that passed. A packet that the listener lost fails the test, for it might have told something.
    pub fn end(mut self) -> Passed {
        self.hear_the_last_words();
        let id = i32::try_from(self.child.id()).expect("a process's number");
        let id = rustix::process::Pid::from_raw(id).expect("not zero");
        rustix::process::kill_process(id, rustix::process::Signal::INT).expect("it runs");
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).expect("text");
        self.child.wait().expect("it ends");
        self.reading.join().expect("no panic");
        assert!(said.contains("\n0 packets dropped by kernel"), "{said}");
        Passed::read(&self.captured.lock())
    }

    fn hear_the_last_words(&self) {
        let mut last = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        last.write_all(LAST_WORDS).expect("it listens");
        for _ in 0..TRIES {
            let captured = self.captured.lock();
            let mut pieces = captured.windows(LAST_WORDS.len());
            if pieces.any(|piece| piece == LAST_WORDS) {
                return;
            }
            drop(captured);
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("the listener did not hear what was said last");
    }
}

/// What passed, by the ports it came from and went to, each way in the order of its numbers.
pub struct Passed(BTreeMap<(u16, u16), Vec<u8>>);

impl Passed {
    fn read(file: &[u8]) -> Self {
        assert_eq!(
            file.get(..4),
            Some(b"\xd4\xc3\xb2\xa1".as_slice()),
            "a capture"
        );
        assert_eq!(file[20], 1, "Ethernet");
        let mut streams: BTreeMap<(u16, u16), BTreeMap<u32, &[u8]>> = BTreeMap::new();
        let mut first: BTreeMap<(u16, u16), u32> = BTreeMap::new();
        let mut rest = &file[FILE_HEAD_BYTES..];
        while rest.len() > PACKET_HEAD_BYTES {
            let number = |at: usize| {
                let bytes = rest[at..at + 4].try_into().expect("four bytes");
                usize::try_from(u32::from_le_bytes(bytes)).expect("a length")
            };
            let (kept, long) = (number(8), number(12));
            assert_eq!(kept, long, "no packet is cut short");
            let packet = &rest[PACKET_HEAD_BYTES..PACKET_HEAD_BYTES + kept];
            rest = &rest[PACKET_HEAD_BYTES + kept..];
            if let Some((ports, sequence, bytes)) = segment(packet) {
                // Counted from the first, so that numbers which wrap around stay in order.
                let from = *first.entry(ports).or_insert(sequence);
                let stream = streams.entry(ports).or_default();
                // What is sent again may be a part of what was sent before.
                let piece = stream.entry(sequence.wrapping_sub(from)).or_default();
                if bytes.len() > piece.len() {
                    *piece = bytes;
                }
            }
        }
        let joined = streams.into_iter().map(|(ports, pieces)| {
            let bytes: Vec<u8> = pieces.into_values().flatten().copied().collect();
            (ports, bytes)
        });
        Self(joined.collect())
    }

    /// What went to `port` and came from it, one stream behind the other.
    pub fn at(&self, port: u16) -> Vec<u8> {
        let streams = self.0.iter();
        let here = streams.filter(|((from, to), _)| *from == port || *to == port);
        here.flat_map(|(_, bytes)| bytes.iter().copied()).collect()
    }
}

/// Ports, number and content of a packet of TCP over IPv4; `None` for what has no content.
fn segment(packet: &[u8]) -> Option<((u16, u16), u32, &[u8])> {
    let short =
        |bytes: &[u8], at: usize| Some(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
    (short(packet, 12)? == 0x0800).then_some(())?;
    let ip = packet.get(ETHERNET_BYTES..)?;
    let whole = ip.get(..usize::from(short(ip, 2)?))?;
    let tcp = whole.get(usize::from(ip[0] & 0x0f) * 4..)?;
    let sequence = u32::from_be_bytes(tcp.get(4..8)?.try_into().ok()?);
    let content = tcp.get(usize::from(tcp.get(12)? >> 4) * 4..)?;
    let ports = (short(tcp, 0)?, short(tcp, 2)?);
    (!content.is_empty()).then_some((ports, sequence, content))
}

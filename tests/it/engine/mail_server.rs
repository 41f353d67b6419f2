//! A mail server, and what is in the mails that it was given.

use crate::support::headers::once_each_in_mail;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A mail server that keeps what it is given, or first says "later" a few times.
#[derive(Default)]
pub struct Server {
    mails: Mutex<Vec<String>>,
    pub refusals: AtomicU32,
}

impl Server {
    pub async fn listen(self: &Arc<Self>, port: u16) -> u16 {
        let listener = TcpListener::bind(("127.0.0.1", port))
            .await
            .expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let server = Arc::clone(self);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                server.serve(stream).await;
            }
        });
        port
    }

    async fn serve(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        let mut mail: Option<String> = None;
        let mut answer = "220 test\r\n";
        loop {
            if stream.write_all(answer.as_bytes()).await.is_err() {
                return;
            }
            // Else the sender waits a twenty-fifth of a second for each acknowledgement of a line that gets no answer.
            let _ = stream.get_ref().set_quickack(true);
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            answer = if let Some(text) = &mut mail {
                if line == ".\r\n" {
                    self.mails.lock().extend(mail.take());
                    "250 kept\r\n"
                } else {
                    text.push_str(&line);
                    ""
                }
            } else if line.starts_with("RCPT") && self.refuses() {
                "451 later\r\n"
            } else if line.starts_with("DATA") {
                mail = Some(String::new());
                "354 go on\r\n"
            } else {
                "250 ok\r\n"
            };
        }
    }

    fn refuses(&self) -> bool {
        let less = |count: u32| count.checked_sub(1);
        self.refusals
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, less)
            .is_ok()
    }

    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.mails.lock())
    }
}

pub fn decoded(text: &str) -> String {
    let bytes = STANDARD.decode(text).expect("base64");
    String::from_utf8(bytes).expect("UTF-8")
}

/// Who a mail is for and all that it says, its headers taken apart.
pub fn read(mail: &str) -> (String, String, String) {
    let (head, body) = mail.split_once("\r\n\r\n").expect("a mail has a head");
    let head = head.replace("\r\n ", " ");
    once_each_in_mail(&head);
    let (mut to, mut subject) = (String::new(), String::new());
    for line in head.lines() {
        let (name, value) = line.split_once(": ").expect("a header");
        match name {
            "To" => value.clone_into(&mut to),
            "Subject" => {
                // Between two encoded words a space means nothing.
                for word in value.replace("?= =?", "?=\n=?").split('\n') {
                    let mut rest = word;
                    while let Some((plain, after)) = rest.split_once("=?utf-8?b?") {
                        let (coded, after) = after.split_once("?=").expect("an end");
                        subject.push_str(plain);
                        subject.push_str(&decoded(coded));
                        rest = after;
                    }
                    subject.push_str(rest);
                }
            }
            "Date" => assert!(value.contains("00:00:00"), "the day only: {value}"),
            "From" | "MIME-Version" | "Content-Type" | "Content-Transfer-Encoding" => {}
            other => panic!("a header nobody asked for: {other}"),
        }
    }
    (to, subject, decoded(&body.replace("\r\n", "")))
}

//! A server on this machine that speaks S3, with a bucket of its own for each test. Where it is missing the suite fails;
//! it never skips.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running server.
pub struct S3Server {
    child: Child,
    port: u16,
}

/// The program, where `make test` installs it, or in the path.
fn program() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/python/bin/moto_server");
    if own.exists() {
        own
    } else {
        "moto_server".into()
    }
}

impl S3Server {
    /// Starts a server without buckets.
    pub async fn start() -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).and_then(|one| one.local_addr());
        Self::start_at(free.expect("a free port").port()).await
    }

    async fn start_at(port: u16) -> Self {
        mifeng_foundation::serving::install_tls_provider();
        let child = Command::new(program())
            .args(["--host", "127.0.0.1", "--port", &port.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto_server; `make test` installs it");
        let server = Self { child, port };
        for _ in 0..600 {
            if reqwest::get(server.endpoint()).await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the S3 server did not start");
    }

    pub fn endpoint(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A new, empty bucket.
    pub async fn bucket(&self, name: &str) {
        let url = format!("{}/{name}", self.endpoint());
        let made = reqwest::Client::new().put(url).send().await;
        assert!(made.expect("an answer").status().is_success());
    }

    /// Names of what is in a bucket.
    pub async fn names(&self, bucket: &str) -> Vec<String> {
        let url = format!("{}/{bucket}?list-type=2", self.endpoint());
        let list = reqwest::get(url).await.expect("an answer").text().await;
        let list = list.expect("a text");
        assert!(list.contains("ListBucketResult"), "{list}");
        list.split("<Key>")
            .skip(1)
            .filter_map(|part| part.split("</Key>").next())
            .map(str::to_owned)
            .collect()
    }

    /// What is in an object.
    pub async fn bytes(&self, bucket: &str, name: &str) -> Vec<u8> {
        let url = format!("{}/{bucket}/{name}", self.endpoint());
        let answer = reqwest::get(url).await.expect("an answer");
        answer.bytes().await.expect("bytes").to_vec()
    }

    /// The settings of a place for files in a bucket, with credentials in `folder`.
    pub fn settings(&self, folder: &Path, bucket: &str) -> String {
        let credentials = folder.join("s3-credentials");
        std::fs::write(&credentials, "test-key-id\ntest-secret-key\n").expect("our own folder");
        format!(
            "[attachments]\nurl = 's3://{bucket}/mifeng'\ns3_endpoint = '{}'\ns3_credentials_file = '{}'\n",
            self.endpoint(),
            credentials.display()
        )
    }

    /// Starts it again at the same place, empty.
    pub async fn restart(&mut self) {
        *self = Self::start_at(self.port).await;
    }

    /// Ends it; what was in it is gone.
    pub fn stop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.stop();
    }
}

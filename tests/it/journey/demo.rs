//! The real demo, as `make demo` starts it: three programs, keys and stores in a temporary folder.

use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// What `demo.json` says; further keys are the demo's own business.
#[derive(Deserialize)]
pub struct Description {
    pub intake_url: String,
    pub triage_url: String,
    pub office: String,
    pub accounts: Vec<Account>,
    pub pickup_codes: Vec<String>,
}

/// A demo account.
#[derive(Clone, Deserialize)]
pub struct Account {
    pub login: String,
    pub password: String,
    pub role: String,
}

impl Description {
    /// An account with this role.
    pub fn account(&self, role: &str) -> &Account {
        self.accounts
            .iter()
            .find(|account| account.role == role)
            .unwrap_or_else(|| {
                panic!("the demo makes an account for every role, so also for {role}")
            })
    }
}

/// A running demo; stops when dropped.
pub struct Demo {
    process: Child,
    folder: tempfile::TempDir,
    pub description: Description,
}

/// Longest wait for a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_mins(2);

impl Demo {
    /// Starts the demo with `tips` sample tips.
    pub async fn start(tips: usize) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let ports = free_ports();
        let log = std::fs::File::create(folder.path().join("demo.log")).expect("a log file");
        let process = Command::new(env!("CARGO_BIN_EXE_mifeng"))
            .arg("demo")
            .arg("--dir")
            .arg(folder.path().join("office"))
            .args(["--intake-port", &ports.0.to_string()])
            .args(["--triage-port", &ports.1.to_string()])
            .args(["--tips", &tips.to_string()])
            .args(["--log-level", "trace"])
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a second handle"))
            .stderr(log)
            .spawn()
            .expect("the demo starts");
        let mut demo = Starting { process, folder };
        let description = demo.described().await;
        Self {
            process: demo.process,
            folder: demo.folder,
            description,
        }
    }

    /// Everything the demo wrote: keys, stores, mail, logs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Stops all programs, as Ctrl-C does, and waits for them.
    pub fn stop(&mut self) {
        let pid = i32::try_from(self.process.id())
            .ok()
            .and_then(Pid::from_raw);
        if let Some(pid) = pid {
            let _ = kill_process(pid, Signal::TERM);
        }
        let _ = self.process.wait();
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        self.stop();
    }
}

struct Starting {
    process: Child,
    folder: tempfile::TempDir,
}

impl Starting {
    async fn described(&mut self) -> Description {
        let file: PathBuf = self.folder.path().join("office/demo.json");
        let step = Duration::from_millis(100);
        let mut waited = Duration::ZERO;
        while waited < PATIENCE {
            if let Ok(text) = std::fs::read_to_string(&file)
                && let Ok(description) = serde_json::from_str(&text)
            {
                return description;
            }
            let gone = self.process.try_wait().expect("our own child");
            assert!(gone.is_none(), "the demo ended: {}", self.log());
            tokio::time::sleep(step).await;
            waited += step;
        }
        panic!("the demo was not ready in time: {}", self.log());
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("demo.log")).unwrap_or_default()
    }
}

/// Two free ports with a free one after the second (the parent office's triage).
pub fn free_ports() -> (u16, u16) {
    loop {
        let bind = |port: u16| TcpListener::bind(("127.0.0.1", port));
        let (Ok(first), Ok(second)) = (bind(0), bind(0)) else {
            continue;
        };
        let port = |listener: &TcpListener| listener.local_addr().map_or(0, |a| a.port());
        let (a, b) = (port(&first), port(&second));
        if b < u16::MAX && b + 1 != a && bind(b + 1).is_ok() {
            return (a, b);
        }
    }
}

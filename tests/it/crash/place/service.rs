//! A service of the built programs, started and killed.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A service that is killed with its test.
pub struct Service(Child);

impl Service {
    pub fn start(program: &str, config: &Path, log: &Path) -> Self {
        let mut command = Command::new(program);
        command.arg("--config").arg(config);
        Self::start_command(command, log)
    }

    pub(super) fn start_command(mut command: Command, log: &Path) -> Self {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log)
            .expect("a log");
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a handle"))
            .stderr(log)
            .spawn()
            .expect("built with the tests");
        Self(child)
    }

    /// `kill -9`, and gone when this returns.
    pub fn kill(&mut self) {
        self.0.kill().expect("it was running");
        self.0.wait().expect("it ends");
    }

    /// The process's number.
    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Where this test sees what the process sees at `path`, on a disk of its own too.
    pub fn sees(&self, path: &Path) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.id()));
        root.join(path.strip_prefix("/").expect("a whole path"))
    }

    /// Asks it to stop, as systemd does.
    pub fn ask_to_stop(&self) {
        let id = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(id, rustix::process::Signal::TERM).expect("it runs");
    }

    /// With which code it ended, once it has.
    pub async fn ended(&mut self) -> Option<i32> {
        for _ in 0..1200 {
            if let Some(status) = self.0.try_wait().expect("a child") {
                return status.code();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("it goes on after two minutes");
    }

    pub fn is_running(&mut self) -> bool {
        self.0.try_wait().expect("a child").is_none()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

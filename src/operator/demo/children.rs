//! The services of the demo as child processes: started, watched, and stopped together.

use crate::OperatorError;
use rustix::process::{Pid, Signal, kill_process};
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

/// How long a service may take to finish what it has acknowledged.
const STOP_TIMEOUT: Duration = Duration::from_secs(15);

/// How often the services are looked at.
const WATCH_INTERVAL: Duration = Duration::from_millis(250);

/// Ctrl-C or SIGTERM.
pub struct StopSignal {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

/// Listens for the wish to stop from now on.
pub fn stop_signal() -> Result<StopSignal, OperatorError> {
    let listen = |kind| {
        signal(kind).map_err(|error| OperatorError::Program {
            program: "mifeng demo".to_owned(),
            reason: error.to_string(),
        })
    };
    Ok(StopSignal {
        interrupt: listen(SignalKind::interrupt())?,
        terminate: listen(SignalKind::terminate())?,
    })
}

impl StopSignal {
    /// Until either comes.
    pub async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The running services, in the order in which they were started.
#[derive(Default)]
pub struct Children {
    running: Vec<(String, Child)>,
}

impl Children {
    /// Starts the program `name` that stands beside this one, its log going to `log`.
    pub fn start(&mut self, name: &str, config: &Path, log: &Path) -> Result<(), OperatorError> {
        let failed = |error: std::io::Error| OperatorError::Program {
            program: name.to_owned(),
            reason: error.to_string(),
        };
        let program = std::env::current_exe()
            .map_err(failed)?
            .with_file_name(name);
        let output = File::create(log).map_err(OperatorError::at(log))?;
        let errors = output.try_clone().map_err(OperatorError::at(log))?;
        let child = Command::new(program)
            .arg("--config")
            .arg(config)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            // Else Ctrl-C would reach the services too, and they would stop in no order.
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        self.running
            .push((format!("{name} (its log: {})", log.display()), child));
        Ok(())
    }

    /// The process ids.
    pub fn pids(&self) -> Vec<u32> {
        self.running
            .iter()
            .filter_map(|(_, child)| child.id())
            .collect()
    }

    /// Fails if one of the services has ended.
    pub fn check(&mut self) -> Result<(), OperatorError> {
        for (name, child) in &mut self.running {
            if let Ok(Some(status)) = child.try_wait() {
                return Err(OperatorError::Program {
                    program: name.clone(),
                    reason: status.to_string(),
                });
            }
        }
        Ok(())
    }

    /// Until one of the services ends by itself, which none should.
    pub async fn wait_for_end(&mut self) -> Result<(), OperatorError> {
        loop {
            self.check()?;
            tokio::time::sleep(WATCH_INTERVAL).await;
        }
    }

    /// Asks every service to stop, the last started first, and ends those that do not.
    pub async fn stop(&mut self) {
        while let Some((_, mut child)) = self.running.pop() {
            let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
            if let Some(pid) = pid {
                let _ = kill_process(pid, Signal::TERM);
            }
            if tokio::time::timeout(STOP_TIMEOUT, child.wait())
                .await
                .is_err()
            {
                let _ = child.kill().await;
            }
        }
    }
}

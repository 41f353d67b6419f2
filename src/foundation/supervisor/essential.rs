//! Essential tasks: those that a service cannot go on without and cannot begin anew, a server on a socket above all. That one
//! ends before it was told to is as bad as a task that died too often, whether it panicked, failed or simply was over.

use super::{Panicked, Supervisor, fenced};
use crate::telemetry::{Event, log};
use actix_web::dev::{Server, ServerHandle};
use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::task::JoinHandle;

/// A task that lives as long as the service.
pub struct EssentialTask {
    may_end: Arc<AtomicBool>,
    life: JoinHandle<()>,
}

impl EssentialTask {
    /// From now on it ends as it should.
    pub fn let_end(&self) {
        self.may_end.store(true, Ordering::Release);
    }

    /// Waits for its end, which is none too early any more.
    pub async fn end(self) {
        self.let_end();
        // Whatever it panicked with was caught and told before.
        let _ = self.life.await;
    }
}

impl Supervisor {
    /// Does the work called `task` once. If it ends before [`EssentialTask::let_end`], and before the service is told to
    /// stop, or if it fails at all, it is given up like a task that died too often.
    pub fn keep<E: Error + Send + 'static>(
        &self,
        task: &'static str,
        work: impl Future<Output = Result<(), E>> + Send + 'static,
    ) -> EssentialTask {
        let may_end = Arc::new(AtomicBool::new(false));
        let (supervisor, flag) = (self.clone(), Arc::clone(&may_end));
        let life = tokio::spawn(async move {
            let ended = fenced(work).await;
            let is_told = flag.load(Ordering::Acquire) || *supervisor.stopped.borrow();
            let place = match ended {
                Ok(Ok(())) if is_told => return,
                Ok(Ok(())) => "ended by itself".to_owned(),
                Ok(Err(cause)) => {
                    log(Event::RequestFailed {
                        place: task,
                        cause: &cause,
                    });
                    "it failed".to_owned()
                }
                Err(Panicked { place }) => place,
            };
            supervisor.give_up(task, &place);
        });
        EssentialTask { may_end, life }
    }
}

/// A server that runs.
pub struct Served {
    handle: ServerHandle,
    kept: EssentialTask,
}

impl Served {
    /// Runs `server` under the name `task`.
    #[must_use]
    pub fn run(task: &'static str, server: Server, supervisor: &Supervisor) -> Self {
        Self {
            handle: server.handle(),
            kept: supervisor.keep(task, server),
        }
    }

    /// Answers what it has begun to answer, and ends.
    pub async fn end(self) {
        self.kept.let_end();
        self.handle.stop(true).await;
        self.kept.end().await;
    }
}

//! Who looks after a service's long tasks. One that panics, or ends before it was told to, is begun again after a while; one
//! that does so again and again is given up, and the service ends with it, so that whoever started the service sees it. Each
//! says when it has done its round, so that one that hangs is seen too.

mod essential;
mod fence;
mod health;

pub use essential::{EssentialTask, Served};
pub use fence::{Panicked, by_itself, fenced, fenced_now, tell_panics};
pub use health::{HEALTH_PATH, HealthConfig, serve_health};

use crate::backoff::Backoff;
use crate::clock::Clock;
use crate::telemetry::{Event, log};
use parking_lot::Mutex;
use serde::Serialize;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// When a task that died is begun again, and when it is given up.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Wait after the first death; twice as long after each further one.
    pub first_wait: Duration,
    /// Longest wait.
    pub longest_wait: Duration,
    /// So many deaths within [`Self::window`] are too many.
    pub deaths_max: usize,
    /// Deaths before that are forgotten.
    pub window: Duration,
}

impl Default for Patience {
    /// Six deaths within a quarter of an hour: begun again after half a second, one, two, four and eight.
    fn default() -> Self {
        Self {
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(30),
            deaths_max: 6,
            window: Duration::from_mins(15),
        }
    }
}

/// How much later than its round was due a task may be before it is called overdue, besides as long again as it had.
const GRACE: Duration = Duration::from_mins(1);

/// How a task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaskState {
    /// It runs.
    Running,
    /// It died, and is begun again soon.
    Waiting,
    /// It ended as it was told to.
    Ended,
    /// It died too often.
    GivenUp,
}

/// What is known of a task.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaskHealth {
    /// Its name.
    pub task: &'static str,
    /// How it is.
    pub state: TaskState,
    /// Seconds since it last did its round; `None` before the first.
    pub last_round_s: Option<u64>,
    /// Whether its next round should have been done by now.
    pub overdue: bool,
    /// How often it died since the service began.
    pub deaths: usize,
}

impl TaskHealth {
    /// Whether there is nothing to look into.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.state == TaskState::Running && !self.overdue
    }
}

struct Known {
    state: TaskState,
    last_round: Option<Duration>,
    /// When the next round is due.
    due: Duration,
    /// How long it had for that.
    within: Duration,
    recent_deaths: Vec<Duration>,
    deaths: usize,
}

struct Watched {
    task: &'static str,
    clock: Arc<dyn Clock>,
    known: Mutex<Known>,
}

/// The heartbeat of a supervised task: by it the task says that it is alive.
#[derive(Clone)]
pub struct Heartbeat(Arc<Watched>);

impl Heartbeat {
    /// Says that the task has done its work once more, and will have done it again within `next_within`.
    pub fn done(&self, next_within: Duration) {
        let now = self.0.clock.elapsed();
        let mut known = self.0.known.lock();
        known.last_round = Some(now);
        known.due = now.saturating_add(next_within);
        known.within = next_within;
    }

    /// How the task is.
    #[must_use]
    pub fn health(&self) -> TaskHealth {
        self.0.health()
    }
}

impl Watched {
    fn health(&self) -> TaskHealth {
        let now = self.clock.elapsed();
        let known = self.known.lock();
        let late_from = known.due.saturating_add(known.within).saturating_add(GRACE);
        TaskHealth {
            task: self.task,
            state: known.state,
            last_round_s: known.last_round.map(|at| now.saturating_sub(at).as_secs()),
            overdue: known.state != TaskState::Ended && now > late_from,
            deaths: known.deaths,
        }
    }

    fn set(&self, state: TaskState) {
        self.known.lock().state = state;
    }

    /// Takes note of a death; how long to wait, or `None` if it was one too many.
    fn died(&self, patience: &Patience) -> Option<Duration> {
        let now = self.clock.elapsed();
        let mut known = self.known.lock();
        known.deaths += 1;
        let since = now.saturating_sub(patience.window);
        known.recent_deaths.retain(|at| *at >= since);
        known.recent_deaths.push(now);
        let recent = known.recent_deaths.len();
        if recent >= patience.deaths_max {
            known.state = TaskState::GivenUp;
            return None;
        }
        known.state = TaskState::Waiting;
        let waits = Backoff::doubling(patience.first_wait, patience.longest_wait);
        Some(waits.after(u32::try_from(recent).unwrap_or(u32::MAX)))
    }
}

/// Looks after the long tasks of one service.
#[derive(Clone)]
pub struct Supervisor {
    clock: Arc<dyn Clock>,
    patience: Patience,
    stopped: watch::Receiver<bool>,
    tasks: Arc<Mutex<Vec<Arc<Watched>>>>,
    given_up: watch::Sender<Option<&'static str>>,
}

impl Supervisor {
    /// For a service that `stopped` tells to end.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, stopped: watch::Receiver<bool>) -> Self {
        Self {
            clock,
            patience: Patience::default(),
            stopped,
            tasks: Arc::default(),
            given_up: watch::Sender::new(None),
        }
    }

    /// The same with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// Begins the task called `task`, which `make` makes, and makes anew whenever it died. It says by its [`Heartbeat`] when it
    /// has done a round, the first within `first_within`, and ends when the service is told to stop. What is returned ends
    /// when the task has ended for good.
    pub fn spawn<F>(
        &self,
        task: &'static str,
        first_within: Duration,
        make: impl Fn(Heartbeat) -> F + Send + 'static,
    ) -> JoinHandle<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let watched = Arc::new(Watched {
            task,
            known: Mutex::new(Known {
                state: TaskState::Running,
                last_round: None,
                due: self.clock.elapsed().saturating_add(first_within),
                within: first_within,
                recent_deaths: Vec::new(),
                deaths: 0,
            }),
            clock: Arc::clone(&self.clock),
        });
        self.tasks.lock().push(Arc::clone(&watched));
        let supervisor = self.clone();
        tokio::spawn(async move { supervisor.keep_alive(&watched, make).await })
    }

    async fn keep_alive<F>(&self, watched: &Arc<Watched>, make: impl Fn(Heartbeat) -> F + Send)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        loop {
            watched.set(TaskState::Running);
            let heartbeat = Heartbeat(Arc::clone(watched));
            // Making it may panic as running it may.
            let lived = match fenced_now(|| make(heartbeat)) {
                Ok(future) => fenced(future).await,
                Err(panicked) => Err(panicked),
            };
            // Whoever could say so being gone says so too.
            if *self.stopped.borrow() || self.stopped.has_changed().is_err() {
                return watched.set(TaskState::Ended);
            }
            let Some(wait) = self.after_death(watched, lived) else {
                return;
            };
            let mut stopped = self.stopped.clone();
            tokio::select! {
                _ = stopped.wait_for(|stop| *stop) => return watched.set(TaskState::Ended),
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    fn after_death(&self, watched: &Watched, lived: Result<(), Panicked>) -> Option<Duration> {
        let task = watched.task;
        let place = match lived {
            Ok(()) => "ended by itself".to_owned(),
            Err(Panicked { place }) => place,
        };
        let wait = watched.died(&self.patience);
        if let Some(wait) = wait {
            log(Event::TaskDied {
                task,
                place: &place,
                retry_ms: u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            });
        } else {
            self.give_up(task, &place);
        }
        wait
    }

    fn give_up(&self, task: &'static str, place: &str) {
        log(Event::TaskGivenUp { task, place });
        self.given_up.send_replace(Some(task));
    }

    /// What is known of every task.
    #[must_use]
    pub fn health(&self) -> Vec<TaskHealth> {
        let tasks = self.tasks.lock();
        tasks.iter().map(|watched| watched.health()).collect()
    }

    /// Whether nothing was given up.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.given_up.borrow().is_none()
    }

    /// Resolves with a task's name when that one is given up: then the service is to end, and to say that it failed.
    pub async fn gave_up(&self) -> &'static str {
        let mut given_up = self.given_up.subscribe();
        let task = given_up.wait_for(Option::is_some).await;
        // Never an error: the sender is our own.
        task.ok().and_then(|task| *task).unwrap_or("unknown")
    }
}

//! Long tasks: one that dies is begun again, one that dies again and again ends the service, one that hangs is seen.

mod writer;

use crate::staff::{Office, Setup};
use mifeng_foundation::clock::{Clock, ManualClock, SystemClock};
use mifeng_foundation::entropy::{Entropy, SystemEntropy};
use mifeng_foundation::supervisor::{HEALTH_PATH, Patience, Served, Supervisor, TaskState};
use reqwest::StatusCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;
use writer::in_time;

const HASTY: Patience = Patience {
    first_wait: Duration::from_millis(1),
    longest_wait: Duration::from_millis(4),
    deaths_max: 6,
    window: Duration::from_hours(1),
};

struct Scene {
    supervisor: Supervisor,
    stop: watch::Sender<bool>,
    clock: Arc<ManualClock>,
}

fn scene() -> Scene {
    let (stop, stopped) = watch::channel(false);
    let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
    let supervisor = Supervisor::new(clock.clone(), stopped).with_patience(HASTY);
    Scene {
        supervisor,
        stop,
        clock,
    }
}

const MINUTE: Duration = Duration::from_mins(1);

/// Dies so many times: by a panic where it is made, where it runs, or by ending.
#[tokio::test]
async fn a_task_that_dies_is_begun_again_and_given_up_in_the_end() {
    for deaths in 0..8 {
        let Scene {
            supervisor, stop, ..
        } = scene();
        let begun = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&begun);
        let task = supervisor.spawn("some", MINUTE, move |heartbeat| {
            let times = count.fetch_add(1, Ordering::SeqCst);
            assert!(
                !times.is_multiple_of(3) || times >= deaths,
                "where it is made"
            );
            async move {
                assert!(times % 3 != 1 || times >= deaths, "where it runs");
                if times < deaths {
                    return;
                }
                heartbeat.done(MINUTE);
                std::future::pending::<()>().await;
            }
        });
        let health = || supervisor.health().remove(0);
        if deaths >= HASTY.deaths_max {
            assert_eq!(supervisor.gave_up().await, "some");
            task.await.expect("it ends");
            assert_eq!(health().state, TaskState::GivenUp);
            assert_eq!(begun.load(Ordering::SeqCst), HASTY.deaths_max);
            assert!(!supervisor.is_whole());
        } else {
            while health().last_round_s.is_none() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            assert!(supervisor.is_whole() && health().is_fine());
            assert_eq!(health().deaths, deaths);
            task.abort();
        }
        drop(stop);
    }
}

#[tokio::test]
async fn deaths_of_long_ago_are_forgotten() {
    let Scene {
        supervisor,
        clock,
        stop: _kept,
    } = scene();
    let (of, times) = (Arc::clone(&clock), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&times);
    let _task = supervisor.spawn("some", MINUTE, move |_| {
        of.advance(HASTY.window);
        count.fetch_add(1, Ordering::SeqCst);
        async { panic!("now and then") }
    });
    while times.load(Ordering::SeqCst) < 3 * HASTY.deaths_max {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(supervisor.is_whole());
}

#[tokio::test]
async fn a_task_that_is_told_to_stop_ends_and_is_no_death() {
    let Scene {
        supervisor, stop, ..
    } = scene();
    let mut told = stop.subscribe();
    let until = told.clone();
    let task = supervisor.spawn("some", MINUTE, move |_| {
        let mut until = until.clone();
        async move {
            let _ = until.wait_for(|stop| *stop).await;
        }
    });
    stop.send(true).expect("somebody listens");
    told.changed().await.expect("told");
    task.await.expect("it ends");
    let health = supervisor.health().remove(0);
    assert_eq!((health.state, health.deaths), (TaskState::Ended, 0));
    assert!(supervisor.is_whole());
}

#[tokio::test]
async fn a_task_that_hangs_is_overdue() {
    let Scene {
        supervisor, clock, ..
    } = scene();
    let (round, rounds) = watch::channel(());
    let _task = supervisor.spawn("some", MINUTE, move |heartbeat| {
        let mut rounds = rounds.clone();
        async move {
            while rounds.changed().await.is_ok() {
                heartbeat.done(MINUTE);
            }
        }
    });
    let health = || supervisor.health().remove(0);
    assert!(!health().overdue);
    clock.advance(MINUTE * 4);
    assert!(health().overdue && !health().is_fine(), "it never did one");
    round.send(()).expect("it waits");
    while health().overdue {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    clock.advance(MINUTE * 2);
    assert!(!health().overdue, "as long again, and a minute");
    clock.advance(MINUTE * 2);
    assert!(health().overdue);
    assert_eq!(health().last_round_s, Some(240));
}

/// Panics while it is armed.
#[derive(Default)]
struct Armed(AtomicBool);

impl Entropy for Armed {
    fn fill(&self, buffer: &mut [u8]) {
        let once = self.0.swap(false, Ordering::SeqCst);
        assert!(!once, "the injected fault");
        SystemEntropy.fill(buffer);
    }
}

/// Whichever task draws randomness next dies of it: the office goes on.
#[tokio::test]
async fn an_office_outlives_the_deaths_of_its_tasks() {
    let entropy = Arc::new(Armed::default());
    let office = Office::start_as(Setup {
        triage: "[health]\naddress = '127.0.0.1:0'\n".to_owned(),
        entropy: Some(entropy.clone()),
        ..Setup::default()
    })
    .await;
    let health = office.triage.health_address.expect("an address");
    let health = format!("http://{health}{HEALTH_PATH}");
    let deaths = async || {
        let told = reqwest::get(&health).await.expect("an answer");
        let status = told.status();
        let told: serde_json::Value =
            serde_json::from_str(&told.text().await.expect("a body")).expect("JSON");
        let tasks = told["tasks"].as_array().expect("tasks").clone();
        let names: Vec<_> = tasks.iter().map(|one| one["task"].clone()).collect();
        for name in ["pull", "files", "rounds", "sessions"] {
            assert!(names.iter().any(|one| one == name), "{names:?}");
        }
        let running = tasks.iter().all(|one| one["state"] == "running");
        assert_eq!(told["fine"].as_bool(), Some(status == StatusCode::OK));
        assert_eq!(running, status == StatusCode::OK, "{told}");
        let deaths = tasks.iter().map(|one| one["deaths"].as_u64());
        deaths.map(|count| count.expect("a count")).sum::<u64>()
    };
    assert_eq!(deaths().await, 0);
    for round in 1..=2 {
        entropy.0.store(true, Ordering::SeqCst);
        while deaths().await < round {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    office.case_about("青溪县第一中学", "周末在校外补课").await;
    assert_eq!(office.browser().get("/readyz").await.status, StatusCode::OK);
    office.stop().await;
}

/// Nothing is collected, whatever the cause: the staff see it, and so does whoever looks after the machine.
#[tokio::test]
async fn collecting_that_is_overdue_is_told() {
    let office = Office::start_as(Setup {
        triage: "[health]\naddress = '127.0.0.1:0'\n".to_owned(),
        ..Setup::default()
    })
    .await;
    let browser = office.signed_in("dispatcher").await;
    let mut page = String::new();
    for _ in 0..100 {
        page = browser.get("/en/queue").await.text;
        if page.contains("id=\"collected\"") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(page.contains("Collected just now") && !page.contains("id=\"collecting\""));
    let chinese = browser.get("/zh-Hans/queue").await.text;
    assert!(chinese.contains("刚刚取件"));
    assert_eq!(office.browser().get("/readyz").await.status, StatusCode::OK);
    let health = office.triage.health_address.expect("an address");
    // Nobody answers there any more.
    let office = office.without_intake().await;
    office.clock.advance(Duration::from_mins(10));
    // So long that the session has ended too.
    let browser = office.signed_in("dispatcher").await;
    let page = browser.get("/en/queue").await.text;
    assert!(page.contains("id=\"collecting\"") && !page.contains("id=\"collected\""));
    assert!(page.contains("Nothing has been collected for 10 min"));
    let chinese = browser.get("/zh-Hans/queue").await.text;
    assert!(chinese.contains("已有 10 分钟没有取到件"));
    let ready = browser.get("/readyz").await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);
    let alive = browser.get("/healthz").await;
    assert_eq!(
        (alive.status, alive.text.as_str()),
        (StatusCode::OK, "ok\n")
    );
    let told = reqwest::get(format!("http://{health}{HEALTH_PATH}"));
    let told = told.await.expect("an answer");
    assert_eq!(told.status(), StatusCode::SERVICE_UNAVAILABLE);
    office.stop().await;
}

/// What cannot be begun again ends in every way there is: too early in each but the last two.
#[tokio::test]
async fn what_ends_before_it_was_told_to_is_given_up() {
    type End = Result<(), std::io::Error>;
    let failed = || Err(std::io::Error::other("金丝雀"));
    for (way, is_told, expected) in [
        (0, false, true),
        (1, false, true),
        (2, false, true),
        // It was told to, and fails over it.
        (1, true, true),
        (2, true, true),
        (0, true, false),
    ] {
        let Scene {
            supervisor,
            stop: _kept,
            ..
        } = scene();
        let (end, ends) = tokio::sync::oneshot::channel::<()>();
        let kept = supervisor.keep("server", async move {
            let _ = ends.await;
            let ended: End = match way {
                0 => Ok(()),
                1 => failed(),
                _ => panic!("金丝雀"),
            };
            ended
        });
        assert!(supervisor.is_whole());
        if is_told {
            kept.let_end();
        }
        end.send(()).expect("it waits");
        if expected {
            assert_eq!(in_time(supervisor.gave_up()).await, "server");
        }
        kept.end().await;
        assert_eq!(supervisor.is_whole(), !expected, "{way} {is_told}");
    }
}

/// A real server, once stopped by whoever looks after it and once by somebody else.
#[tokio::test]
async fn a_server_that_is_over_by_itself_is_given_up() {
    for by_itself in [true, false] {
        let Scene {
            supervisor,
            stop: _kept,
            ..
        } = scene();
        let server = actix_web::HttpServer::new(actix_web::App::new)
            .bind(("127.0.0.1", 0))
            .expect("a port")
            .workers(1)
            .disable_signals()
            .run();
        let handle = server.handle();
        let pages = Served::run("pages", server, &supervisor);
        if by_itself {
            handle.stop(true).await;
            assert_eq!(supervisor.gave_up().await, "pages");
        }
        pages.end().await;
        assert_eq!(supervisor.is_whole(), !by_itself);
    }
}

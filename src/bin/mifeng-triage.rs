//! The internal service: `mifeng-triage --config triage.toml`.

use clap::Parser;
use mifeng_foundation::clock::SystemClock;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_foundation::{serving, supervisor, telemetry};
use mifeng_triage::config::TriageConfig;
use mifeng_triage::error::TriageError;
use mifeng_triage::service;
use mifeng_triage::viewer::child;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use zeroizing_alloc::ZeroAlloc;

/// Wipes memory when it is given back, so that what was opened does not linger.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Pulls sealed tips, opens them in memory and gives each to somebody with a date.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Settings, TOML.
    #[arg(long)]
    config: PathBuf,
}

fn main() -> ExitCode {
    // The process that draws attachments has neither settings nor threads.
    child::run_if_asked().unwrap_or_else(serve)
}

#[tokio::main]
async fn serve() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mifeng-triage: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), TriageError> {
    let config = TriageConfig::read(&options.config)?;
    telemetry::start(config.log.level, config.log.form);
    supervisor::tell_panics();
    if !serving::harden_process() {
        let what = "memory cannot be locked";
        telemetry::log(telemetry::Event::Weakness { what });
    }
    let (clock, entropy) = (Arc::new(SystemClock::new()), Arc::new(SystemEntropy));
    let triage = service::start(config, clock, entropy).await?;
    let told = tokio::select! {
        told = serving::until_told_to_stop() => told.map_err(TriageError::Server),
        task = triage.gave_up() => Err(TriageError::GaveUp(task)),
    };
    triage.stop().await;
    told
}

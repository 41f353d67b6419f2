//! The public service: `mifeng-intake --config intake.toml`.

use clap::Parser;
use mifeng_foundation::clock::SystemClock;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_foundation::{serving, supervisor, telemetry};
use mifeng_intake::config::{IntakeConfig, IntakeError};
use mifeng_intake::service;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use zeroizing_alloc::ZeroAlloc;

/// Wipes memory when it is given back, so that no tip and no code outlives its request.
#[global_allocator]
static ALLOCATOR: ZeroAlloc<std::alloc::System> = ZeroAlloc(std::alloc::System);

/// Takes tips, seals them and forgets who sent them.
#[derive(Parser)]
#[command(version)]
struct Options {
    /// Settings, TOML.
    #[arg(long)]
    config: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mifeng-intake: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<(), IntakeError> {
    let config = IntakeConfig::read(&options.config)?;
    telemetry::start(config.log.level, config.log.form);
    supervisor::tell_panics();
    if !serving::harden_process() {
        let what = "memory cannot be locked";
        telemetry::log(telemetry::Event::Weakness { what });
    }
    let (clock, entropy) = (Arc::new(SystemClock::new()), Arc::new(SystemEntropy));
    let intake = service::start(config, clock, entropy).await?;
    let told = tokio::select! {
        told = serving::until_told_to_stop() => told.map_err(IntakeError::Server),
        task = intake.gave_up() => Err(IntakeError::GaveUp(task)),
    };
    intake.stop().await;
    told
}

//! The operator's tool.

use clap::Parser as _;
use mifeng_foundation::clock::SystemClock;
use mifeng_foundation::entropy::{Entropy, SystemEntropy};
use mifeng_operator::{Cli, run};
use std::process::ExitCode;
use std::sync::Arc;

/// Keys and passphrases pass through here: freed memory is wiped.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    // One provider for the whole process, before anything asks for one; a second installation cannot happen here.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    match run(cli, &SystemClock::new(), &entropy).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mifeng: {error}");
            ExitCode::FAILURE
        }
    }
}

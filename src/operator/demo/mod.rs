//! `mifeng demo`: a public host, an office and the level above it on one machine, with invented people and tips.
//! It runs the real programs and talks to them as anyone would; nothing in them knows that it is a demo.

mod accounts;
mod children;
mod place;
mod submit;

use super::OperatorError;
use super::cli::say;
use super::files::write_secret;
use accounts::Account;
use children::Children;
use clap::Args;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use place::Place;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;

/// What the demo is asked for.
#[derive(Clone, Debug, Args)]
pub struct DemoOptions {
    /// Folder for everything; made if it is not there, emptied if an earlier demo made it
    #[arg(long, default_value = "demo")]
    pub dir: PathBuf,
    /// Port of the public service
    #[arg(long, default_value_t = 8080)]
    pub intake_port: u16,
    /// Port of the internal service; the level above takes the next one, the relay the one after
    #[arg(long, default_value_t = 8081)]
    pub triage_port: u16,
    /// How many sample tips to submit; more than there are repeats them [default: each once]
    #[arg(long)]
    pub tips: Option<usize>,
    /// How much the services log into DIR/logs: error, warn, info, debug or trace
    #[arg(long, default_value = "info")]
    pub log_level: String,
}

/// `demo.json`: what a script needs to drive the demo.
#[derive(Debug, Serialize)]
pub struct DemoReport {
    intake_url: String,
    triage_url: String,
    parent_triage_url: String,
    office: String,
    office_identity_file: PathBuf,
    office_identity_passphrase: String,
    accounts: Vec<Account>,
    parent_accounts: Vec<Account>,
    pickup_codes: Vec<String>,
    pids: Vec<u32>,
}

/// Runs the demo until it is told to stop.
///
/// # Errors
/// [`OperatorError`]; whatever was started is stopped first.
pub async fn run(
    options: &DemoOptions,
    clock: &dyn Clock,
    entropy: &Arc<dyn Entropy>,
) -> Result<(), OperatorError> {
    let place = Place::make(options, clock, &**entropy)?;
    let accounts = accounts::create(&place.office, clock, entropy).await?;
    let parent_accounts = accounts::create(&place.parent, clock, entropy).await?;
    let mut children = Children::default();
    let outcome = serve(&place, &mut children, accounts, parent_accounts, options).await;
    children.stop().await;
    outcome
}

async fn serve(
    place: &Place,
    children: &mut Children,
    accounts: Vec<Account>,
    parent_accounts: Vec<Account>,
    options: &DemoOptions,
) -> Result<(), OperatorError> {
    let mut stop = children::stop_signal()?;
    let work = async {
        children.start("mifeng-intake", &place.intake_config, &place.log("intake"))?;
        submit::wait_until_ready(&format!("{}/readyz", place.intake_url), children).await?;
        for office in [&place.office, &place.parent] {
            children.start(
                "mifeng-triage",
                &office.triage_config,
                &place.log(&office.slug),
            )?;
            submit::wait_until_ready(&format!("{}/healthz", office.triage_url), children).await?;
        }
        let pickup_codes =
            submit::submit_samples(&place.intake_url, &place.office.slug, options.tips).await?;
        let report = DemoReport {
            intake_url: place.intake_url.clone(),
            triage_url: place.office.triage_url.clone(),
            parent_triage_url: place.parent.triage_url.clone(),
            office: place.office.slug.clone(),
            office_identity_file: place.office.keys.office_identity.clone(),
            office_identity_passphrase: place.office.passphrase.to_string(),
            accounts,
            parent_accounts,
            pickup_codes,
            pids: children.pids(),
        };
        write_report(place, &report)?;
        tell(place, &report);
        children.wait_for_end().await
    };
    tokio::select! {
        outcome = work => outcome,
        () = stop.wait() => Ok(()),
    }
}

fn write_report(place: &Place, report: &DemoReport) -> Result<(), OperatorError> {
    let path = place.dir.join("demo.json");
    let json = serde_json::to_vec_pretty(report)
        .map_err(|error| OperatorError::malformed(&path, error))?;
    write_secret(&path, &json)
}

fn tell(place: &Place, report: &DemoReport) {
    say("");
    say(&format!(
        "Reporters: {}/{}/",
        report.intake_url, report.office
    ));
    say(&format!("Staff:     {}/", report.triage_url));
    say(&format!("Parent:    {}/", report.parent_triage_url));
    say("");
    for (place, accounts) in [
        ("", &report.accounts),
        (" (parent)", &report.parent_accounts),
    ] {
        for account in accounts {
            say(&format!(
                "{:<22}{:<28}{}{place}",
                account.login, account.password, account.role
            ));
        }
    }
    say("");
    say(&format!(
        "{} tips were submitted.",
        report.pickup_codes.len()
    ));
    if let Some(code) = report.pickup_codes.first() {
        say(&format!("A pickup code to try: {code}"));
    }
    say(&format!(
        "All of this is in {}. Ctrl-C stops everything.",
        place.dir.join("demo.json").display()
    ));
}

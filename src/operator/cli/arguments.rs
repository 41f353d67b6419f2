//! What can be typed.

use crate::demo::DemoOptions;
use crate::similarity::SimilarityCommand;
use clap::{Args, Parser, Subcommand};
use mifeng_foundation::clock::Day;
use mifeng_triage::model::{Head, Role};
use std::path::PathBuf;

/// Mifeng's tool for the people who run it.
#[derive(Debug, Parser)]
#[command(name = "mifeng", version)]
pub struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// An office's keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The signed statement of whom tips are sealed to
    #[command(subcommand)]
    Manifest(ManifestCommand),
    /// Accounts of the staff
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Copy triage's store, check the copy, and let intake delete what the copy holds
    Backup(BackupArgs),
    /// The record of who did what
    #[command(subcommand, name = "trail")]
    Audit(AuditCommand),
    /// How well and how fast tips about the same thing are found
    #[command(subcommand)]
    Similarity(SimilarityCommand),
    /// Run both services on this machine with invented offices, people and tips
    Demo(DemoOptions),
}

#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// Make an office's identity, manifest key, relay certificates and relay token
    Init(KeysInitArgs),
    /// Split the office identity into shares, so that several people open it together
    Split(KeysSplitArgs),
    /// Let another office identity take the place of the present one; run again if it was broken off
    Rotate(KeysRotateArgs),
}

#[derive(Debug, Args)]
pub(super) struct KeysInitArgs {
    /// Folder for the keys; made if it is not there
    #[arg(long)]
    pub(super) dir: PathBuf,
    /// Short name in addresses: a-z, 0-9 and dashes
    #[arg(long)]
    pub(super) office: String,
    /// Name of the office in Chinese
    #[arg(long)]
    pub(super) name_zh: String,
    /// Name of the office in English
    #[arg(long)]
    pub(super) name_en: String,
    /// Time zone in which the office's days begin and end
    #[arg(long, default_value = "Asia/Shanghai")]
    pub(super) time_zone: String,
    /// Last day of the first manifest and of the certificates, YYYY-MM-DD [default: a year from today]
    #[arg(long)]
    pub(super) not_after: Option<Day>,
    /// Signed manifest of the next level up, for tips about the office's own staff
    #[arg(long, requires = "parent_key")]
    pub(super) parent_manifest: Option<PathBuf>,
    /// The public key that signed it, or a file that holds the key
    #[arg(long, requires = "parent_manifest")]
    pub(super) parent_key: Option<String>,
    /// Name or address under which triage reaches intake's relay listener; may be repeated
    #[arg(long, default_values_t = ["localhost".to_owned(), "127.0.0.1".to_owned()])]
    pub(super) relay_host: Vec<String>,
    /// File whose first line is the passphrase; without it you are asked at the terminal
    #[arg(long)]
    pub(super) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct KeysSplitArgs {
    /// The locked identity
    #[arg(long)]
    pub(super) identity: PathBuf,
    /// Folder for the shares and what they open; made if it is not there
    #[arg(long)]
    pub(super) dir: PathBuf,
    /// How many shares open it together, two at least
    #[arg(long)]
    pub(super) needed: u8,
    /// How many shares there are
    #[arg(long)]
    pub(super) of: u8,
    /// File whose first line is the passphrase; without it you are asked at the terminal
    #[arg(long)]
    pub(super) passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct KeysRotateArgs {
    /// Triage's configuration, as it stands
    #[arg(long)]
    pub(super) config: PathBuf,
    /// Folder for the new identity and manifest; made if it is not there
    #[arg(long)]
    pub(super) dir: PathBuf,
    /// The locked identity that is replaced, or what shares open [default: that of the configuration]
    #[arg(long)]
    pub(super) from: Option<PathBuf>,
    /// File whose first line is the present passphrase; without it you are asked at the terminal
    #[arg(long)]
    pub(super) old_passphrase_file: Option<PathBuf>,
    /// File with a share of the present identity, instead of its passphrase; to be repeated
    #[arg(long, conflicts_with = "old_passphrase_file")]
    pub(super) share: Vec<PathBuf>,
    /// File whose first line is the new passphrase; without it you are asked at the terminal
    #[arg(long)]
    pub(super) passphrase_file: Option<PathBuf>,
    /// The key that signs manifests; without it you sign the body later with `mifeng manifest sign`
    #[arg(long)]
    pub(super) key: Option<PathBuf>,
    /// Last day of the new manifest, YYYY-MM-DD [default: that of the present one]
    #[arg(long)]
    pub(super) not_after: Option<Day>,
    /// Last day on which anybody may seal to the old identity, YYYY-MM-DD; a parent office gives the last day of the
    /// manifests below it [default: that of the present manifest]
    #[arg(long)]
    pub(super) sealed_until: Option<Day>,
}

#[derive(Debug, Subcommand)]
pub(super) enum ManifestCommand {
    /// Sign a body
    Sign {
        /// The body, TOML
        #[arg(long)]
        body: PathBuf,
        /// The signing key's file
        #[arg(long)]
        key: PathBuf,
        /// Where the signed manifest goes
        #[arg(long)]
        out: PathBuf,
    },
    /// Check a signed manifest as an intake would
    Check {
        /// The signed manifest
        #[arg(long)]
        file: PathBuf,
        /// The trusted public key, or a file that holds it
        #[arg(long)]
        key: String,
        /// Signed manifest of the office above, which may have revoked a key of this one
        #[arg(long, requires = "parent_key")]
        parent: Option<PathBuf>,
        /// Its trusted public key, or a file that holds it
        #[arg(long, requires = "parent")]
        parent_key: Option<String>,
    },
    /// Check the manifests of every office in an intake's settings as it would at its start, but for what it served before
    CheckAll {
        /// Intake's settings
        #[arg(long)]
        config: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum StaffCommand {
    /// Add an account
    Add(StaffAddArgs),
}

#[derive(Debug, Args)]
pub(super) struct StaffAddArgs {
    /// Triage's configuration
    #[arg(long)]
    pub(super) config: PathBuf,
    /// What is typed to sign in
    #[arg(long)]
    pub(super) login: String,
    /// Shown to colleagues
    #[arg(long)]
    pub(super) name: String,
    /// dispatcher, investigator, supervisor, administrator or auditor
    #[arg(long, value_parser = parse_role)]
    pub(super) role: Role,
    /// Unit id from the routing rules
    #[arg(long)]
    pub(super) unit: Option<String>,
    /// Where reminders go
    #[arg(long, default_value = "")]
    pub(super) email: String,
    /// School id the member has to do with; may be repeated
    #[arg(long)]
    pub(super) recused_school: Vec<String>,
    /// Name whose tips the member may not see (his own always counts); may be repeated
    #[arg(long)]
    pub(super) recused_name: Vec<String>,
    /// File whose first line is the password; without it you are asked at the terminal
    #[arg(long)]
    pub(super) password_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// Triage's configuration
    #[arg(long)]
    pub(super) config: PathBuf,
    /// The copy; must not be there yet
    #[arg(long)]
    pub(super) to: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum AuditCommand {
    /// Find any row that was changed, taken out or moved
    Verify {
        /// Triage's configuration
        #[arg(long)]
        config: PathBuf,
        /// An end that a daily mail told, NUMBER:HASH, which must be in the audit log; may be repeated. Without one, rows
        /// taken from the end together with the note of where it ends go unseen
        #[arg(long)]
        head: Vec<Head>,
    },
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::from_code(text).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.into_iter().map(Role::code).collect();
        format!("one of {}", known.join(", "))
    })
}

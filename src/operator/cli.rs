//! The tool's command line.

use super::demo::{self, DemoOptions};
use super::files::{ask_new_secret, ask_secret, read_secret};
use super::keys::{KeyFiles, OfficeDetails, init_keys, split_keys};
use super::rotate::{Opener, Rotated, Rotation, rotate_keys};
use super::similarity::{SimilarityCommand, similarity};
use super::{OperatorError, backup, check_manifest, manifest, staff, trail};
use crate::clock::{Clock, Day};
use crate::entropy::Entropy;
use crate::sealing::{Contact, ManifestBody, OwnWords, ParentOffice};
use crate::tip::Language;
use crate::triage::staff::Role;
use crate::triage::trail::Head;
use clap::{Args, Parser, Subcommand};
use jiff::tz::TimeZone;
use secrecy::SecretString;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Mifeng's tool for the people who run it.
#[derive(Debug, Parser)]
#[command(name = "mifeng", version)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
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
    #[command(subcommand)]
    Trail(TrailCommand),
    /// How well and how fast tips about the same thing are found
    #[command(subcommand)]
    Similarity(SimilarityCommand),
    /// Run both services on this machine with invented offices, people and tips
    Demo(DemoOptions),
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make an office's identity, manifest key, relay certificates and relay token
    Init(KeysInitArgs),
    /// Split the office identity into shares, so that several people open it together
    Split(KeysSplitArgs),
    /// Let another office identity take the place of the present one; run again if it was broken off
    Rotate(KeysRotateArgs),
}

#[derive(Debug, Args)]
struct KeysRotateArgs {
    /// Triage's configuration, as it stands
    #[arg(long)]
    config: PathBuf,
    /// Folder for the new identity and manifest; made if it is not there
    #[arg(long)]
    dir: PathBuf,
    /// The locked identity that is replaced, or what shares open [default: that of the configuration]
    #[arg(long)]
    from: Option<PathBuf>,
    /// File whose first line is the present passphrase; without it you are asked at the terminal
    #[arg(long)]
    old_passphrase_file: Option<PathBuf>,
    /// File with a share of the present identity, instead of its passphrase; to be repeated
    #[arg(long, conflicts_with = "old_passphrase_file")]
    share: Vec<PathBuf>,
    /// File whose first line is the new passphrase; without it you are asked at the terminal
    #[arg(long)]
    passphrase_file: Option<PathBuf>,
    /// The key that signs manifests; without it you sign the body later with `mifeng manifest sign`
    #[arg(long)]
    key: Option<PathBuf>,
    /// Last day of the new manifest, YYYY-MM-DD [default: that of the present one]
    #[arg(long)]
    not_after: Option<Day>,
    /// Last day on which anybody may seal to the old identity, YYYY-MM-DD; a parent office gives the last day of the
    /// manifests below it [default: that of the present manifest]
    #[arg(long)]
    sealed_until: Option<Day>,
}

#[derive(Debug, Args)]
struct KeysSplitArgs {
    /// The locked identity
    #[arg(long)]
    identity: PathBuf,
    /// Folder for the shares and what they open; made if it is not there
    #[arg(long)]
    dir: PathBuf,
    /// How many shares open it together, two at least
    #[arg(long)]
    needed: u8,
    /// How many shares there are
    #[arg(long)]
    of: u8,
    /// File whose first line is the passphrase; without it you are asked at the terminal
    #[arg(long)]
    passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct KeysInitArgs {
    /// Folder for the keys; made if it is not there
    #[arg(long)]
    dir: PathBuf,
    /// Short name in addresses: a-z, 0-9 and dashes
    #[arg(long)]
    office: String,
    /// Name of the office in Chinese
    #[arg(long)]
    name_zh: String,
    /// Name of the office in English
    #[arg(long)]
    name_en: String,
    /// Time zone in which the office's days begin and end
    #[arg(long, default_value = "Asia/Shanghai")]
    time_zone: String,
    /// Last day of the first manifest and of the certificates, YYYY-MM-DD [default: a year from today]
    #[arg(long)]
    not_after: Option<Day>,
    /// Signed manifest of the next level up, for tips about the office's own staff
    #[arg(long, requires = "parent_key")]
    parent_manifest: Option<PathBuf>,
    /// The public key that signed it, or a file that holds the key
    #[arg(long, requires = "parent_manifest")]
    parent_key: Option<String>,
    /// Name or address under which triage reaches intake's relay listener; may be repeated
    #[arg(long, default_values_t = ["localhost".to_owned(), "127.0.0.1".to_owned()])]
    relay_host: Vec<String>,
    /// File whose first line is the passphrase; without it you are asked at the terminal
    #[arg(long)]
    passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum ManifestCommand {
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
    },
}

#[derive(Debug, Subcommand)]
enum StaffCommand {
    /// Add an account
    Add(StaffAddArgs),
}

#[derive(Debug, Subcommand)]
enum TrailCommand {
    /// Find any row that was changed, taken out or moved
    Verify {
        /// Triage's configuration
        #[arg(long)]
        config: PathBuf,
        /// An end that a daily mail told, NUMBER:HASH, which must be in the trail; may be repeated. Without one, rows
        /// taken from the end together with the note of where it ends go unseen
        #[arg(long)]
        head: Vec<Head>,
    },
}

#[derive(Debug, Args)]
struct StaffAddArgs {
    /// Triage's configuration
    #[arg(long)]
    config: PathBuf,
    /// What is typed to sign in
    #[arg(long)]
    login: String,
    /// Shown to colleagues
    #[arg(long)]
    name: String,
    /// dispatcher, investigator, supervisor, administrator or auditor
    #[arg(long, value_parser = parse_role)]
    role: Role,
    /// Unit id from the routing rules
    #[arg(long)]
    unit: Option<String>,
    /// Where reminders go
    #[arg(long, default_value = "")]
    email: String,
    /// School id the member has to do with; may be repeated
    #[arg(long)]
    recused_school: Vec<String>,
    /// Name whose tips the member may not see (his own always counts); may be repeated
    #[arg(long)]
    recused_name: Vec<String>,
    /// File whose first line is the password; without it you are asked at the terminal
    #[arg(long)]
    password_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct BackupArgs {
    /// Triage's configuration
    #[arg(long)]
    config: PathBuf,
    /// The copy; must not be there yet
    #[arg(long)]
    to: PathBuf,
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::from_code(text).ok_or_else(|| {
        let known: Vec<_> = Role::ALL.into_iter().map(Role::code).collect();
        format!("one of {}", known.join(", "))
    })
}

/// Does what the command line asks.
///
/// # Errors
/// [`OperatorError`].
pub async fn run(
    cli: Cli,
    clock: &dyn Clock,
    entropy: &Arc<dyn Entropy>,
) -> Result<(), OperatorError> {
    match cli.command {
        Command::Keys(KeysCommand::Init(args)) => keys_init(&args, clock, &**entropy),
        Command::Keys(KeysCommand::Split(args)) => keys_split(&args, &**entropy),
        Command::Keys(KeysCommand::Rotate(args)) => keys_rotate(args, clock).await,
        Command::Manifest(ManifestCommand::Sign { body, key, out }) => {
            let manifest = manifest::sign_manifest_file(&body, &key, &out, clock)?;
            tell_manifest(&manifest);
            Ok(())
        }
        Command::Manifest(ManifestCommand::Check { file, key }) => {
            tell_manifest(&check_manifest(&file, &key, clock)?);
            Ok(())
        }
        Command::Staff(StaffCommand::Add(args)) => staff_add(args, clock, entropy).await,
        Command::Backup(args) => {
            let size_bytes = backup::backup(&args.config, &args.to, clock).await?;
            say(&format!(
                "{}: {size_bytes} bytes, checked",
                args.to.display()
            ));
            Ok(())
        }
        Command::Trail(TrailCommand::Verify { config, head }) => {
            let end = trail::verify_trail(&config, &head).await?;
            say(&format!("the chain holds; it ends with {end}"));
            Ok(())
        }
        Command::Similarity(command) => similarity(&command, clock, &**entropy),
        Command::Demo(options) => demo::run(&options, clock, entropy).await,
    }
}

fn keys_init(
    args: &KeysInitArgs,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> Result<(), OperatorError> {
    let zone = TimeZone::get(&args.time_zone)
        .map_err(|_| OperatorError::Argument("the time zone is unknown".to_owned()))?;
    let today = clock.today(&zone);
    let parent = parent(args, clock)?;
    let office = OfficeDetails {
        slug: args.office.clone(),
        name_zh: args.name_zh.clone(),
        name_en: args.name_en.clone(),
        time_zone: args.time_zone.clone(),
        today,
        not_after: args.not_after.unwrap_or_else(|| today.plus_days(365)),
        contact: contact_to_fill_in(parent.as_ref()),
        parent: parent.as_ref().map(parent_office),
        relay_hosts: args.relay_host.clone(),
    };
    let passphrase = secret(args.passphrase_file.as_deref(), "passphrase")?;
    let files = init_keys(&args.dir, &office, passphrase, entropy)?;
    tell_next_steps(&files);
    Ok(())
}

fn keys_split(args: &KeysSplitArgs, entropy: &dyn Entropy) -> Result<(), OperatorError> {
    let passphrase = match &args.passphrase_file {
        Some(file) => read_secret(file)?,
        None => ask_secret("Office passphrase: ")?,
    };
    let counts = (args.needed, args.of);
    let files = split_keys(&args.identity, passphrase, &args.dir, counts, entropy)?;
    for file in &files.shares {
        say(&file.display().to_string());
    }
    say("Give each share to one person, on paper, and delete these files.");
    say(&format!(
        "For triage: office_shares_file = \"{}\"",
        files.sealed.display()
    ));
    Ok(())
}

async fn keys_rotate(args: KeysRotateArgs, clock: &dyn Clock) -> Result<(), OperatorError> {
    let opener = match (args.share.is_empty(), &args.old_passphrase_file) {
        (false, _) => Opener::Shares(args.share),
        (true, Some(file)) => Opener::Passphrase(read_secret(file)?),
        (true, None) => Opener::Passphrase(ask_secret("Present office passphrase: ")?),
    };
    let asked = Rotation {
        passphrase: secret(args.passphrase_file.as_deref(), "passphrase")?,
        config: args.config,
        from: args.from,
        opener,
        folder: args.dir,
        signing_key: args.key,
        not_after: args.not_after,
        sealed_until: args.sealed_until,
    };
    let rotated = rotate_keys(&asked, clock).await?;
    tell_rotated(&rotated);
    Ok(())
}

fn tell_rotated(rotated: &Rotated) {
    say(&format!("The new recipient: {}", rotated.recipient));
    say(&rotated.identity.display().to_string());
    say(&rotated.body.display().to_string());
    match &rotated.manifest {
        Some(manifest) => say(&manifest.display().to_string()),
        None => say("Next: sign the body with `mifeng manifest sign`."),
    }
    say("Then, in this order:");
    say(
        "1. Triage: set office_identity_file, its passphrase and manifest_file to the new ones, and start it again.",
    );
    say("2. Intake: replace its manifest, and start it again.");
    say(
        "3. If there were shares: make new ones with `mifeng keys split`, and set office_shares_file.",
    );
    say(&format!(
        "Until {} tips may still be sealed to the old identity: triage opens them.",
        rotated.sealed_until
    ));
    say(
        "Backups from before need the old identity's file and passphrase: keep both until those have aged out.",
    );
}

fn parent(args: &KeysInitArgs, clock: &dyn Clock) -> Result<Option<ManifestBody>, OperatorError> {
    let (Some(file), Some(key)) = (&args.parent_manifest, &args.parent_key) else {
        return Ok(None);
    };
    let manifest = check_manifest(file, key, clock)?;
    Ok(Some(manifest.body().clone()))
}

fn parent_office(parent: &ManifestBody) -> ParentOffice {
    ParentOffice {
        slug: parent.slug.clone(),
        name_zh: parent.name_zh.clone(),
        name_en: parent.name_en.clone(),
        recipients: parent.recipients.clone(),
    }
}

/// An empty place for every word that an office has for itself in a further language, but for those that its parent has.
fn contact_to_fill_in(parent: Option<&ManifestBody>) -> Contact {
    let has_keys_of_its_own = |it: &Language| matches!(it, Language::ZhHans | Language::En);
    let further = Language::ALL.iter().filter(|it| !has_keys_of_its_own(it));
    let in_language = further.map(|language| {
        let tag = language.tag();
        let parents = parent.and_then(|it| it.contact.in_language.get(tag));
        let words = OwnWords {
            parent_name: parents.map(|it| it.name.clone()).unwrap_or_default(),
            ..OwnWords::default()
        };
        (tag.to_owned(), words)
    });
    Contact {
        in_language: in_language.collect(),
        ..Contact::default()
    }
}

async fn staff_add(
    args: StaffAddArgs,
    clock: &dyn Clock,
    entropy: &Arc<dyn Entropy>,
) -> Result<(), OperatorError> {
    let password = secret(args.password_file.as_deref(), "password")?;
    let member = staff::NewMember {
        login: args.login,
        name: args.name,
        role: args.role,
        unit: args.unit,
        email: args.email,
        recused_schools: args.recused_school,
        recused_names: args.recused_name,
    };
    staff::add_member(&args.config, member, password, clock, entropy).await
}

fn secret(file: Option<&Path>, what: &str) -> Result<SecretString, OperatorError> {
    file.map_or_else(|| ask_new_secret(what), read_secret)
}

fn tell_manifest(manifest: &crate::sealing::OfficeManifest) {
    let body = manifest.body();
    say(&format!(
        "{} ({}): good until {}, fingerprint of its signing key {}",
        body.name_zh,
        body.slug,
        body.not_after,
        manifest.fingerprint()
    ));
    for missing in body.missing_words() {
        say(&format!(
            "Words missing, pages show another language's: {missing}"
        ));
    }
}

fn tell_next_steps(files: &KeyFiles) {
    for file in files.all() {
        say(&file.display().to_string());
    }
    say("Next: fill in [contact] in the manifest body, then run `mifeng manifest sign`.");
    say(
        "Keep a copy of the office identity and its passphrase in two safes: without both, no tip opens again.",
    );
}

/// Speaks to the person at the terminal.
pub(super) fn say(line: &str) {
    use std::io::Write as _;
    // A closed terminal is no reason to fail.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

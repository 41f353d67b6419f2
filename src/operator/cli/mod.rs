//! The tool's command line: what is typed is done, and what came of it said.

mod arguments;
mod keys;

pub use arguments::Cli;

use super::demo;
use super::files::{ask_new_secret, read_secret};
use super::similarity::similarity;
use super::{OperatorError, audit, backup, check_manifest, manifest, staff};
use arguments::{AuditCommand, Command, KeysCommand, ManifestCommand, StaffAddArgs, StaffCommand};
use keys::{keys_init, keys_rotate, keys_split};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_sealing::OfficeManifest;
use secrecy::SecretString;
use std::path::Path;
use std::sync::Arc;

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
        Command::Manifest(ManifestCommand::Check {
            file,
            key,
            parent,
            parent_key,
        }) => {
            let manifest = check_manifest(&file, &key, clock)?;
            tell_manifest(&manifest);
            if let Some((parent, key)) = parent.zip(parent_key) {
                manifest::check_not_revoked(&manifest, &parent, &key, clock)?;
                say("The office above has revoked none of its keys.");
            }
            Ok(())
        }
        Command::Manifest(ManifestCommand::CheckAll { config }) => check_all(&config, clock),
        Command::Staff(StaffCommand::Add(args)) => staff_add(args, clock, entropy).await,
        Command::Backup(args) => {
            let size_bytes = backup::backup(&args.config, &args.to, clock).await?;
            say(&format!(
                "{}: {size_bytes} bytes, checked",
                args.to.display()
            ));
            Ok(())
        }
        Command::Audit(AuditCommand::Verify { config, head }) => {
            let end = audit::verify_audit_log(&config, &head).await?;
            say(&format!("the chain holds; it ends with {end}"));
            Ok(())
        }
        Command::Similarity(command) => similarity(&command, clock, &**entropy),
        Command::Demo(options) => demo::run(&options, clock, entropy).await,
    }
}

/// Says of each office whether it would be served.
fn check_all(config: &Path, clock: &dyn Clock) -> Result<(), OperatorError> {
    let judged = mifeng_intake::offices::check(config, clock);
    let offices = judged.map_err(|error| OperatorError::malformed(config, error))?;
    for (slug, office) in &offices.served {
        let until = office.body().not_after;
        say(&format!("{slug}: would be served, until {until}"));
    }
    let count = offices.refused.len();
    for office in offices.refused {
        let name = office.slug.unwrap_or_else(|| "?".to_owned());
        say(&format!("{name}: would not be served: {}", office.cause));
    }
    if count == 0 {
        Ok(())
    } else {
        let reason = format!("{count} of its offices would not be served");
        Err(OperatorError::malformed(config, reason))
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

fn tell_manifest(manifest: &OfficeManifest) {
    let body = manifest.body();
    say(&format!(
        "{} ({}): good until {}, fingerprint of its signing key {}",
        body.name_zh,
        body.slug,
        body.not_after,
        manifest.fingerprint()
    ));
    match body.serial {
        0 => {
            say("It has no serial number: sign it again, so that no older one can take its place.");
        }
        serial => say(&format!(
            "Serial number {serial}: an intake that has served it serves none with a lower one"
        )),
    }
    for key in &body.revoked {
        say(&format!("Revokes the key {key} of an office below"));
    }
    for missing in body.missing_words() {
        say(&format!(
            "Words missing, pages show another language's: {missing}"
        ));
    }
}

/// Speaks to the person at the terminal.
pub(crate) fn say(line: &str) {
    use std::io::Write as _;
    // A closed terminal is no reason to fail.
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

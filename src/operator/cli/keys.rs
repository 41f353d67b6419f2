//! What is done with an office's keys, and what is said of it at the terminal.

use super::arguments::{KeysInitArgs, KeysRotateArgs, KeysSplitArgs};
use super::{say, secret};
use crate::files::{ask_secret, read_secret};
use crate::keys::{KeyFiles, OfficeDetails, init_keys, split_keys};
use crate::rotate::{Opener, Rotated, Rotation, rotate_keys};
use crate::{OperatorError, check_manifest};
use jiff::tz::TimeZone;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_foundation::words::Language;
use mifeng_sealing::{Contact, ManifestBody, OwnWords, ParentOffice};

pub(super) fn keys_init(
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

pub(super) fn keys_split(args: &KeysSplitArgs, entropy: &dyn Entropy) -> Result<(), OperatorError> {
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

pub(super) async fn keys_rotate(
    args: KeysRotateArgs,
    clock: &dyn Clock,
) -> Result<(), OperatorError> {
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

fn tell_next_steps(files: &KeyFiles) {
    for file in files.all() {
        say(&file.display().to_string());
    }
    say("Next: fill in [contact] in the manifest body, then run `mifeng manifest sign`.");
    say(
        "Keep a copy of the office identity and its passphrase in two safes: without both, no tip opens again.",
    );
}

//! What the service needs, made from its settings and checked.

use crate::config::TriageConfig;
use crate::error::TriageError;
use crate::notify::Mailer;
use crate::unlocking::read;
use crate::viewer::Renderer;
use jiff::tz::TimeZone;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_sealing::{ManifestPublicKey, OfficeManifest};

/// The office's manifest. One whose term has run out still names the office: what was sealed under it must be opened.
pub(super) fn manifest(
    config: &TriageConfig,
    clock: &dyn Clock,
) -> Result<OfficeManifest, TriageError> {
    let file = read(&config.manifest_file)?;
    let text = std::str::from_utf8(&file).map_err(|_| TriageError::Setting("manifest_file"))?;
    let trusted: ManifestPublicKey = config.manifest_public_key.parse()?;
    let today = clock.today(&TimeZone::UTC);
    match OfficeManifest::verify(text, &trusted, today) {
        Err(mifeng_sealing::ManifestError::Expired { not_after }) => {
            let what = "the manifest has run out";
            log(Event::Weakness { what });
            Ok(OfficeManifest::verify(text, &trusted, not_after)?)
        }
        verified => Ok(verified?),
    }
}

/// What sends mail, where any is sent.
pub(super) fn mailer(config: &TriageConfig) -> Result<Option<Mailer>, TriageError> {
    let Some(mail) = &config.mail else {
        return Ok(None);
    };
    if mail.parent_address.is_none() {
        let what = "no address of the office above is set: what is late is escalated no further than the supervisors";
        log(Event::Weakness { what });
    }
    Ok(Some(Mailer::open(mail)?))
}

/// What draws files, if it can do nothing else.
pub(super) async fn confined(renderer: Renderer) -> Option<Renderer> {
    if matches!(renderer.is_confined().await, Ok(true)) {
        return Some(renderer);
    }
    let what = "files cannot be drawn in confinement, and are only to be saved";
    log(Event::Weakness { what });
    None
}

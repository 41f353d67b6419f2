//! Files that intake shall clean and seal for a page that cannot clean them itself: the sender chose so for each.

use super::attachments::SentFile;
use crate::attachments::{FileProblem, Room};
use crate::problem::Problem;
use crate::request::language;
use crate::web::findings::{keys, sentence};
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde_json::json;

/// Longest ending of a name, in characters.
const ENDING_MAX_CHARS: usize = 10;

/// What is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// What the file's name ends with: enough to tell whether it is what it says, and nothing of what it is called.
    ending: String,
    /// Slug of the office itself, if it is missing, or of its parent.
    #[serde(default)]
    addressee: Option<String>,
}

/// `POST`: cleans and seals one file, and tells what was found in it.
pub(super) async fn store(
    request: HttpRequest,
    sent: SentFile,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    if let Some(answer) = sent.asks()? {
        return Ok(answer);
    }
    let Wanted { ending, addressee } = wanted.into_inner();
    let taken = sent.take(addressee.as_deref(), async |target, attachments, bytes| {
        if ending.len() > ENDING_MAX_CHARS || !ending.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(FileProblem::NotAsNamed.into());
        }
        let name = format!("file.{ending}");
        let target = (&target.0, target.1);
        let sealed = attachments.seal(target, &name, bytes, Room::default());
        Ok(sealed.await?)
    });
    let (attachment, report) = taken.await?;
    Ok(HttpResponse::Created().json(json!({
        "attachment": attachment,
        "told": sentence(language(&request), &keys(&report)),
    })))
}

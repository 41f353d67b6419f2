//! The files of an envelope, read in parts.

use super::clients::Caller;
use super::{RelayError, parse_id};
use crate::desk::IntakeDesk;
use actix_web::http::header::{
    self, ByteRangeSpec, ContentRange, ContentRangeSpec, Header as _, Range,
};
use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

/// A part of a file, from the byte that is asked for; as long as the place for files gives it out at once.
pub(super) async fn file_part(
    Caller(office): Caller,
    request: HttpRequest,
    path: Path<(String, String)>,
    desk: Data<IntakeDesk>,
) -> Result<HttpResponse, RelayError> {
    let (envelope, id) = (parse_id(&path.0)?, parse_id(&path.1)?);
    let attachments = desk.attachments.as_ref();
    let attachments = attachments.ok_or(RelayError::NoAttachment)?;
    let named = attachments.of_envelope(&office, envelope).await?;
    let found = named.into_iter().find(|(one, _)| *one == id);
    let (_, size_bytes) = found.ok_or(RelayError::NoAttachment)?;
    let from = range_start(&request).ok_or(RelayError::Malformed)?;
    if from >= size_bytes {
        return Ok(HttpResponse::RangeNotSatisfiable().finish());
    }
    let bytes = attachments.read(id, from).await?;
    let bytes = bytes.ok_or(RelayError::NoAttachment)?;
    let to = from + bytes.len() as u64 - 1;
    Ok(HttpResponse::PartialContent()
        .content_type("application/octet-stream")
        .insert_header(ContentRange(ContentRangeSpec::Bytes {
            range: Some((from, to)),
            instance_length: Some(size_bytes),
        }))
        .body(bytes))
}

/// The first byte that is asked for; the whole file from its start where no range is named.
fn range_start(request: &HttpRequest) -> Option<u64> {
    if !request.headers().contains_key(header::RANGE) {
        return Some(0);
    }
    let Ok(Range::Bytes(ranges)) = Range::parse(request) else {
        return None;
    };
    match ranges.first()? {
        ByteRangeSpec::From(from) | ByteRangeSpec::FromTo(from, _) => Some(*from),
        ByteRangeSpec::Last(_) => None,
    }
}

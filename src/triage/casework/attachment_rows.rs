//! The files that an envelope names, as rows of a case.

use crate::model::CaseId;
use crate::office::{Office, OfficeError, seal_json};
use crate::store::{AttachmentRow, AttachmentState, StoredEnvelope};
use mifeng_sealing::Recipient;
use mifeng_sealing::tip::{ATTACHMENTS_MAX, Attachment};

/// Rows for the files that an envelope names, as far as they are described as they must be: the description was
/// written by a stranger.
pub(crate) fn attachment_rows(
    office: &Office,
    envelope: &StoredEnvelope,
    case: CaseId,
    tip: [u8; 16],
    files: &[Attachment],
    to_case: &Recipient,
) -> Result<Vec<AttachmentRow>, OfficeError> {
    let mut rows: Vec<AttachmentRow> = Vec::new();
    for file in files.iter().take(ATTACHMENTS_MAX) {
        let Ok(file) = file.checked() else { continue };
        let Some(intake_id) = file.id_bytes() else {
            continue;
        };
        if rows.iter().any(|row| row.intake_id == intake_id) {
            continue;
        }
        rows.push(AttachmentRow {
            id: office.new_id(),
            intake_id,
            content: envelope.content,
            case,
            tip,
            state: AttachmentState::Waiting,
            sealed: seal_json(&file, to_case)?,
        });
    }
    Ok(rows)
}

//! The part of a form in which files are chosen, and those that arrived already, as pages show them.

use super::findings::{Findings, sentence};
use super::page::Page;
use crate::desk::IntakeDesk;
use mifeng_sealing::tip::Attachment;

/// Bytes in what people call a megabyte.
const MEGABYTE: u64 = 1_000_000;

/// A file that arrived with an earlier try, as the form shows it.
pub(super) struct KeptFile {
    pub id: String,
    pub name: String,
    pub size: String,
    /// What was taken out of it, and what was not.
    pub sentence: String,
}

/// The part of a form in which files are chosen.
#[derive(Default)]
pub(super) struct FilesView {
    /// Whether files are taken at all.
    pub offered: bool,
    pub files_max: String,
    pub file_max_mb: String,
    pub together_max_mb: String,
    /// The same in bytes, for the script.
    pub file_max_bytes: u64,
    pub together_max_bytes: u64,
    pub kept: Vec<KeptFile>,
    /// The same for the next try, as JSON.
    pub kept_field: String,
    pub findings_field: String,
    /// Whether the page brings the script's part along.
    pub scripted: bool,
}

impl FilesView {
    /// The field with what arrived already.
    pub fn new(
        page: &Page<'_>,
        desk: &IntakeDesk,
        kept: &[Attachment],
        findings: &Findings,
    ) -> Self {
        let Some(attachments) = &desk.attachments else {
            return Self::default();
        };
        let limits = attachments.limits();
        Self {
            offered: true,
            files_max: limits.files_max.to_string(),
            file_max_mb: (limits.file_max_bytes / MEGABYTE).to_string(),
            together_max_mb: (limits.together_max_bytes / MEGABYTE).to_string(),
            file_max_bytes: limits.file_max_bytes,
            together_max_bytes: limits.together_max_bytes,
            kept: kept_files(page, kept, findings),
            findings_field: serde_json::to_string(findings).unwrap_or_default(),
            kept_field: serde_json::to_string(kept).unwrap_or_default(),
            scripted: false,
        }
    }

    /// With what the script needs to show each file and how far it is.
    pub fn scripted(self) -> Self {
        Self {
            scripted: true,
            ..self
        }
    }
}

/// Files as pages show them.
pub(super) fn kept_files(
    page: &Page<'_>,
    kept: &[Attachment],
    findings: &Findings,
) -> Vec<KeptFile> {
    let shown = |one: &Attachment| KeptFile {
        id: one.id.clone(),
        name: one.name.clone(),
        size: size_words(page, one.size_bytes),
        sentence: findings
            .get(&one.id)
            .map_or_else(String::new, |keys| sentence(page.language(), keys)),
    };
    kept.iter().map(shown).collect()
}

/// A size as people say it.
fn size_words(page: &Page<'_>, bytes: u64) -> String {
    let (key, number) = if bytes < MEGABYTE {
        ("size-kilobytes", bytes.div_ceil(1000))
    } else {
        ("size-megabytes", bytes.div_ceil(MEGABYTE))
    };
    page.say_with(key, "number", &number.to_string())
}

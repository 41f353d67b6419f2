//! What is written into a case: notes, evidence, interviews, tasks and drafts.

use super::CaseForm;
use super::values::Parsed;
use crate::casework;
use crate::model::{CaseNumber, MemberId, NewPaper, Viewer};
use crate::office::{Office, OfficeError};
use mifeng_foundation::clock::Day;
use serde::Deserialize;

fn trimmed(text: &str) -> String {
    text.trim().to_owned()
}

/// A note.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WriteNote {
    text: String,
}

impl CaseForm for WriteNote {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let paper = NewPaper::Note {
            text: trimmed(&self.text),
        };
        casework::write_paper(office, viewer, number, paper)
            .await
            .map(|_| ())
    }
}

/// An entry of the register of evidence.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Evidence {
    what: String,
    place: String,
    file: Parsed<[u8; 16]>,
    sha256: String,
}

impl CaseForm for Evidence {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let paper = NewPaper::Evidence {
            what: trimmed(&self.what),
            place: trimmed(&self.place),
            file: self.file.0,
            sha256: trimmed(&self.sha256),
        };
        casework::write_paper(office, viewer, number, paper)
            .await
            .map(|_| ())
    }
}

/// An interview.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Interview {
    with: String,
    place: String,
    held: Parsed<Day>,
    text: String,
}

impl CaseForm for Interview {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let paper = NewPaper::Interview {
            with: trimmed(&self.with),
            place: trimmed(&self.place),
            held_day: self.held.0,
            text: trimmed(&self.text),
        };
        casework::write_paper(office, viewer, number, paper)
            .await
            .map(|_| ())
    }
}

/// A task for somebody who reads the case.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Task {
    member: Parsed<MemberId>,
    due: Parsed<Day>,
    text: String,
}

impl CaseForm for Task {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let paper = NewPaper::Task {
            member: self.member.0,
            due_day: self.due.0,
            text: trimmed(&self.text),
        };
        casework::write_paper(office, viewer, number, paper)
            .await
            .map(|_| ())
    }
}

/// A task that is done.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskDone {
    task: Parsed<[u8; 16]>,
}

impl CaseForm for TaskDone {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        casework::finish_task(office, viewer, number, self.task.needed()?).await
    }
}

/// A message that is kept for later.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct KeepDraft {
    to: String,
    text: String,
}

impl CaseForm for KeepDraft {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let paper = NewPaper::Draft {
            to: trimmed(&self.to),
            text: trimmed(&self.text),
        };
        casework::write_paper(office, viewer, number, paper)
            .await
            .map(|_| ())
    }
}

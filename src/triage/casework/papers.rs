//! What the office writes into a case: notes, evidence, interviews, tasks and drafts, all sealed to the case that leads.

use super::draft::Draft;
use super::files;
use super::on_record::{change_case, keyed};
use super::storing::store_drafts_with;
use super::tasks::task;
use super::texts::{ANSWER_MAX_CHARS, text_fits};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::{
    CaseNumber, Member, MemberId, NewPaper, Note, PaperContent, PaperKind, PaperText, PaperView,
    Viewer,
};
use crate::office::{Office, OfficeError, open_json, seal_json};
use crate::store::{ChangeSet, PaperChanges, PaperRow};
use mifeng_foundation::clock::Day;
use mifeng_opening::Identity;
use mifeng_sealing::Recipient;
use std::collections::HashMap;

/// Longest line of a paper, in characters.
const LINE_MAX_CHARS: usize = 300;

/// Writes a paper into the case; its id, hex.
///
/// # Errors
/// As [every change](super); [`OfficeError::Unsound`] with the field that is missing or unsound.
pub async fn write_paper(
    office: &Office,
    actor: &Viewer,
    number: &CaseNumber,
    paper: NewPaper,
) -> Result<String, OfficeError> {
    let id = office.new_id();
    let act = Act::new(Kind::PaperWritten).of(id);
    let act = act.detailed(kind_of(&paper).code());
    change_case(office, actor, number, act, async |entries| {
        write_one(office, actor, &entries, id, paper).await
    })
    .await?;
    Ok(hex::encode(id))
}

async fn write_one(
    office: &Office,
    actor: &Viewer,
    entries: &[Entry],
    id: [u8; 16],
    paper: NewPaper,
) -> Result<(), OfficeError> {
    let mut papers = PaperChanges::default();
    let (says, member, due_day) = match paper {
        NewPaper::Note { text } => (
            PaperContent::Note {
                text: given("text", &text)?,
            },
            actor.id,
            None,
        ),
        NewPaper::Evidence {
            what,
            place,
            file,
            sha256,
        } => {
            let says = evidence(office, actor, entries, &what, &place, file, &sha256).await?;
            (says, actor.id, None)
        }
        NewPaper::Interview {
            with,
            place,
            held_day,
            text,
        } => {
            let says = interview(office, &with, &place, held_day, &text)?;
            (says, actor.id, None)
        }
        NewPaper::Task {
            member,
            due_day,
            text,
        } => {
            let task = task(office, entries, member, due_day, &text).await?;
            let says = PaperContent::Task {
                text: task.text,
                whose: task.whose_name,
            };
            (says, task.whose, Some(task.due_day))
        }
        NewPaper::Draft { to, text } => {
            papers.gone = drafts_of(office, actor, &entries[0]).await?;
            let text = given("text", &text)?;
            (PaperContent::Draft { to, text }, actor.id, None)
        }
    };
    let row = paper_row(office, actor, &entries[0], id, (says, member, due_day))?;
    store_paper(office, actor, entries, row, papers).await
}

/// Stores a paper with what is noted of it, and reminds whoever has a task by it.
async fn store_paper(
    office: &Office,
    actor: &Viewer,
    entries: &[Entry],
    row: PaperRow,
    mut papers: PaperChanges,
) -> Result<(), OfficeError> {
    let mut draft = Draft::new(office, entries[0].clone())?;
    if let Some(note) = Note::of_paper(row.kind) {
        draft.note(Some(&actor.name), note, "")?;
    }
    if row.kind == PaperKind::Task && row.member != actor.id {
        draft.remind(row.member);
    }
    papers.new.push(row);
    let together = ChangeSet {
        papers,
        ..ChangeSet::default()
    };
    store_drafts_with(office, vec![draft], together).await
}

/// A paper of `entry`'s case, sealed to it.
pub(super) fn paper_row(
    office: &Office,
    actor: &Member,
    entry: &Entry,
    id: [u8; 16],
    (says, member, due_day): (PaperContent, MemberId, Option<Day>),
) -> Result<PaperRow, OfficeError> {
    let to: Recipient = entry
        .row
        .recipient
        .parse()
        .map_err(|_| OfficeError::Damaged)?;
    let text = PaperText {
        author: actor.name.clone(),
        says,
    };
    Ok(PaperRow {
        id,
        case: entry.row.id,
        kind: text.says.kind(),
        member,
        day: office.today(),
        due_day,
        done_day: None,
        sealed: seal_json(&text, &to)?,
    })
}

async fn evidence(
    office: &Office,
    actor: &Viewer,
    entries: &[Entry],
    what: &str,
    place: &str,
    file: Option<[u8; 16]>,
    sha256: &str,
) -> Result<PaperContent, OfficeError> {
    let what = line("what", what, true)?;
    let (mut place, mut sha256) = (
        line("place", place, false)?,
        sha256.trim().to_ascii_lowercase(),
    );
    if let Some(file) = file {
        let about = file_of(office, actor, entries, file).await?;
        let (name, sum) = about.ok_or(OfficeError::Unsound("file", "error-file-gone"))?;
        place = [name, place]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" · ");
        sha256 = sum;
    }
    if place.is_empty() {
        return Err(OfficeError::Unsound("place", "error-place"));
    }
    let is_hash = sha256.len() == 64 && sha256.bytes().all(|byte| byte.is_ascii_hexdigit());
    if !sha256.is_empty() && !is_hash {
        return Err(OfficeError::Unsound("sha256", "error-sha256"));
    }
    Ok(PaperContent::Evidence {
        what,
        place,
        sha256,
    })
}

/// Name and SHA-256 of a file of the case.
async fn file_of(
    office: &Office,
    actor: &Viewer,
    entries: &[Entry],
    file: [u8; 16],
) -> Result<Option<(String, String)>, OfficeError> {
    for (entry, key) in keyed(office, actor, entries).await? {
        let number = CaseNumber(entry.row.number.clone());
        let views = files::views(office, entry.row.id, &number, &key).await?;
        let found = views.into_iter().find(|view| view.id == hex::encode(file));
        if let Some(found) = found {
            return Ok(Some((found.name, found.sha256)));
        }
    }
    Ok(None)
}

fn interview(
    office: &Office,
    with: &str,
    place: &str,
    held_day: Option<Day>,
    text: &str,
) -> Result<PaperContent, OfficeError> {
    let held_day = held_day.filter(|day| *day <= office.today());
    Ok(PaperContent::Interview {
        with: line("with", with, true)?,
        place: line("place", place, false)?,
        held_day: held_day.ok_or(OfficeError::Unsound("held", "error-held"))?,
        text: given("text", text)?,
    })
}

/// The drafts that `actor` keeps in the case.
pub(super) async fn drafts_of(
    office: &Office,
    actor: &Member,
    entry: &Entry,
) -> Result<Vec<[u8; 16]>, OfficeError> {
    let papers = office.parts.store.papers(entry.row.id).await?;
    let own = |row: &&PaperRow| row.kind == PaperKind::Draft && row.member == actor.id;
    Ok(papers.iter().filter(own).map(|row| row.id).collect())
}

/// The papers of a case, numbered by kind; of drafts the viewer's own.
pub(crate) async fn papers(
    office: &Office,
    viewer: &Member,
    entry: &Entry,
    key: &Identity,
) -> Result<Vec<PaperView>, OfficeError> {
    let rows = office.parts.store.papers(entry.row.id).await?;
    let mut numbers: HashMap<PaperKind, usize> = HashMap::new();
    let mut views = Vec::new();
    for row in rows {
        let is_own = row.member == viewer.id;
        if row.kind == PaperKind::Draft && !is_own {
            continue;
        }
        let text: PaperText = open_json(key, &row.sealed)?;
        let number = numbers.entry(row.kind).or_default();
        *number += 1;
        let open = row.kind == PaperKind::Task && row.done_day.is_none();
        views.push(PaperView {
            id: hex::encode(row.id),
            number: *number,
            author: text.author,
            day: row.day,
            due_day: row.due_day,
            done_day: row.done_day,
            can_finish: open && (is_own || viewer.role.sees_all_cases()),
            is_own,
            says: text.says,
        });
    }
    Ok(views)
}

fn kind_of(paper: &NewPaper) -> PaperKind {
    match paper {
        NewPaper::Note { .. } => PaperKind::Note,
        NewPaper::Evidence { .. } => PaperKind::Evidence,
        NewPaper::Interview { .. } => PaperKind::Interview,
        NewPaper::Task { .. } => PaperKind::Task,
        NewPaper::Draft { .. } => PaperKind::Draft,
    }
}

/// A longer text that must be there.
pub(super) fn given(field: &'static str, text: &str) -> Result<String, OfficeError> {
    let fits = text_fits(text, ANSWER_MAX_CHARS);
    fits.then(|| text.trim().to_owned())
        .ok_or(OfficeError::Unsound(field, "error-bad-text"))
}

/// A line, which may be empty unless it is `needed`.
pub(super) fn line(field: &'static str, text: &str, needed: bool) -> Result<String, OfficeError> {
    let text = text.trim();
    let fits = text.chars().count() <= LINE_MAX_CHARS && (!needed || !text.is_empty());
    fits.then(|| text.to_owned())
        .ok_or(OfficeError::Unsound(field, "error-bad-text"))
}

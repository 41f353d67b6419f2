//! A case as it is shown, and its files.

use super::alike::{alike, held_apart, reasons_shown, same_text};
use super::copies::{SeenFloods, copies};
use super::opened::Opened;
use super::own::own_cases;
use crate::audit::{Act, Kind, audit_id};
use crate::cases::{CaseFile, Entry, Group};
use crate::casework::{
    OpenFile, closing_signing, declined, end_of, entries, entries_seen, files, handling, keyed,
    papers, passing_signing, questions, signing_of,
};
use crate::model::{CaseNumber, Viewer};
use crate::office::{Office, OfficeError, passing_day};

/// Everything of a case, with all that is handled with it.
///
/// # Errors
/// [`OfficeError::NotYours`], [`OfficeError::NotPermitted`], [`OfficeError::Damaged`], or what the store says.
pub async fn case(
    office: &Office,
    viewer: &Viewer,
    number: &CaseNumber,
) -> Result<CaseFile, OfficeError> {
    let own = own_cases(office, viewer, Some(number)).await?;
    open_whole(own.as_ref().unwrap_or(office), viewer, number).await
}

async fn open_whole(
    office: &Office,
    viewer: &Viewer,
    number: &CaseNumber,
) -> Result<CaseFile, OfficeError> {
    let seen = Act::new(Kind::CaseSeen);
    let entries = entries_seen(office, viewer, number, seen).await?;
    let group = Group::of(&entries).ok_or(OfficeError::NotYours)?;
    let lead = group.lead;
    let members = office.members().await?;
    let readers = members.iter().filter(|member| office.sees(member, &group));
    let keyed = keyed(office, viewer, &entries).await?;
    let opened = Opened::of(office, viewer, &keyed).await?;
    let papers = match keyed.first() {
        Some((entry, key)) => papers(office, viewer, entry, key).await?,
        None => Vec::new(),
    };
    let latest = latest_decided(&group);
    Ok(CaseFile {
        row: group.queue_row(&members, office.today()),
        version: lead.row.version,
        audit_id: audit_id(lead.row.id),
        unit: lead.summary.unit.clone(),
        handler_id: lead.row.handler,
        handling: handling(office, viewer, &entries, &members),
        readers: readers.clone().map(|member| member.name.clone()).collect(),
        reader_ids: readers
            .map(|member| (hex::encode(member.id.0), member.called_among(&members)))
            .collect(),
        reporter_gone: opened.tips.iter().all(|tip| tip.reporter_gone),
        objected: group.cases().any(|entry| entry.summary.objected),
        reopened: group.is_reopened(),
        tips: opened.tips,
        same_text: same_text(office, viewer, &group),
        alike: alike(office, viewer, &group),
        copies: office.visible_to(viewer, |seen| {
            copies(seen, &group, &mut SeenFloods::default())
        }),
        held_apart: held_apart(office, viewer, &group),
        routing_reasons: reasons_shown(office, viewer, lead),
        questions: questions(office, viewer, &group, &members),
        pass_up_day: group
            .cases()
            .filter_map(|entry| passing_day(office, entry))
            .min(),
        passing: lead.summary.passing.as_deref().cloned(),
        passing_signing: passing_signing(office, viewer, &entries),
        leaves_day: lead.summary.leaves_day,
        deadlines: opened.deadlines,
        messages: opened.messages,
        attachments: opened.attachments,
        papers,
        history: opened.history,
        outcome: latest.and_then(|entry| entry.summary.outcome),
        findings: latest.map_or_else(Vec::new, |entry| entry.summary.findings.clone()),
        mode: lead.summary.mode,
        closing: lead.summary.closing.clone(),
        declined: declined(&entries).cloned(),
        declined_signing: signing_of(viewer, declined(&entries), &entries),
        signing: closing_signing(viewer, &entries),
        end: end_of(office, viewer, &entries).await?,
    })
}

/// Of the cases of a group that were decided, the one that changed last.
fn latest_decided<'a>(group: &Group<'a>) -> Option<&'a Entry> {
    let decided = group
        .cases()
        .filter(|entry| entry.summary.outcome.is_some());
    decided.max_by_key(|entry| entry.row.changed_day)
}

/// A file of a case, opened as it is read; on record as `how`: [`Kind::FileSaved`] or [`Kind::FileViewed`].
///
/// # Errors
/// As [`case`]; [`OfficeError::NotYours`] also where the case has no such file here.
pub async fn file(
    office: &Office,
    viewer: &Viewer,
    number: &CaseNumber,
    file: [u8; 16],
    how: Kind,
) -> Result<OpenFile, OfficeError> {
    let own = own_cases(office, viewer, Some(number)).await?;
    let office = own.as_ref().unwrap_or(office);
    take_file(office, viewer, number, file, how).await
}

async fn take_file(
    office: &Office,
    viewer: &Viewer,
    number: &CaseNumber,
    file: [u8; 16],
    how: Kind,
) -> Result<OpenFile, OfficeError> {
    let entries = entries(office, viewer, number).await?;
    let keyed = keyed(office, viewer, &entries).await?.into_iter();
    let mut keyed = keyed.filter(|(entry, _)| entry.row.number == number.0);
    let (entry, key) = keyed.next().ok_or(OfficeError::NotYours)?;
    let seen = Act::new(how).of(file).on(entry.row.id);
    office.audit_log().record(Some(viewer.id), seen).await?;
    files::open(office, entry.row.id, &key, file).await
}

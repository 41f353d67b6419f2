//! Putting what is sealed into the index of the search: when the office opens, and after each stored change. The words are
//! read back from what was sealed, so that nothing is found that is not on file.

use crate::model::{
    CaseId, CaseSummary, HistoryText, MessageText, PaperContent, PaperKind, PaperText,
};
use crate::office::{Office, OfficeError, open_json};
use crate::search::{Filed, Index, Part, Text};
use crate::store::{AttachmentRow, CaseRow, Change, HistoryRow, MessageRow, PaperRow};
use mifeng_foundation::entropy::parse_id;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::Identity;
use mifeng_sealing::tip::{Attachment, TipDocument};

/// Reads the index of the search.
pub(crate) fn search_words<T>(office: &Office, read: impl FnOnce(&Index) -> T) -> T {
    read(&office.search.read())
}

/// Puts texts of a case into the index of the search.
pub(crate) fn index_case(office: &Office, row: &CaseRow, texts: Vec<Text>) {
    if texts.is_empty() {
        return;
    }
    let mut index = office.search.write();
    index.add(Filed {
        case: row.id,
        day: row.opened_day,
        texts,
    });
}

/// Forgets every word of cases that were destroyed.
pub(crate) fn forget_words(office: &Office, cases: &[CaseId]) {
    let mut index = office.search.write();
    index.forget(cases);
}

/// Takes in what was just stored with changes of cases. What does not open is told in the log; it is stored, and the
/// next start finds it again.
pub(crate) fn index_changes(office: &Office, changes: &[Change], papers: &[PaperRow]) {
    for change in changes {
        let opinions = office.caseload(|caseload| {
            let entry = caseload.by_id(change.case.id);
            entry.map_or_else(Vec::new, |entry| texts_of_summary(&entry.summary))
        });
        index_case(office, &change.case, opinions);
        let Change {
            messages,
            attachments,
            history,
            ..
        } = change;
        if messages.is_empty() && attachments.is_empty() && history.is_empty() {
            continue;
        }
        match office.case_key(&change.case) {
            Ok(key) => {
                index_opened(office, &change.case, texts_of_files(&key, attachments));
                index_opened(office, &change.case, texts_of(&key, messages, &[]));
                index_opened(office, &change.case, texts_of_history(&key, history));
            }
            Err(cause) => tell_not_indexed(&cause),
        }
    }
    for paper in papers {
        let Some(row) = office.caseload(|caseload| Some(caseload.by_id(paper.case)?.row.clone()))
        else {
            continue;
        };
        let key = office.case_key(&row);
        let texts = key.and_then(|key| texts_of(&key, [], std::slice::from_ref(paper)));
        index_opened(office, &row, texts);
    }
}

fn index_opened(office: &Office, row: &CaseRow, texts: Result<Vec<Text>, OfficeError>) {
    match texts {
        Ok(texts) => index_case(office, row, texts),
        Err(cause) => tell_not_indexed(&cause),
    }
}

fn tell_not_indexed(cause: &OfficeError) {
    let place = "search";
    log(Event::RequestFailed { place, cause });
}

/// What a tip says.
pub(crate) fn text_of_tip(tip: &TipDocument) -> Text {
    let fields = [&tip.school, &tip.subject, &tip.when, &tip.text];
    let papers = tip.papers.iter().map(|paper| paper.text.as_str());
    let fields: Vec<&str> = fields
        .into_iter()
        .map(String::as_str)
        .chain(papers)
        .collect();
    Text::new(Part::Tip, fields.join("\n"))
}

/// The joint opinions of a case, with why somebody is not of them.
pub(crate) fn texts_of_summary(summary: &CaseSummary) -> Vec<Text> {
    let words = summary.opinions.iter().flat_map(|opinion| {
        let notes = opinion.signed.iter().map(|assent| &assent.note);
        std::iter::once(&opinion.text).chain(notes)
    });
    words
        .filter(|text| !text.is_empty())
        .map(|text| Text::new(Part::Paper, text.clone()))
        .collect()
}

/// The reasons in a case's record. Opinions stand there too, and are filed as such.
pub(crate) fn texts_of_history(
    key: &Identity,
    rows: &[HistoryRow],
) -> Result<Vec<Text>, OfficeError> {
    let mut texts = Vec::new();
    for row in rows {
        let line: HistoryText = open_json(key, &row.sealed)?;
        if line.detail.is_empty() || line.note.is_of_opinion() {
            continue;
        }
        let about = line.about.as_deref().map(parse_id);
        // Whoever reads the record is not shown a line about a case that there is not.
        let about = match about {
            Some(None) => continue,
            Some(Some(id)) => Some(CaseId(id)),
            None => None,
        };
        texts.push(Text {
            about,
            ..Text::new(Part::History, line.detail)
        });
    }
    Ok(texts)
}

/// The names of files.
pub(crate) fn texts_of_files(
    key: &Identity,
    rows: &[AttachmentRow],
) -> Result<Vec<Text>, OfficeError> {
    let name = |row: &AttachmentRow| {
        let about: Attachment = open_json(key, &row.sealed)?;
        Ok(Text::new(Part::File, about.name.clone()))
    };
    rows.iter().map(name).collect()
}

/// What was said and written in a case. Drafts are their writers' own, and are not found.
pub(crate) fn texts_of<'a>(
    key: &Identity,
    messages: impl IntoIterator<Item = &'a MessageRow>,
    papers: &[PaperRow],
) -> Result<Vec<Text>, OfficeError> {
    let mut texts = Vec::new();
    for message in messages {
        let text = open_json::<MessageText>(key, &message.sealed)?.text;
        texts.push(Text::new(Part::Message, text));
    }
    for paper in papers.iter().filter(|paper| paper.kind != PaperKind::Draft) {
        let says = open_json::<PaperText>(key, &paper.sealed)?.says;
        texts.push(Text::new(Part::Paper, words(&says)));
    }
    Ok(texts)
}

fn words(says: &PaperContent) -> String {
    let fields: &[&str] = match says {
        PaperContent::Note { text }
        | PaperContent::Draft { text, .. }
        | PaperContent::Task { text, .. } => &[text],
        PaperContent::Evidence { what, place, .. } => &[what, place],
        PaperContent::Interview {
            with, place, text, ..
        } => &[with, place, text],
        PaperContent::Extract { addressee, text } => &[addressee, text],
    };
    fields.join("\n")
}

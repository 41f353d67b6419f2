//! What this office may not handle itself: a tip about its leaders, or one from which everybody is recused. It is sealed to
//! the office above, and closed to everybody here in the same step.

use super::draft::Draft;
use crate::model::{CaseState, MessageText, Opinion, PaperContent, PaperText};
use crate::office::{Office, OfficeError, open_json, open_tip};
use crate::routing::{NameSearchText, is_about};
use crate::store::{AttachmentRow, AttachmentState, MessageRow, PassingFile, PassingRow, TipRow};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::random_id;
use mifeng_foundation::words::Language;
use mifeng_names::{Answer, Part};
use mifeng_opening::Identity;
use mifeng_sealing::tip::{
    Attachment, Channel, MessageKind, PassedKind, PassedPaper, ReplyDocument, Said, as_many_as_fit,
};
use mifeng_sealing::{EnvelopeKind, ParentOffice, seal_reply, seal_tip};
use std::fmt::Write as _;

/// Ids of which the lowest is a tip's: enough that what its reporter writes later finds one above it soon.
const IDS_AT_LEAST: usize = 4;

/// Whether what was typed as the subject of a tip that came on `day` is, or may be, one of the office's leaders, by whatever
/// name.
pub(crate) fn names_a_leader(office: &Office, subject: &str, day: Day) -> bool {
    let mut name_search_text = NameSearchText::default();
    name_search_text.add_to(Part::Subject, subject);
    let rules = office.rules();
    let mut leaders = rules.leaders().iter();
    leaders.any(|one| is_about(one, &name_search_text, day) >= Answer::Possible)
}

/// Puts into a draft that its case goes to the office above: the tip and what its reporter wrote, sealed to that
/// office, and the reporter told in the language of the tip by `say`, which is given that office's name.
pub(super) async fn pass_up_draft(
    office: &Office,
    draft: &mut Draft<'_>,
    author: Option<&str>,
    say: impl Fn(Language, &str) -> String,
) -> Result<(), OfficeError> {
    let parent = office
        .parts
        .parent
        .as_ref()
        .ok_or(OfficeError::NotPossible)?;
    draft.enter(CaseState::PassedUp);
    draft.entry.summary.reporter_wrote = false;
    draft
        .tell_each(MessageKind::Status, author, |language| {
            say(language, name_in(parent, language))
        })
        .await?;
    let (store, case) = (&office.parts.store, draft.entry.row.id);
    let key = office.case_key(&draft.entry.row)?;
    let files = store.attachments(case).await?;
    let papers = passed_papers(office, draft, &key).await?;
    for tip in store.tips(Some(case)).await? {
        let messages = store.messages(case).await?.into_iter();
        let received: Vec<_> = messages
            .map(|(row, _)| row)
            .filter(|row| row.from_reporter && row.tip == tip.id)
            .collect();
        let before = draft.messages_of(tip.id).await?;
        let files = files.iter().filter(|file| file.tip == tip.id);
        let with = (before, papers.as_slice());
        let rows = sealed_to_parent(office, parent, &key, (&tip, with), &received, files)?;
        draft.pass(rows);
    }
    Ok(())
}

/// What was written into a case here, for the office above: all but drafts and tasks.
async fn passed_papers(
    office: &Office,
    draft: &Draft<'_>,
    key: &Identity,
) -> Result<Vec<PassedPaper>, OfficeError> {
    let mut papers = Vec::new();
    for row in office.parts.store.papers(draft.entry.row.id).await? {
        let paper: PaperText = open_json(key, &row.sealed)?;
        if let Some((kind, text)) = in_words(&paper.says) {
            papers.push(PassedPaper {
                kind,
                author: paper.author,
                day: row.day,
                text,
            });
        }
    }
    papers.extend(draft.entry.summary.opinions.iter().map(opinion_in_words));
    papers.sort_by_key(|paper| paper.day);
    Ok(papers)
}

/// A tip and what its reporter wrote since, sealed to the office above.
fn sealed_to_parent<'a>(
    office: &Office,
    parent: &ParentOffice,
    key: &Identity,
    (tip, (messages_before, papers)): (&TipRow, (u32, &[PassedPaper])),
    received: &[MessageRow],
    files: impl Iterator<Item = &'a AttachmentRow>,
) -> Result<Vec<PassingRow>, OfficeError> {
    let mut ids: Vec<[u8; 16]> = (0..(received.len() + 1).max(IDS_AT_LEAST))
        .map(|_| random_id(office.entropy()))
        .collect();
    ids.sort_unstable();
    let mut document = open_tip(key, &tip.sealed)?;
    // Whoever opens it there sees a sealed tip as from a stranger, whoever typed it in here. All files of its reporter go
    // with it, those that came later too.
    document.channel = Channel::Web;
    document.attachments.clear();
    let mut passing = Vec::new();
    for row in files.filter(|row| goes_along(office, row.state)) {
        let id = office.new_id();
        let mut about: Attachment = open_json(key, &row.sealed)?;
        about.id = hex::encode(id);
        document.attachments.push(about);
        passing.push(PassingFile {
            id,
            attachment: row.id,
        });
    }
    document.messages_before = messages_before;
    // What came from an office below this one goes on before what was written here.
    let mut all = std::mem::take(&mut document.papers);
    all.extend_from_slice(papers);
    document.papers = as_many_as_fit(all, office.today());
    let sealed = seal_tip(&document, &parent.recipients).map_err(|_| OfficeError::Damaged)?;
    let row = |id, kind, ciphertext| PassingRow {
        id,
        case: tip.case,
        mailbox: tip.mailbox,
        kind,
        ciphertext,
        files: Vec::new(),
    };
    let mut rows = vec![row(ids[0], EnvelopeKind::Tip, sealed.0.into_bytes())];
    rows[0].files = passing;
    for (message, id) in received.iter().zip(&ids[1..]) {
        let words: MessageText = open_json(key, &message.sealed)?;
        // As it was signed, so that the office above proves it again. Its files go with the tip.
        let reply = if let Some(signed) = words.received.and_then(|received| received.signed) {
            ReplyDocument::signed(signed, |_| None)
        } else {
            let said = Said::Addition { text: words.text };
            let digest = tip.mailbox.to_hex();
            Ok(ReplyDocument::new(
                &document.office,
                digest,
                message.day,
                said,
            ))
        };
        let reply = reply.map_err(|_| OfficeError::Damaged)?;
        let sealed = seal_reply(&reply, &parent.recipients).map_err(|_| OfficeError::Damaged)?;
        rows.push(row(*id, EnvelopeKind::Reply, sealed.0.into_bytes()));
    }
    Ok(rows)
}

/// Whether a file goes along: it is here, or on its way here.
fn goes_along(office: &Office, state: AttachmentState) -> bool {
    let comes = matches!(state, AttachmentState::Stored | AttachmentState::Waiting);
    comes && office.blobs.is_some()
}

/// What a reporter still wrote to this office after the case was passed up, sealed to the office above.
pub(crate) async fn reply_to_parent(
    office: &Office,
    tip: &TipRow,
    reply: ReplyDocument,
    files: &[AttachmentRow],
) -> Result<PassingRow, OfficeError> {
    let parent = office
        .parts
        .parent
        .as_ref()
        .ok_or(OfficeError::NotPossible)?;
    let after = office.parts.store.passed_tip(tip.case).await?;
    let after = after.unwrap_or_default();
    let id = loop {
        let id = random_id(office.entropy());
        if id > after {
            break id;
        }
    };
    let mut reply = reply;
    let mut passing = Vec::new();
    reply.attachments.retain_mut(|about| {
        let id = about.id_bytes();
        let mut rows = files.iter().filter(|row| goes_along(office, row.state));
        let Some(row) = rows.find(|row| Some(row.intake_id) == id) else {
            return false;
        };
        let id = office.new_id();
        about.id = hex::encode(id);
        passing.push(PassingFile {
            id,
            attachment: row.id,
        });
        true
    });
    let sealed = seal_reply(&reply, &parent.recipients).map_err(|_| OfficeError::Damaged)?;
    Ok(PassingRow {
        id,
        case: tip.case,
        mailbox: tip.mailbox,
        kind: EnvelopeKind::Reply,
        ciphertext: sealed.0.into_bytes(),
        files: passing,
    })
}

/// What a paper says, for whoever has only its words; `None` for what is of no use elsewhere.
fn in_words(says: &PaperContent) -> Option<(PassedKind, String)> {
    let line = |parts: &[&str]| {
        let given = parts.iter().filter(|part| !part.is_empty());
        given.copied().collect::<Vec<_>>().join(" · ")
    };
    Some(match says {
        PaperContent::Note { text } => (PassedKind::Note, text.clone()),
        PaperContent::Evidence {
            what,
            place,
            sha256,
        } => (PassedKind::Evidence, line(&[what, place, sha256])),
        PaperContent::Interview {
            with,
            place,
            held_day,
            text,
        } => {
            let head = line(&[with, &held_day.to_string(), place]);
            (PassedKind::Interview, format!("{head}\n{text}"))
        }
        PaperContent::Extract { addressee, text } => {
            (PassedKind::Extract, format!("→ {addressee}\n{text}"))
        }
        PaperContent::Task { .. } | PaperContent::Draft { .. } => return None,
    })
}

/// A joint opinion with its signatures: ✓ for who is of it, ✗ with the reason for who is not.
fn opinion_in_words(opinion: &Opinion) -> PassedPaper {
    let mut text = opinion.text.clone();
    for assent in &opinion.signed {
        let sign = if assent.agrees { "✓" } else { "✗" };
        let by = &assent.by;
        let _ = write!(text, "\n{sign} {} {} {}", by.name, by.day, assent.note);
    }
    PassedPaper {
        kind: PassedKind::Opinion,
        author: opinion.written.name.clone(),
        day: opinion.written.day,
        text: text.trim_end().to_owned(),
    }
}

/// What the office above is called in a language.
fn name_in(parent: &ParentOffice, language: Language) -> &str {
    if language.is_chinese() {
        &parent.name_zh
    } else {
        &parent.name_en
    }
}

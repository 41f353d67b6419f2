//! Joint study (会商): those who handle a hard case write down what they find, and each signs it or says why not.

use super::on_record::{change_case, state_of};
use super::second_person::signature;
use super::storing::{drafts, store_drafts};
use super::texts::{ANSWER_MAX_CHARS, REASON_MAX_CHARS, check_text, text_fits};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::{Assent, CaseNumber, CaseState, Member, MemberId, Note, Opinion};
use crate::office::{Office, OfficeError};

/// Writes a joint opinion, which its writer signs with it. One that was written before stays on record, and is signed no
/// more.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPossible`] where the case is in no joint study, `actor` does not handle it, or
/// handles it alone; [`OfficeError::BadText`], [`OfficeError::Changed`].
pub async fn write_opinion(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    text: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::OpinionWritten);
    change_case(office, actor, number, act, async |entries| {
        if !may_opine(actor, &entries) {
            return Err(OfficeError::NotPossible);
        }
        check_text("text", text, ANSWER_MAX_CHARS)?;
        let others = asked(&entries[0]).into_iter();
        let others: Vec<_> = others.filter(|member| *member != actor.id).collect();
        let written = signature(office, actor);
        let mut drafts = drafts(office, entries, version)?;
        let lead = &mut drafts[0];
        lead.entry.summary.opinions.push(Opinion {
            text: text.trim().to_owned(),
            signed: vec![Assent {
                by: written.clone(),
                agrees: true,
                note: String::new(),
            }],
            written,
        });
        lead.note(Some(&actor.name), Note::OpinionWritten, text.trim())?;
        lead.remind_all(others);
        store_drafts(office, drafts).await
    })
    .await
}

/// Signs the joint opinion that was written last, or says why not.
///
/// # Errors
/// As [`write_opinion`]; [`OfficeError::NotPossible`] also where there is none, or `actor` signed it;
/// [`OfficeError::Unsound`] where she is of another opinion and does not say which.
pub async fn sign_opinion(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    agrees: bool,
    note: &str,
) -> Result<(), OfficeError> {
    let code = if agrees { "agrees" } else { "dissents" };
    let act = Act::new(Kind::OpinionSigned).detailed(code);
    change_case(office, actor, number, act, async |entries| {
        let last = entries[0].summary.opinions.last();
        let waits = last.is_some_and(|opinion| !opinion.is_signed_by(actor.id));
        if !may_opine(actor, &entries) || !waits {
            return Err(OfficeError::NotPossible);
        }
        let note = note.trim();
        if !agrees || !note.is_empty() {
            let fits = text_fits(note, REASON_MAX_CHARS);
            fits.then_some(())
                .ok_or(OfficeError::Unsound("note", "error-dissent"))?;
        }
        let by = signature(office, actor);
        let mut drafts = drafts(office, entries, version)?;
        let lead = &mut drafts[0];
        if let Some(opinion) = lead.entry.summary.opinions.last_mut() {
            opinion.signed.push(Assent {
                by,
                agrees,
                note: note.to_owned(),
            });
        }
        let key = if agrees {
            Note::OpinionAgrees
        } else {
            Note::OpinionDissents
        };
        lead.note(Some(&actor.name), key, note)?;
        store_drafts(office, drafts).await
    })
    .await
}

/// Who handles the case and can read it: whose opinion is asked.
pub(super) fn asked(lead: &Entry) -> Vec<MemberId> {
    let handlers = lead.handlers().into_iter();
    let reads = |member: &MemberId| lead.holders.contains(member);
    handlers.filter(reads).collect()
}

/// Whether `actor` is one of several who study the case.
pub(super) fn may_opine(actor: &Member, entries: &[Entry]) -> bool {
    let asked = asked(&entries[0]);
    state_of(entries) == CaseState::JointStudy && asked.len() > 1 && asked.contains(&actor.id)
}

/// Whether a joint study by several lacks an opinion that each of them signed.
pub(super) fn lacks_opinion(entries: &[Entry]) -> bool {
    let asked = asked(&entries[0]);
    let signed = |opinion: &Opinion| opinion.unsigned(&asked).next().is_none();
    state_of(entries) == CaseState::JointStudy
        && asked.len() > 1
        && !entries[0].summary.opinions.last().is_some_and(signed)
}

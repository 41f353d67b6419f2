//! Where a case stands, and how it is handled: legal steps only, each with a reason.

use super::draft::Draft;
use super::on_record::{change_case, state_of};
use super::opining::lacks_opinion;
use super::second_person::{check_second, signature};
use super::storing::{drafts, store_drafts};
use super::texts::{ANSWER_MAX_CHARS, REASON_MAX_CHARS, check_text};
use crate::audit::{Act, Kind};
use crate::cases::Entry;
use crate::model::{
    CaseNumber, CaseState, Conclusion, Finding, Member, Mode, Move, Note, Signature, Step,
};
use crate::office::{Office, OfficeError};
use mifeng_sealing::tip::MessageKind;

/// Longest name of a subject, in characters.
const SUBJECT_MAX_CHARS: usize = 200;

/// Most subjects of one case.
const FINDINGS_MAX: usize = 20;

/// Moves the case to another state. What was finished is opened again by whoever sees all cases; it gets a new deadline.
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPossible`], [`OfficeError::Changed`], [`OfficeError::BadText`];
/// [`OfficeError::Unsound`] without a mode where it is accepted, or without words to the reporter where it is declined.
pub async fn change_state(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    step: Move<'_>,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::StateChanged).detailed(step.to.code());
    change_case(office, actor, number, act, async |entries| {
        make_step(office, actor, entries, version, step).await
    })
    .await
}

async fn make_step(
    office: &Office,
    actor: &Member,
    entries: Vec<Entry>,
    version: i64,
    step: Move<'_>,
) -> Result<(), OfficeError> {
    check_text("reason", step.reason, REASON_MAX_CHARS)?;
    let how = state_of(&entries).step_to(step.to);
    match how {
        Some(Step::ByHand) => {}
        Some(Step::Reopening) if actor.role.sees_all_cases() => {}
        Some(Step::Reopening) => return Err(OfficeError::NotPermitted),
        // What leaves the office leaves it as an extract, or sealed.
        Some(Step::Referring | Step::Concluding | Step::Closing | Step::PassingUp) | None => {
            return Err(OfficeError::NotPossible);
        }
    }
    check_move(step)?;
    let urgent =
        |entry: &Entry| entry.summary.category.is_urgent() && !entry.row.state.is_finished();
    let seconds = if step.to == CaseState::Declined && entries.iter().any(urgent) {
        let members = office.members().await?;
        office.supervisors(&entries, &members)
    } else {
        Vec::new()
    };
    let mut drafts = drafts(office, entries, version)?;
    for draft in &mut drafts {
        if how == Some(Step::Reopening) {
            reopen(actor, draft, step).await?;
        } else {
            // Nobody alone lets harm to a child rest: it waits for a second person, and its supervisors are told.
            if step.to == CaseState::Declined && urgent(&draft.entry) {
                draft.entry.summary.declined = Some(Box::new(signature(office, actor)));
            }
            go_on(actor, draft, step).await?;
        }
    }
    drafts[0].remind_all(seconds.into_iter().filter(|one| *one != actor.id));
    store_drafts(office, drafts).await
}

/// Confirms that a tip about harm to a child was rightly declined, as a second person. Whoever finds that it was not takes it
/// up again by [`change_state`].
///
/// # Errors
/// As [every change](super); [`OfficeError::NotPermitted`] for whoever does not see all cases, [`OfficeError::SecondPerson`] for whoever
/// declined it or handles or handled a tip of it; [`OfficeError::NotPossible`] where nothing waits for that;
/// [`OfficeError::Changed`].
pub async fn confirm_declining(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::DecliningConfirmed);
    change_case(office, actor, number, act, async |entries| {
        let first = declined(&entries)
            .cloned()
            .ok_or(OfficeError::NotPossible)?;
        check_second(actor, &first, &entries)?;
        let mut drafts = drafts(office, entries, version)?;
        for draft in &mut drafts {
            draft.entry.summary.declined = None;
        }
        drafts[0].note(Some(&actor.name), Note::DecliningConfirmed, &first.name)?;
        store_drafts(office, drafts).await
    })
    .await
}

/// Changes how a case is handled.
///
/// # Errors
/// As [`change_state`]; [`OfficeError::NotPossible`] before it is accepted, where it is finished, and where it is
/// handled so already.
pub async fn change_mode(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    mode: Mode,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::ModeChanged).detailed(mode.code());
    change_case(office, actor, number, act, async |entries| {
        check_text("reason", reason, REASON_MAX_CHARS)?;
        let state = state_of(&entries);
        let same = entries[0].summary.mode == Some(mode);
        if state == CaseState::Received || state.is_finished() || same {
            return Err(OfficeError::NotPossible);
        }
        let mut drafts = drafts(office, entries, version)?;
        for draft in &mut drafts {
            draft.entry.summary.mode = Some(mode);
            draft.note(Some(&actor.name), Note::of_mode(mode), reason)?;
        }
        store_drafts(office, drafts).await
    })
    .await
}

/// Concludes the case: every tip in it that has no answer yet gets one.
///
/// # Errors
/// As [`change_state`]; [`OfficeError::Unsound`] for a finding that does not say of whom;
/// [`OfficeError::NoOpinion`] where several study it together and have not all signed an opinion.
pub async fn conclude(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    conclusion: Conclusion,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::Concluded);
    change_case(office, actor, number, act, async |entries| {
        end(office, actor, entries, version, conclusion).await
    })
    .await
}

async fn end(
    office: &Office,
    actor: &Member,
    entries: Vec<Entry>,
    version: i64,
    conclusion: Conclusion,
) -> Result<(), OfficeError> {
    check_findings(&conclusion.findings)?;
    let outcome = conclusion.outcome().ok_or(OfficeError::NotPossible)?;
    check_conclusion(&conclusion)?;
    if state_of(&entries).step_to(CaseState::Concluded) != Some(Step::Concluding) {
        return Err(OfficeError::NotPossible);
    }
    if lacks_opinion(&entries) {
        return Err(OfficeError::NoOpinion);
    }
    let mut drafts = drafts(office, entries, version)?;
    for draft in &mut drafts {
        if !draft.entry.row.state.is_finished() {
            draft.entry.summary.outcome = Some(outcome);
            draft
                .entry
                .summary
                .findings
                .clone_from(&conclusion.findings);
            draft.entry.summary.reporter_wrote = false;
            draft.enter(CaseState::Concluded);
            let answer = conclusion.answer_to(&draft.entry.row.number);
            draft
                .tell(MessageKind::Result, Some(&actor.name), answer)
                .await?;
        }
        draft.note(Some(&actor.name), Note::Concluded, &conclusion.reason)?;
    }
    store_drafts(office, drafts).await
}

/// Who declined what waits for a second person.
pub(crate) fn declined(entries: &[Entry]) -> Option<&Signature> {
    entries
        .iter()
        .find_map(|entry| entry.summary.declined.as_deref())
}

async fn go_on(actor: &Member, draft: &mut Draft<'_>, step: Move<'_>) -> Result<(), OfficeError> {
    // What was answered stays answered.
    if !draft.entry.row.state.is_finished() {
        if step.to == CaseState::Accepted {
            draft.entry.summary.mode = step.mode;
        }
        draft.enter(step.to);
        draft
            .tell(MessageKind::Status, Some(&actor.name), step.told)
            .await?;
    }
    draft.note(Some(&actor.name), Note::of_state(step.to), step.reason)
}

pub(super) async fn reopen(
    actor: &Member,
    draft: &mut Draft<'_>,
    step: Move<'_>,
) -> Result<(), OfficeError> {
    draft.reopen();
    draft
        .tell(MessageKind::Status, Some(&actor.name), step.told)
        .await?;
    draft.note(Some(&actor.name), Note::OpenedAgain, step.reason)
}

/// What a step needs beside its reason.
fn check_move(step: Move<'_>) -> Result<(), OfficeError> {
    if step.to == CaseState::Accepted && step.mode.is_none() {
        return Err(OfficeError::Unsound("mode", "error-mode"));
    }
    let told = step.told.trim();
    if step.to == CaseState::Declined && told.is_empty() {
        return Err(OfficeError::Unsound("told", "error-told"));
    }
    let fits = told.chars().count() <= ANSWER_MAX_CHARS;
    fits.then_some(())
        .ok_or(OfficeError::Unsound("told", "error-bad-text"))
}

/// What is told and why. A field that is empty is named; what is too long is said of the form, where each reporter may have an
/// answer of his own.
fn check_conclusion(conclusion: &Conclusion) -> Result<(), OfficeError> {
    let (answer, reason) = (&conclusion.answer_to_reporter, &conclusion.reason);
    for (field, text) in [("answer", answer), ("reason", reason)] {
        if text.trim().is_empty() {
            return Err(OfficeError::BadText(field));
        }
    }
    check_text("", reason, REASON_MAX_CHARS)?;
    let mut answers = conclusion.answers();
    answers.try_for_each(|answer| check_text("", answer, ANSWER_MAX_CHARS))
}

/// Of several subjects each is named; the field says which is not.
fn check_findings(findings: &[Finding]) -> Result<(), OfficeError> {
    let several = findings.len() > 1;
    let unsound = |finding: &Finding| {
        let (subject, measures) = (finding.subject.trim(), &finding.measures);
        (several && subject.is_empty())
            || subject.chars().count() > SUBJECT_MAX_CHARS
            || measures.chars().count() > REASON_MAX_CHARS
    };
    if findings.len() > FINDINGS_MAX || findings.iter().any(unsound) {
        return Err(OfficeError::Unsound("subject", "error-subject"));
    }
    Ok(())
}

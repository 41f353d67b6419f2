//! Closing a concluded case off the ledger (销号): one person proposes it and says what it rests on, a second one approves,
//! who handled nothing of it.

use super::objections::open_objections;
use super::on_record::{change_case, keyed, state_of};
use super::papers::{paper_row, papers};
use super::second_person::{check_second, check_sending_back, signature, signing_of};
use super::storing::{drafts, store_drafts, store_drafts_with};
use super::texts::{REASON_MAX_CHARS, check_text, text_fits};
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Signing};
use crate::model::{
    CaseNumber, CaseState, Closing, EvidenceItem, Grounds, Member, Note, PaperContent, Step, Viewer,
};
use crate::office::{Office, OfficeError};
use crate::store::{ChangeSet, PaperChanges, PaperRow};
use std::collections::BTreeSet;

/// Longest time until somebody looks again, in days.
const REVISIT_MAX_DAYS: i32 = 3 * 366;

/// Proposes to close a concluded case off the ledger.
///
/// # Errors
/// As [every change](super); [`OfficeError::Unsound`] where evidence or measures are not named, or the day for looking again is
/// not a day to come; [`OfficeError::NotTold`] where a result does not lie in its mailbox yet; [`OfficeError::Objected`] where
/// an objection is not answered; [`OfficeError::NotPossible`] where it is not concluded or waits for approval already;
/// [`OfficeError::Changed`].
pub async fn propose_closing(
    office: &Office,
    actor: &Viewer,
    number: &CaseNumber,
    version: i64,
    mut grounds: Grounds,
    exhibits: &[[u8; 16]],
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::ClosingProposed);
    change_case(office, actor, number, act, async |entries| {
        grounds.exhibits = exhibits_with(office, actor, &entries, exhibits).await?;
        check_grounds(office, &grounds)?;
        check_closable(office, &entries).await?;
        if waiting(&entries).is_some() {
            return Err(OfficeError::NotPossible);
        }
        let named = grounds.exhibits.iter().map(|one| one.what.as_str());
        let parts = named.chain([grounds.evidence.trim(), grounds.measures.trim()]);
        let parts: Vec<_> = parts.filter(|part| !part.is_empty()).collect();
        let detail = parts.join(" · ");
        let mut drafts = drafts(office, entries, version)?;
        drafts[0].entry.summary.closing = Some(Closing {
            grounds,
            proposed: signature(office, actor),
            approved: None,
        });
        drafts[0].note(Some(&actor.name), Note::ClosingProposed, &detail)?;
        store_drafts(office, drafts).await
    })
    .await
}

/// Approves what another proposed: the case is off the ledger.
///
/// # Errors
/// As [`propose_closing`]; [`OfficeError::NotPermitted`] for whoever does not see all cases,
/// [`OfficeError::SecondPerson`] for whoever proposed it or handles or handled a tip of it; [`OfficeError::NotPossible`]
/// where nothing waits for approval.
pub async fn approve_closing(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::ClosingApproved);
    change_case(office, actor, number, act, async |entries| {
        let mut closing = waiting(&entries).cloned().ok_or(OfficeError::NotPossible)?;
        check_second(actor, &closing.proposed, &entries)?;
        check_closable(office, &entries).await?;
        let detail = closing.proposed.name.clone();
        closing.approved = Some(signature(office, actor));
        let papers = PaperChanges {
            new: vec![revisit(office, &closing, &entries[0]).await?],
            ..PaperChanges::default()
        };
        let mut drafts = drafts(office, entries, version)?;
        drafts[0].entry.summary.closing = Some(closing);
        for draft in &mut drafts {
            if draft.entry.row.state.step_to(CaseState::Closed) == Some(Step::Closing) {
                draft.enter(CaseState::Closed);
                draft.note(Some(&actor.name), Note::Closed, &detail)?;
            }
        }
        let together = ChangeSet {
            papers,
            ..ChangeSet::default()
        };
        store_drafts_with(office, drafts, together).await
    })
    .await
}

/// The task of whoever handles it, or else proposed its closing: to look again.
async fn revisit(
    office: &Office,
    closing: &Closing,
    lead: &Entry,
) -> Result<PaperRow, OfficeError> {
    let members = office.members().await?;
    let whose = members.iter().find(|member| match lead.row.handler {
        Some(handler) => member.id == handler,
        None => closing.proposed.is_of(member.id),
    });
    let whose = whose.ok_or(OfficeError::NotPossible)?;
    let says = PaperContent::Task {
        text: "回访".to_owned(),
        whose: whose.name.clone(),
    };
    let due_day = Some(closing.grounds.revisit_day);
    let id = office.new_id();
    paper_row(office, whose, lead, id, (says, whose.id, due_day))
}

/// Sends a proposal back with a reason; whoever made it may take it back so too.
///
/// # Errors
/// As [`approve_closing`]; [`OfficeError::BadText`].
pub async fn reject_closing(
    office: &Office,
    actor: &Member,
    number: &CaseNumber,
    version: i64,
    reason: &str,
) -> Result<(), OfficeError> {
    let act = Act::new(Kind::ClosingRejected);
    change_case(office, actor, number, act, async |entries| {
        let closing = waiting(&entries).ok_or(OfficeError::NotPossible)?;
        check_sending_back(actor, &closing.proposed, &entries)?;
        check_text("reason", reason, REASON_MAX_CHARS)?;
        let handlers = entries[0].handlers();
        let mut drafts = drafts(office, entries, version)?;
        drafts[0].entry.summary.closing = None;
        drafts[0].note(Some(&actor.name), Note::ClosingRejected, reason)?;
        drafts[0].remind_all(handlers);
        store_drafts(office, drafts).await
    })
    .await
}

/// What `viewer` has to do with the closing that waits, if one does.
pub(crate) fn closing_signing(viewer: &Member, entries: &[Entry]) -> Signing {
    let proposed = waiting(entries).map(|closing| &closing.proposed);
    signing_of(viewer, proposed, entries)
}

/// The entries of the evidence register with these ids, in their order there.
async fn exhibits_with(
    office: &Office,
    actor: &Viewer,
    entries: &[Entry],
    chosen: &[[u8; 16]],
) -> Result<Vec<EvidenceItem>, OfficeError> {
    if chosen.is_empty() {
        return Ok(Vec::new());
    }
    let keyed = keyed(office, actor, entries).await?;
    let (entry, key) = keyed.first().ok_or(OfficeError::NotYours)?;
    let chosen: BTreeSet<String> = chosen.iter().map(hex::encode).collect();
    let papers = papers(office, actor, entry, key).await?.into_iter();
    let named = papers.filter(|paper| chosen.contains(&paper.id));
    let named: Vec<_> = named
        .filter_map(|paper| match paper.says {
            PaperContent::Evidence { what, .. } => Some(EvidenceItem {
                paper: paper.id,
                number: paper.number,
                what,
            }),
            _ => None,
        })
        .collect();
    let all = named.len() == chosen.len();
    all.then_some(named)
        .ok_or(OfficeError::Unsound("evidence", "error-exhibit"))
}

fn check_grounds(office: &Office, grounds: &Grounds) -> Result<(), OfficeError> {
    let given = |field, text: &str| {
        let fits = text_fits(text, REASON_MAX_CHARS);
        fits.then_some(())
            .ok_or(OfficeError::Unsound(field, "error-bad-text"))
    };
    if grounds.exhibits.is_empty() || !grounds.evidence.trim().is_empty() {
        given("evidence", &grounds.evidence)?;
    }
    given("measures", &grounds.measures)?;
    let ahead = grounds.revisit_day.days_since(office.today());
    let fits = (1..=REVISIT_MAX_DAYS).contains(&ahead);
    fits.then_some(())
        .ok_or(OfficeError::Unsound("revisit", "error-revisit"))
}

/// Whether nothing stands between the case and its closing but a signature: it is concluded, every reporter who can be
/// reached was told, and no objection waits for its answer.
async fn check_closable(office: &Office, entries: &[Entry]) -> Result<(), OfficeError> {
    let open = open_objections(office, entries.iter());
    if let Some(first) = open.into_iter().min_by_key(|one| one.until) {
        return Err(OfficeError::Objected(Box::new(first)));
    }
    if state_of(entries).step_to(CaseState::Closed) != Some(Step::Closing) {
        return Err(OfficeError::NotPossible);
    }
    for entry in entries.iter().filter(|entry| !office.reporter_gone(entry)) {
        if office.parts.store.undelivered(entry.row.id).await? > 0 {
            return Err(OfficeError::NotTold);
        }
    }
    Ok(())
}

/// The closing that waits for a second person.
fn waiting(entries: &[Entry]) -> Option<&Closing> {
    let closing = entries.first()?.summary.closing.as_ref()?;
    closing.waits().then_some(closing)
}

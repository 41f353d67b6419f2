//! Cases that nobody here can handle, see or sign for go to the office above by themselves, after a delay.

use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::casework::{
    Draft, drafts, nobody_may_handle, parent, pass, passing_asked, signs_passing, store_drafts,
    told,
};
use crate::model::{CaseId, Member, MemberId, Note, Passing};
use crate::office::{Office, OfficeError, had_to_pass};
use crate::routing::works;
use mifeng_foundation::supervisor::by_itself;
use mifeng_foundation::words::Language;

/// Whether everybody who sees all cases is recused, so that it lies before nobody. Who waits for an officer to vouch is
/// not recused.
fn nobody_may_see(office: &Office, members: &[Member], group: &Group<'_>) -> bool {
    let overseeing = |member: &&Member| member.active && member.role.sees_all_cases();
    let mut overseeing = members.iter().filter(overseeing).peekable();
    overseeing.peek().is_some()
        && overseeing.all(|member| group.cases().any(|entry| office.recused(member, entry)))
        && group.lead.row.handler.is_none()
}

/// Looks for cases that nobody can handle: the deadline for passing them up begins, and whoever may see them is reminded.
/// What nobody may even see, or was asked for by somebody whose wish nobody else can sign, is passed up by itself after
/// the delay in which the office above is told; what somebody can see or sign again meanwhile stays. How many were any. What
/// fails of one case is logged and keeps no other from it.
///
/// # Errors
/// What the store says.
pub async fn watch(office: &Office) -> Result<usize, OfficeError> {
    if office.is_locked() || parent(office).is_none() {
        return Ok(0);
    }
    if stranded(office, &office.members().await?).is_empty() {
        return Ok(0);
    }
    let _exclusive = office.exclusive().await;
    let members = office.members().await?;
    let stranded = stranded(office, &members);
    let mut done = 0;
    for (entries, fate) in stranded {
        let watched = Box::pin(watch_one(office, &entries, fate, &members));
        done += usize::from(by_itself("watch", watched).await.is_some());
    }
    Ok(done)
}

async fn watch_one(
    office: &Office,
    entries: &[Entry],
    fate: PassingStep,
    members: &[Member],
) -> Result<(), OfficeError> {
    let (version, case) = (entries[0].row.version, entries[0].row.id);
    let drafts = drafts(office, entries.to_vec(), version)?;
    if fate == PassingStep::Goes {
        let act = Act::new(Kind::PassedUp).on(case);
        let (author, reason) = match passing_asked(entries) {
            Some(passing) => (Some(passing.asked.name.as_str()), passing.reason.clone()),
            None => (None, told(Language::ZhHans, "told-nobody-left", &[])),
        };
        let passed = pass(office, entries, drafts, author, &reason);
        return office.audit_log().around_own(act, passed).await;
    }
    let supervisors = office.supervisors(entries, members);
    go_on_waiting(office, fate, case, drafts, supervisors).await
}

/// Writes down what was found of a case that stays for now.
async fn go_on_waiting(
    office: &Office,
    fate: PassingStep,
    case: CaseId,
    mut drafts: Vec<Draft<'_>>,
    supervisors: Vec<MemberId>,
) -> Result<(), OfficeError> {
    let delay = i32::from(office.two_persons.passing_delay_days);
    let leaves = office.today().plus_days(delay);
    let (kind, key, detail) = match fate {
        PassingStep::Leaves => (Kind::PassingWaits, Note::PassingWaits, leaves.to_string()),
        PassingStep::Stays => (Kind::PassingStays, Note::PassingStays, String::new()),
        PassingStep::Due | PassingStep::Goes => (Kind::PassingDue, Note::PassingDue, String::new()),
    };
    office
        .audit_log()
        .record_own(Act::new(kind).on(case))
        .await?;
    for draft in &mut drafts {
        match fate {
            PassingStep::Leaves => draft.entry.summary.leaves_day = Some(leaves),
            PassingStep::Stays => draft.entry.summary.leaves_day = None,
            PassingStep::Due | PassingStep::Goes => {
                draft.start_passing_deadline(office.today());
            }
        }
        draft.note(None, key, &detail)?;
    }
    drafts[0].remind_all(supervisors);
    store_drafts(office, drafts).await
}

/// The open cases of which something is to be done by itself, and what.
fn stranded(office: &Office, members: &[Member]) -> Vec<(Vec<Entry>, PassingStep)> {
    let today = office.today();
    office.caseload(|caseload| {
        let open = caseload
            .groups()
            .filter(|group| !group.state().is_finished());
        open.filter_map(|group| {
            let summary = &group.lead.summary;
            // Names are looked for only where nobody who handles cases holds its key, or it may leave.
            let held = |member: &Member| works(member) && group.lead.holders.contains(&member.id);
            let is_held = members.iter().any(held);
            if is_held && summary.passing.is_none() && summary.leaves_day.is_none() {
                return None;
            }
            let signs = |passing: &Passing| {
                members
                    .iter()
                    .any(|one| signs_passing(office, one, passing, &group))
            };
            let alone = summary
                .passing
                .as_deref()
                .is_some_and(|passing| !signs(passing));
            let goes = alone || nobody_may_see(office, members, &group);
            let fate = match (goes, summary.leaves_day) {
                (true, None) => PassingStep::Leaves,
                (true, Some(day)) if day <= today => PassingStep::Goes,
                (true, Some(_)) => return None,
                (false, Some(_)) => PassingStep::Stays,
                (false, None) if is_held => return None,
                (false, None) => PassingStep::Due,
            };
            let entries = group.to_entries();
            let known = || entries.iter().any(|entry| had_to_pass(office, entry));
            let handled = || !nobody_may_handle(office, members, &entries);
            if fate == PassingStep::Due && (handled() || known()) {
                return None;
            }
            Some((entries, fate))
        })
        .collect()
    })
}

/// What is done by itself with a case that nobody can handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PassingStep {
    /// The deadline for passing it up begins.
    Due,
    /// The delay begins, after which it goes.
    Leaves,
    /// The delay is over.
    Goes,
    /// Somebody can see it or sign for it again.
    Stays,
}

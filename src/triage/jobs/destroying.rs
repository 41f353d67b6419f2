//! The end of a case: its keys, rows and files are destroyed, once it was kept as long as its rule says or two persons
//! signed for it. The audit log says that it was.

use super::renewing::renew_index;
use crate::audit::{Act, Kind};
use crate::cases::Group;
use crate::casework::{destroy_all, destroyed_on, holds_back, wipe};
use crate::model::CaseId;
use crate::office::{Office, OfficeError};
use futures_util::future::try_join_all;
use mifeng_foundation::clock::Day;
use mifeng_foundation::supervisor::by_itself;
use mifeng_foundation::telemetry::{Event, log};

/// Groups of cases that are destroyed in one transaction, while whoever changes a case waits.
const AT_ONCE: usize = 16;

/// Cases that are looked at while whoever changes one waits.
const LOOKED_AT_ONCE: usize = 512;

/// Destroys every case that was kept as long as its rule says and that nothing holds; how many. Then wipes what is left
/// of this or an earlier time, in the store, the place for files and the index.
///
/// # Errors
/// What the store says, or [`OfficeError::Changed`].
pub async fn expire(office: &Office) -> Result<usize, OfficeError> {
    let today = office.today();
    let mut destroyed = 0;
    for leads in all_over(office, today).await.chunks(AT_ONCE) {
        let together = by_itself("destroying", destroy_together(office, leads, today)).await;
        if let Some(cases) = together {
            destroyed += cases;
            continue;
        }
        // What fails of one case keeps no other from its end.
        for lead in leads {
            let alone = by_itself("destroying", destroy_together(office, &[*lead], today)).await;
            destroyed += alone.unwrap_or_default();
        }
    }
    renew_index(office).await;
    wipe(office).await?;
    Ok(destroyed)
}

/// The cases that were kept as long as their rule says, by those that lead. Some are looked at at a time, so that nobody
/// waits for all of them.
async fn all_over(office: &Office, today: Day) -> Vec<CaseId> {
    let leads: Vec<CaseId> = office.caseload(|caseload| caseload.leads().collect());
    let mut over = Vec::new();
    for some in leads.chunks(LOOKED_AT_ONCE) {
        office.caseload(|caseload| {
            let is_over = |lead: &&CaseId| {
                let entry = caseload.by_id(**lead);
                entry.is_some_and(|entry| {
                    is_over(office, &caseload.group_of(entry), today).is_some()
                })
            };
            over.extend(some.iter().filter(is_over).copied());
        });
        tokio::task::yield_now().await;
    }
    over
}

/// Destroys what is handled with each of `leads`, if that is still to be done, in one transaction; how many cases. Whoever
/// wants to change another case waits for these only.
async fn destroy_together(
    office: &Office,
    leads: &[CaseId],
    today: Day,
) -> Result<usize, OfficeError> {
    let _exclusive = office.exclusive().await;
    let mut over = Vec::with_capacity(leads.len());
    for lead in leads {
        let found = office.caseload(|caseload| {
            let group = caseload.group_of(caseload.by_id(*lead)?);
            let rule = is_over(office, &group, today)?;
            Some((group.to_entries(), rule))
        });
        if let Some((entries, rule)) = found
            && holds_back(office, &entries).await?.is_none()
        {
            over.push((entries, rule));
        }
    }
    if over.is_empty() {
        return Ok(0);
    }
    let acts = over
        .iter()
        .map(|(entries, _)| Act::new(Kind::RetentionOver).on(entries[0].row.id));
    let audit_log = office.audit_log();
    // The audit log writes what comes at once in one transaction.
    try_join_all(acts.clone().map(|act| audit_log.record_own(act))).await?;
    let done = destroy_all(office, &over, None).await;
    if done.is_err() {
        try_join_all(acts.map(|act| audit_log.record_own(act.failed()))).await?;
    }
    done
}

fn is_over(office: &Office, group: &Group<'_>, today: Day) -> Option<String> {
    let (day, rule) = destroyed_on(office, group)?;
    (day <= today).then(|| rule.id.clone())
}

/// Tells in the log how many cases go earlier because the rules were shortened.
pub(crate) fn tell_shortened(office: &Office) {
    let shortened = |group: &Group<'_>| {
        office
            .retention
            .shortened(group)
            .is_some_and(|day| day >= office.today())
    };
    let cases = office.caseload(|caseload| caseload.groups().filter(shortened).count());
    if cases > 0 {
        log(Event::RetentionShortened { cases });
    }
}

//! Loss of access: to how many cases a change of an account takes access away, and whether nobody oversees one afterwards.

use crate::cases::Group;
use crate::model::{Member, MemberId};
use crate::office::{Office, OfficeError};
use std::collections::{BTreeMap, BTreeSet};

/// To how many cases a change of an account takes access away.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct AccessLoss {
    /// Cases that the member sees no longer.
    pub cases: u32,
    /// Those of them that nobody else oversees, or, where she oversees none, that nobody else sees.
    pub orphaned: u32,
}

impl AccessLoss {
    fn add(&mut self, is_orphaned: bool) {
        self.cases += 1;
        self.orphaned += u32::from(is_orphaned);
    }
}

/// What is lost once an account is as in `after`.
pub(crate) async fn loss_of(
    office: &Office,
    after: &Member,
    members: &[Member],
) -> Result<AccessLoss, OfficeError> {
    let before = members.iter().find(|one| one.id == after.id);
    let oversaw = before.is_some_and(|one| one.role.sees_all_cases());
    let others = members.iter().filter(|one| {
        one.id != after.id && one.is_reader() && (one.role.sees_all_cases() || !oversaw)
    });
    let others: BTreeSet<MemberId> = others.map(|one| one.id).collect();
    let orphaned = |holders: &[MemberId]| !holders.iter().any(|one| others.contains(one));
    let mut loss = AccessLoss::default();
    if office.locked {
        // Without the office's key nobody knows who is recused; that each loses all is what a locked office can do.
        for (case, _) in office.parts.store.wraps_of(after.id).await? {
            let holders = office.parts.store.holders_of(case).await?;
            loss.add(orphaned(&holders));
        }
        return Ok(loss);
    }
    office.caseload(|caseload| {
        let taken = |group: &Group<'_>| {
            group.lead.holders.contains(&after.id)
                && !(after.recipient.is_some() && office.entitled(after, group))
        };
        for group in caseload.groups().filter(taken) {
            loss.add(orphaned(&group.lead.holders));
        }
    });
    Ok(loss)
}

/// Whether an officer has to sign for what `loss` takes from `member`, where access to so many cases was `taken` away lately.
pub(crate) fn takes_two(
    office: &Office,
    member: MemberId,
    loss: AccessLoss,
    taken: &[(MemberId, u32)],
) -> bool {
    if loss.cases == 0 || loss.orphaned > 0 {
        return loss.orphaned > 0;
    }
    let mut by_member: BTreeMap<MemberId, u64> = BTreeMap::new();
    for (one, cases) in taken.iter().chain([&(member, loss.cases)]) {
        *by_member.entry(*one).or_default() += u64::from(*cases);
    }
    let most = by_member.values().max().copied().unwrap_or_default();
    let of_others = by_member.values().sum::<u64>() - most;
    let rules = office.two_persons;
    by_member.len() > usize::from(rules.members_max) || of_others > u64::from(rules.cases_max)
}

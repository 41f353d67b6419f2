//! Keys of cases brought into line with who may see them: given to whoever may, taken from whoever may not any more.

use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group};
use crate::model::{CaseId, Member, MemberId};
use crate::office::{Office, OfficeError};
use crate::store::Rewrap;
use mifeng_foundation::telemetry::{Event, log};
use mifeng_opening::Identity;
use mifeng_sealing::Recipient;
use std::collections::BTreeSet;

/// Cases whose keys are written in one transaction when all are brought into line.
const BATCH_CASES: usize = 500;

/// Keys that are sealed without leaving the event loop; each takes a tenth of a millisecond.
const FEW_KEYS: usize = 16;

/// What is to be changed of who holds the key of a case.
struct KeyMismatch {
    case: CaseId,
    /// The case's identity, sealed to the office.
    wrapped_identity: Vec<u8>,
    give: Vec<(MemberId, Recipient)>,
    take: Vec<MemberId>,
}

impl Office {
    /// What is to be changed in a case, as far as `members` are concerned.
    fn mismatches(&self, group: &Group<'_>, members: &[Member]) -> Vec<KeyMismatch> {
        let lead = group.lead;
        let (mut give, mut take) = (Vec::new(), Vec::new());
        for member in members {
            let may = self.entitled(member, group);
            let recipient = member.recipient.as_ref().filter(|_| may);
            match (recipient, lead.holders.contains(&member.id)) {
                (Some(recipient), false) => give.push((member.id, recipient.clone())),
                (None, true) => take.push(member.id),
                (Some(_), true) | (None, false) => {}
            }
        }
        let mut mismatches = Vec::new();
        if !give.is_empty() || !take.is_empty() {
            mismatches.push(KeyMismatch {
                case: lead.row.id,
                wrapped_identity: lead.row.wrapped_identity.clone(),
                give,
                take,
            });
        }
        // The key of a joined case is sealed to the one that leads, and to nobody besides.
        let joined = group
            .joined
            .iter()
            .filter(|entry| !entry.holders.is_empty());
        mismatches.extend(joined.map(|entry| KeyMismatch {
            case: entry.row.id,
            wrapped_identity: Vec::new(),
            give: Vec::new(),
            take: entry.holders.clone(),
        }));
        mismatches
    }

    /// Who gets and who loses which key once cases are as in `changed`.
    pub(crate) async fn rewraps_after(
        &self,
        changed: &[Entry],
        members: &[Member],
    ) -> Result<Vec<Rewrap>, OfficeError> {
        let groups = self.caseload(|caseload| caseload.regrouped(changed));
        let groups = groups.iter().filter_map(|entries| Group::of(entries));
        let mismatches = groups.flat_map(|group| self.mismatches(&group, members));
        self.sealed_to_each(mismatches.collect()).await
    }

    /// Who of all cases gets or loses the key when an account is as in `member`.
    pub(crate) async fn rewraps_of(&self, member: &Member) -> Result<Vec<Rewrap>, OfficeError> {
        let one = std::slice::from_ref(member);
        let mismatches = self.caseload(|caseload| {
            let groups = caseload.groups();
            groups
                .flat_map(|group| self.mismatches(&group, one))
                .collect()
        });
        self.sealed_to_each(mismatches).await
    }

    /// Who gets the key of a new case, which stands by itself and has no other reader yet.
    /// `kept` are those of `members` who are recused from it.
    pub(crate) fn first_wraps(
        entry: &Entry,
        key: &Identity,
        members: &[Member],
        kept: &BTreeSet<MemberId>,
    ) -> Result<Rewrap, OfficeError> {
        let group = Group {
            lead: entry,
            joined: Vec::new(),
        };
        let may = |member: &&Member| Self::in_role(member, &group) && !kept.contains(&member.id);
        let may = members.iter().filter(may);
        let give = may.filter_map(|member| Some((member.id, member.recipient.clone()?)));
        Ok(Rewrap {
            case: entry.row.id,
            give: wraps(key, give.collect())?,
            take: Vec::new(),
        })
    }

    async fn sealed_to_each(
        &self,
        mismatches: Vec<KeyMismatch>,
    ) -> Result<Vec<Rewrap>, OfficeError> {
        let office = self.parts.identity.clone();
        let keys: usize = mismatches.iter().map(|one| one.give.len()).sum();
        let seal = move || {
            mismatches
                .into_iter()
                .map(|one| seal(&office, one))
                .collect()
        };
        if keys <= FEW_KEYS {
            return seal();
        }
        let sealed = tokio::task::spawn_blocking(seal).await;
        sealed.expect("sealing does not panic")
    }

    /// Brings every key into line with the rule, where an account is another than when that was last done (at start: than
    /// nothing); how many keys were given and taken. What was changed is on record by member.
    ///
    /// # Errors
    /// What the store says, or [`OfficeError::Damaged`].
    pub async fn align(&self) -> Result<(usize, usize), OfficeError> {
        if self.locked {
            return Ok((0, 0));
        }
        let members = self.parts.directory.members().await?;
        self.settle(&members);
        if *self.aligned.lock().await == members {
            return Ok((0, 0));
        }
        let _exclusive = self.exclusive().await;
        let members = self.parts.directory.members().await?;
        let mismatches: Vec<KeyMismatch> = self.caseload(|caseload| {
            let groups = caseload.groups();
            groups
                .flat_map(|group| self.mismatches(&group, &members))
                .collect()
        });
        let rewraps = self.sealed_to_each(mismatches).await?;
        for (kind, of) in [(Kind::KeysGiven, true), (Kind::KeysTaken, false)] {
            for member in touched(&rewraps, of) {
                let act = Act::new(kind).of(member.0);
                self.audit_log().record_own(act).await?;
            }
        }
        for batch in rewraps.chunks(BATCH_CASES) {
            self.parts.store.rewrap(batch).await?;
            self.caseload_mut(|caseload| caseload.rewrap(batch));
        }
        *self.aligned.lock().await = members;
        let given = rewraps.iter().map(|one| one.give.len()).sum();
        let taken = rewraps.iter().map(|one| one.take.len()).sum();
        if given + taken > 0 {
            log(Event::KeysAligned { given, taken });
        }
        Ok((given, taken))
    }

    /// Has every key looked at by the next [alignment](Self::align), whatever the accounts.
    pub(crate) async fn align_anew(&self) {
        self.aligned.lock().await.clear();
    }

    /// Takes note that accounts were changed with all their keys: they are in line.
    pub(crate) async fn aligned_with(&self, changed: &Member) {
        let mut aligned = self.aligned.lock().await;
        for member in aligned.iter_mut().filter(|one| one.id == changed.id) {
            member.clone_from(changed);
        }
    }
}

/// Members who get a key, or who lose one.
fn touched(rewraps: &[Rewrap], given: bool) -> BTreeSet<MemberId> {
    let of = |rewrap: &Rewrap| -> Vec<MemberId> {
        if given {
            rewrap.give.iter().map(|(member, _)| *member).collect()
        } else {
            rewrap.take.clone()
        }
    };
    rewraps.iter().flat_map(of).collect()
}

fn seal(office: &Identity, mismatch: KeyMismatch) -> Result<Rewrap, OfficeError> {
    let give = if mismatch.give.is_empty() {
        Vec::new()
    } else {
        let key = office.open_identity(&mismatch.wrapped_identity);
        wraps(&key.map_err(|_| OfficeError::Damaged)?, mismatch.give)?
    };
    Ok(Rewrap {
        case: mismatch.case,
        give,
        take: mismatch.take,
    })
}

fn wraps(
    key: &Identity,
    to: Vec<(MemberId, Recipient)>,
) -> Result<Vec<(MemberId, Vec<u8>)>, OfficeError> {
    to.into_iter()
        .map(|(member, recipient)| {
            let wrapped = key.wrap(&recipient).map_err(|_| OfficeError::Damaged)?;
            Ok((member, wrapped))
        })
        .collect()
}

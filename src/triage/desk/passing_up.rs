//! Passing up: one person asks with a reason and another approves, or it goes by itself after a delay, where nobody here may
//! even see the case or nobody else can sign. And keeping here what only looked as if it were for the office above.

use super::Desk;
use super::changing::{REASON_MAX_CHARS, check_text, state_of};
use crate::audit::{Act, Kind};
use crate::cases::{Entry, Group, Signing};
use crate::casework::{Draft, told};
use crate::model::{CaseId, CaseNumber, CaseState, Member, MemberId, Note, Passing, Step};
use crate::office::OfficeError;
use crate::routing::{Standing, works};
use mifeng_foundation::supervisor::by_itself;
use mifeng_foundation::words::Language;
use mifeng_sealing::ParentOffice;

impl Desk {
    /// The office above, if there is one.
    #[must_use]
    pub fn parent(&self) -> Option<&ParentOffice> {
        self.office.parts.parent.as_ref()
    }

    /// Asks for a case to be passed up, with its files and with all that are handled with it and are not finished. It goes once
    /// another person approves; where nobody else can, by itself after the delay in which the office above is told.
    ///
    /// # Errors
    /// As [`Self::case`]; [`OfficeError::NotPermitted`], [`OfficeError::BadText`] without a reason, [`OfficeError::Changed`],
    /// [`OfficeError::NotPossible`] where there is no office above, the case is finished or it was asked for already,
    /// [`OfficeError::Unsound`] where there are files and no place is set through which they could go.
    pub async fn ask_passing(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        reason: &str,
    ) -> Result<(), OfficeError> {
        let act = Act::new(Kind::PassingAsked);
        self.change_case(actor, number, act, async |entries| {
            check_passes(actor)?;
            check_text("reason", reason, REASON_MAX_CHARS)?;
            self.check_passable(&entries).await?;
            if entries[0].summary.passing.is_some() {
                return Err(OfficeError::NotPossible);
            }
            let passing = Passing {
                reason: reason.trim().to_owned(),
                asked: self.signature(actor),
            };
            let members = self.members().await?;
            let group = Group::of(&entries).ok_or(OfficeError::NotYours)?;
            let signers = members
                .iter()
                .filter(|one| self.signs_passing(one, &passing, &group));
            let signers: Vec<_> = signers.map(|one| one.id).collect();
            let mut drafts = self.drafts(entries, version)?;
            for draft in &mut drafts {
                draft.entry.summary.passing = Some(Box::new(passing.clone()));
                draft.note(Some(&actor.name), Note::PassingAsked, reason)?;
            }
            drafts[0].remind_all(signers);
            self.store(drafts).await
        })
        .await
    }

    /// Approves what another asked for: the case is passed up, and closed to everybody here.
    ///
    /// # Errors
    /// As [`Self::ask_passing`]; [`OfficeError::SecondPerson`] for whoever asked for it; [`OfficeError::NotPossible`] where nothing
    /// waits for approval.
    pub async fn approve_passing(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
    ) -> Result<(), OfficeError> {
        let act = Act::new(Kind::PassedUp);
        self.change_case(actor, number, act, async |entries| {
            check_passes(actor)?;
            let passing = asked(&entries).ok_or(OfficeError::NotPossible)?;
            if passing.asked.is_of(actor.id) {
                return Err(OfficeError::SecondPerson);
            }
            self.check_passable(&entries).await?;
            let drafts = self.drafts(entries.clone(), version)?;
            let reason = passing.reason.clone();
            self.pass(&entries, drafts, Some(&actor.name), &reason)
                .await
        })
        .await
    }

    /// Sends it back with a reason; whoever asked for it may take it back so too.
    ///
    /// # Errors
    /// As [`Self::approve_passing`]; [`OfficeError::BadText`].
    pub async fn reject_passing(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        reason: &str,
    ) -> Result<(), OfficeError> {
        let act = Act::new(Kind::PassingRejected);
        self.change_case(actor, number, act, async |entries| {
            check_passes(actor)?;
            let passing = asked(&entries).cloned().ok_or(OfficeError::NotPossible)?;
            check_text("reason", reason, REASON_MAX_CHARS)?;
            let members = self.members().await?;
            let asker = members.iter().find(|one| passing.asked.is_of(one.id));
            let asker = asker.filter(|one| one.id != actor.id).map(|one| one.id);
            let mut drafts = self.drafts(entries, version)?;
            for draft in &mut drafts {
                let summary = &mut draft.entry.summary;
                (summary.passing, summary.leaves_day) = (None, None);
                draft.note(Some(&actor.name), Note::PassingRejected, reason)?;
            }
            drafts[0].remind_all(asker);
            self.store(drafts).await
        })
        .await
    }

    /// Whether a case can go to the office above from where it stands, files and all.
    async fn check_passable(&self, entries: &[Entry]) -> Result<(), OfficeError> {
        let step = state_of(entries).step_to(CaseState::PassedUp);
        if self.parent().is_none() || step != Some(Step::PassingUp) {
            return Err(OfficeError::NotPossible);
        }
        let mut files = false;
        for entry in entries {
            let store = &self.office.parts.store;
            files |= !store.attachments(entry.row.id).await?.is_empty();
        }
        if files && self.office.blobs.is_none() {
            return Err(OfficeError::Unsound("reason", "error-files-no-place"));
        }
        Ok(())
    }

    /// Whether a member can sign what was asked for: another than who asked, who sees all cases and this one.
    fn signs_passing(&self, member: &Member, passing: &Passing, group: &Group<'_>) -> bool {
        member.role.sees_all_cases() && !passing.asked.is_of(member.id) && self.sees(member, group)
    }

    /// What the viewer has to do with it.
    pub(super) fn passing_signing(&self, viewer: &Member, entries: &[Entry]) -> Signing {
        match (asked(entries), Group::of(entries)) {
            (Some(passing), _) if passing.asked.is_of(viewer.id) => Signing::Proposed,
            (Some(passing), Some(group)) if self.signs_passing(viewer, passing, &group) => {
                Signing::Second
            }
            _ => Signing::Nothing,
        }
    }

    /// Handles a case here that was to be passed up: its subject only has the name of a leader, say.
    ///
    /// # Errors
    /// As [`Self::ask_passing`]; [`OfficeError::NotPossible`] where it was not to be passed up, or nobody can handle it.
    pub async fn keep_here(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        reason: &str,
    ) -> Result<(), OfficeError> {
        let act = Act::new(Kind::KeptHere);
        self.change_case(actor, number, act, async |entries| {
            if !actor.role.sees_all_cases() {
                return Err(OfficeError::NotPermitted);
            }
            check_text("reason", reason, REASON_MAX_CHARS)?;
            let members = self.members().await?;
            let waits = entries
                .iter()
                .any(|entry| self.office.passing_day(entry).is_some());
            if !waits || self.nobody_may_handle(&members, &entries) {
                return Err(OfficeError::NotPossible);
            }
            let supervisors = self.office.supervisors(&entries, &members);
            let mut drafts = self.drafts(entries, version)?;
            for draft in &mut drafts {
                draft.stop_passing_deadline();
                draft.entry.summary.passing = None;
                draft.note(Some(&actor.name), Note::KeptHere, reason)?;
            }
            let others = supervisors.into_iter().filter(|one| *one != actor.id);
            drafts[0].remind_all(others);
            self.store(drafts).await
        })
        .await
    }

    async fn pass(
        &self,
        entries: &[Entry],
        mut drafts: Vec<Draft<'_>>,
        author: Option<&str>,
        reason: &str,
    ) -> Result<(), OfficeError> {
        if state_of(entries).step_to(CaseState::PassedUp) != Some(Step::PassingUp) {
            return Err(OfficeError::NotPossible);
        }
        for draft in &mut drafts {
            if !draft.entry.row.state.is_finished() {
                self.office
                    .pass_up_draft(draft, None, |language, parent| {
                        told(language, "told-passed-up", &[("parent", parent)])
                    })
                    .await?;
            }
            draft.note(author, Note::PassedUp, reason)?;
        }
        self.store(drafts).await
    }

    /// Whether everybody who handles cases is recused. Who is only away, or waits for an officer to vouch, comes back.
    fn nobody_may_handle(&self, members: &[Member], entries: &[Entry]) -> bool {
        let works = |member: &&Member| works(&as_confirmed(member));
        let mut working = members.iter().filter(works).peekable();
        working.peek().is_some()
            && working.all(|member| {
                let standing = self.standing(&as_confirmed(member), entries);
                standing == Some(Standing::Recused)
            })
    }

    /// Whether everybody who sees all cases is recused, so that it lies before nobody. Who waits for an officer to vouch is
    /// not recused.
    fn nobody_may_see(&self, members: &[Member], group: &Group<'_>) -> bool {
        let overseeing = |member: &&Member| member.active && member.role.sees_all_cases();
        let mut overseeing = members.iter().filter(overseeing).peekable();
        overseeing.peek().is_some()
            && overseeing.all(|member| group.cases().any(|entry| self.recused(member, entry)))
            && group.lead.row.handler.is_none()
    }

    /// Looks for cases that nobody can handle: the deadline for passing them up begins, and whoever may see them is reminded.
    /// What nobody may even see, or was asked for by somebody whose wish nobody else can sign, is passed up by itself after
    /// the delay in which the office above is told; what somebody can see or sign again meanwhile stays. How many were any. What
    /// fails of one case is logged and keeps no other from it.
    ///
    /// # Errors
    /// What the store says.
    pub async fn watch(&self) -> Result<usize, OfficeError> {
        if self.is_locked() || self.parent().is_none() {
            return Ok(0);
        }
        if self.stranded(&self.members().await?).is_empty() {
            return Ok(0);
        }
        let _exclusive = self.office.exclusive().await;
        let members = self.members().await?;
        let stranded = self.stranded(&members);
        let mut done = 0;
        for (entries, fate) in stranded {
            let watched = Box::pin(self.watch_one(&entries, fate, &members));
            done += usize::from(by_itself("watch", watched).await.is_some());
        }
        Ok(done)
    }

    async fn watch_one(
        &self,
        entries: &[Entry],
        fate: PassingStep,
        members: &[Member],
    ) -> Result<(), OfficeError> {
        let (version, case) = (entries[0].row.version, entries[0].row.id);
        let drafts = self.drafts(entries.to_vec(), version)?;
        if fate == PassingStep::Goes {
            let act = Act::new(Kind::PassedUp).on(case);
            let (author, reason) = match asked(entries) {
                Some(passing) => (Some(passing.asked.name.as_str()), passing.reason.clone()),
                None => (None, told(Language::ZhHans, "told-nobody-left", &[])),
            };
            let passed = self.pass(entries, drafts, author, &reason);
            return self.audit_log().around_own(act, passed).await;
        }
        let supervisors = self.office.supervisors(entries, members);
        self.go_on_waiting(fate, case, drafts, supervisors).await
    }

    /// Writes down what was found of a case that stays for now.
    async fn go_on_waiting(
        &self,
        fate: PassingStep,
        case: CaseId,
        mut drafts: Vec<Draft<'_>>,
        supervisors: Vec<MemberId>,
    ) -> Result<(), OfficeError> {
        let delay = i32::from(self.office.two_persons.passing_delay_days);
        let leaves = self.today().plus_days(delay);
        let (kind, key, detail) = match fate {
            PassingStep::Leaves => (Kind::PassingWaits, Note::PassingWaits, leaves.to_string()),
            PassingStep::Stays => (Kind::PassingStays, Note::PassingStays, String::new()),
            PassingStep::Due | PassingStep::Goes => {
                (Kind::PassingDue, Note::PassingDue, String::new())
            }
        };
        self.audit_log().record_own(Act::new(kind).on(case)).await?;
        for draft in &mut drafts {
            match fate {
                PassingStep::Leaves => draft.entry.summary.leaves_day = Some(leaves),
                PassingStep::Stays => draft.entry.summary.leaves_day = None,
                PassingStep::Due | PassingStep::Goes => {
                    draft.start_passing_deadline(self.today());
                }
            }
            draft.note(None, key, &detail)?;
        }
        drafts[0].remind_all(supervisors);
        self.store(drafts).await
    }

    /// The open cases of which something is to be done by itself, and what.
    fn stranded(&self, members: &[Member]) -> Vec<(Vec<Entry>, PassingStep)> {
        let today = self.today();
        self.office.caseload(|caseload| {
            let open = caseload
                .groups()
                .filter(|group| !group.state().is_finished());
            open.filter_map(|group| {
                let summary = &group.lead.summary;
                // Names are looked for only where nobody who handles cases holds its key, or it may leave.
                let held =
                    |member: &Member| works(member) && group.lead.holders.contains(&member.id);
                let is_held = members.iter().any(held);
                if is_held && summary.passing.is_none() && summary.leaves_day.is_none() {
                    return None;
                }
                let signs = |passing: &Passing| {
                    members
                        .iter()
                        .any(|one| self.signs_passing(one, passing, &group))
                };
                let alone = summary
                    .passing
                    .as_deref()
                    .is_some_and(|passing| !signs(passing));
                let goes = alone || self.nobody_may_see(members, &group);
                let fate = match (goes, summary.leaves_day) {
                    (true, None) => PassingStep::Leaves,
                    (true, Some(day)) if day <= today => PassingStep::Goes,
                    (true, Some(_)) => return None,
                    (false, Some(_)) => PassingStep::Stays,
                    (false, None) if is_held => return None,
                    (false, None) => PassingStep::Due,
                };
                let entries = group.to_entries();
                let known = || entries.iter().any(|entry| self.office.had_to_pass(entry));
                let handled = || !self.nobody_may_handle(members, &entries);
                if fate == PassingStep::Due && (handled() || known()) {
                    return None;
                }
                Some((entries, fate))
            })
            .collect()
        })
    }

    /// Whether the viewer passes cases up.
    #[must_use]
    pub fn passes_up(&self, viewer: &Member) -> bool {
        self.parent().is_some() && viewer.role.sees_all_cases()
    }
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

/// What was asked for and waits for a second person.
fn asked(entries: &[Entry]) -> Option<&Passing> {
    entries.first()?.summary.passing.as_deref()
}

fn check_passes(actor: &Member) -> Result<(), OfficeError> {
    let may = actor.role.sees_all_cases();
    may.then_some(()).ok_or(OfficeError::NotPermitted)
}

/// A member as she will be once an officer has vouched for her.
fn as_confirmed(member: &Member) -> Member {
    Member {
        confirmed: true,
        ..member.clone()
    }
}

//! Passing up: by a person with a reason, or by itself where nobody here may even see the case. And keeping here what only
//! looked as if it were for the office above.

use super::changing::{REASON_MAX_CHARS, check_text, state_of};
use super::told::told;
use super::{Desk, DeskError};
use crate::sealing::ParentOffice;
use crate::tip::Language;
use crate::triage::cases::{CaseNumber, CaseState, Draft, Entry, Group, Step};
use crate::triage::routing::{Standing, works};
use crate::triage::staff::Member;
use crate::triage::trail::{Act, Kind};

impl Desk {
    /// The office above, if there is one.
    #[must_use]
    pub fn parent(&self) -> Option<&ParentOffice> {
        self.office.parts.parent.as_ref()
    }

    /// Passes a case up, with its files and with all that are handled with it and are not finished.
    ///
    /// # Errors
    /// As [`Self::case`]; [`DeskError::NotPermitted`], [`DeskError::BadText`] without a reason, [`DeskError::Changed`],
    /// [`DeskError::NotPossible`] where there is no office above or the case is finished, [`DeskError::Unsound`] where there
    /// are files and no place is set through which they could go.
    pub async fn pass_up(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        reason: &str,
    ) -> Result<(), DeskError> {
        let act = Act::new(Kind::PassedUp);
        self.change_case(actor, number, act, async |entries| {
            if !actor.role.sees_all_cases() {
                return Err(DeskError::NotPermitted);
            }
            check_text(reason, REASON_MAX_CHARS)?;
            let mut files = false;
            for entry in &entries {
                let store = &self.office.parts.store;
                files |= !store.attachments(entry.row.id).await?.is_empty();
            }
            if files && self.office.blobs.is_none() {
                return Err(DeskError::Unsound("reason", "error-files-no-place"));
            }
            let drafts = self.drafts(entries.clone(), version)?;
            self.pass(&entries, drafts, Some(&actor.name), reason).await
        })
        .await
    }

    /// Handles a case here that was to be passed up: its subject only has the name of a leader, say.
    ///
    /// # Errors
    /// As [`Self::pass_up`]; [`DeskError::NotPossible`] where it was not to be passed up, or nobody can handle it.
    pub async fn keep_here(
        &self,
        actor: &Member,
        number: &CaseNumber,
        version: i64,
        reason: &str,
    ) -> Result<(), DeskError> {
        let act = Act::new(Kind::KeptHere);
        self.change_case(actor, number, act, async |entries| {
            if !actor.role.sees_all_cases() {
                return Err(DeskError::NotPermitted);
            }
            check_text(reason, REASON_MAX_CHARS)?;
            let members = self.members().await?;
            let waits = entries
                .iter()
                .any(|entry| self.office.passing_day(entry).is_some());
            if !waits || self.nobody_may_handle(&members, &entries) {
                return Err(DeskError::NotPossible);
            }
            let supervisors = self.office.supervisors(&entries, &members);
            let mut drafts = self.drafts(entries, version)?;
            for draft in &mut drafts {
                draft.stop_passing_clock();
                draft.note(Some(&actor.name), "kept-here", reason)?;
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
    ) -> Result<(), DeskError> {
        if state_of(entries).step_to(CaseState::PassedUp) != Some(Step::PassingUp) {
            return Err(DeskError::NotPossible);
        }
        for draft in &mut drafts {
            if !draft.entry.row.state.is_finished() {
                self.office
                    .pass_up_draft(draft, None, |language, parent| {
                        told(language, "told-passed-up", &[("parent", parent)])
                    })
                    .await?;
            }
            draft.note(author, "passed-up", reason)?;
        }
        self.store(drafts).await
    }

    /// Whether everybody who handles cases is recused. Who is only away comes back.
    fn nobody_may_handle(&self, members: &[Member], entries: &[Entry]) -> bool {
        let mut working = members.iter().filter(|member| works(member)).peekable();
        working.peek().is_some()
            && working.all(|member| self.standing(member, entries) == Some(Standing::Recused))
    }

    /// Whether everybody who sees all cases is recused, so that it lies before nobody.
    fn nobody_may_see(&self, members: &[Member], group: &Group<'_>) -> bool {
        let overseeing = |member: &&Member| member.is_reader() && member.role.sees_all_cases();
        let mut overseeing = members.iter().filter(overseeing).peekable();
        overseeing.peek().is_some()
            && overseeing.all(|member| group.cases().any(|entry| self.recused(member, entry)))
            && group.lead.row.handler.is_none()
    }

    /// Looks for cases that nobody can handle: the clock for passing them up begins, and whoever may see them is reminded.
    /// What nobody may even see is passed up at once. How many were either.
    ///
    /// # Errors
    /// What the store says, or [`DeskError::Damaged`].
    pub async fn watch(&self) -> Result<usize, DeskError> {
        if self.is_sealed() || self.parent().is_none() {
            return Ok(0);
        }
        if self.stranded(&self.members().await?).is_empty() {
            return Ok(0);
        }
        let _alone = self.office.turns.alone().await;
        let members = self.members().await?;
        let stranded = self.stranded(&members);
        let count = stranded.len();
        for (entries, unseen) in stranded {
            let (version, case) = (entries[0].row.version, entries[0].row.id);
            let mut drafts = self.drafts(entries.clone(), version)?;
            if unseen {
                let act = Act::new(Kind::PassedUp).on(case);
                let reason = told(Language::ZhHans, "told-nobody-left", &[]);
                let passed = self.pass(&entries, drafts, None, &reason);
                self.trail().around_own(act, passed).await?;
                continue;
            }
            self.trail()
                .record_own(Act::new(Kind::PassingDue).on(case))
                .await?;
            let supervisors = self.office.supervisors(&entries, &members);
            for draft in &mut drafts {
                draft.start_passing_clock(self.today());
                draft.note(None, "passing-due", "")?;
            }
            drafts[0].remind_all(supervisors);
            self.store(drafts).await?;
        }
        Ok(count)
    }

    /// The open cases that nobody can handle and whose clock for passing them up has not begun, or that nobody may even see,
    /// and which it is.
    fn stranded(&self, members: &[Member]) -> Vec<(Vec<Entry>, bool)> {
        self.office.board(|board| {
            let open = board.groups().filter(|group| !group.state().is_finished());
            open.filter_map(|group| {
                // Names are looked for only where nobody who handles cases holds its key.
                let held =
                    |member: &Member| works(member) && group.lead.holders.contains(&member.id);
                if members.iter().any(held) {
                    return None;
                }
                let entries = group.to_entries();
                let unseen = self.nobody_may_see(members, &group);
                let handled = !self.nobody_may_handle(members, &entries);
                let known = || entries.iter().any(|entry| self.office.had_to_pass(entry));
                let is_stranded = unseen || !(handled || known());
                is_stranded.then_some((entries, unseen))
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

//! What is late climbs by itself, and what was counted without a calendar is counted again once it is out.

use crate::cases::{Entry, Group};
use crate::casework::Draft;
use crate::model::{Member, Note};
use crate::office::{Office, OfficeError};
use crate::store::ClockRow;
use crate::trail::{Act, Kind};
use mifeng_foundation::clock::Day;
use mifeng_foundation::supervisor::by_itself;
use mifeng_sealing::tip::MessageKind;

impl Office {
    /// Lets every clock climb that is late enough, those of joined tips too, each step once and on record; how many did. What
    /// fails of one is logged and keeps no other from climbing.
    ///
    /// # Errors
    /// What the store says.
    pub async fn climb(&self) -> Result<usize, OfficeError> {
        let today = self.today();
        let higher = |clock: &ClockRow| self.rung_of(clock, today) > clock.climbed;
        let late = |group: &Group<'_>| group.cases().flat_map(running).any(higher);
        if !self.board(|board| board.groups().any(|group| late(&group))) {
            return Ok(0);
        }
        let _alone = self.alone().await;
        let members = self.parts.directory.members().await?;
        let climbing: Vec<ClockRow> = self.board(|board| {
            let late = board.groups().filter(late);
            late.flat_map(|group| self.climbing(&group, today, &members))
                .collect()
        });
        let mut climbed = 0;
        for clock in &climbing {
            climbed += usize::from(by_itself("climb", self.climb_one(clock)).await.is_some());
        }
        Ok(climbed)
    }

    async fn climb_one(&self, clock: &ClockRow) -> Result<(), OfficeError> {
        let act = Act::new(Kind::Climbed).on(clock.case).of(clock.id);
        let act = act.detailed(clock.climbed.code());
        self.trail().record_own(act).await?;
        let store = &self.parts.store;
        let doubt = self.doubt([clock.case]);
        store.clock_climbed(clock.id, clock.climbed).await?;
        self.board_mut(|board| board.replace_clock(clock));
        doubt.settled();
        Ok(())
    }

    /// The clocks of a case that climb today, as they stand afterwards.
    fn climbing(&self, group: &Group<'_>, today: Day, members: &[Member]) -> Vec<ClockRow> {
        let clocks = group.cases().flat_map(running).filter_map(|clock| {
            let reached = self.passed_on(self.rung_of(clock, today), group, members);
            (reached > clock.climbed).then(|| ClockRow {
                climbed: reached,
                ..clock.clone()
            })
        });
        clocks.collect()
    }

    /// Counts again what was counted without a calendar; how many clocks moved or became certain. Each is on record, and
    /// a reporter whose day moved is told. What fails of one case is logged and keeps no other from it.
    ///
    /// # Errors
    /// What the store says.
    pub async fn recount(&self) -> Result<usize, OfficeError> {
        let is_to_count = |entry: &Entry| {
            entry
                .clocks
                .iter()
                .any(|it| self.counted_again(it).is_some())
        };
        let any = |group: Group<'_>| group.cases().any(is_to_count);
        if !self.board(|board| board.groups().any(any)) {
            return Ok(0);
        }
        let _alone = self.alone().await;
        let waiting: Vec<Entry> = self.board(|board| {
            let groups = board.groups();
            let entries = groups.flat_map(|group| group.to_entries());
            entries.filter(is_to_count).collect()
        });
        let mut counted = 0;
        for entry in waiting {
            let moved = by_itself("recount", Box::pin(self.recount_one(entry))).await;
            counted += moved.unwrap_or_default();
        }
        Ok(counted)
    }

    async fn recount_one(&self, entry: Entry) -> Result<usize, OfficeError> {
        let clocks = entry.clocks.iter();
        let moved: Vec<_> = clocks
            .filter_map(|clock| self.counted_again(clock))
            .collect();
        let counted = moved.len();
        let mut draft = Draft::new(self, entry)?;
        let mut told = false;
        for (clock, was) in moved {
            let act = Act::new(Kind::Recounted).on(clock.case).of(clock.id);
            self.trail().record_own(act).await?;
            draft.note(None, Note::Recounted, &format!("{was} → {}", clock.due_day))?;
            let rule = self.parts.deadlines.rule(&clock.rule);
            told |= rule.is_some_and(|rule| rule.tell);
            draft.move_clock(clock);
        }
        if told {
            draft.tell(MessageKind::Status, None, "").await?;
        }
        let (change, entry) = draft.finish()?;
        let doubt = self.doubt([change.case.id]);
        if !self.parts.store.change(&change).await? {
            return Err(OfficeError::Changed);
        }
        self.board_mut(|board| board.replace(entry));
        doubt.settled();
        self.file_changes(std::slice::from_ref(&change), &[]);
        Ok(counted)
    }

    /// The clock as it stands now, with the day it stood at, if that is another or was a guess.
    fn counted_again(&self, clock: &ClockRow) -> Option<(ClockRow, Day)> {
        if clock.met_day.is_some() || !clock.provisional {
            return None;
        }
        let deadlines = &self.parts.deadlines;
        let rule = deadlines.rule(&clock.rule)?;
        let mut due = deadlines.due(rule, clock.start_day);
        if clock.extended_days > 0 {
            let more = deadlines.extended(rule, due.day, clock.extended_days);
            due.day = more.day;
            due.provisional |= more.provisional;
        }
        let changed = due.day != clock.due_day || due.provisional != clock.provisional;
        changed.then(|| {
            let now = ClockRow {
                due_day: due.day,
                provisional: due.provisional,
                ..clock.clone()
            };
            (now, clock.due_day)
        })
    }
}

/// The clocks of a tip that run.
fn running(entry: &Entry) -> impl Iterator<Item = &ClockRow> {
    let clocks = entry.clocks.iter();
    clocks.filter(|clock| clock.met_day.is_none())
}

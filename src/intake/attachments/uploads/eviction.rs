//! Which uploads go first where room is needed: the oldest of whoever holds most.

use super::{Evicted, Lane, State, Upload};
use crate::store::AttachmentId;
use std::cmp::Reverse;
use std::collections::HashMap;

impl State {
    pub(super) fn oldest_whole(
        &self,
        kept: &[AttachmentId],
        which: impl Fn(&Upload) -> bool,
    ) -> Option<AttachmentId> {
        let whole = self.all.iter().filter(|(_, it)| it.stop.is_none());
        let whole = whole.filter(|(id, it)| it.bytes > 0 && which(it) && !kept.contains(id));
        whole.min_by_key(|(_, it)| it.number).map(|(id, _)| *id)
    }

    /// Strangers' lanes that hold no less than the one that asks, what holds most first, and of equals the one that asks last.
    fn heaviest(&self, asking: Option<Lane>) -> Vec<Lane> {
        let mut held: HashMap<Lane, u64> = HashMap::new();
        for upload in self.all.values().filter(|it| it.lane != Lane::Relay) {
            *held.entry(upload.lane).or_default() += upload.bytes;
        }
        let own = asking.and_then(|lane| held.get(&lane).copied());
        let own = own.unwrap_or_default();
        let mut lanes: Vec<(Lane, u64)> = held
            .into_iter()
            .filter(|(_, bytes)| *bytes > 0 && *bytes >= own)
            .collect();
        lanes.sort_unstable_by_key(|(lane, bytes)| (Reverse(*bytes), asking == Some(*lane)));
        lanes.into_iter().map(|(lane, _)| lane).collect()
    }

    /// The oldest whole upload of the heaviest lane that has one.
    pub(super) fn next_whole(
        &self,
        asking: Option<Lane>,
        kept: &[AttachmentId],
    ) -> Option<AttachmentId> {
        let mut lanes = self.heaviest(asking).into_iter();
        lanes.find_map(|lane| self.oldest_whole(kept, |it| it.lane == lane))
    }

    /// The same, or else the oldest of another lane that is still arriving.
    pub(super) fn next_to_go(
        &self,
        asking: Option<Lane>,
        kept: &[AttachmentId],
    ) -> Option<AttachmentId> {
        self.next_whole(asking, kept).or_else(|| {
            let others = self.heaviest(asking).into_iter();
            let mut others = others.filter(|lane| asking != Some(*lane));
            others.find_map(|lane| {
                let arriving = self.arriving();
                let arriving = arriving.filter(|(_, it)| it.lane == lane && it.bytes > 0);
                arriving.min_by_key(|(_, it)| it.number).map(|(id, _)| *id)
            })
        })
    }

    pub(super) fn remove(&mut self, id: AttachmentId) -> Option<Evicted> {
        let upload = self.all.remove(&id)?;
        if let Some(stop) = &upload.stop {
            stop.notify_one();
        }
        Some(Evicted {
            id,
            is_whole: upload.stop.is_none(),
            bytes: upload.bytes,
        })
    }
}

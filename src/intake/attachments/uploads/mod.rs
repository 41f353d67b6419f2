//! Uploads that no tip has claimed: whose they are, as far as a hashed prefix tells, and which of them go first. They have
//! places while they arrive, by prefix and together, and room until they are claimed, by prefix and together. Nothing of
//! this is on disk; what an earlier process left is taken for one sender's.

mod eviction;
#[cfg(test)]
mod tests;

use crate::store::AttachmentId;
use parking_lot::{Mutex, MutexGuard};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How long an upload is left alone before it is asked how quick it is.
const SLOW_AFTER: Duration = Duration::from_secs(1);

/// Who sends an upload, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// An address prefix, hashed.
    Prefix([u8; 16]),
    /// Whoever comes by a way on which addresses say nothing.
    Shared,
    /// Somebody, before this process began or on another machine.
    Before,
    /// An office's triage. What it passes up is not for strangers to push out.
    Relay,
}

/// The bounds.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Bytes of all unclaimed uploads together.
    pub unclaimed_bytes: u64,
    /// Of one prefix.
    pub prefix_bytes: u64,
    /// Uploads that arrive at one moment.
    pub places: usize,
    /// Of one prefix.
    pub prefix_places: usize,
    /// Bytes in a second below which an upload gives its place up to one that waits.
    pub slow_below: u64,
}

/// An upload that has to go for others: whether it is whole, and so is to be deleted by whoever asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Evicted {
    /// Which.
    pub id: AttachmentId,
    /// Otherwise it is arriving, and told to stop.
    pub is_whole: bool,
    /// What it held.
    pub bytes: u64,
}

/// Whether an upload may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grown {
    /// It was counted.
    Counted,
    /// This one had to go for it; ask again.
    After(Evicted),
    /// It had to go for others itself.
    Evicted,
    /// There is no room, and nothing that may go.
    NoRoom,
}

struct Upload {
    lane: Lane,
    /// That it has room for.
    bytes: u64,
    /// That came, written yet or not.
    came_bytes: u64,
    /// In the order in which they began.
    number: u64,
    begun: Duration,
    /// While it arrives, how to stop it.
    stop: Option<Arc<Notify>>,
}

#[derive(Default)]
struct State {
    all: HashMap<AttachmentId, Upload>,
    next_number: u64,
}

/// All of them.
pub struct Uploads {
    bounds: Bounds,
    state: Mutex<State>,
}

impl Uploads {
    /// None yet.
    #[must_use]
    pub fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock()
    }

    /// Gives an upload a place, if there is one or a slow one gives it up; `None` to ask again a little later. What is
    /// returned tells it when to stop.
    #[must_use]
    pub fn begin(&self, id: AttachmentId, lane: Lane, now: Duration) -> Option<Arc<Notify>> {
        let mut state = self.state();
        if !self.has_place(&state, lane) {
            let slow = self.slowest(&state, lane, now)?;
            state.remove(slow);
        }
        let number = state.next_number;
        state.next_number += 1;
        let stop = Arc::new(Notify::new());
        let upload = Upload {
            lane,
            bytes: 0,
            came_bytes: 0,
            number,
            begun: now,
            stop: Some(Arc::clone(&stop)),
        };
        state.all.insert(id, upload);
        Some(stop)
    }

    fn has_place(&self, state: &State, lane: Lane) -> bool {
        let arriving = state.arriving().count();
        let of_lane = state.arriving().filter(|(_, it)| it.lane == lane).count();
        let own = !matches!(lane, Lane::Prefix(_)) || of_lane < self.bounds.prefix_places;
        own && arriving < self.bounds.places
    }

    /// The slowest upload that has to give its place up to one of `lane`: of the own lane where that is full, else of the
    /// lane with most places. There it must be slow, unless that lane has so many more that it is fair in any case.
    fn slowest(&self, state: &State, lane: Lane, now: Duration) -> Option<AttachmentId> {
        let mut places: HashMap<Lane, usize> = HashMap::new();
        for (_, upload) in state.arriving() {
            *places.entry(upload.lane).or_default() += 1;
        }
        let own = places.get(&lane).copied().unwrap_or_default();
        let own_is_full = matches!(lane, Lane::Prefix(_)) && own >= self.bounds.prefix_places;
        let others = places.iter().filter(|(other, _)| **other != Lane::Relay);
        let (from, count) = if own_is_full {
            (lane, own)
        } else {
            let most = others.max_by_key(|(_, count)| **count)?;
            (*most.0, *most.1)
        };
        let pace = |upload: &Upload| {
            let age = now.saturating_sub(upload.begun);
            (age >= SLOW_AFTER).then(|| upload.came_bytes / age.as_secs().max(1))
        };
        let of_lane = state.arriving().filter(|(_, it)| it.lane == from);
        let paced = of_lane.filter_map(|(id, it)| pace(it).map(|pace| (pace, it.number, *id)));
        let (pace, _, id) = paced.min()?;
        let is_fair = from != lane && count > own + 1;
        (pace < self.bounds.slow_below || is_fair).then_some(id)
    }

    /// So many bytes came of an upload: by this it is judged how quick it is.
    pub fn came(&self, id: AttachmentId, bytes: u64) {
        if let Some(upload) = self.state().all.get_mut(&id) {
            upload.came_bytes += bytes;
        }
    }

    /// Counts `bytes` more of an upload, once there is room for them.
    #[must_use]
    pub fn grow(&self, id: AttachmentId, bytes: u64) -> Grown {
        let mut state = self.state();
        let Some(lane) = state.all.get(&id).map(|it| it.lane) else {
            return Grown::Evicted;
        };
        let bounds = &self.bounds;
        let own = state.bytes_of(lane).saturating_add(bytes);
        let all = state.bytes().saturating_add(bytes);
        let next = if matches!(lane, Lane::Prefix(_)) && own > bounds.prefix_bytes {
            state.oldest_whole(&[id], |it| it.lane == lane)
        } else if lane != Lane::Relay && all > bounds.unclaimed_bytes {
            // Never the one that grows: it would make room for itself.
            state.next_to_go(Some(lane), &[id])
        } else {
            if let Some(upload) = state.all.get_mut(&id) {
                upload.bytes += bytes;
            }
            return Grown::Counted;
        };
        let gone = next.and_then(|next| state.remove(next));
        gone.map_or(Grown::NoRoom, Grown::After)
    }

    /// The next upload that goes where room is needed: for an upload, or for a tip, whose own files are `kept`.
    #[must_use]
    pub fn evict(
        &self,
        for_upload: Option<AttachmentId>,
        kept: &[AttachmentId],
    ) -> Option<Evicted> {
        let mut state = self.state();
        let asking = for_upload.and_then(|id| Some(state.all.get(&id)?.lane));
        let next = match asking {
            // Nobody's upload is broken off for a place on the disk that may not be there in the end.
            Some(_) => state.next_whole(asking, kept)?,
            None => state.next_to_go(None, kept)?,
        };
        state.remove(next)
    }

    /// It is whole.
    pub fn whole(&self, id: AttachmentId) {
        if let Some(upload) = self.state().all.get_mut(&id) {
            upload.stop = None;
        }
    }

    /// They are claimed, or gone.
    pub fn forget(&self, ids: &[AttachmentId]) {
        let mut state = self.state();
        for id in ids {
            state.all.remove(id);
        }
    }

    /// Takes in what the rows say: what is on disk and belongs to nobody, with its size.
    pub fn reconcile(&self, unclaimed: &HashMap<AttachmentId, u64>) {
        let mut state = self.state();
        state
            .all
            .retain(|id, upload| upload.stop.is_some() || unclaimed.contains_key(id));
        for (id, bytes) in unclaimed {
            if !state.all.contains_key(id) {
                let number = state.next_number;
                state.next_number += 1;
                let upload = Upload {
                    lane: Lane::Before,
                    bytes: *bytes,
                    came_bytes: 0,
                    number,
                    begun: Duration::ZERO,
                    stop: None,
                };
                state.all.insert(*id, upload);
            }
        }
    }
}

impl State {
    fn arriving(&self) -> impl Iterator<Item = (&AttachmentId, &Upload)> {
        self.all.iter().filter(|(_, it)| it.stop.is_some())
    }

    /// What strangers have sent.
    fn bytes(&self) -> u64 {
        let strangers = self.all.values().filter(|it| it.lane != Lane::Relay);
        strangers.map(|it| it.bytes).sum()
    }

    fn bytes_of(&self, lane: Lane) -> u64 {
        let of_lane = self.all.values().filter(|it| it.lane == lane);
        of_lane.map(|it| it.bytes).sum()
    }
}

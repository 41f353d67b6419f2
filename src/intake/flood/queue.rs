//! The queue of those who wait with a form. Each address prefix has a lane, and lanes are served in turn: who sends a
//! thousand forms waits behind his own, and others wait behind one of his at a time. A place whose connection broke is
//! passed over and kept for a while: the same form, sent again, has it back.

use crate::rate_limits::quota;
use governor::{DefaultDirectRateLimiter, RateLimiter};
use parking_lot::Mutex;
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

/// A place that asked within this time is there.
const PRESENT: Duration = Duration::from_secs(10);

/// A place that did not ask for this long is given away.
const KEPT: Duration = Duration::from_mins(2);

/// Who waits: a lane, and the form's own mark in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The hashed prefix.
    pub lane: [u8; 16],
    /// The same for the same form sent again.
    pub form: [u8; 16],
}

/// What a place is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is called.
    Now,
    /// So many are called before it.
    Ahead(usize),
    /// Too many wait.
    NoRoom,
}

/// The queue.
pub struct Queue {
    pace: DefaultDirectRateLimiter,
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    lanes: VecDeque<Lane>,
    /// Called, and not there yet to hear it.
    called: HashMap<Place, Duration>,
}

struct Lane {
    key: [u8; 16],
    places: VecDeque<Waiting>,
}

struct Waiting {
    form: [u8; 16],
    seen: Duration,
}

impl Queue {
    /// An empty one.
    pub fn new(per_minute: u32, most: usize) -> Self {
        Self {
            pace: RateLimiter::direct(quota(per_minute, 1)),
            most,
            state: Mutex::default(),
        }
    }

    /// What `place` is told at `now`; it gets one at the end of its lane if it has none. Whoever asks moves the queue on:
    /// at its pace, and faster while `calm` says that few come otherwise.
    pub fn turn(&self, place: Place, now: Duration, calm: impl Fn() -> bool) -> Turn {
        let mut state = self.state.lock();
        state.forget(now);
        if !state.mark(place, now) && !state.join(place, now, self.most) {
            return Turn::NoRoom;
        }
        // A step each time it is calm: the load is counted before the next is called.
        if calm() || self.pace.check().is_ok() {
            state.call(now);
        }
        match state.called.remove(&place) {
            Some(_) => Turn::Now,
            None => Turn::Ahead(state.ahead(place)),
        }
    }
}

impl State {
    fn forget(&mut self, now: Duration) {
        let kept = |seen: Duration| now.saturating_sub(seen) < KEPT;
        self.called.retain(|_, at| kept(*at));
        for lane in &mut self.lanes {
            lane.places.retain(|it| kept(it.seen));
        }
        self.lanes.retain(|lane| !lane.places.is_empty());
    }

    /// Notes that `place` is there. Whether it has a place, or is called already.
    fn mark(&mut self, place: Place, now: Duration) -> bool {
        let lane = self.lanes.iter_mut().find(|lane| lane.key == place.lane);
        let own = lane.and_then(|lane| lane.places.iter_mut().find(|it| it.form == place.form));
        match own {
            Some(own) => {
                own.seen = now;
                true
            }
            None => self.called.contains_key(&place),
        }
    }

    /// A new place at the end of its lane. Where the room is full the longest lane gives up its last, unless it is this.
    fn join(&mut self, place: Place, now: Duration, most: usize) -> bool {
        let length_of = |lanes: &VecDeque<Lane>| {
            let own = lanes.iter().find(|lane| lane.key == place.lane);
            own.map_or(0, |lane| lane.places.len())
        };
        let all: usize = self.lanes.iter().map(|lane| lane.places.len()).sum();
        if all + self.called.len() >= most {
            let own = length_of(&self.lanes);
            let longest = self.lanes.iter_mut().max_by_key(|lane| lane.places.len());
            match longest.filter(|lane| lane.places.len() > own + 1) {
                Some(lane) => lane.places.pop_back(),
                None => return false,
            };
        }
        let waiting = Waiting {
            form: place.form,
            seen: now,
        };
        match self.lanes.iter_mut().find(|lane| lane.key == place.lane) {
            Some(lane) => lane.places.push_back(waiting),
            None => self.lanes.push_back(Lane {
                key: place.lane,
                places: [waiting].into(),
            }),
        }
        true
    }

    /// Calls the first who is there, lane by lane.
    fn call(&mut self, now: Duration) {
        for _ in 0..self.lanes.len() {
            let Some(mut lane) = self.lanes.pop_front() else {
                return;
            };
            let present = |it: &Waiting| now.saturating_sub(it.seen) < PRESENT;
            let first = lane.places.iter().position(present);
            let first = first.and_then(|at| lane.places.remove(at));
            let key = lane.key;
            if !lane.places.is_empty() {
                self.lanes.push_back(lane);
            }
            if let Some(Waiting { form, .. }) = first {
                self.called.insert(Place { lane: key, form }, now);
                return;
            }
        }
    }

    /// How many are called before `place`: one of each lane in a round.
    fn ahead(&self, place: Place) -> usize {
        let own = self.lanes.iter().position(|lane| lane.key == place.lane);
        let Some(own) = own else { return 0 };
        let places = &self.lanes[own].places;
        let rounds = places.iter().position(|it| it.form == place.form);
        let rounds = rounds.unwrap_or(places.len());
        let of_lane = |(at, lane): (usize, &Lane)| match at {
            at if at == own => rounds,
            at if at < own => lane.places.len().min(rounds + 1),
            _ => lane.places.len().min(rounds),
        };
        self.lanes.iter().enumerate().map(of_lane).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lane: u8, form: u8) -> Place {
        Place {
            lane: [lane; 16],
            form: [form; 16],
        }
    }

    /// A queue whose pace's first place is gone, so that only `call` moves it on within the test.
    fn queue(most: usize) -> Queue {
        let queue = Queue::new(1, most);
        assert_eq!(queue.turn(place(0, 0), Duration::ZERO, || false), Turn::Now);
        queue
    }

    fn ask(queue: &Queue, place: Place, at_s: u64) -> Turn {
        queue.turn(place, Duration::from_secs(at_s), || false)
    }

    #[test]
    fn lanes_are_served_in_turn_and_each_in_order() {
        let queue = queue(100);
        let flood: Vec<Place> = (0..20).map(|form| place(1, form)).collect();
        for (at, one) in flood.iter().enumerate() {
            assert_eq!(ask(&queue, *one, 0), Turn::Ahead(at));
        }
        assert_eq!(
            ask(&queue, place(2, 0), 0),
            Turn::Ahead(1),
            "not behind all"
        );
        assert_eq!(ask(&queue, place(2, 1), 0), Turn::Ahead(3));
        let mut order = Vec::new();
        for _ in 0..22 {
            let mut state = queue.state.lock();
            state.call(Duration::ZERO);
            order.extend(
                state
                    .called
                    .drain()
                    .map(|(place, _)| (place.lane[0], place.form[0])),
            );
        }
        let expected: Vec<(u8, u8)> = [(1, 0), (2, 0), (1, 1), (2, 1)]
            .into_iter()
            .chain((2..20).map(|form| (1, form)))
            .collect();
        assert_eq!(order, expected);
    }

    #[test]
    fn a_full_room_takes_from_whoever_has_most() {
        let queue = queue(10);
        for form in 0..10 {
            assert!(matches!(ask(&queue, place(1, form), 0), Turn::Ahead(_)));
        }
        assert_eq!(ask(&queue, place(1, 10), 0), Turn::NoRoom);
        assert_eq!(ask(&queue, place(2, 0), 0), Turn::Ahead(1));
        assert_eq!(
            ask(&queue, place(1, 9), 0),
            Turn::NoRoom,
            "the last gave way"
        );
        assert_eq!(ask(&queue, place(1, 8), 0), Turn::Ahead(9));
    }

    #[test]
    fn who_was_cut_off_is_passed_over_and_finds_the_place_again() {
        let queue = queue(10);
        let (gone, here) = (place(1, 0), place(1, 1));
        ask(&queue, gone, 0);
        ask(&queue, here, 15);
        let call = |at_s| {
            queue.state.lock().call(Duration::from_secs(at_s));
        };
        call(15);
        assert_eq!(ask(&queue, here, 15), Turn::Now);
        assert_eq!(ask(&queue, gone, 20), Turn::Ahead(0));
        call(20);
        assert_eq!(ask(&queue, gone, 40), Turn::Now, "called while away");
        ask(&queue, gone, 40);
        ask(&queue, here, 400);
        assert_eq!(
            ask(&queue, here, 400),
            Turn::Ahead(0),
            "the other is forgotten"
        );
    }
}

//! What happens when more tips come than usual. Below a mark nothing is asked of anyone. Above it a sender whose program
//! can calculate pays with a little work (`proof`), bound to the one submission; who comes with a form only waits in a
//! fair queue (`queue`). There is no puzzle for people, and nobody is locked out for his address.

mod config;
mod load;
mod proof;
mod queue;

pub use config::FloodConfig;
pub use proof::{Binding, Challenge, Proof};
pub use queue::{Place, Turn};

use super::limits::quota;
use super::problem::Problem;
use crate::clock::Clock;
use crate::entropy::Entropy;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, RateLimiter};
use load::Load;
use parking_lot::Mutex;
use proof::Proofs;
use queue::Queue;
use std::sync::Arc;

/// The load on a service, and what it asks of senders because of it.
pub struct Flood {
    config: FloodConfig,
    enabled: bool,
    clock: Arc<dyn Clock>,
    load: Mutex<Load>,
    together: DefaultDirectRateLimiter,
    proofs: Proofs,
    queue: Queue,
}

impl Flood {
    /// A service without load. Where it is not `enabled`, nothing is ever asked.
    pub fn new(
        config: FloodConfig,
        enabled: bool,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Self {
        let all = config.submissions_per_minute;
        Self {
            enabled,
            load: Mutex::default(),
            together: RateLimiter::direct(quota(all, all.div_ceil(10))),
            proofs: Proofs::new(entropy),
            queue: Queue::new(config.queue_per_minute, config.queue_most),
            clock,
            config,
        }
    }

    /// Lets a submission pass that a program sent: at once while few come, else for a proof that belongs to it.
    ///
    /// # Errors
    /// [`Problem::ProofWanted`] with what is to be solved; [`Problem::TooMany`] where all together are too many.
    pub fn pass(&self, binding: &Binding, proof: Option<&Proof>) -> Result<(), Problem> {
        if !self.enabled || !self.is_above_mark() {
            return self.take();
        }
        let now = self.clock.elapsed();
        match proof {
            Some(proof) if self.proofs.accept(proof, binding, now) => self.take(),
            _ => {
                let challenge = self
                    .proofs
                    .challenge(self.bits(), binding, now, self.life_s());
                Err(Problem::ProofWanted(challenge))
            }
        }
    }

    /// Whose turn it is among those who wait with a form: `place` stands in the lane of its prefix.
    pub fn turn(&self, place: Place) -> Turn {
        if !self.enabled {
            return Turn::Now;
        }
        let calm = || !self.is_above_mark();
        let turn = self.queue.turn(place, self.clock.elapsed(), calm);
        // One that was called is counted when it comes, be it while few come or at the queue's pace.
        if turn == Turn::Now && self.take().is_err() {
            return Turn::NoRoom;
        }
        turn
    }

    /// Minutes in which so many are let through.
    pub fn minutes_for(&self, ahead: usize) -> u64 {
        (ahead as u64 + 1).div_ceil(u64::from(self.config.queue_per_minute.max(1)))
    }

    fn is_above_mark(&self) -> bool {
        self.per_minute() >= f64::from(self.config.load_mark_per_minute)
    }

    fn per_minute(&self) -> f64 {
        let now = self.clock.elapsed();
        let load = self.load.lock();
        load.per_minute(now)
    }

    /// Counts one that is let in. What was refused does not count: nobody makes it dearer for others for nothing.
    fn take(&self) -> Result<(), Problem> {
        if !self.enabled {
            return Ok(());
        }
        self.together.check().map_err(|refusal| {
            let wait = refusal.wait_time_from(DefaultClock::default().now());
            Problem::TooMany {
                retry_after_s: wait.as_secs() + 1,
            }
        })?;
        let now = self.clock.elapsed();
        let mut load = self.load.lock();
        load.count(now);
        Ok(())
    }

    /// One bit more, and so twice the work, for each doubling of the load over the mark.
    fn bits(&self) -> u8 {
        let mut over = self.per_minute() / f64::from(self.config.load_mark_per_minute.max(1));
        let mut bits = self.config.proof_least_bits;
        while over >= 2.0 && bits < self.config.proof_most_bits {
            over /= 2.0;
            bits += 1;
        }
        bits
    }

    fn life_s(&self) -> u32 {
        self.config.proof_life_s
    }
}

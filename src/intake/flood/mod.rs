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

use super::problem::Problem;
use super::rate_limits::quota;
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, RateLimiter};
use load::Load;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use parking_lot::Mutex;
use proof::Proofs;
use queue::Queue;
use std::sync::Arc;

/// Bytes in what people call a megabyte.
const MEGABYTE: u64 = 1_000_000;

/// A file of one megabyte takes so many bits less than a tip: 500 tries at the mark. Eight megabytes cost what a tip does.
const MEGABYTE_BITS: u8 = 3;

/// Most bits for a file, however large it and the flood are: four million tries, a minute and a half for a slow browser.
const UPLOAD_MOST_BITS: u8 = 22;

/// The load on a service, and what it asks of senders because of it.
pub struct Flood {
    config: FloodConfig,
    enabled: bool,
    clock: Arc<dyn Clock>,
    load: Mutex<Load>,
    /// Of files, in megabytes.
    uploads: Mutex<Load>,
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
            uploads: Mutex::default(),
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
        let over = self.per_minute() / f64::from(self.config.load_mark_per_minute.max(1));
        self.prove(self.bits(over), binding, proof)?;
        self.take()
    }

    /// Lets a file of `bytes` pass: at once while little comes, else for work that grows with it.
    ///
    /// # Errors
    /// [`Problem::ProofWanted`] with what is to be solved.
    pub fn pass_upload(
        &self,
        bytes: u64,
        binding: &Binding,
        proof: Option<&Proof>,
    ) -> Result<(), Problem> {
        let over = self.over();
        if !self.enabled || over < 1.0 {
            return Ok(());
        }
        let megabytes = bytes.div_ceil(MEGABYTE).max(1);
        // Twice the megabytes, twice the work.
        let doublings = u8::try_from(megabytes.next_power_of_two().ilog2()).unwrap_or(u8::MAX);
        let bits = self.bits(over).saturating_add(doublings);
        let bits = bits
            .saturating_sub(MEGABYTE_BITS)
            .clamp(1, UPLOAD_MOST_BITS);
        self.prove(bits, binding, proof)
    }

    /// Counts what came of a file.
    pub fn count_upload(&self, bytes: u64) {
        #[expect(clippy::cast_precision_loss, reason = "a count that fades anyway")]
        let megabytes = bytes as f64 / MEGABYTE as f64;
        let now = self.clock.elapsed();
        let mut uploads = self.uploads.lock();
        uploads.add(megabytes, now);
    }

    fn prove(&self, bits: u8, binding: &Binding, proof: Option<&Proof>) -> Result<(), Problem> {
        let now = self.clock.elapsed();
        match proof {
            Some(proof) if self.proofs.accept(proof, binding, now) => Ok(()),
            _ => {
                let challenge = self.proofs.challenge(bits, binding, now, self.life_s());
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

    /// How many times the mark of tips or of files is reached, whichever is more.
    fn over(&self) -> f64 {
        let uploads = self.uploads.lock();
        let megabytes = uploads.per_minute(self.clock.elapsed());
        let of_uploads = megabytes / f64::from(self.config.upload_mark_mb_per_minute.max(1));
        let of_tips = self.per_minute() / f64::from(self.config.load_mark_per_minute.max(1));
        if self.is_above_mark() || self.config.upload_mark_mb_per_minute == 0 {
            return of_uploads.max(of_tips).max(1.0);
        }
        of_uploads.max(of_tips)
    }

    /// One bit more, and so twice the work, for each doubling of the load over the mark.
    fn bits(&self, mut over: f64) -> u8 {
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

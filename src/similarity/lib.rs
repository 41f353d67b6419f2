//! Which tips tell of the same. Rules [read](reading) a tip, what they read becomes a keyed [`Sketch`], sketches stand
//! in an [`Index`] in memory, and a regression over what two of them have in common says how near they are. A person
//! decides.
//!
//! It knows nothing of pages, SQL, members or cases, and must never import `triage`. Start reading at [`reading`], then
//! [`Sketch`] and [`Index`].

mod burst;
mod explain;
mod features;
pub mod generate;
mod index;
mod measure;
pub mod reading;
mod said;
mod score;
mod sketch;
pub mod train;
pub mod trial;
mod weights;

pub use burst::Burst;
pub use explain::{Explanation, News, Reason};
pub use features::{Feature, Features, Speaks, Veto};
pub use index::{Audience, Candidate, Flood, Index, LiveIndex, Renewed, Standing, Steps};
pub use reading::{Amount, Fields, Offence, Reading, SchoolEntry, Schools, SchoolsError};
pub use said::{SAID_KEYS, Said, said, said_in_full};
pub use score::{Compared, Tier};
pub use sketch::Sketch;
pub use weights::{Regression, Tiers, Weights, WeightsError};

/// A tip's id in the store.
pub type TipId = [u8; 16];

//! Cases: their states, what belongs to one, and what may be done with it.

mod alike;
mod audiences;
mod caseload;
mod comparison;
mod ending;
mod group;
mod queue;
mod view;
mod workload;

pub use alike::AlikeCase;
pub use caseload::{Caseload, Entry};
pub use comparison::{Comparison, Mark, NewsView, Piece, Side, pieces};
pub use ending::EndView;
pub use group::Group;
pub use queue::{
    BurstView, Copies, OpenObjection, Queue, QueueCounts, QueueRow, QueueView, SigningLine,
    SigningOf,
};
pub use view::{
    AttachmentView, CaseFile, DeadlineView, Handling, HistoryEntry, MessageView,
    QuarantinedEnvelope, Question, Signing, TipView,
};

//! Cases: their states, what belongs to one, and what may be done with it.

mod alike;
mod audiences;
mod caseload;
mod comparison;
mod ending;
mod entry;
mod group;
mod held_apart;
mod lookup;
mod open_tasks;
mod queue;
mod view;
mod workload;

pub use alike::AlikeCase;
pub use caseload::Caseload;
pub use comparison::{Comparison, Mark, NewsView, Piece, Side, pieces};
pub use ending::EndView;
pub use entry::Entry;
pub use group::Group;
pub use queue::{
    BurstView, Copies, OpenObjection, Queue, QueueCounts, QueueRow, QueueView, SigningLine,
    SigningOf,
};
pub use view::{
    AttachmentView, CaseFile, DeadlineView, Handling, HistoryEntry, MessageView,
    QuarantinedEnvelope, Question, Signing, TipView,
};

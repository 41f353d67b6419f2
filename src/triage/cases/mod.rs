//! Cases: their states, what belongs to one, and what may be done with it.

mod board;
mod changes;
mod documents;
mod view;

pub use board::{Board, Entry};
pub(super) use changes::{Draft, tell_clock};
pub use documents::{Card, HistoryText, MessageText, ReporterState};
pub use view::{
    AlikeCase, AttachmentView, CaseFile, CaseNumber, CaseState, ClockView, Conclusion,
    HistoryEntry, MessageView, Outcome, QuarantinedEnvelope, Queue, QueueCounts, QueueRow,
    QueueView, TipView, Urgency,
};

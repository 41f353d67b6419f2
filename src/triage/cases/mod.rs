//! Cases: their states, what belongs to one, and what may be done with it.

mod view;

pub use view::{
    CaseFile, CaseNumber, CaseState, ClockView, Conclusion, HistoryEntry, MessageView, Outcome,
    QuarantinedEnvelope, Queue, QueueCounts, QueueRow, QueueView, TipView, Urgency,
};

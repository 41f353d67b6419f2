//! Cases: their states, what belongs to one, and what may be done with it.

mod alike;
mod audiences;
mod board;
mod changes;
mod comparison;
mod documents;
mod ending;
mod group;
mod mode;
mod number;
mod opinion;
mod outcome;
mod papers;
mod queue;
mod state;
mod view;
mod workload;

pub use alike::AlikeCase;
pub use board::{Board, Entry};
pub(super) use changes::{Draft, sent_tip, tell_clock};
pub use comparison::{Comparison, Mark, NewsView, Piece, Side, pieces};
pub use documents::{Card, Heard, HistoryText, MessageText, ReporterState};
pub use ending::{Deletion, EndView, Hold, Passing};
pub use group::Group;
pub use mode::{Mode, Move};
pub use number::CaseNumber;
pub use opinion::{Assent, Opinion};
pub use outcome::{Closing, Conclusion, Exhibit, Finding, Grounds, Outcome, Signature};
pub use papers::{NewPaper, PaperKind, PaperText, PaperView, Says, TaskLine};
pub use queue::{
    BurstView, Copies, OpenObjection, Queue, QueueCounts, QueueRow, QueueView, SOON_DAYS,
    SigningLine, SigningOf, Urgency,
};
pub use state::{CaseState, Step};
pub use view::{
    AttachmentView, CaseFile, ClockView, Handling, HistoryEntry, MessageView, QuarantinedEnvelope,
    Question, Signing, TipView,
};

//! The ground floor of triage: ids, people, states, roles, outcomes, papers and deadlines as values. Nothing here waits for a
//! store, a network or a page, and nothing here imports another room.

mod case_id;
mod chain;
mod documents;
mod ending;
mod member;
mod mode;
mod note;
mod number;
mod opinion;
mod outcome;
mod paging;
mod papers;
mod quarantine;
mod state;
mod urgency;

pub use case_id::CaseId;
pub use chain::{AUDIT_ID_BYTES, AuditQuery, AuditRow, Head, HeadError, Link};
pub use documents::{CaseSummary, HistoryText, MessageText, ReceivedWords, ReporterState};
pub use ending::{Deletion, Hold, Passing};
pub use member::{KeyCode, Leave, Member, MemberId, Role, Viewer};
pub use mode::{Mode, Move};
pub use note::Note;
pub use number::CaseNumber;
pub use opinion::{Assent, Opinion};
pub use outcome::{Closing, Conclusion, EvidenceItem, Finding, Grounds, Outcome, Signature};
pub use paging::{PagePosition, sort_page};
pub use papers::{NewPaper, PaperContent, PaperKind, PaperText, PaperView, TaskLine};
pub use quarantine::QuarantineReason;
pub use state::{CaseState, Step};
pub use urgency::{SOON_DAYS, Urgency};

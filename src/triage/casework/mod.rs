//! Casework: one file for each thing that is done with a case, and what every change is made of: who has access and that it is
//! on record (`on_record.rs`), the draft that puts together what is stored (`draft`), storing it (`storing.rs`), and what its
//! reporter is told.
//!
//! A function that takes an actor checks for itself that he may, whatever page asks; one that takes none is for the program
//! itself, or for a caller that has checked.
//!
//! # Errors
//! Of every change of a case: [`NotYours`] where the actor may not see it or there is none, [`NotPermitted`] for a role that
//! does not do such things, [`Locked`] while the office's key is, [`Changed`] where another was faster than the page that was
//! shown, [`Damaged`] where something stored does not open, and what the store says.
//!
//! [`NotYours`]: crate::office::OfficeError::NotYours
//! [`NotPermitted`]: crate::office::OfficeError::NotPermitted
//! [`Locked`]: crate::office::OfficeError::Locked
//! [`Changed`]: crate::office::OfficeError::Changed
//! [`Damaged`]: crate::office::OfficeError::Damaged

mod assigning;
mod attachment_rows;
mod candidates;
mod closing;
mod deletion;
mod destroying;
mod draft;
mod extending;
pub(crate) mod files;
mod handlers;
mod joining;
mod moving;
mod naming;
mod objections;
mod on_record;
mod opining;
mod papers;
mod passing_up;
mod recusing;
mod referring;
mod sealed_to_parent;
mod second_person;
mod splitting;
mod storing;
mod tasks;
mod texts;
mod told;
mod wiping;
mod writing;

pub use assigning::assign;
pub(crate) use attachment_rows::attachment_rows;
pub use candidates::{Candidate, candidates};
pub(crate) use closing::closing_signing;
pub use closing::{approve_closing, propose_closing, reject_closing};
pub(crate) use deletion::end_of;
pub use deletion::{approve_deletion, ask_deletion, reject_deletion, set_hold};
pub(crate) use destroying::{destroy_all, destroyed_on, holds_back};
pub(crate) use draft::{Draft, sent_tip, tell_deadlines};
pub use extending::extend;
pub(crate) use extending::extensible;
pub use files::OpenFile;
pub(crate) use handlers::handling;
pub use handlers::{add_handler, remove_handler};
pub use joining::{Shown, hold_apart, join};
pub(crate) use moving::declined;
pub use moving::{change_mode, change_state, conclude, confirm_declining};
pub use naming::say_meant;
pub(crate) use naming::{open_questions, questions};
pub(crate) use objections::open_objections;
pub use on_record::current_number;
pub(crate) use on_record::{entries, entries_seen, keyed, on_record};
pub use opining::{sign_opinion, write_opinion};
pub(crate) use papers::papers;
pub use papers::write_paper;
pub use passing_up::{approve_passing, ask_passing, keep_here, parent, passes_up, reject_passing};
pub(crate) use passing_up::{
    nobody_may_handle, pass, passing_asked, passing_signing, signs_passing,
};
pub use recusing::recuse_oneself;
pub use referring::{PASSAGE_CHARS, Referral, refer, shared_passage};
pub(crate) use sealed_to_parent::{names_a_leader, reply_to_parent};
pub(crate) use second_person::signing_of;
pub use splitting::split;
pub(crate) use storing::{drafts, store_drafts};
pub use tasks::finish_task;
pub(crate) use texts::{REASON_MAX_CHARS, check_text};
pub(crate) use told::told;
pub use told::{PHRASES, phrase};
pub use wiping::wipe;
pub use writing::{ask_reporter, write_to_reporter};

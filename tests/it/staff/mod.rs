//! The staff's pages from outside: both services in this process, people at browsers that keep cookies.

mod accounts;
mod at_once;
mod audit;
mod browser;
mod case_actions;
mod cases;
mod changing_at_once;
mod choosing;
mod dashboard;
mod door;
mod feed;
mod founding;
mod gone_away;
mod joining;
mod keys;
mod ledger;
mod links;
mod lists;
mod locked;
mod nearness;
mod office;
mod own;
mod passing;
mod passing_files;
mod reporter;
mod roles;
mod rotated;
mod ruling;
mod search;
mod second_factor;
mod sign_in;
mod starting;
mod together;
mod unseen;
mod vouching;

pub use browser::{Browser, Page, numbers, value};
pub use founding::{PASSWORD, add_accounts};
pub use office::{Office, Setup};
pub use reporter::Reporter;

use founding::STAFF;

/// Who asks: someone with an account, by role, or a stranger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    Dispatcher,
    /// Whose the case is.
    Handler,
    /// To whom the case is a stranger's.
    Investigator,
    /// A supervisor who has to do with the school.
    Recused,
    Supervisor,
    Administrator,
    Auditor,
    Stranger,
}

impl Actor {
    pub const ALL: [Self; 8] = [
        Self::Dispatcher,
        Self::Handler,
        Self::Investigator,
        Self::Recused,
        Self::Supervisor,
        Self::Administrator,
        Self::Auditor,
        Self::Stranger,
    ];

    fn login(self) -> Option<&'static str> {
        match self {
            Self::Dispatcher => Some("dispatcher"),
            Self::Handler => Some("other"),
            Self::Investigator => Some("investigator"),
            Self::Recused => Some("principal"),
            Self::Supervisor => Some("supervisor"),
            Self::Administrator => Some("administrator"),
            Self::Auditor => Some("auditor"),
            Self::Stranger => None,
        }
    }
}

//! What the pages read: a case, the queue, the ledger, figures, search, the calendar feed. A function that takes a viewer checks
//! for itself that she may; how the office runs (`health.rs`) names no case, and the page says to whom it is shown.

mod alike;
mod comparing;
mod copies;
mod expiring;
mod feed;
mod health;
mod ledger;
mod opened;
mod oversight;
mod own;
mod queue;
mod reading;
mod search;
mod signing;
mod tasks;

pub use comparing::{compare, may_compare};
pub use expiring::{EXPIRING_DAYS, ExpiringLine, expiring};
pub use feed::{UpcomingDeadline, feed, feed_made, make_feed, record_wrong_feeds, revoke_feed};
pub use health::{
    PullHealth, pull_health, rebuilt_sketches, refused_of_intake, store_answers, unread_cases,
};
pub use ledger::{
    SavedView, VIEW_NAME_MAX_CHARS, export_ledger, forget_view, ledger, save_view, saved_views,
};
pub use oversight::{Publication, figures};
pub use queue::{queue, queue_page};
pub use reading::{case, file};
pub use search::{PAGE_RESULTS, SearchLine, SearchPage, search};

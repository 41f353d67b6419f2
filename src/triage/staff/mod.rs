//! The people who work here: accounts, roles, sign-in.

mod member;

pub use member::{Member, MemberId, Role};

//! The people who work here: accounts, roles, sign-in.

mod member;
mod password;
mod session;
mod sign_in;
mod store;
mod throttle;

pub use member::{Member, MemberId, Role};
pub use password::{PasswordError, Passwords, StoredPassword};
pub use session::{SessionToken, Sessions};
pub use sign_in::{SignIn, SignInError};
pub use store::{PgStaffStore, SqliteStaffStore, StaffStore};
pub use throttle::Throttle;

//! The people who work here: accounts, roles, sign-in.

mod keys;
mod member;
mod password;
mod session;
mod sign_in;
mod store;
mod throttle;

pub use keys::{Credentials, MemberKeys};
pub use member::{KeyCode, Leave, Member, MemberId, Role, Viewer};
pub use password::{PasswordError, Passwords, StoredPassword};
pub use session::{SessionToken, Sessions, SignedIn};
pub use sign_in::{SignIn, SignInError};
pub use store::{MemberChange, PgStaffStore, SqliteStaffStore, StaffStore};
pub use throttle::Throttle;

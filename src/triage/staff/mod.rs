//! The people who work here: accounts, roles, sign-in.

mod account_columns;
mod common;
mod directory;
mod engines;
mod factor_store;
mod keys;
mod password;
mod request_store;
mod second_factor;
mod session;
mod sign_in;
mod store;
mod throttle;
mod two_persons;

pub use directory::Directory;
pub use engines::{PgStaffStore, SqliteStaffStore};
pub use factor_store::FactorStore;
pub use keys::{Credentials, MemberKeys};
pub use password::{Form, PasswordError, Passwords, StoredPassword};
pub use request_store::{AccountRequest, Refusal, RequestKind, RequestStore};
pub use second_factor::{
    RECOVERY_CODES, RecoveryCode, RecoveryHash, SecondFactor, SecondFactorError, StoredFactor,
};
pub use session::{SessionToken, Sessions, SignedIn};
pub use sign_in::{Entered, SignIn, SignInError};
pub use store::{MemberChange, StaffStore};
pub use throttle::{Source, Throttle};
pub use two_persons::TwoPersons;

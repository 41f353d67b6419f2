//! The one crate that touches a private key. `intake` must never depend on it, and it knows nothing of networks or stores.
//! Start reading at [`Identity`].
//!
//! Everything is opened in memory, and every header is [checked](mifeng_sealing::check_header) before the age
//! crate sees the file.
#![expect(
    clippy::disallowed_types,
    reason = "the one crate that holds identities and opens"
)]

mod identity;
mod number_key;
mod office_key;
mod password_key;
mod shares;
mod sketch_key;
mod stream;

pub use identity::{Identity, OpenError, open_with, opened_documents};
pub use number_key::{NUMBER_DIGITS, NumberKey};
pub use office_key::{OfficeIdentityFile, OfficeKeyError};
pub use password_key::{PASSWORD_SALT_BYTES, PasswordKeyError};
pub use shares::{Share, ShareError, join_shares, split_identity};
pub use sketch_key::{SketchError, SketchKey, SketchOpener};
pub use stream::open_stream_with;

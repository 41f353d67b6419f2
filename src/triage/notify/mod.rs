//! Reminders by e-mail: how many new items, how many due soon. Never content, never a link, never an id.

mod config;
mod daily;
mod digest;
mod mailer;
mod sender;

pub use config::{FolderConfig, MailConfig, Security, SmtpConfig, TransportConfig};
pub use digest::{Daily, Digest, Letter, audit_letter, parent_letter};
pub use mailer::{MailError, Mailer};
pub use sender::{MailRun, Sender, run};

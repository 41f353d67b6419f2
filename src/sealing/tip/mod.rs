//! What a tip is: its fields, categories and limits, and the documents that stand inside a seal.
//! Knows nothing of networks, stores or keys.

mod attachment;
mod category;
mod document;
mod draft;
mod file_kind;
mod message;
mod papers;
mod reply;
mod said;
mod sent;
mod statement;
mod typed;

pub use attachment::{
    ATTACHMENTS_MAX, Attachment, AttachmentError, NAME_MAX_CHARS, check_attachments, clean_name,
};
pub use category::Category;
pub use document::{Channel, DocumentError, MailboxAddress, TipDocument};
pub use draft::{
    FIELD_MAX_CHARS, Field, RawTip, TEXT_MAX_CHARS, Tip, TipError, is_within_limits,
    parse_optional_text, parse_text,
};
pub use file_kind::{FileKind, HEAD_BYTES, KnownFile, NotTaken, TAIL_BYTES};
pub use message::{MailboxMessage, MessageKind, Status};
pub use papers::{PassedKind, PassedPaper, are_within_limits as papers_fit, as_many_as_fit};
pub use reply::ReplyDocument;
pub use said::{AFTERCARE_DAYS, MESSAGES_READ_MAX, Said, SaidKind, Stopped};
pub use sent::{SENT_MAX, SentItem, SentKind, ToldDeadline};
pub use statement::{ReplyStatement, SignedStatement, StatedFile};
pub use typed::{break_lines, says_nothing, tidy_line, tidy_text};

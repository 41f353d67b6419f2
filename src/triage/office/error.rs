//! Why a case cannot be shown or changed.

use crate::cases::OpenObjection;
use mifeng_foundation::blobs::BlobError;
use mifeng_foundation::storage::StoreError;
use zeroize::Zeroizing;

/// Why a case cannot be shown or changed.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// No such case, or not this viewer's: the two cannot be told apart.
    #[error("no such case, or not yours")]
    NotYours,
    /// The role does not do this.
    #[error("the role does not allow this")]
    NotPermitted,
    /// Someone else changed the case since it was shown.
    #[error("the case was changed meanwhile")]
    Changed,
    /// A state cannot be reached from the present one, or a person cannot be given the case.
    #[error("not possible from here")]
    NotPossible,
    /// Two cases cannot be joined while their handler is recused from one of them.
    #[error("the handler is recused from one of the two")]
    HandlerRecused,
    /// A reason or an answer is missing or too long: the name of its field, empty where it is none in particular.
    #[error("a text is missing or too long in the field {0:?}")]
    BadText(&'static str),
    /// A field is missing or unsound: its name, and the key of the words that say how.
    #[error("the field {0} is missing or unsound")]
    Unsound(&'static str, &'static str),
    /// It takes a second person, who neither proposed it nor handles or handled the case.
    #[error("a second person must sign")]
    SecondPerson,
    /// Several study the case together, and have not all signed an opinion.
    #[error("a joint opinion is not signed by all")]
    NoOpinion,
    /// An extract has a passage that is the reporter's own.
    #[error("a passage of the tip is passed on word for word")]
    Passage(Zeroizing<String>),
    /// A result does not lie in its mailbox yet.
    #[error("a reporter has not been told yet")]
    NotTold,
    /// An objection to the decision is not answered: which one, and until when it is to be.
    #[error("an objection is not answered")]
    Objected(Box<OpenObjection>),
    /// Nobody else sees the case: whoever steps aside asks for it to be passed up instead.
    #[error("nobody else sees the case")]
    LastReader,
    /// The days in which its reporter can object, is asked how it is, or wrote, are not over.
    #[error("the reporter's days are not over")]
    TooEarly,
    /// The office's key is locked: cases can be read by who holds their keys, and nothing can be changed.
    #[error("the office key is locked")]
    Locked,
    /// What was stored did not open or read.
    #[error("a stored case is damaged")]
    Damaged,
    /// The place for files failed.
    #[error(transparent)]
    Files(#[from] BlobError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

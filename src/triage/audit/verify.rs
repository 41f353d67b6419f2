//! Going through the chain from its first row to its head.

use crate::model::Head;
use crate::store::AuditStore;
use mifeng_foundation::storage::StoreError;

/// Rows read at once.
const PAGE: u32 = 1000;

/// Where and how a chain does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A row is not in its place: it, or one before it, was taken out or moved.
    #[error("row {0} is missing")]
    Missing(i64),
    /// A row says something else than when it was written, or stands where another stood.
    #[error("row {0} was changed or moved")]
    Changed(i64),
    /// The chain ends elsewhere than where its last writer left it.
    #[error("the chain does not end where it was left, at row {0}")]
    End(i64),
    /// A head that was known once is not in the chain.
    #[error(
        "the chain does not hold row {0} as it was told: rows were taken from its end, or it was written anew"
    )]
    Head(i64),
}

impl Broken {
    /// The row that it is about.
    #[must_use]
    pub fn row(self) -> i64 {
        let (Self::Missing(row) | Self::Changed(row) | Self::End(row) | Self::Head(row)) = self;
        row
    }
}

/// Checks every row against the one before it, the last against where the chain was left, and that each head in `known`
/// (from the daily mails) is in it. Returns where the chain ends.
///
/// # Errors
/// What the store says. A chain that does not hold is the inner error.
pub async fn verify(
    store: &(impl AuditStore + ?Sized),
    known: &[Head],
) -> Result<Result<Head, Broken>, StoreError> {
    // Read first: rows that are written meanwhile come after it.
    let left = store.audit_head().await?;
    let mut at = Head {
        sequence: 0,
        hash: [0; 32],
    };
    let mut at_left = left.sequence == 0 && left == at;
    let mut found = vec![false; known.len()];
    loop {
        let rows = store.audit_rows_after(at.sequence, PAGE).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.sequence != at.sequence + 1 {
                return Ok(Err(Broken::Missing(at.sequence + 1)));
            }
            if row.link.hash(row.sequence, &at.hash) != row.hash {
                return Ok(Err(Broken::Changed(row.sequence)));
            }
            at = Head {
                sequence: row.sequence,
                hash: row.hash,
            };
            at_left |= at == left;
            for (known, found) in known.iter().zip(&mut found) {
                *found |= *known == at;
            }
        }
    }
    if !at_left {
        return Ok(Err(Broken::End(left.sequence)));
    }
    let lost = known
        .iter()
        .zip(found)
        .find(|(known, found)| !found && known.sequence > 0);
    if let Some((lost, _)) = lost {
        return Ok(Err(Broken::Head(lost.sequence)));
    }
    Ok(Ok(at))
}

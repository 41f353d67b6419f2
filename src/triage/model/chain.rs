//! The chain: how a row and the hash before it become the row's hash. The encoding is frozen; see the test.

use super::CaseId;
use super::MemberId;
use mifeng_foundation::clock::Day;
use sha2::{Digest as _, Sha256};
use std::fmt;
use std::str::FromStr;

/// First bytes of what is hashed; another encoding gets another number.
const DOMAIN: &[u8] = b"mifeng/trail/1";

/// A row before it has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The day.
    pub day: Day,
    /// Second of the day; `None` for what the service did by itself.
    pub second: Option<i32>,
    /// Who.
    pub actor: Option<MemberId>,
    /// Code of the kind.
    pub kind: String,
    /// To which case.
    pub case: Option<CaseId>,
    /// To which other thing.
    pub object: Option<[u8; 16]>,
    /// A code.
    pub detail: String,
}

impl Link {
    /// The hash it gets as row `sequence` after a row with the hash `previous`.
    #[must_use]
    pub fn hash(&self, sequence: i64, previous: &[u8; 32]) -> [u8; 32] {
        let mut hash = Sha256::new()
            .chain_update(DOMAIN)
            .chain_update(previous)
            .chain_update(sequence.to_be_bytes())
            .chain_update(self.day.number().to_be_bytes())
            .chain_update(self.second.unwrap_or(-1).to_be_bytes());
        for id in [
            self.actor.map(|id| id.0),
            self.case.map(|id| id.0),
            self.object,
        ] {
            hash.update([u8::from(id.is_some())]);
            hash.update(id.unwrap_or_default());
        }
        for text in [&self.kind, &self.detail] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.finalize().into()
    }
}

/// A row in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place, from 1.
    pub sequence: i64,
    /// What it says.
    pub link: Link,
    /// Its hash.
    pub hash: [u8; 32],
}

/// Where a chain ends, or ended once: a row's place and hash. Written `PLACE:HASH`, as the daily mail has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The row's place; 0 before the first.
    pub sequence: i64,
    /// Its hash; zero before the first.
    pub hash: [u8; 32],
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, hex::encode(self.hash))
    }
}

/// What is not of the form `PLACE:HASH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a place and a hash, as the daily mail has them: NUMBER:64 HEX DIGITS")]
pub struct HeadError;

impl FromStr for Head {
    type Err = HeadError;

    fn from_str(text: &str) -> Result<Self, HeadError> {
        let (sequence, digits) = text.trim().split_once(':').ok_or(HeadError)?;
        let sequence = sequence.parse().map_err(|_| HeadError)?;
        let mut hash = [0; 32];
        hex::decode_to_slice(digits, &mut hash).map_err(|_| HeadError)?;
        (sequence >= 0)
            .then_some(Self { sequence, hash })
            .ok_or(HeadError)
    }
}

/// Which rows of the audit log are asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Only those before this one.
    pub before: Option<i64>,
    /// Only those of cases whose id begins so; the pages show so much of it.
    pub case: Option<[u8; AUDIT_ID_BYTES]>,
    /// Only those of this member.
    pub actor: Option<MemberId>,
}

/// Bytes of a case's id that the audit log's pages show.
pub const AUDIT_ID_BYTES: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rows_hash_is_what_it_was_in_the_first_version() {
        let link = Link {
            day: "2026-11-24".parse().expect("a day"),
            second: Some(34_200),
            actor: Some(MemberId([1; 16])),
            kind: "case-seen".to_owned(),
            case: Some(CaseId([2; 16])),
            object: None,
            detail: String::new(),
        };
        let first = link.hash(1, &[0; 32]);
        let own = Link {
            second: None,
            actor: None,
            object: Some([3; 16]),
            detail: "x".to_owned(),
            ..link
        };
        let head = Head {
            sequence: 2,
            hash: own.hash(2, &first),
        };
        assert_eq!(
            head.to_string(),
            "2:38cd54edaf1ef40d6a0f20183a8a7fd146ad3f1d3fb620cb82d30be6c97dac08"
        );
        assert_eq!(head.to_string().parse(), Ok(head));
    }

    #[test]
    fn what_is_no_head_is_refused() {
        for text in ["", "1", "1:", "1:00", "-1:", "x:00"] {
            assert_eq!(text.parse::<Head>(), Err(HeadError), "{text}");
        }
        let negative = format!("-1:{}", "0".repeat(64));
        assert_eq!(negative.parse::<Head>(), Err(HeadError));
    }
}

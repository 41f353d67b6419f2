//! The office identity in shares: so many of so many people open it together, fewer learn nothing. Shamir's scheme over
//! GF(256), of a random key; the identity is an age file sealed to that key, so that shares without the file are nothing.

use super::{Identity, OpenError};
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use mifeng_foundation::entropy::{AsRng, Entropy, random_bytes};
use sha2::{Digest as _, Sha256};
use std::fmt;
use vsss_rs::Gf256;
use zeroize::Zeroizing;

/// First letters of a share as people write it.
const PREFIX: &str = "mifeng-share-";
/// Bytes that tell the shares of one split from those of another.
const SET_BYTES: usize = 4;
/// Place and 32 bytes.
const SHARE_BYTES: usize = 33;

/// Why shares were not made or did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareError {
    /// Fewer than two are needed, more than there are, or more than 255.
    #[error("two or more of at most 255 shares must be needed, and no more than there are")]
    Count,
    /// Not a share, or with a slip in it.
    #[error("not a share, or with a slip in it")]
    Malformed,
    /// Of another split, or the same twice.
    #[error("the shares are not of one split, or one was given twice")]
    Foreign,
    /// Not as many as are needed.
    #[error("more shares are needed")]
    TooFew,
    /// What they open is damaged or another's.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// One person's share.
#[derive(Clone)]
pub struct Share {
    needed: u8,
    set: [u8; SET_BYTES],
    part: Zeroizing<Vec<u8>>,
}

impl Share {
    /// Reads what a person typed: spaces and capitals do not matter, any slip does.
    ///
    /// # Errors
    /// [`ShareError::Malformed`].
    pub fn parse(typed: &str) -> Result<Self, ShareError> {
        let text: Zeroizing<String> = Zeroizing::new(
            typed
                .chars()
                .filter(|letter| !letter.is_whitespace())
                .map(|letter| letter.to_ascii_lowercase())
                .collect(),
        );
        let read = CheckedHrpstring::new::<Bech32>(&text).map_err(|_| ShareError::Malformed)?;
        if read.hrp().as_str() != PREFIX {
            return Err(ShareError::Malformed);
        }
        let bytes: Zeroizing<Vec<u8>> = Zeroizing::new(read.byte_iter().collect());
        let (head, share) = bytes
            .split_at_checked(1 + SET_BYTES)
            .filter(|(_, share)| share.len() == SHARE_BYTES)
            .ok_or(ShareError::Malformed)?;
        Ok(Self {
            needed: head[0],
            set: head[1..].try_into().map_err(|_| ShareError::Malformed)?,
            part: Zeroizing::new(share.to_vec()),
        })
    }

    /// For paper: letters and digits, with a check that finds slips.
    #[must_use]
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(vec![self.needed]);
        bytes.extend_from_slice(&self.set);
        bytes.extend_from_slice(&self.part);
        let prefix = Hrp::parse(PREFIX).expect("a constant");
        let text = bech32::encode::<Bech32>(prefix, &bytes);
        Zeroizing::new(text.expect("38 bytes are within Bech32's limit"))
    }

    /// How many are needed together.
    #[must_use]
    pub fn needed(&self) -> usize {
        usize::from(self.needed)
    }

    /// Whether `other` can be put together with this one.
    #[must_use]
    pub fn goes_with(&self, other: &Self) -> bool {
        (self.needed, self.set) == (other.needed, other.set) && self.part[0] != other.part[0]
    }
}

impl fmt::Debug for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Share(..)")
    }
}

/// Makes `of` shares of which `needed` open `identity` together, and the age file that they open.
///
/// # Errors
/// [`ShareError::Count`].
pub fn split_identity(
    identity: &Identity,
    needed: u8,
    of: u8,
    entropy: &dyn Entropy,
) -> Result<(Vec<Share>, Vec<u8>), ShareError> {
    if needed < 2 || needed > of {
        return Err(ShareError::Count);
    }
    let secret = Zeroizing::new(random_bytes::<32>(entropy));
    let key = Identity::from_bytes(&secret);
    let counts = (usize::from(needed), usize::from(of));
    let split = Gf256::split_bytes(counts.0, counts.1, secret.as_slice(), AsRng(entropy));
    let set = set_of(&key);
    let share = |share| Share {
        needed,
        set,
        part: Zeroizing::new(share),
    };
    let shares = split.map_err(|_| ShareError::Count)?.into_iter().map(share);
    let file = identity.wrap(&key.recipient());
    Ok((
        shares.collect(),
        file.map_err(|_| ShareError::Open(OpenError::Damaged))?,
    ))
}

/// Opens `file` with as many shares as are needed.
///
/// # Errors
/// [`ShareError`].
pub fn join_shares(shares: &[Share], file: &[u8]) -> Result<Identity, ShareError> {
    let first = shares.first().ok_or(ShareError::TooFew)?;
    let pairs = |at: usize| shares[..at].iter().all(|one| one.goes_with(&shares[at]));
    if !(1..shares.len()).all(pairs) {
        return Err(ShareError::Foreign);
    }
    if shares.len() < first.needed() {
        return Err(ShareError::TooFew);
    }
    let parts: Zeroizing<Vec<Vec<u8>>> =
        Zeroizing::new(shares.iter().map(|one| one.part.to_vec()).collect());
    let secret = Gf256::combine_bytes(parts.as_slice()).map_err(|_| ShareError::Foreign)?;
    let secret = Zeroizing::new(secret);
    let secret: &[u8; 32] = secret
        .as_slice()
        .try_into()
        .map_err(|_| ShareError::Foreign)?;
    let key = Identity::from_bytes(secret);
    if set_of(&key) != first.set {
        return Err(ShareError::Foreign);
    }
    Ok(key.open_identity(file)?)
}

/// What the shares of one key have in common.
fn set_of(key: &Identity) -> [u8; SET_BYTES] {
    let digest = Sha256::new()
        .chain_update(b"mifeng/share-set/1")
        .chain_update(key.recipient().to_string())
        .finalize();
    digest[..SET_BYTES]
        .try_into()
        .expect("a SHA-256 has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use mifeng_foundation::entropy::SystemEntropy;

    #[test]
    fn any_three_of_five_open_and_no_two_do() {
        let identity = Identity::generate();
        let (shares, file) = split_identity(&identity, 3, 5, &SystemEntropy).expect("split");
        let shares: Vec<Share> = shares
            .iter()
            .map(|share| Share::parse(&share.to_text().to_uppercase()).expect("as written"))
            .collect();
        for skipped in 0..5 {
            let some: Vec<_> = (0..5).filter(|at| at % 5 != skipped).take(3).collect();
            let some: Vec<_> = some.into_iter().map(|at| shares[at].clone()).collect();
            let joined = join_shares(&some, &file).expect("three open it");
            assert_eq!(joined.recipient(), identity.recipient());
            let two = join_shares(&some[..2], &file);
            assert_eq!(two.err(), Some(ShareError::TooFew));
        }
        let twice = [shares[0].clone(), shares[0].clone(), shares[1].clone()];
        assert_eq!(join_shares(&twice, &file).err(), Some(ShareError::Foreign));
        let (others, _) = split_identity(&identity, 3, 5, &SystemEntropy).expect("split");
        let mixed = [shares[0].clone(), shares[1].clone(), others[2].clone()];
        assert_eq!(join_shares(&mixed, &file).err(), Some(ShareError::Foreign));
        assert!(join_shares(&shares, &file[..200]).is_err());
    }

    #[test]
    fn a_slip_in_a_share_is_found() {
        let identity = Identity::generate();
        let (shares, _) = split_identity(&identity, 2, 2, &SystemEntropy).expect("split");
        let text = shares[0].to_text();
        let spaced = format!(" {} {}\n", &text[..30], &text[30..]);
        assert!(Share::parse(&spaced).is_ok());
        for at in PREFIX.len() + 1..text.len() {
            let mut slipped = text.to_string();
            let other = if &text[at..=at] == "q" { "p" } else { "q" };
            slipped.replace_range(at..=at, other);
            assert!(Share::parse(&slipped).is_err(), "{at}");
        }
        for (needed, of) in [(0, 3), (1, 3), (4, 3)] {
            let refused = split_identity(&identity, needed, of, &SystemEntropy);
            assert_eq!(refused.err(), Some(ShareError::Count));
        }
    }
}

//! Files of which nothing is taken out, and of which something can be said all the same.

use super::finding::{Account, Findings, Reason};
use memchr::memmem;

/// Plain text: what is in it is what people read. Passes as it is.
#[derive(Debug, Default)]
pub(super) struct TextFilter {
    findings: Findings,
    account: Account,
}

impl TextFilter {
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let is_letter = |byte: &u8| match byte {
            b'\t' | b'\n' | b'\r' | 0x0C => true,
            byte => *byte >= b' ' && *byte != 0x7F,
        };
        // What no editor shows is nobody's words; letters of two bytes are among it.
        if !bytes.iter().all(is_letter) {
            self.findings.could_not(Reason::Unchecked);
        }
        self.account.enter(bytes.len());
        out.extend_from_slice(bytes);
    }

    pub fn finish(self) -> (Findings, Account) {
        (self.findings, self.account)
    }
}

/// The stream in which Office keeps a document under a password (MS-OFFCRYPTO, 2.3.4.4), as its directory names it.
const NAME: &str = "EncryptedPackage";

/// Old Office files. Passes as it is.
#[derive(Debug, Default)]
pub(super) struct LockFilter {
    last: Vec<u8>,
    locked: bool,
}

impl LockFilter {
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        out.extend_from_slice(bytes);
        if self.locked {
            return;
        }
        let name: Vec<u8> = NAME.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.last.extend_from_slice(bytes);
        self.locked = memmem::find(&self.last, &name).is_some();
        let kept = self.last.len().min(name.len() - 1);
        self.last.drain(..self.last.len() - kept);
    }

    pub fn finish(self) -> Reason {
        if self.locked {
            Reason::Encrypted
        } else {
            Reason::Kind
        }
    }
}

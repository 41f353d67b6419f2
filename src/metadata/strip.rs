//! One door to all kinds: bytes go in, bytes come out, a report at the end.

use super::account::{Account, Coverage};
use super::finding::{Findings, Reason, Report, Verdict};
use super::heic;
use super::jpeg::JpegFilter;
use super::office;
use super::pdf;
use super::png::PngFilter;
use super::text::{LockFilter, TextFilter};
use super::webp::WebpFilter;
use mifeng_sealing::tip::FileKind;

/// HEIC, PDF and Office files are held up to this size; larger ones pass unchanged and the report says so.
pub const WHOLE_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// Passes one file through without what tells on its maker.
///
/// ```
/// # use mifeng_metadata::{Outcome, Reason, Stripper};
/// # use mifeng_sealing::tip::FileKind;
/// let mut stripper = Stripper::new(FileKind::Mp3);
/// let mut out = Vec::new();
/// stripper.feed(b"ID3", &mut out);
/// let report = stripper.finish(&mut out);
/// assert_eq!(out, b"ID3");
/// assert_eq!(report.outcome, Outcome::CouldNot(Reason::Kind));
/// ```
#[derive(Debug)]
pub struct Stripper {
    inner: Inner,
    /// Bytes of the file that have come: what the reader's account must come to.
    file_bytes: u64,
}

#[derive(Debug)]
enum Inner {
    Jpeg(Box<JpegFilter>),
    Png(Box<PngFilter>),
    Webp(WebpFilter),
    Text(TextFilter),
    /// Passes as it comes; whether a password is on it is looked for.
    Locked(LockFilter),
    /// Held until the end.
    Whole(Whole, Vec<u8>),
    /// Passes as it comes.
    Untouched(Reason),
}

#[derive(Clone, Copy, Debug)]
enum Whole {
    Heic,
    Pdf,
    Office,
}

impl Stripper {
    /// For a file that was sniffed as `kind`.
    #[must_use]
    pub fn new(kind: FileKind) -> Self {
        let inner = match kind {
            FileKind::Jpeg => Inner::Jpeg(Box::default()),
            FileKind::Png => Inner::Png(Box::new(PngFilter::new())),
            FileKind::WebP => Inner::Webp(WebpFilter::new()),
            FileKind::Text => Inner::Text(TextFilter::default()),
            FileKind::OfficeOle => Inner::Locked(LockFilter::default()),
            FileKind::Heic => Inner::Whole(Whole::Heic, Vec::new()),
            FileKind::Pdf => Inner::Whole(Whole::Pdf, Vec::new()),
            FileKind::OfficeZip => Inner::Whole(Whole::Office, Vec::new()),
            _ => Inner::Untouched(Reason::Kind),
        };
        Self {
            inner,
            file_bytes: 0,
        }
    }

    /// Whether what comes next is held until the end.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self.inner, Inner::Whole(..))
    }

    /// How many of the next bytes pass as they are: these are taken for passed, need not be fed, and so not be copied.
    pub fn pass_unchanged(&mut self, bytes: &[u8]) -> usize {
        let unchanged = match &self.inner {
            Inner::Untouched(_) => bytes.len(),
            _ => 0,
        };
        self.file_bytes += unchanged as u64;
        unchanged
    }

    /// Takes the next bytes of the file and appends to `out` what may pass now. Takes constant memory for JPEG, PNG and
    /// WebP beyond `out`, which the caller empties.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        self.file_bytes += bytes.len() as u64;
        match &mut self.inner {
            Inner::Jpeg(filter) => filter.feed(bytes, out),
            Inner::Png(filter) => filter.feed(bytes, out),
            Inner::Webp(filter) => filter.feed(bytes, out),
            Inner::Text(filter) => filter.feed(bytes, out),
            Inner::Locked(filter) => filter.feed(bytes, out),
            Inner::Whole(_, held) if held.len() + bytes.len() > WHOLE_LIMIT_BYTES => {
                out.append(held);
                out.extend_from_slice(bytes);
                self.inner = Inner::Untouched(Reason::TooLarge);
            }
            Inner::Whole(_, held) => held.extend_from_slice(bytes),
            Inner::Untouched(_) => out.extend_from_slice(bytes),
        }
    }

    /// Appends what is left and tells what was found. PDF and Office files take their time here (a second for the
    /// largest): call it off the runtime's threads.
    pub fn finish(self, out: &mut Vec<u8>) -> Report {
        self.finish_verdict(out).report()
    }

    /// The same for a part of a larger file.
    pub(super) fn finish_verdict(self, out: &mut Vec<u8>) -> Verdict {
        let streamed = |(findings, account): (Findings, Account)| {
            findings.settle(account.close(self.file_bytes))
        };
        match self.inner {
            Inner::Jpeg(filter) => streamed(filter.finish(out)),
            Inner::Png(filter) => streamed(filter.finish(out)),
            Inner::Webp(filter) => streamed(filter.finish(out)),
            Inner::Text(filter) => streamed(filter.finish()),
            Inner::Locked(filter) => Findings::default().settle(Err(filter.finish())),
            Inner::Whole(kind, held) => {
                let file_bytes = held.len();
                let (bytes, findings, coverage): (_, Findings, Coverage) = match kind {
                    Whole::Heic => heic::strip(held),
                    Whole::Pdf => pdf::strip(held),
                    Whole::Office => office::strip(held),
                };
                out.extend_from_slice(&bytes);
                findings.settle(coverage.close(file_bytes))
            }
            Inner::Untouched(reason) => Findings::default().settle(Err(reason)),
        }
    }
}

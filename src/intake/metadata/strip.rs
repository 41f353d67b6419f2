//! One door to all kinds: bytes go in, bytes come out, a report at the end.

use super::finding::{Findings, Reason, Report};
use super::heic;
use super::jpeg::JpegFilter;
use super::office;
use super::pdf;
use super::png::PngFilter;
use super::webp::WebpFilter;
use crate::tip::FileKind;

/// HEIC, PDF and Office files are held up to this size; larger ones pass unchanged and the report says so.
pub const WHOLE_LIMIT_BYTES: usize = 64 * 1024 * 1024;

/// Passes one file through without what tells on its maker.
///
/// ```
/// # use mifeng::intake::metadata::{Outcome, Reason, Stripper};
/// # use mifeng::tip::FileKind;
/// let mut stripper = Stripper::new(FileKind::Mp3);
/// let mut out = Vec::new();
/// stripper.feed(b"ID3", &mut out);
/// let report = stripper.finish(&mut out);
/// assert_eq!(out, b"ID3");
/// assert_eq!(report.outcome, Outcome::CouldNot(Reason::Kind));
/// ```
#[derive(Debug)]
pub struct Stripper(Inner);

#[derive(Debug)]
enum Inner {
    Jpeg(JpegFilter),
    Png(PngFilter),
    Webp(WebpFilter),
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
        Self(match kind {
            FileKind::Jpeg => Inner::Jpeg(JpegFilter::new()),
            FileKind::Png => Inner::Png(PngFilter::new()),
            FileKind::WebP => Inner::Webp(WebpFilter::new()),
            FileKind::Heic => Inner::Whole(Whole::Heic, Vec::new()),
            FileKind::Pdf => Inner::Whole(Whole::Pdf, Vec::new()),
            FileKind::OfficeZip => Inner::Whole(Whole::Office, Vec::new()),
            _ => Inner::Untouched(Reason::Kind),
        })
    }

    /// Whether what comes next is held until the end.
    #[must_use]
    pub fn holds(&self) -> bool {
        matches!(self.0, Inner::Whole(..))
    }

    /// How many of the next bytes pass as they are: these need not be fed, and so not be copied.
    #[must_use]
    pub fn unchanged(&self, bytes: &[u8]) -> usize {
        match &self.0 {
            Inner::Jpeg(filter) => filter.unchanged(bytes),
            Inner::Untouched(_) => bytes.len(),
            _ => 0,
        }
    }

    /// Takes the next bytes of the file and appends to `out` what may pass now. Takes constant memory for JPEG, PNG and
    /// WebP beyond `out`, which the caller empties.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        match &mut self.0 {
            Inner::Jpeg(filter) => filter.feed(bytes, out),
            Inner::Png(filter) => filter.feed(bytes, out),
            Inner::Webp(filter) => filter.feed(bytes, out),
            Inner::Whole(_, held) if held.len() + bytes.len() > WHOLE_LIMIT_BYTES => {
                out.append(held);
                out.extend_from_slice(bytes);
                self.0 = Inner::Untouched(Reason::TooLarge);
            }
            Inner::Whole(_, held) => held.extend_from_slice(bytes),
            Inner::Untouched(_) => out.extend_from_slice(bytes),
        }
    }

    /// Appends what is left and tells what was found. PDF and Office files take their time here (a second for the
    /// largest): call it off the runtime's threads.
    pub fn finish(self, out: &mut Vec<u8>) -> Report {
        self.finish_findings(out).report()
    }

    /// The same for a part of a larger file.
    pub(super) fn finish_findings(self, out: &mut Vec<u8>) -> Findings {
        match self.0 {
            Inner::Jpeg(filter) => filter.finish(out),
            Inner::Png(filter) => filter.finish(out),
            Inner::Webp(filter) => filter.finish(out),
            Inner::Whole(kind, held) => {
                let (bytes, findings) = match kind {
                    Whole::Heic => heic::strip(held),
                    Whole::Pdf => pdf::strip(held),
                    Whole::Office => office::strip(held),
                };
                out.extend_from_slice(&bytes);
                findings
            }
            Inner::Untouched(reason) => {
                let mut findings = Findings::default();
                findings.could_not(reason);
                findings
            }
        }
    }
}

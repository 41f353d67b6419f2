//! Taking out what tells on a file's maker: real files made with real tools, and hostile ones.

pub mod cases;
mod documents;
mod heic;
mod hostile;
mod kinds;
mod mutated_documents;
pub mod mutated_photos;
pub mod mutation;
mod office;
mod photos;
pub mod samples;
mod text;
mod twin;
mod unseen_in_pdf;
pub mod unseen_in_png;
mod vocabulary;

use mifeng_metadata::{Outcome, Report, Stripper, What};
use mifeng_sealing::tip::FileKind;

/// Passes a file through in chunks of `chunk` bytes.
fn strip_in(kind: FileKind, file: &[u8], chunk: usize) -> (Vec<u8>, Report) {
    let (mut stripper, mut out) = (Stripper::new(kind), Vec::new());
    for part in file.chunks(chunk) {
        stripper.feed(part, &mut out);
    }
    let report = stripper.finish(&mut out);
    (out, report)
}

fn strip(kind: FileKind, file: &[u8]) -> (Vec<u8>, Report) {
    strip_in(kind, file, 64 * 1024)
}

/// What was found, by name.
fn found(report: &Report) -> Vec<&'static str> {
    report
        .found
        .iter()
        .map(|finding| finding.what.key())
        .collect()
}

/// A stripped file has nothing left to find, and passes as it is.
fn assert_settled(kind: FileKind, stripped: &[u8]) {
    let (again, report) = strip(kind, stripped);
    assert_eq!(
        report.outcome,
        Outcome::NothingFound,
        "{kind:?}: {report:?}"
    );
    assert!(
        again == stripped,
        "{kind:?}: a second time changed the file"
    );
}

fn assert_removed(report: &Report, what: &[What]) {
    for what in what {
        let finding = report.found.iter().find(|finding| finding.what == *what);
        assert!(
            finding.is_some_and(|finding| finding.removed),
            "{what:?} in {report:?}"
        );
    }
}

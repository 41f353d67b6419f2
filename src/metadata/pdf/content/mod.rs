//! Programs that draw a page: read word by word, so that what draws nothing (remarks, notes to other programs, words that
//! mean nothing) is cut out, and names that somebody chose are replaced. What a program draws with is noted.

mod reader;

use super::names::Names;
use super::syntax::Span;
use crate::finding::{Findings, What};
use reader::Reader;

/// A piece that is replaced.
pub(super) type Cut = (Span, Vec<u8>);

/// What was read of a program.
pub(super) struct Program {
    /// Without what draws nothing; `None` where all of it draws.
    pub changed: Option<Vec<u8>>,
    /// What it draws with: a part of the resources, and a name there.
    pub uses: Vec<(&'static str, Vec<u8>)>,
    /// It draws letters, or something that may.
    pub letters: bool,
    /// It draws letters that nobody sees (text modes 3 and 7), or leaves such a mode to whoever goes on.
    pub unseen: bool,
}

/// Reads a program. Marks of layers stay only where `layers` are kept.
pub(super) fn clean(
    program: &[u8],
    layers: bool,
    names: &mut Names,
    findings: &mut Findings,
) -> Program {
    let mut reader = Reader::new(program, layers, names);
    reader.read(findings);
    let Reader {
        lexer,
        mut cuts,
        uses,
        modes,
        letters,
        unseen,
        ..
    } = reader;
    for remark in lexer.remarks {
        cuts.push((remark, Vec::new()));
    }
    let changed = (!cuts.is_empty()).then(|| {
        findings.removed(What::Hidden);
        without(program, cuts)
    });
    Program {
        changed,
        uses,
        letters,
        // One that goes on in the next piece may take back any mode that was kept.
        unseen: unseen || modes.contains(&true),
    }
}

/// `bytes` with each piece replaced.
pub(super) fn without(bytes: &[u8], mut cuts: Vec<Cut>) -> Vec<u8> {
    cuts.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let (mut out, mut copied) = (Vec::with_capacity(bytes.len()), 0);
    for (span, instead) in cuts {
        // One cut within another is done with it.
        if span.start < copied {
            continue;
        }
        out.extend_from_slice(&bytes[copied..span.start]);
        out.push(b' ');
        out.extend_from_slice(&instead);
        out.push(b' ');
        copied = span.end;
    }
    out.extend_from_slice(&bytes[copied..]);
    out
}

//! What becomes of the data of a stream, by what they are.

mod picture;
mod program;

use super::filters::{Chain, Filter, deflate, inflate_to};
use super::rules::{self, Data, Kind};
use super::syntax::{Span, Value, is_space};
use super::write::Writer;
use crate::finding::{Findings, Reason, What};
use std::borrow::Cow;

/// A program or a font, unpacked.
const PROGRAM_MAX_BYTES: usize = 48 * 1024 * 1024;
/// Pixels are counted, not held.
const PIXELS_MAX_BYTES: usize = 512 * 1024 * 1024;

/// What a dictionary says of its data, and is written anew with them.
const OF_DATA: &[&[u8]] = &[b"Length", b"Filter", b"DecodeParms", b"DL"];

/// Data to be written.
struct Body<'a> {
    data: Cow<'a, [u8]>,
    /// Entries that say how they are packed.
    how: String,
}

impl<'a> Writer<'a> {
    /// Writes a dictionary with its data.
    pub fn stream(
        &mut self,
        bytes: &'a [u8],
        dict: &Value,
        span: Span,
        kind: &'static Kind,
    ) -> Result<(), Reason> {
        let packed = bytes.get(span).unwrap_or_default();
        let body = match Chain::of(bytes, dict) {
            Some(chain) => self.body(bytes, dict, packed, &chain, kind.data)?,
            None => None,
        };
        let mut but = OF_DATA.to_vec();
        if kind.data == Data::Font {
            but.push(b"Length1");
        }
        self.out.extend_from_slice(b"<<");
        self.entries(bytes, dict, kind, &but, 1)?;
        if let Some(Body { data, how }) = body {
            self.say(format_args!("{how}/Length {}>>\nstream\n", data.len()));
            self.out.extend_from_slice(&data);
        } else {
            // It cannot be read: it passes as it is, and that is said.
            self.findings.left(What::Unchecked, Reason::Unchecked);
            for key in ["Filter", "DecodeParms", "Length1"] {
                if let Some(value) = dict.get(bytes, key) {
                    self.say(format_args!("/{key} "));
                    self.value(bytes, value, &rules::PLAINS, 1)?;
                }
            }
            self.say(format_args!("/Length {}>>\nstream\n", packed.len()));
            self.out.extend_from_slice(packed);
        }
        self.out.extend_from_slice(b"\nendstream");
        Ok(())
    }

    /// The data as they are to be written; `None` where they cannot be read.
    fn body(
        &mut self,
        bytes: &'a [u8],
        dict: &Value,
        packed: &'a [u8],
        chain: &Chain,
        data: Data,
    ) -> Result<Option<Body<'a>>, Reason> {
        match data {
            Data::File => {
                self.findings.left(What::Hidden, Reason::Embedded);
                let names = chain.steps.iter().map(|step| step.filter);
                Ok(Some(plainly_packed(packed, names)))
            }
            Data::Picture => self.picture(bytes, dict, packed, chain),
            Data::Numbers | Data::None => self.counted(packed, chain, None),
            Data::Mesh => {
                self.findings.left(What::Unchecked, Reason::Unchecked);
                self.counted(packed, chain, None)
            }
            _ => self.program(bytes, dict, packed, chain, data),
        }
    }

    /// Charges what was unpacked.
    fn charge(&mut self, unpacked: usize) -> Result<(), Reason> {
        self.left = self.left.checked_sub(unpacked).ok_or(Reason::Bomb)?;
        Ok(())
    }

    /// Data that need no change, as they came where that is simply packed.
    fn same(&mut self, packed: &'a [u8], chain: &Chain, plain: &[u8]) -> Body<'a> {
        match chain.steps.as_slice() {
            [] => Body {
                data: Cow::Borrowed(packed),
                how: String::new(),
            },
            [step] if step.filter == Filter::Flate && step.dict.is_none() => {
                let used = inflate_to(packed, usize::MAX, |_| {}).ok().flatten();
                match used {
                    Some(used) => {
                        note_rest(&packed[used..], self.findings);
                        Body {
                            data: Cow::Borrowed(&packed[..used]),
                            how: "/Filter/FlateDecode".to_owned(),
                        }
                    }
                    None => packed_anew(plain),
                }
            }
            _ => {
                self.findings.removed(What::Other);
                packed_anew(plain)
            }
        }
    }

    /// Numbers, or pixels that are numbers: no more than `expected` bytes of them.
    fn counted(
        &mut self,
        packed: &'a [u8],
        chain: &Chain,
        expected: Option<usize>,
    ) -> Result<Option<Body<'a>>, Reason> {
        let limit = PIXELS_MAX_BYTES.min(self.left);
        let is_too_long = |length: usize| expected.is_some_and(|expected| length > expected);
        if let [step] = chain.steps.as_slice()
            && step.filter == Filter::Flate
        {
            let mut unpacked = 0;
            let used = inflate_to(packed, limit, |piece| unpacked += piece.len())?;
            self.charge(unpacked)?;
            if let Some(used) = used
                && !is_too_long(chain.without_filters_of_rows(unpacked))
            {
                note_rest(&packed[used..], self.findings);
                let how = format!("/Filter/FlateDecode{}", step.numbers());
                let data = Cow::Borrowed(&packed[..used]);
                return Ok(Some(Body { data, how }));
            }
        }
        let Ok(unpacked) = chain.unpack(packed, PROGRAM_MAX_BYTES.min(limit)) else {
            return Ok(None);
        };
        if unpacked.last.is_some() {
            return Ok(None);
        }
        self.charge(unpacked.bytes.len())?;
        if let Some(expected) = expected
            && is_too_long(unpacked.bytes.len())
        {
            // Rows behind the last one of the picture.
            self.findings.removed(What::Hidden);
            return Ok(Some(packed_anew(&unpacked.bytes[..expected])));
        }
        Ok(Some(self.same(packed, chain, &unpacked.bytes)))
    }
}

/// What stands behind the end of packed data, a line's end aside, is read by nobody.
fn note_rest(rest: &[u8], findings: &mut Findings) {
    if !rest.iter().all(|byte| is_space(*byte)) {
        findings.removed(What::Hidden);
    }
}

fn packed_anew<'a>(plain: &[u8]) -> Body<'a> {
    Body {
        data: Cow::Owned(deflate(plain)),
        how: "/Filter/FlateDecode".to_owned(),
    }
}

/// Data that pass as they are, under filters without parameters.
fn plainly_packed(packed: &[u8], filters: impl Iterator<Item = Filter>) -> Body<'_> {
    let names: String = filters
        .map(|filter| ["/", filter.name()].concat())
        .collect();
    let how = if names.is_empty() {
        names
    } else {
        format!("/Filter[{names}]")
    };
    Body {
        data: Cow::Borrowed(packed),
        how,
    }
}

//! What becomes of the data of a stream, by what they are.

use super::super::finding::{Findings, Reason, What};
use super::super::strip::Stripper;
use super::content;
use super::filters::{Chain, Filter, deflate, inflate_to};
use super::font::{self, Font};
use super::jpeg2000;
use super::letters::{self, Language};
use super::measures;
use super::rules::{self, Data, Kind};
use super::syntax::{Span, Value, is_space};
use super::write::Writer;
use mifeng_sealing::tip::FileKind;
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

    fn program(
        &mut self,
        bytes: &'a [u8],
        dict: &Value,
        packed: &'a [u8],
        chain: &Chain,
        data: Data,
    ) -> Result<Option<Body<'a>>, Reason> {
        let limit = PROGRAM_MAX_BYTES.min(self.left);
        let Ok(unpacked) = chain.unpack(packed, limit) else {
            return Ok(None);
        };
        if unpacked.last.is_some() {
            return Ok(None);
        }
        let plain = unpacked.bytes;
        self.charge(plain.len())?;
        let is_program = matches!(dict.get(bytes, "FunctionType"), Some(Value::Integer(4)));
        let (mut length, mut changed) = (None, None);
        match data {
            Data::Content => {
                let layers = self.visibility.keeps_layers;
                let read = content::clean(&plain, layers, &mut self.names, self.findings);
                changed = read.changed;
            }
            Data::Letters => {
                let language = Language::Letters;
                changed = letters::clean(&plain, language, &mut self.names, self.findings);
            }
            Data::Function if is_program => {
                let language = Language::Function;
                changed = letters::clean(&plain, language, &mut self.names, self.findings);
            }
            Data::Function
                if measures::of_function(self.index, bytes, dict) != Some(plain.len()) =>
            {
                self.findings.left(What::Unchecked, Reason::Unchecked);
            }
            Data::Font => {
                length = Some(plain.len());
                match font::look(&plain) {
                    Font::Same => {}
                    Font::Less(less) => {
                        self.findings.removed(What::Other);
                        length = Some(less.len());
                        changed = Some(less);
                    }
                    Font::Unknown => self.findings.left(What::Unchecked, Reason::Unchecked),
                }
            }
            _ => {}
        }
        // Of fonts in two parts the first part's length is the dictionary's own.
        if let (Data::Font, Some(Value::Integer(first))) = (data, dict.get(bytes, "Length1"))
            && dict.get(bytes, "Length2").is_some()
        {
            length = Some(*first);
        }
        let mut body = match changed {
            Some(changed) => packed_anew(&changed),
            None => self.same(packed, chain, &plain),
        };
        if let Some(length) = length {
            body.how.push_str("/Length1 ");
            body.how.push_str(&length.to_string());
        }
        Ok(Some(body))
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

    fn picture(
        &mut self,
        bytes: &'a [u8],
        dict: &Value,
        packed: &'a [u8],
        chain: &Chain,
    ) -> Result<Option<Body<'a>>, Reason> {
        let Some(last) = chain.steps.last().filter(|step| !step.filter.holds_bytes()) else {
            let expected = measures::of_picture(self.index, bytes, dict);
            if expected.is_none() {
                self.findings.left(What::Unchecked, Reason::Unchecked);
            }
            return self.counted(packed, chain, expected);
        };
        let Ok(unpacked) = chain.unpack(packed, PROGRAM_MAX_BYTES.min(self.left)) else {
            return Ok(None);
        };
        self.charge(unpacked.bytes.len())?;
        if chain.steps.len() > 1 {
            self.findings.removed(What::Other);
        }
        let plain = unpacked.bytes;
        let body = match last.filter {
            Filter::Jpeg => {
                let mut out = Vec::with_capacity(plain.len());
                let mut stripper = Stripper::new(FileKind::Jpeg);
                stripper.feed(&plain, &mut out);
                self.findings.absorb(stripper.finish_verdict(&mut out));
                Body {
                    data: Cow::Owned(out),
                    how: format!("/Filter/DCTDecode{}", last.numbers()),
                }
            }
            Filter::Jpeg2000 => {
                let Some(out) = jpeg2000::clean(&plain, self.findings) else {
                    return Ok(None);
                };
                Body {
                    data: Cow::Owned(out),
                    how: "/Filter/JPXDecode".to_owned(),
                }
            }
            // Where the pixels of these end, and what else is among them, is not looked for.
            Filter::Fax => {
                self.findings.left(What::Unchecked, Reason::Unchecked);
                Body {
                    data: plain,
                    how: format!("/Filter/CCITTFaxDecode{}", last.numbers()),
                }
            }
            _ => {
                self.findings.left(What::Unchecked, Reason::Unchecked);
                let globals = last
                    .dict
                    .as_ref()
                    .and_then(|dict| dict.get(bytes, "JBIG2Globals"));
                let how = match globals {
                    Some(Value::Reference(number)) => {
                        let number = self.number(*number, &rules::NUMBERS);
                        format!("/Filter/JBIG2Decode/DecodeParms<</JBIG2Globals {number} 0 R>>")
                    }
                    _ => "/Filter/JBIG2Decode".to_owned(),
                };
                Body { data: plain, how }
            }
        };
        Ok(Some(body))
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

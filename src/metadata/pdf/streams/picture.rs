//! Streams that are pixels: counted, or cleaned by the format that they are packed in.

use super::{Body, PROGRAM_MAX_BYTES};
use crate::finding::{Reason, What};
use crate::pdf::filters::{Chain, Filter, Step};
use crate::pdf::syntax::Value;
use crate::pdf::write::Writer;
use crate::pdf::{jpeg2000, measures, rules};
use crate::strip::Stripper;
use mifeng_sealing::tip::FileKind;
use std::borrow::Cow;

impl<'a> Writer<'a> {
    /// The pixels of a picture, without what tells; `None` where they cannot be read.
    pub(super) fn picture(
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
            Filter::Jpeg => Body {
                data: Cow::Owned(self.jpeg(&plain)),
                how: format!("/Filter/DCTDecode{}", last.numbers()),
            },
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
                let how = self.bitmap_filter(bytes, last);
                Body { data: plain, how }
            }
        };
        Ok(Some(body))
    }

    /// A photo, without what tells.
    fn jpeg(&mut self, plain: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(plain.len());
        let mut stripper = Stripper::new(FileKind::Jpeg);
        stripper.feed(plain, &mut out);
        self.findings.absorb(stripper.finish_verdict(&mut out));
        out
    }

    /// How a bitmap (JBIG2) is packed, with the data that it has in common with others.
    fn bitmap_filter(&mut self, bytes: &'a [u8], step: &Step) -> String {
        let globals = step
            .dict
            .as_ref()
            .and_then(|dict| dict.get(bytes, "JBIG2Globals"));
        match globals {
            Some(Value::Reference(number)) => {
                let number = self.number(*number, &rules::NUMBERS);
                format!("/Filter/JBIG2Decode/DecodeParms<</JBIG2Globals {number} 0 R>>")
            }
            _ => "/Filter/JBIG2Decode".to_owned(),
        }
    }
}

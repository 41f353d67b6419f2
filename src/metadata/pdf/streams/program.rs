//! Streams that are programs, fonts or functions: unpacked, cleaned, and packed anew where that changed them.

use super::{Body, PROGRAM_MAX_BYTES, packed_anew};
use crate::finding::{Reason, What};
use crate::pdf::filters::Chain;
use crate::pdf::font::{self, Font};
use crate::pdf::letters::{self, Language};
use crate::pdf::rules::Data;
use crate::pdf::syntax::Value;
use crate::pdf::write::Writer;
use crate::pdf::{content, measures};

impl<'a> Writer<'a> {
    /// A program or a font, without what tells; `None` where it cannot be read.
    pub(super) fn program(
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
        let (changed, mut length) = self.cleaned(bytes, dict, &plain, data);
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

    /// What is to be written instead, where that is something else, and the length of a font.
    fn cleaned(
        &mut self,
        bytes: &'a [u8],
        dict: &Value,
        plain: &[u8],
        data: Data,
    ) -> (Option<Vec<u8>>, Option<usize>) {
        let is_program = matches!(dict.get(bytes, "FunctionType"), Some(Value::Integer(4)));
        let (mut changed, mut length) = (None, None);
        match data {
            Data::Content => {
                let layers = self.visibility.keeps_layers;
                let read = content::clean(plain, layers, &mut self.names, self.findings);
                changed = read.changed;
            }
            Data::Letters => {
                let language = Language::Letters;
                changed = letters::clean(plain, language, &mut self.names, self.findings);
            }
            Data::Function if is_program => {
                let language = Language::Function;
                changed = letters::clean(plain, language, &mut self.names, self.findings);
            }
            Data::Function
                if measures::of_function(self.index, bytes, dict) != Some(plain.len()) =>
            {
                self.findings.left(What::Unchecked, Reason::Unchecked);
            }
            Data::Font => {
                length = Some(plain.len());
                match font::look(plain) {
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
        (changed, length)
    }
}

//! How a stream's data is packed, and unpacking it: every filter that holds bytes is undone here; those that hold a
//! picture's pixels are left to whoever knows the picture.

use super::super::finding::Reason;
use super::syntax::Value;
use super::unpack::{ascii_hex, ascii85, lzw, predicted, run_length};
use flate2::{Decompress, FlushDecompress, Status};
use std::borrow::Cow;

/// Filters in a row; programs write two at most.
const CHAIN_MAX: usize = 8;
const STEP_BYTES: usize = 64 * 1024;

/// One way of packing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filter {
    Flate,
    Lzw,
    Ascii85,
    AsciiHex,
    RunLength,
    Jpeg,
    Jpeg2000,
    Fax,
    Jbig2,
}

impl Filter {
    /// By its name, or the short name that pictures within a page's content use.
    pub fn named(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"FlateDecode" | b"Fl" => Self::Flate,
            b"LZWDecode" | b"LZW" => Self::Lzw,
            b"ASCII85Decode" | b"A85" => Self::Ascii85,
            b"ASCIIHexDecode" | b"AHx" => Self::AsciiHex,
            b"RunLengthDecode" | b"RL" => Self::RunLength,
            b"DCTDecode" | b"DCT" => Self::Jpeg,
            b"JPXDecode" => Self::Jpeg2000,
            b"CCITTFaxDecode" | b"CCF" => Self::Fax,
            b"JBIG2Decode" => Self::Jbig2,
            _ => return None,
        })
    }

    /// Its full name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Flate => "FlateDecode",
            Self::Lzw => "LZWDecode",
            Self::Ascii85 => "ASCII85Decode",
            Self::AsciiHex => "ASCIIHexDecode",
            Self::RunLength => "RunLengthDecode",
            Self::Jpeg => "DCTDecode",
            Self::Jpeg2000 => "JPXDecode",
            Self::Fax => "CCITTFaxDecode",
            Self::Jbig2 => "JBIG2Decode",
        }
    }

    /// Whether what is behind it are bytes, not a picture.
    pub fn holds_bytes(self) -> bool {
        !matches!(self, Self::Jpeg | Self::Jpeg2000 | Self::Fax | Self::Jbig2)
    }
}

/// How bytes are packed where a filter has more than one way.
#[derive(Clone, Copy)]
pub(super) struct Parameters {
    pub predictor: usize,
    pub colors: usize,
    pub bits: usize,
    pub columns: usize,
    early_change: bool,
}

impl Parameters {
    fn of(bytes: &[u8], dict: Option<&Value>) -> Self {
        let number = |key: &str, usual: usize| match dict.and_then(|dict| dict.get(bytes, key)) {
            Some(Value::Integer(number)) => *number,
            _ => usual,
        };
        Self {
            predictor: number("Predictor", 1),
            colors: number("Colors", 1),
            bits: number("BitsPerComponent", 8),
            columns: number("Columns", 1),
            early_change: number("EarlyChange", 1) != 0,
        }
    }
}

/// One filter of a chain.
pub(super) struct Step {
    pub filter: Filter,
    /// As the dictionary has them.
    pub dict: Option<Value>,
    parameters: Parameters,
    /// Numbers and switches among them, as they are written.
    numbers: String,
}

impl Step {
    /// Its parameters as an entry of a dictionary: those with a meaning that are numbers or switches.
    pub fn numbers(&self) -> String {
        if self.numbers.is_empty() {
            String::new()
        } else {
            format!("/DecodeParms<<{}>>", self.numbers)
        }
    }
}

fn numbers(bytes: &[u8], dict: Option<&Value>) -> String {
    const KNOWN: &[&str] = &[
        "Predictor",
        "Colors",
        "BitsPerComponent",
        "Columns",
        "ColorTransform",
        "K",
        "EndOfLine",
        "EncodedByteAlign",
        "Rows",
        "EndOfBlock",
        "BlackIs1",
        "DamagedRowsBeforeError",
    ];
    let mut written = String::new();
    for key in KNOWN {
        let value = match dict.and_then(|dict| dict.get(bytes, key)) {
            Some(Value::Integer(number)) => number.to_string(),
            Some(Value::Real(span)) if &bytes[span.clone()] == b"-1" => "-1".to_owned(),
            Some(Value::Word(span)) if &bytes[span.clone()] == b"true" => "true".to_owned(),
            Some(Value::Word(span)) if &bytes[span.clone()] == b"false" => "false".to_owned(),
            _ => continue,
        };
        for part in ["/", key, " ", value.as_str()] {
            written.push_str(part);
        }
    }
    written
}

/// What is behind a dictionary's `Filter` and `DecodeParms`.
pub(super) struct Chain {
    pub steps: Vec<Step>,
}

/// What a stream's data is once the filters that hold bytes are undone.
pub(super) struct Unpacked<'a> {
    pub bytes: Cow<'a, [u8]>,
    /// The filter that is left.
    pub last: Option<Filter>,
}

impl Chain {
    /// The filters that a stream's dictionary names; `None` where one is not known, or they or the data are elsewhere.
    pub fn of(bytes: &[u8], dict: &Value) -> Option<Self> {
        // The data are in another file.
        if dict.get(bytes, "F").is_some() || dict.get(bytes, "FFilter").is_some() {
            return None;
        }
        Self::named(
            bytes,
            dict.get(bytes, "Filter"),
            dict.get(bytes, "DecodeParms"),
        )
    }

    fn named(bytes: &[u8], filter: Option<&Value>, parameters: Option<&Value>) -> Option<Self> {
        let names = match filter {
            Some(Value::Array(names)) => names.iter().collect(),
            None | Some(Value::Word(_)) => Vec::new(),
            Some(name) => vec![name],
        };
        let parameters = match parameters {
            Some(Value::Array(parameters)) => parameters.iter().collect(),
            Some(one) => vec![one],
            None => Vec::new(),
        };
        if names.len() > CHAIN_MAX {
            return None;
        }
        let steps = names.into_iter().enumerate().map(|(at, name)| {
            let dict = match parameters.get(at) {
                Some(dict @ Value::Dict(_)) => Some((*dict).clone()),
                Some(Value::Reference(_)) => return None,
                _ => None,
            };
            Some(Step {
                filter: Filter::named(&name.name(bytes)?)?,
                parameters: Parameters::of(bytes, dict.as_ref()),
                numbers: numbers(bytes, dict.as_ref()),
                dict,
            })
        });
        Some(Self {
            steps: steps.collect::<Option<_>>()?,
        })
    }

    /// How many of `length` bytes behind the first filter are samples: with some predictors a byte before each row says
    /// how it was packed.
    pub fn without_filters_of_rows(&self, length: usize) -> usize {
        let Some(how) = self.steps.first().map(|step| step.parameters) else {
            return length;
        };
        let bits = how
            .colors
            .saturating_mul(how.bits)
            .saturating_mul(how.columns);
        if how.predictor < 10 {
            return length;
        }
        let row = bits.div_ceil(8).saturating_add(1);
        length - length.div_ceil(row)
    }

    /// Undoes all filters that hold bytes, up to the first that holds pixels. A predictor is undone as well.
    ///
    /// # Errors
    /// [`Reason::Bomb`] where it is more than `limit_bytes`, [`Reason::Damaged`] where it does not unpack.
    pub fn unpack<'a>(&self, packed: &'a [u8], limit_bytes: usize) -> Result<Unpacked<'a>, Reason> {
        let mut bytes = Cow::Borrowed(packed);
        for (at, step) in self.steps.iter().enumerate() {
            if !step.filter.holds_bytes() {
                // Nothing can be unpacked behind pixels.
                if at + 1 != self.steps.len() {
                    return Err(Reason::Damaged);
                }
                let last = Some(step.filter);
                return Ok(Unpacked { bytes, last });
            }
            let plain = match step.filter {
                Filter::Flate => inflate(&bytes, limit_bytes)?,
                Filter::Lzw => lzw(&bytes, step.parameters.early_change, limit_bytes)?,
                Filter::Ascii85 => ascii85(&bytes)?,
                Filter::AsciiHex => ascii_hex(&bytes)?,
                _ => run_length(&bytes, limit_bytes)?,
            };
            bytes = Cow::Owned(match step.filter {
                Filter::Flate | Filter::Lzw => predicted(plain, step.parameters)?,
                _ => plain,
            });
        }
        Ok(Unpacked { bytes, last: None })
    }
}

/// Unpacks at most `limit_bytes`.
fn inflate(packed: &[u8], limit_bytes: usize) -> Result<Vec<u8>, Reason> {
    let mut bytes = Vec::new();
    let used = inflate_to(packed, limit_bytes, |piece| bytes.extend_from_slice(piece))?;
    // One that is cut short is what a viewer shows of it.
    if used.is_none() && bytes.is_empty() {
        return Err(Reason::Damaged);
    }
    Ok(bytes)
}

/// The same, piece by piece; returns how much of the input it was, or `None` where the data have no end.
pub(super) fn inflate_to(
    packed: &[u8],
    limit_bytes: usize,
    mut each: impl FnMut(&[u8]),
) -> Result<Option<usize>, Reason> {
    let mut machine = Decompress::new(true);
    let mut piece = Vec::with_capacity(STEP_BYTES);
    loop {
        let position = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let rest = packed
            .get(position(machine.total_in())..)
            .unwrap_or_default();
        piece.clear();
        let before = (machine.total_in(), machine.total_out());
        let status = machine.decompress_vec(rest, &mut piece, FlushDecompress::None);
        each(&piece);
        if position(machine.total_out()) > limit_bytes {
            return Err(Reason::Bomb);
        }
        match status {
            Ok(Status::StreamEnd) => return Ok(Some(position(machine.total_in()))),
            Ok(_) if before != (machine.total_in(), machine.total_out()) => {}
            // Cut short, or broken on the way: what came out so far is what a viewer shows.
            _ => return Ok(None),
        }
    }
}

/// Packs bytes as a zlib stream.
pub(super) fn deflate(plain: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let packed = Vec::with_capacity(plain.len() / 2);
    let mut encoder = flate2::write::ZlibEncoder::new(packed, flate2::Compression::default());
    let written = encoder.write_all(plain).and_then(|()| encoder.finish());
    written.expect("memory takes all")
}

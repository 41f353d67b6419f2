//! How many bytes of data there must be, by what a dictionary says of them.

use super::scan::{Index, Object};
use super::syntax::Value;

/// Spaces of colours in others: a table of a space, a pattern over a space.
const SPACES_MAX: usize = 8;

fn whole(object: &Object<'_>) -> Option<usize> {
    match object.value {
        Value::Integer(number) => Some(number),
        _ => None,
    }
}

/// The samples of a picture that is not packed as a photo; `None` where that is not known.
pub(super) fn of_picture<'a>(index: &'a Index<'a>, bytes: &'a [u8], dict: &Value) -> Option<usize> {
    let get = |key: &str| index.resolve(bytes, dict.get(bytes, key)?);
    let is_mask = get("ImageMask").is_some_and(|mask| match &mask.value {
        Value::Word(word) => &mask.bytes[word.clone()] == b"true",
        _ => false,
    });
    let (bits, samples) = if is_mask {
        (1, 1)
    } else {
        let bits = whole(&get("BitsPerComponent")?)?;
        (bits, samples_of(index, &get("ColorSpace")?)?)
    };
    let row = whole(&get("Width")?)?.checked_mul(bits)?;
    let row = row.checked_mul(samples)?.div_ceil(8);
    row.checked_mul(whole(&get("Height")?)?)
}

/// How many numbers a colour is in a space.
fn samples_of<'a>(index: &'a Index<'a>, space: &Object<'a>) -> Option<usize> {
    let head = match &space.value {
        Value::Array(items) => index.resolve(space.bytes, items.first()?)?,
        _ => space.clone(),
    };
    let second = || match &space.value {
        Value::Array(items) => index.resolve(space.bytes, items.get(1)?),
        _ => None,
    };
    match &*head.value.name(head.bytes)? {
        b"DeviceGray" | b"CalGray" | b"G" | b"Indexed" | b"I" | b"Separation" => Some(1),
        b"DeviceRGB" | b"CalRGB" | b"RGB" | b"Lab" => Some(3),
        b"DeviceCMYK" | b"CMYK" => Some(4),
        b"DeviceN" => match second()?.value {
            Value::Array(names) if names.len() <= SPACES_MAX * 4 => Some(names.len()),
            _ => None,
        },
        b"ICCBased" => {
            let profile = second()?;
            let count = index.resolve(profile.bytes, profile.value.get(profile.bytes, "N")?)?;
            whole(&count)
        }
        _ => None,
    }
}

/// The samples of a function that is a table; `None` where it is none, or says too little.
pub(super) fn of_function<'a>(
    index: &'a Index<'a>,
    bytes: &'a [u8],
    dict: &Value,
) -> Option<usize> {
    let get = |key: &str| index.resolve(bytes, dict.get(bytes, key)?);
    if whole(&get("FunctionType")?)? != 0 {
        return None;
    }
    let Value::Array(range) = get("Range")?.value else {
        return None;
    };
    let sizes = get("Size")?;
    let Value::Array(items) = &sizes.value else {
        return None;
    };
    let mut samples = range.len() / 2;
    for item in items {
        samples = samples.checked_mul(whole(&index.resolve(sizes.bytes, item)?)?)?;
    }
    let bits = samples.checked_mul(whole(&get("BitsPerSample")?)?)?;
    Some(bits.div_ceil(8))
}

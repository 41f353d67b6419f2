//! Layers: whether some of them are not shown.

use crate::finding::Findings;
use crate::pdf::scan::{Index, Object};
use crate::pdf::syntax::Value;

/// Whether some layer is not shown when the document is opened, or whether it is may hang on something.
pub(super) fn hides_layers(index: &Index<'_>, catalogue: &Object<'_>) -> bool {
    let get = |object: &Object<'_>, key: &str| -> Option<bool> {
        let found = index.resolve(object.bytes, object.value.get(object.bytes, key)?)?;
        Some(match &found.value {
            Value::Array(items) => !items.is_empty(),
            value => value.name(found.bytes).is_some_and(|name| &*name != b"ON"),
        })
    };
    let layers = catalogue.value.get(catalogue.bytes, "OCProperties");
    let layers = layers.and_then(|layers| index.resolve(catalogue.bytes, layers));
    if let Some(layers) = layers {
        let shown = layers.value.get(layers.bytes, "D");
        let Some(shown) = shown.and_then(|shown| index.resolve(layers.bytes, shown)) else {
            return true;
        };
        if ["OFF", "BaseState", "AS"]
            .iter()
            .any(|key| get(&shown, key) == Some(true))
        {
            return true;
        }
    }
    let mut numbers = index.numbers();
    numbers.any(|number| {
        let object = index.read(number, &mut Findings::default());
        object.is_some_and(|object| hangs_on_layers(object.bytes, &object.value))
    })
}

/// Whether a dictionary somewhere in a value shows what is on it where layers are hidden.
fn hangs_on_layers(bytes: &[u8], value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| hangs_on_layers(bytes, item)),
        Value::Dict(entries) => {
            value.get(bytes, "VE").is_some()
                || value.is(bytes, "P", "AllOff")
                || value.is(bytes, "P", "AnyOff")
                || entries
                    .iter()
                    .any(|(_, value)| hangs_on_layers(bytes, value))
        }
        _ => false,
    }
}

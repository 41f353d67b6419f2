//! Trees of names and of numbers: written as one flat list, names by counted ones in their place.

use super::super::finding::{Findings, Reason, What};
use super::rules::{self, Rule};
use super::scan::Index;
use super::syntax::Value;
use super::write::{Done, Writer};
use std::collections::HashSet;

/// Leaves of one tree.
const LEAVES_MAX: usize = 1_000_000;

/// A key, its value, and what their spans are in.
type Leaf<'a> = (&'a [u8], Value, Value);

/// The leaves of a tree, in their order.
pub(super) fn leaves<'a>(index: &'a Index<'a>, bytes: &'a [u8], tree: &Value) -> Vec<Leaf<'a>> {
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut waiting = vec![(bytes, tree.clone())];
    while let Some((bytes, node)) = waiting.pop() {
        if found.len() > LEAVES_MAX {
            break;
        }
        let list = |key: &str| index.resolve(bytes, node.get(bytes, key)?);
        if let Some(kids) = list("Kids")
            && let Value::Array(items) = &kids.value
        {
            for kid in items.iter().rev() {
                // A node that is in itself ends here.
                let is_new = match kid {
                    Value::Reference(number) => seen.insert(*number),
                    _ => true,
                };
                if let Some(kid) = index.resolve(kids.bytes, kid).filter(|_| is_new) {
                    waiting.push((kid.bytes, kid.value));
                }
            }
        }
        for key in ["Names", "Nums"] {
            if let Some(pairs) = list(key)
                && let Value::Array(items) = pairs.value
            {
                for pair in items.chunks_exact(2) {
                    found.push((pairs.bytes, pair[0].clone(), pair[1].clone()));
                }
            }
        }
    }
    found
}

pub(super) fn write_tree<'a>(
    writer: &mut Writer<'a>,
    bytes: &'a [u8],
    value: &Value,
    inner: &'static Rule,
    is_named: bool,
    depth: usize,
) -> Done {
    let leaves = leaves(writer.index, bytes, value);
    if leaves.len() > LEAVES_MAX {
        return Err(Reason::Bomb);
    }
    let name = if is_named { "Names" } else { "Nums" };
    writer.say(format_args!("<</{name}["));
    let mut written = 0_usize;
    for (bytes, key, value) in leaves {
        let start = writer.out.len();
        if is_named {
            writer.say(format_args!("(N{written:07}) "));
        } else {
            writer.plain(bytes, &key, &rules::PLAINS, depth)?;
            writer.out.push(b' ');
        }
        if writer.value(bytes, &value, inner, depth)? {
            written += 1;
            writer.out.push(b' ');
        } else {
            writer.out.truncate(start);
        }
    }
    writer.out.extend_from_slice(b"]>>");
    Ok(true)
}

/// What a list of names leads to is written where it is asked for: the list itself is left behind.
pub(super) fn forget_tree<'a>(writer: &mut Writer<'a>, bytes: &'a [u8], tree: &Value) {
    writer.findings.removed(What::Other);
    let mut waiting = vec![(bytes, tree.clone())];
    while let Some((bytes, value)) = waiting.pop() {
        match value {
            Value::Reference(number) if writer.visited.insert(number) => {
                if let Some(object) = writer.index.read(number, &mut Findings::default()) {
                    waiting.push((object.bytes, object.value));
                }
            }
            Value::Dict(entries) => {
                let branches = entries.into_iter().filter(|(key, _)| {
                    matches!(&bytes[key.clone()], b"Kids" | b"Names" | b"Dests" | b"D")
                });
                waiting.extend(branches.map(|(_, value)| (bytes, value)));
            }
            Value::Array(items) => {
                // A place leads to a page, which is not left behind.
                let is_place = items
                    .get(1)
                    .is_some_and(|fit| matches!(fit, Value::Name(_)));
                if !is_place {
                    waiting.extend(items.into_iter().map(|item| (bytes, item)));
                }
            }
            _ => {}
        }
    }
}

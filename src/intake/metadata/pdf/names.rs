//! Names that a file's maker chose for pictures and fonts of a page: the usual short ones stay, others are replaced by
//! numbers, everywhere alike.

use super::syntax::plain_name;
use super::usual::is_usual;
use std::collections::HashMap;

/// Which name stands for which.
#[derive(Default)]
pub(super) struct Names(HashMap<Vec<u8>, usize>);

impl Names {
    /// What is written in place of `name`, with its stroke; `None` where it can stay.
    pub fn instead_of(&mut self, name: &[u8]) -> Option<Vec<u8>> {
        let plain = plain_name(name);
        if is_usual(&plain) {
            return None;
        }
        let next = self.0.len();
        let number = *self.0.entry(plain.into_owned()).or_insert(next);
        // Of a form that no usual name has, so that none is met twice.
        Some(format!("/N__{number}").into_bytes())
    }
}

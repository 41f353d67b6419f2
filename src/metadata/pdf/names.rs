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
        let own = self.own(plain.into_owned());
        (own.as_bytes() != name).then(|| format!("/{own}").into_bytes())
    }

    /// The name that stands for `chosen`: of a form that no usual name has, so that none is met twice. They are numbered as
    /// they come, so that a file that was written here once comes out the same.
    pub fn own(&mut self, chosen: Vec<u8>) -> String {
        let next = self.0.len();
        let number = *self.0.entry(chosen).or_insert(next);
        format!("N__{number}")
    }
}

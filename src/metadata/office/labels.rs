//! Names that programs and people give to what is in a document: styles, bookmarks, shapes, controls. Nobody sees them on
//! the page, and they tell who or which machine gave them, so that all but the usual ones are replaced by a number, the
//! same for the same name everywhere in one document: what refers to them still finds them.

use super::usual::is_usual;
use std::collections::HashMap;

/// The names that were given instead, for one document.
#[derive(Default)]
pub(super) struct Labels {
    given: HashMap<String, String>,
}

impl Labels {
    /// The name as it is, where it is a usual one, else the one that stands for it; `None` where it is the same.
    pub fn instead_of(&mut self, name: &str) -> Option<String> {
        if is_usual(name) {
            return None;
        }
        let next = self.given.len() + 1;
        let given = self.given.entry(name.to_owned());
        Some(given.or_insert_with(|| format!("_n{next}")).clone())
    }

    /// The name as it is written: its own where that is usual, else the one that stands for it.
    pub fn written(&mut self, name: &str) -> String {
        self.instead_of(name).unwrap_or_else(|| name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_replaced_alike_everywhere_and_what_replaces_it_stays() {
        let mut labels = Labels::default();
        let first = labels.instead_of("张三的书签").expect("another");
        assert_eq!(labels.instead_of("张三的书签"), Some(first.clone()));
        assert_ne!(labels.instead_of("李四"), Some(first.clone()));
        assert_eq!(labels.instead_of(&first), None);
    }
}

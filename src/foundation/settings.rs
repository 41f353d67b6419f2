//! What is wrong with a service's settings, told all at once: which file, which key, and what it should be.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::path::Path;

/// What was found wrong so far, each as `key: what it should be`.
#[derive(Debug, Default)]
pub struct Unfit(Vec<String>);

impl Unfit {
    /// Demands a number within `range`.
    pub fn within<T: PartialOrd + Display + Copy>(
        &mut self,
        key: &str,
        number: T,
        range: &RangeInclusive<T>,
    ) {
        let (least, most) = (range.start(), range.end());
        let why = format!("must be from {least} to {most}, and is {number}");
        self.demand(key, range.contains(&number), &why);
    }

    /// Demands that something holds; `why` says what should be.
    pub fn demand(&mut self, key: &str, holds: bool, why: &str) {
        if !holds {
            self.0.push(format!("{key} {why}"));
        }
    }

    /// Nothing, or all that was found, with the name of the file.
    ///
    /// # Errors
    /// A line for each key that does not fit.
    pub fn told(self, file: &Path) -> Result<(), String> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(in_file(file, &self.0.join("\n  ")))
    }
}

/// What is wrong, with the name of the file it is wrong in.
#[must_use]
pub fn in_file(file: &Path, wrong: &str) -> String {
    format!("{}:\n  {wrong}", file.display())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_wrong_is_told_at_once_with_file_and_key() {
        let mut unfit = Unfit::default();
        unfit.within("a.b", 3, &(1..=3));
        unfit.within("a.c", 4, &(1..=3));
        unfit.demand("d", false, "goes with e");
        let told = unfit.told(Path::new("some.toml"));
        let told = told.expect_err("two are wrong");
        assert_eq!(
            told,
            "some.toml:\n  a.c must be from 1 to 3, and is 4\n  d goes with e"
        );
        assert!(Unfit::default().told(Path::new("some.toml")).is_ok());
    }
}

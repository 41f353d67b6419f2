//! The `[clocks]` section: an office's own rules and calendars.

use super::{Calendar, CalendarError, DeadlineRules, RulesError};
use serde::Deserialize;
use std::path::PathBuf;

/// Where rules and calendars stand. Without a file those that come with the program are used.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeadlinesConfig {
    /// Rules as in `deploy/clocks.toml`.
    pub rules_file: Option<PathBuf>,
    /// A file for each further year, or for one that was published anew, as in `deploy/calendar`.
    pub calendar_files: Vec<PathBuf>,
}

/// Why rules or calendars cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeadlinesError {
    /// A file could not be read.
    #[error("cannot read {0}")]
    File(String, #[source] std::io::Error),
    /// The rules.
    #[error(transparent)]
    Rules(#[from] RulesError),
    /// A calendar.
    #[error("{0}")]
    Calendar(String, #[source] CalendarError),
}

impl DeadlinesConfig {
    /// Reads them.
    ///
    /// # Errors
    /// [`DeadlinesError`].
    pub fn read(&self) -> Result<DeadlineRules, DeadlinesError> {
        let text = |path: &PathBuf| {
            std::fs::read_to_string(path)
                .map_err(|cause| DeadlinesError::File(path.display().to_string(), cause))
        };
        let mut calendar = Calendar::embedded();
        for path in &self.calendar_files {
            calendar
                .add(&text(path)?)
                .map_err(|cause| DeadlinesError::Calendar(path.display().to_string(), cause))?;
        }
        Ok(match &self.rules_file {
            Some(path) => DeadlineRules::new(&text(path)?, calendar)?,
            None => DeadlineRules::standard(calendar),
        })
    }
}

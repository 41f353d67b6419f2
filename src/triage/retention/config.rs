//! The `[retention]` section: an office's own rules.

use super::{Retention, RulesError};
use serde::Deserialize;
use std::path::PathBuf;

/// Where the rules stand. Without a file those that come with the program are used.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RetentionConfig {
    /// Rules as in `deploy/retention.toml`.
    pub rules_file: Option<PathBuf>,
}

/// Why the rules cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The file could not be read.
    #[error("cannot read {0}")]
    File(String, #[source] std::io::Error),
    /// The rules.
    #[error(transparent)]
    Rules(#[from] RulesError),
}

impl RetentionConfig {
    /// Reads them.
    ///
    /// # Errors
    /// [`RetentionError`].
    pub fn read(&self) -> Result<Retention, RetentionError> {
        let Some(path) = &self.rules_file else {
            return Ok(Retention::default());
        };
        let text = std::fs::read_to_string(path)
            .map_err(|cause| RetentionError::File(path.display().to_string(), cause))?;
        Ok(Retention::new(&text)?)
    }
}

//! Tips of a file through the same code as those of an office, in the order of the file: for judging and training.

use super::TipId;
use super::index::{Candidate, Index};
use super::reading::{Fields, Reading, Schools};
use super::score::Tier;
use super::weights::Weights;
use mifeng_foundation::clock::Day;
use mifeng_opening::SketchKey;
use mifeng_sealing::tip::Category;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A line of a file of tips. What else stands in it is passed over.
#[derive(Clone, Debug, Deserialize)]
pub struct TrialTip {
    /// Its name in the file.
    pub tip: String,
    /// When it came: a day, and perhaps a time after it.
    pub submitted: String,
    /// A title.
    #[serde(default)]
    pub title: String,
    /// The account.
    pub text: String,
    /// What the reporter chose, typed or said of the time, where the file has it.
    #[serde(default)]
    pub category: Option<Category>,
    /// School or body.
    #[serde(default)]
    pub school: String,
    /// Who it is about.
    #[serde(default)]
    pub subject: String,
    /// When it happened.
    #[serde(default)]
    pub when: String,
    /// The truth, in files for training: equal values tell of one incident.
    #[serde(default)]
    pub incident: Option<serde_json::Value>,
    /// Tips that are neither right nor wrong beside this one.
    #[serde(default)]
    pub ambiguous_with: Vec<String>,
}

/// What is written for a line.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrialLine {
    /// Its name in the file.
    pub tip: String,
    /// Earlier tips and their scores, best first: those that would be proposed as the same, or where none would be, the
    /// nearest.
    pub candidates: Vec<(String, f32)>,
    /// Whether the first would be proposed as the same.
    pub suggest: bool,
    /// The tier of the first.
    pub tier: &'static str,
    /// The flood it belongs to.
    pub campaign: Option<String>,
}

/// A line that cannot be used. Never repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrialError {
    /// `submitted` does not begin with a day.
    #[error("\"submitted\" is no day of the form YYYY-MM-DD")]
    Day,
    /// Two lines of one name.
    #[error("two lines have the same \"tip\"")]
    Twice,
}

/// Candidates that are written for a tip.
const WRITTEN_MAX: usize = 50;

/// An index that is filled line by line.
pub struct Trial<'a> {
    schools: &'a Schools,
    key: &'a SketchKey,
    index: Index,
    numbers: HashMap<String, TipId>,
    names: HashMap<TipId, String>,
}

impl<'a> Trial<'a> {
    /// Nothing read yet.
    #[must_use]
    pub fn new(schools: &'a Schools, key: &'a SketchKey, weights: Weights) -> Self {
        let (numbers, names) = (HashMap::new(), HashMap::new());
        Self {
            schools,
            key,
            index: Index::new(weights),
            numbers,
            names,
        }
    }

    /// The index as it stands.
    #[must_use]
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// The candidates of the next line among those before it; then takes it in.
    ///
    /// # Errors
    /// [`TrialError`].
    pub fn next(&mut self, tip: &TrialTip) -> Result<Vec<Candidate>, TrialError> {
        let day = tip
            .submitted
            .get(..10)
            .and_then(|day| day.parse::<Day>().ok())
            .ok_or(TrialError::Day)?;
        let id = u128::try_from(self.names.len()).unwrap_or(0).to_be_bytes();
        if self.numbers.insert(tip.tip.clone(), id).is_some() {
            return Err(TrialError::Twice);
        }
        self.names.insert(id, tip.tip.clone());
        let fields = Fields {
            category: tip.category,
            school: &tip.school,
            subject: &tip.subject,
            when: &tip.when,
            title: &tip.title,
            text: &tip.text,
            day,
        };
        let sketch = self
            .index
            .sketch(&Reading::of(&fields, self.schools), self.key);
        let candidates = self.index.candidates(&sketch);
        self.index.add(id, &sketch);
        Ok(candidates)
    }

    /// The name of a tip in the file.
    #[must_use]
    pub fn name(&self, tip: &TipId) -> &str {
        &self.names[tip]
    }

    /// What is written for a line, floods apart: those are known at the end only.
    #[must_use]
    pub fn line(&self, tip: &TrialTip, candidates: &[Candidate]) -> TrialLine {
        let tier = candidates
            .first()
            .map_or(Tier::Unrelated, |candidate| candidate.compared.tier);
        let written = candidates
            .iter()
            .take_while(|candidate| candidate.compared.tier == tier || tier != Tier::Same)
            .take(WRITTEN_MAX);
        TrialLine {
            tip: tip.tip.clone(),
            candidates: written
                .map(|c| (self.name(&c.tip).to_owned(), c.compared.score))
                .collect(),
            suggest: tier == Tier::Same,
            tier: tier.code(),
            campaign: None,
        }
    }

    /// The flood each line belongs to, by its name in the file.
    #[must_use]
    pub fn campaigns(&self) -> HashMap<String, String> {
        let floods = self.index.floods();
        let lines = floods.iter().flat_map(|flood| {
            let name = self.name(&flood.first_tip).to_owned();
            flood
                .tips
                .iter()
                .map(move |tip| (self.name(tip).to_owned(), name.clone()))
        });
        lines.collect()
    }
}

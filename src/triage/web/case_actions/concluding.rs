//! What was found of each subject, and what each reporter is told of it.

use super::CaseForm;
use super::values::Version;
use crate::casework;
use crate::model::{CaseNumber, Conclusion, Finding, Outcome, Viewer};
use crate::office::{Office, OfficeError};
use crate::web::cases::MORE_SUBJECTS;
use serde::{Deserialize, Deserializer};
use std::collections::{BTreeMap, HashMap};

/// The end of an inquiry.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Conclude {
    version: Version,
    answer: String,
    reason: String,
    #[serde(flatten)]
    findings: Findings,
    #[serde(flatten)]
    own_answers: OwnAnswers,
}

impl CaseForm for Conclude {
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError> {
        let conclusion = Conclusion {
            findings: self.findings.0.ok_or(OfficeError::NotPossible)?,
            answer_to_reporter: self.answer,
            own_answers: self.own_answers.0,
            reason: self.reason,
        };
        let version = self.version.shown()?;
        casework::conclude(office, viewer, number, version, conclusion).await
    }
}

/// What was found of the first subject, and of each further one that is named or of which something is said. `None` where the
/// outcome of one is none.
#[derive(Default)]
struct Findings(Option<Vec<Finding>>);

impl Findings {
    fn in_fields(fields: &HashMap<String, String>) -> Self {
        let get = |name: &str, end: &str| {
            let text = fields.get(&format!("{name}{end}"));
            text.map_or("", |text| text.trim())
        };
        let finding = |end: &str| {
            Some(Finding {
                subject: get("subject", end).to_owned(),
                outcome: Outcome::from_code(get("outcome", end))?,
                measures: get("measures", end).to_owned(),
            })
        };
        let further = MORE_SUBJECTS.iter().map(|number| format!("-{number}"));
        let said = |end: &String| ["subject", "measures"].map(|name| get(name, end)) != ["", ""];
        let ends = std::iter::once(String::new()).chain(further.filter(said));
        Self(ends.map(|end| finding(&end)).collect())
    }
}

impl<'de> Deserialize<'de> for Findings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        HashMap::deserialize(deserializer).map(|fields| Self::in_fields(&fields))
    }
}

/// Answers that were written for one reporter each, by number.
#[derive(Default)]
struct OwnAnswers(BTreeMap<CaseNumber, String>);

impl<'de> Deserialize<'de> for OwnAnswers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = HashMap::<String, String>::deserialize(deserializer)?;
        let answers = fields.into_iter().filter_map(|(name, text)| {
            let number = name.strip_prefix("answer-")?;
            let is_given = !text.trim().is_empty();
            is_given.then(|| (CaseNumber(number.to_owned()), text))
        });
        Ok(Self(answers.collect()))
    }
}

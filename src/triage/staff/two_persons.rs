//! What one person does not do alone: the settings under `[second_signature]`.

use mifeng_foundation::settings::Unfit;
use serde::Deserialize;

/// When a second person has to sign, and how long what goes on by itself waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TwoPersons {
    /// Days that a case waits before it goes up by itself, since nobody here may see it or nobody else can sign. The office
    /// above is told meanwhile.
    pub passing_delay_days: u16,
    /// Members from whom the administrator alone may take away access to cases within `within_days`.
    pub members_max: u16,
    /// Cases of which he may take it so, counted once a member; the first member does not count.
    pub cases_max: u32,
    /// The days over which both are counted.
    pub within_days: u16,
    /// Days after which a change of an account that nobody signed falls away.
    pub request_days: u16,
}

impl Default for TwoPersons {
    fn default() -> Self {
        Self {
            passing_delay_days: 3,
            members_max: 2,
            cases_max: 200,
            within_days: 7,
            request_days: 14,
        }
    }
}

impl TwoPersons {
    /// Finds numbers that would make a signature or a delay worth nothing.
    pub fn check(&self, unfit: &mut Unfit) {
        let in_section = |key: &str| format!("second_signature.{key}");
        for (key, number, fits) in [
            (
                "passing_delay_days",
                u64::from(self.passing_delay_days),
                1..=60,
            ),
            ("members_max", u64::from(self.members_max), 1..=1_000),
            ("cases_max", u64::from(self.cases_max), 1..=1_000_000),
            ("within_days", u64::from(self.within_days), 1..=366),
            ("request_days", u64::from(self.request_days), 1..=366),
        ] {
            unfit.within(&in_section(key), number, &fits);
        }
    }
}

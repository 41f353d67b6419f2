//! Escalation: to whom a case is reported that is late, and after how many days.

use serde::Deserialize;

/// The level to which a late deadline is escalated, from the lowest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EscalationLevel {
    /// To nobody: it is in time.
    #[default]
    Nobody,
    /// To the handler.
    Handler,
    /// To the dispatchers.
    Dispatcher,
    /// To the supervisors.
    Supervisor,
    /// To the office above.
    Parent,
}

impl EscalationLevel {
    /// Every level, from the lowest.
    pub const ALL: [Self; 5] = [
        Self::Nobody,
        Self::Handler,
        Self::Dispatcher,
        Self::Supervisor,
        Self::Parent,
    ];

    /// The word in the audit log, and the end of the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Handler => "handler",
            Self::Dispatcher => "dispatcher",
            Self::Supervisor => "supervisor",
            Self::Parent => "parent",
        }
    }

    /// The number stored.
    #[must_use]
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The level with this number.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.number() == number)
    }
}

/// How many days past the due day (0 is the due day itself) a deadline is escalated to each level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationDays {
    /// To the handler.
    pub handler_days: u16,
    /// To the dispatchers.
    pub dispatcher_days: u16,
    /// To the supervisors.
    pub supervisor_days: u16,
    /// To the office above.
    pub parent_days: u16,
}

impl EscalationDays {
    /// The level of a deadline that is `days_late` days past its due day; a negative number stands for days before it.
    #[must_use]
    pub fn escalation_level(&self, days_late: i32) -> EscalationLevel {
        let steps = [
            (self.parent_days, EscalationLevel::Parent),
            (self.supervisor_days, EscalationLevel::Supervisor),
            (self.dispatcher_days, EscalationLevel::Dispatcher),
            (self.handler_days, EscalationLevel::Handler),
        ];
        let reached = steps
            .into_iter()
            .find(|(days, _)| days_late >= i32::from(*days));
        reached.map_or(EscalationLevel::Nobody, |(_, level)| level)
    }
}

//! To whom what is late climbs, and when.

use serde::Deserialize;

/// How far a late clock has climbed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
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

impl Rung {
    /// Every rung, from the lowest.
    pub const ALL: [Self; 5] = [
        Self::Nobody,
        Self::Handler,
        Self::Dispatcher,
        Self::Supervisor,
        Self::Parent,
    ];

    /// The word in the trail, and the end of the key of its name.
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

    /// The rung with this number.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|rung| rung.number() == number)
    }
}

/// Days past the due day (0 is the due day itself) on which a clock climbs to each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Climb {
    /// To the handler.
    pub handler_days: u16,
    /// To the dispatchers.
    pub dispatcher_days: u16,
    /// To the supervisors.
    pub supervisor_days: u16,
    /// To the office above.
    pub parent_days: u16,
}

impl Climb {
    /// How far a clock has climbed that is `days_late` past its due day; negative before it.
    #[must_use]
    pub fn rung(&self, days_late: i32) -> Rung {
        let steps = [
            (self.parent_days, Rung::Parent),
            (self.supervisor_days, Rung::Supervisor),
            (self.dispatcher_days, Rung::Dispatcher),
            (self.handler_days, Rung::Handler),
        ];
        let reached = steps
            .into_iter()
            .find(|(days, _)| days_late >= i32::from(*days));
        reached.map_or(Rung::Nobody, |(_, rung)| rung)
    }
}

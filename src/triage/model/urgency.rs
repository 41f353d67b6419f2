//! How time presses.

/// How time presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// No deadline runs.
    Done,
    /// More than three days left.
    OnTime,
    /// Three days or fewer left.
    Soon,
    /// Past the due day.
    Late,
}

/// Days before the due day at which a case is due soon.
pub const SOON_DAYS: i32 = 3;

impl Urgency {
    /// With so many days left; without any where no deadline runs.
    #[must_use]
    pub fn of(days_left: Option<i32>) -> Self {
        match days_left {
            None => Self::Done,
            Some(left) if left < 0 => Self::Late,
            Some(left) if left <= SOON_DAYS => Self::Soon,
            Some(_) => Self::OnTime,
        }
    }

    /// Every one, the most pressing first.
    pub const ALL: [Self; 4] = [Self::Late, Self::Soon, Self::OnTime, Self::Done];

    /// The one with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// The word for it in style sheets and addresses.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::OnTime => "on-time",
            Self::Soon => "soon",
            Self::Late => "late",
        }
    }
}

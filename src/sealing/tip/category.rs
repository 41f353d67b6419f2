//! What a tip can be about. The finer codes after the six bans of 2015 on paid tutoring
//! (教师〔2015〕5号) and the six of 2014 on gifts; the coarse ones are what a parent chooses from.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

macro_rules! categories {
    ($($(#[$doc:meta])+ $name:ident = $code:literal),+ $(,)?) => {
        /// What a tip is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Category {
            $($(#[$doc])+ #[serde(rename = $code)] $name,)+
        }

        impl Category {
            /// Every category, in the order of the taxonomy.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The code used in the API, in rules and as the key of its name.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

categories! {
    /// Paid tutoring by serving teachers, not said more exactly.
    Tutoring = "tutoring",
    /// Schools organising paid tutoring.
    TutoringSchool = "tutoring-school",
    /// Schools doing it with outside agencies.
    TutoringAgency = "tutoring-agency",
    /// Schools giving premises or pupils' details to agencies.
    TutoringPremises = "tutoring-premises",
    /// Serving teachers organising it or pushing pupils into it.
    TutoringTeacher = "tutoring-teacher",
    /// Serving teachers teaching for an agency or a parents' committee.
    TutoringOutside = "tutoring-outside",
    /// Serving teachers passing on pupils or their details.
    TutoringReferral = "tutoring-referral",
    /// Gifts and money, not said more exactly.
    Gifts = "gifts",
    /// Asking for or taking gifts and money.
    GiftMoney = "gift-money",
    /// Banquets paid by parents.
    GiftBanquet = "gift-banquet",
    /// Trips, fitness and entertainment paid by parents.
    GiftTravel = "gift-travel",
    /// Parents paying a teacher's private costs.
    GiftPrivateCost = "gift-private-cost",
    /// Gain from insurance, study material and the like.
    GiftSales = "gift-sales",
    /// Other gain.
    GiftOther = "gift-other",
    /// Teaching less in class to sell it after class.
    ClassWithheld = "class-withheld",
    /// Physical or mental harm to a child.
    ChildHarm = "child-harm",
    /// Exam and enrolment misconduct.
    ExamEnrolment = "exam-enrolment",
    /// School fees.
    SchoolFees = "school-fees",
    /// The office's own staff or leaders: sealed to the parent office only.
    OfficeStaff = "office-staff",
    /// Anything else.
    Other = "other",
}

impl Category {
    /// The kinds a reporter chooses from; the finer ones are for the API and for staff.
    pub const ON_THE_FORM: [Self; 8] = [
        Self::Tutoring,
        Self::Gifts,
        Self::ClassWithheld,
        Self::ChildHarm,
        Self::ExamEnrolment,
        Self::SchoolFees,
        Self::OfficeStaff,
        Self::Other,
    ];

    /// Whether harm to a child is suspected, which is to be acted on the same day.
    #[must_use]
    pub fn is_urgent(self) -> bool {
        self == Self::ChildHarm
    }

    /// Whether the office itself may not read it.
    #[must_use]
    pub fn is_about_the_office(self) -> bool {
        self == Self::OfficeStaff
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A code that is no category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown category")]
pub struct UnknownCategory;

impl FromStr for Category {
    type Err = UnknownCategory;

    fn from_str(code: &str) -> Result<Self, UnknownCategory> {
        Self::ALL
            .iter()
            .copied()
            .find(|category| category.code() == code)
            .ok_or(UnknownCategory)
    }
}

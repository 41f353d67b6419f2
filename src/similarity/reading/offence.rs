//! What kind of wrong a tip tells of, by the words of the field.

use super::offence_words::WORDS;
use mifeng_names::Folded;
use mifeng_sealing::tip::Category;

/// A kind of wrong: the bit it has in a sketch is its place here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offence {
    /// Paid tutoring.
    Tutoring,
    /// Gifts and money.
    Gifts,
    /// Fees and selling.
    Fees,
    /// Harm to a child by a teacher.
    Harm,
    /// Canteen and meals.
    Food,
    /// Exams and enrolment.
    Enrolment,
    /// Wages and treatment of staff.
    Staff,
    /// Timetable, homework and holidays.
    Timetable,
    /// Sexual misconduct.
    Indecency,
    /// Bullying among pupils.
    Bullying,
    /// Buildings, buses, safety.
    Safety,
}

impl Offence {
    /// Every kind, in the order of their bits.
    pub const ALL: [Self; 11] = [
        Self::Tutoring,
        Self::Gifts,
        Self::Fees,
        Self::Harm,
        Self::Food,
        Self::Enrolment,
        Self::Staff,
        Self::Timetable,
        Self::Indecency,
        Self::Bullying,
        Self::Safety,
    ];

    /// The end of the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Tutoring => "tutoring",
            Self::Gifts => "gifts",
            Self::Fees => "fees",
            Self::Harm => "harm",
            Self::Food => "food",
            Self::Enrolment => "enrolment",
            Self::Staff => "staff",
            Self::Timetable => "timetable",
            Self::Indecency => "indecency",
            Self::Bullying => "bullying",
            Self::Safety => "safety",
        }
    }
}

/// What was read: bits of [`Offence`], and the one that was said most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Offences {
    /// One bit a kind.
    pub bits: u16,
    /// The kind said most, or chosen by the reporter.
    pub main: Option<Offence>,
}

impl Offence {
    fn of_category(category: Category) -> Option<Self> {
        use Category as C;
        match category {
            C::Tutoring
            | C::TutoringSchool
            | C::TutoringAgency
            | C::TutoringPremises
            | C::TutoringTeacher
            | C::TutoringOutside
            | C::TutoringReferral
            | C::ClassWithheld => Some(Self::Tutoring),
            C::Gifts
            | C::GiftMoney
            | C::GiftBanquet
            | C::GiftTravel
            | C::GiftPrivateCost
            | C::GiftSales
            | C::GiftOther => Some(Self::Gifts),
            C::ChildHarm => Some(Self::Harm),
            C::ExamEnrolment => Some(Self::Enrolment),
            C::SchoolFees => Some(Self::Fees),
            C::OfficeStaff | C::Other => None,
        }
    }

    /// Its bit.
    #[must_use]
    pub fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// How much more a reporter's own choice weighs than a word of the text.
const CHOICE_VOTES: usize = 6;

pub(super) fn read(category: Option<Category>, texts: &[&Folded]) -> Offences {
    let chosen = category.and_then(Offence::of_category);
    let mut votes = [0; WORDS.len()];
    for text in texts {
        for (offence, words) in WORDS {
            votes[offence as usize] += words
                .iter()
                .map(|word| text.find(word).count().min(3))
                .sum::<usize>();
        }
    }
    if let Some(chosen) = chosen {
        votes[chosen as usize] += CHOICE_VOTES;
    }
    let mut offences = Offences::default();
    let mut most = 0;
    for (offence, _) in WORDS {
        let said = votes[offence as usize];
        if said > 0 {
            offences.bits |= offence.bit();
        }
        if said > most {
            (most, offences.main) = (said, Some(offence));
        }
    }
    offences
}

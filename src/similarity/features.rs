//! What two sketches have in common and where they conflict, as numbers for the regression.

macro_rules! features {
    ($($(#[$doc:meta])+ $name:ident),+ $(,)?) => {
        /// One thing that is measured between two tips.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Feature {
            $($(#[$doc])+ $name,)+
        }

        impl Feature {
            /// Every feature, in the order of the weights.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its name in the weights' file and as the key of its words on the page.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }
        }
    };
}

features! {
    /// How much they share, whatever their length: logarithm of the shared grams' rarity.
    Evidence,
    /// Cosine of the grams, each weighed by its rarity.
    Cosine,
    /// Share of the lighter text's weight that the other has too.
    Contained,
    /// The same of grams from titles and fields.
    Headline,
    /// The cosine again with every gram's rarity unsquared: how much they share beside the few rarest grams.
    Breadth,
    /// Share of each headline that the other's whole text has, the lesser of the two.
    HeadlineInText,
    /// The same, the greater of the two.
    HeadlineInEither,
    /// Weight of shared grams that hardly any tip has.
    RareShared,
    /// Share of sentences, template ones not counted.
    Sentences,
    /// The whole text is the same.
    SameText,
    /// One school.
    SchoolAgrees,
    /// Two schools, at least one of them on no list.
    SchoolDiffers,
    /// One full name.
    NameAgrees,
    /// One surname, in either script.
    SurnameAgrees,
    /// Two surnames.
    SurnameDiffers,
    /// One subject taught.
    SubjectAgrees,
    /// Two subjects taught.
    SubjectDiffers,
    /// One kind of wrong.
    OffenceAgrees,
    /// Kinds that overlap, not the main one.
    OffenceOverlaps,
    /// Two kinds of wrong.
    OffenceDiffers,
    /// One venue of lessons.
    VenueAgrees,
    /// Two venues.
    VenueDiffers,
    /// One kind of gift.
    GiftAgrees,
    /// Two kinds of gift.
    GiftDiffers,
    /// One exact sum.
    SumAgrees,
    /// A vague sum that fits.
    SumFits,
    /// Two sums.
    SumDiffers,
    /// One day named.
    DayAgrees,
    /// Days named that lie weeks apart.
    DayDiffers,
    /// One holiday or time of the week.
    SeasonAgrees,
    /// One grade.
    GradeAgrees,
    /// Two grades.
    GradeDiffers,
    /// One contact.
    ContactAgrees,
    /// Places or bodies of no list that both name.
    PlacesAgree,
    /// Both name some, none is the same.
    PlacesDiffer,
    /// Both headlines name some, and neither text has the other's.
    HeadlinePlacesDiffer,
    /// What citizens write about, each kind by its rarity: the share that both have.
    MattersAgree,
    /// Both are about some kind, none is the same.
    MattersDiffer,
    /// Headlines about what the other text does not speak of.
    HeadlineMattersDiffer,
    /// Time between the tips: of a day more the less, the longer it is.
    Gap,
    /// Time between the tips in half years, two at most.
    GapHalfYears,
    /// At most a week between them.
    WithinWeek,
    /// At most a month between them.
    WithinMonth,
    /// One in Latin letters, one in Chinese.
    TwoScripts,
    /// The same, and one school and person: words, and kinds of wrong by their words, say little across languages.
    TwoScriptsAndPerson,
    /// The same, and one school and exact sum.
    TwoScriptsAndSum,
    /// The same, and two kinds of wrong.
    TwoScriptsAndOffences,
    /// Both schools are on the list: a regression of its own, since the same school is then no news by itself.
    Listed,
    /// One school and one person.
    SchoolAndPerson,
    /// One school and one kind of wrong, and nobody is named by one side at least.
    SchoolAndOffence,
    /// One school, one person and one kind of wrong.
    AllThree,
    /// One school and one exact sum.
    SchoolAndSum,
    /// How much nearer, or less near, the tips that are the same as either make the two, as logarithm of odds.
    Company,
    /// The same where it makes them nearer.
    CompanyNearer,
    /// The same, by the time between the two: mates of long ago say something else than those of these days.
    CompanyAndGap,
}

/// Ends of names of what agrees, and of what differs.
const FOR: [&str; 4] = ["Agrees", "Agree", "Fits", "Overlaps"];
const AGAINST: [&str; 2] = ["Differs", "Differ"];

/// Which way a feature may speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaks {
    /// What agrees never speaks against.
    For,
    /// What differs never speaks for.
    Against,
    /// As the examples have it.
    Either,
}

impl Feature {
    /// Which way it may speak. Each is told to a reader as a reason, so it must be one: that two tips name the same
    /// subject may say little, but not that they are two.
    #[must_use]
    pub fn speaks(self) -> Speaks {
        let name = self.name();
        let is_for = self == Self::SameText || self == Self::Sentences || self == Self::AllThree;
        if is_for || name.starts_with("SchoolAnd") || FOR.iter().any(|end| name.ends_with(end)) {
            Speaks::For
        } else if AGAINST.iter().any(|end| name.ends_with(end)) {
            Speaks::Against
        } else {
            Speaks::Either
        }
    }

    /// What the others near two tips say of them: no fact of the two.
    pub const COMPANY: [Self; 3] = [Self::Company, Self::CompanyNearer, Self::CompanyAndGap];
}

/// How many features there are.
pub const COUNT: usize = Feature::ALL.len();

/// The value of each feature, by its place in [`Feature::ALL`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Features(pub [f32; COUNT]);

impl Features {
    /// The value of one.
    #[must_use]
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    pub(super) fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }
}

impl Default for Features {
    fn default() -> Self {
        Self([0.0; COUNT])
    }
}

/// A fact that keeps two tips from ever being proposed as the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Veto {
    /// Two schools of the office's list.
    Schools,
    /// Two full names.
    Names,
    /// One text about two places.
    Places,
}

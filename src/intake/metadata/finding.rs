//! What was found in a file, and what became of it.

use std::collections::BTreeMap;

/// What a piece of metadata tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// Where: coordinates, a place's name.
    Position,
    /// With what: make, model, serial number, the camera's own notes.
    Device,
    /// Who: author, owner, copyright, account.
    Author,
    /// Which program.
    Software,
    /// When.
    Date,
    /// A small copy of the picture, perhaps of an earlier state.
    Thumbnail,
    /// A title, a description, a comment, keywords.
    Comment,
    /// Earlier versions, or marks that link versions of a file.
    History,
    /// Something a viewer does not show: data behind the end, files within the file.
    Hidden,
    /// Metadata of a kind that is not known here.
    Other,
}

impl What {
    /// The name used in keys of words and by the script in the page.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Position => "position",
            Self::Device => "device",
            Self::Author => "author",
            Self::Software => "software",
            Self::Date => "date",
            Self::Thumbnail => "thumbnail",
            Self::Comment => "comment",
            Self::History => "history",
            Self::Hidden => "hidden",
            Self::Other => "other",
        }
    }
}

/// One kind of thing that was found, and whether all of it is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it tells.
    pub what: What,
    /// False where some of it is still in the file.
    pub removed: bool,
}

/// Why something may still be in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Nothing is ever taken out of files of this kind (audio, video, old Office files).
    Kind,
    /// Larger than [`super::WHOLE_LIMIT_BYTES`], and of a kind that must be held whole.
    TooLarge,
    /// Cut short or not as its kind must be.
    Damaged,
    /// Under a password.
    Encrypted,
    /// Signed: any change would break the signature.
    Signed,
    /// Holds earlier versions of itself.
    EarlierVersions,
    /// Holds other files.
    Embedded,
    /// Unpacks to far more than it should.
    Bomb,
    /// Built in a way that cannot be changed safely.
    Structure,
}

impl Reason {
    /// The name used in keys of words.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::TooLarge => "too-large",
            Self::Damaged => "damaged",
            Self::Encrypted => "encrypted",
            Self::Signed => "signed",
            Self::EarlierVersions => "earlier-versions",
            Self::Embedded => "embedded",
            Self::Bomb => "bomb",
            Self::Structure => "structure",
        }
    }
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Something was found and all of it is gone.
    Cleaned,
    /// There was nothing.
    NothingFound,
    /// Something is, or may be, still in the file.
    CouldNot(Reason),
}

/// What was found in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Each kind of finding once, in the order of [`What`].
    pub found: Vec<Finding>,
    /// How it ended.
    pub outcome: Outcome,
}

/// Collects findings while a file passes.
#[derive(Debug, Default)]
pub(super) struct Findings {
    found: BTreeMap<What, bool>,
    reason: Option<Reason>,
}

impl Findings {
    /// Found, and taken out.
    pub fn removed(&mut self, what: What) {
        self.found.entry(what).or_insert(true);
    }

    /// Found, and left where it is.
    pub fn left(&mut self, what: What, reason: Reason) {
        self.found.insert(what, false);
        self.could_not(reason);
    }

    /// There may be something that was not looked at. The first reason stands.
    pub fn could_not(&mut self, reason: Reason) {
        self.reason.get_or_insert(reason);
    }

    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Takes over what was found in a part of the file.
    pub fn absorb(&mut self, part: Self) {
        for (what, removed) in part.found {
            *self.found.entry(what).or_insert(true) &= removed;
        }
        if let Some(reason) = part.reason {
            self.could_not(reason);
        }
    }

    /// Nothing found so far was taken out after all.
    pub fn undone(mut self, reason: Reason) -> Self {
        self.found.values_mut().for_each(|removed| *removed = false);
        self.reason = Some(reason);
        self
    }

    pub fn report(self) -> Report {
        let outcome = match self.reason {
            Some(reason) => Outcome::CouldNot(reason),
            None if self.found.is_empty() => Outcome::NothingFound,
            None => Outcome::Cleaned,
        };
        let pairs = self.found.into_iter();
        let found = pairs
            .map(|(what, removed)| Finding { what, removed })
            .collect();
        Report { found, outcome }
    }
}

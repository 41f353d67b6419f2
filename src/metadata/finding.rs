//! What was found in a file, and what became of it. That a file is clean can only be said of one whose every byte was
//! accounted for: [`Outcome::Cleaned`] and [`Outcome::NothingFound`] come from an [`Accounted`], and from nothing else.

use super::account::Accounted;
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
    /// A place on a computer: folders and file names, which often name a person.
    Path,
    /// Text that was deleted while changes were tracked.
    Deleted,
    /// Notes of reviewers.
    Annotation,
    /// Something that could not be looked into.
    Unchecked,
    /// Metadata of a kind that is not known here.
    Other,
    /// A label that says where the picture comes from: made by a machine (`AIGC` of GB 45438), or its provenance (C2PA).
    Origin,
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
            Self::Path => "path",
            Self::Deleted => "deleted",
            Self::Annotation => "annotation",
            Self::Unchecked => "unchecked",
            Self::Other => "other",
            Self::Origin => "origin",
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
    /// Some of it was read by nobody who knows what it is for.
    Unchecked,
    /// Holds deleted text, notes or hidden parts, which may be what its sender wants to say: they stay.
    Reviewable,
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
            Self::Unchecked => "unchecked",
            Self::Reviewable => "reviewable",
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

/// What was found in one file. Made by the readers of this room only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Each kind of finding once, in the order of [`What`].
    pub found: Vec<Finding>,
    /// How it ended.
    pub outcome: Outcome,
    /// How many bytes were accounted for; none where the outcome is [`Outcome::CouldNot`].
    accounted_bytes: Option<u64>,
}

impl Report {
    /// Length of the file as it came, where each of its bytes was accounted for.
    #[must_use]
    pub fn accounted_bytes(&self) -> Option<u64> {
        self.accounted_bytes
    }

    /// Whether a label of its origin was found, taken out or not.
    #[must_use]
    pub fn has_origin(&self) -> bool {
        let mut found = self.found.iter();
        found.any(|finding| finding.what == What::Origin)
    }
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

    /// Takes over what was found in a part of the file by a reader without an account of its own.
    pub fn merge(&mut self, part: Self) {
        for (what, removed) in part.found {
            *self.found.entry(what).or_insert(true) &= removed;
        }
        if let Some(reason) = part.reason {
            self.could_not(reason);
        }
    }

    /// Takes over what was found in a part of the file.
    pub fn absorb(&mut self, part: Verdict) {
        for (what, removed) in part.found {
            *self.found.entry(what).or_insert(true) &= removed;
        }
        if let Err(reason) = part.accounted {
            self.could_not(reason);
        }
    }

    /// Nothing found so far was taken out after all.
    pub fn undone(mut self, reason: Reason) -> Self {
        self.found.values_mut().for_each(|removed| *removed = false);
        self.reason = Some(reason);
        self
    }

    /// How it ended. A reader that met something it could not look into has no use for its account.
    pub fn settle(self, accounted: Result<Accounted, Reason>) -> Verdict {
        Verdict {
            found: self.found,
            accounted: self.reason.map_or(accounted, Err),
        }
    }
}

/// What was found in a file or in a part of one, with the proof that all of it was looked at, or the reason why not.
#[derive(Debug)]
pub(super) struct Verdict {
    found: BTreeMap<What, bool>,
    accounted: Result<Accounted, Reason>,
}

impl Verdict {
    /// In words for those outside.
    pub fn report(self) -> Report {
        let outcome = match self.accounted {
            Err(reason) => Outcome::CouldNot(reason),
            Ok(_) if self.found.is_empty() => Outcome::NothingFound,
            Ok(_) => Outcome::Cleaned,
        };
        let pairs = self.found.into_iter();
        let found = pairs
            .map(|(what, removed)| Finding { what, removed })
            .collect();
        Report {
            found,
            outcome,
            accounted_bytes: self.accounted.ok().map(Accounted::bytes),
        }
    }
}

//! Shows what reporters send without letting it near anything: a file is drawn into plain pixels by a process of its own,
//! which can read its input, write its output and ask for memory, and nothing else: no file, no network, no other
//! process. What comes back is counted and is pixels; the PNG the staff sees is written here, from these pixels.
//!
//! The process is this program started anew (`--render`), before it reads any setting; see [`child`].

pub mod child;
mod draw;
mod limits;
mod parent;
mod sandbox;
mod wire;

pub use limits::Limits;
pub use parent::{Drawing, RenderError, Renderer};

/// What can be drawn. HEIC cannot (its decoder is not to be had without C), nor can anything else: download only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Drawable {
    /// Photo.
    Jpeg,
    /// Picture.
    Png,
    /// Picture, the first of a moving one.
    Webp,
    /// Document.
    Pdf,
}

impl Drawable {
    const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Webp, Self::Pdf];

    /// What a file of this media type is drawn as; `None` for download only.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        Some(match media_type {
            "image/jpeg" => Self::Jpeg,
            "image/png" => Self::Png,
            "image/webp" => Self::Webp,
            "application/pdf" => Self::Pdf,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "jpeg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Pdf => "pdf",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

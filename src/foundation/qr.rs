//! A QR code as the path of an inline picture.

use qrcode::{Color, EcLevel, QrCode};
use std::fmt::Write as _;

/// Modules of white around a code: the standard asks for four.
const QUIET_MODULES: usize = 4;

/// A code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// Width and height of the picture, in modules, the white around it included.
    pub side: usize,
    /// What is dark, as the data of an SVG path.
    pub path: String,
}

impl Qr {
    /// The code of `text`, readable with a quarter of it covered; `None` for text that no code holds.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::Q).ok()?;
        let width = code.width();
        let mut path = String::new();
        for (at, color) in code.to_colors().into_iter().enumerate() {
            if color == Color::Dark {
                let (x, y) = (at % width + QUIET_MODULES, at / width + QUIET_MODULES);
                // Writing into a string does not fail.
                let _ = write!(path, "M{x} {y}h1v1h-1z");
            }
        }
        Some(Self {
            side: width + 2 * QUIET_MODULES,
            path,
        })
    }
}

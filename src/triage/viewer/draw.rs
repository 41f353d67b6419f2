//! Decoding, in the confined process.

use super::Drawable;
use super::limits::Limits;
use super::wire::{LETTERS, Refusal, SKIPPED, write_end, write_page, write_refusal, write_word};
use hayro::hayro_interpret::font::{FontData, FontQuery};
use hayro::hayro_interpret::{InterpreterSettings, InterpreterWarning};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader};
use std::fs::File;
use std::io::{self, Cursor, Read as _, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

/// Where simplified Chinese is in the font collection.
const CHINESE: u32 = 2;

/// Draws one picture, the way up its file says.
pub(super) fn picture(
    kind: Drawable,
    file: &[u8],
    limits: &Limits,
    out: &mut impl Write,
) -> io::Result<()> {
    match decode(kind, file, limits) {
        Ok(picture) => {
            let picture = picture.into_rgb8();
            write_page(out, picture.width(), picture.height(), &picture)?;
            write_end(out, 1)
        }
        Err(refusal) => write_refusal(out, refusal),
    }
}

fn decode(kind: Drawable, file: &[u8], limits: &Limits) -> Result<DynamicImage, Refusal> {
    let format = match kind {
        Drawable::Jpeg => ImageFormat::Jpeg,
        Drawable::Png => ImageFormat::Png,
        Drawable::Webp => ImageFormat::WebP,
        Drawable::Pdf => return Err(Refusal::Damaged),
    };
    let refusal = |error: ImageError| match error {
        ImageError::Limits(_) => Refusal::TooLarge,
        _ => Refusal::Damaged,
    };
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut bounds = image::Limits::default();
    bounds.max_alloc = Some(limits.memory_bytes / 2);
    reader.limits(bounds);
    let mut decoder = reader.into_decoder().map_err(refusal)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > limits.pixels {
        return Err(Refusal::TooLarge);
    }
    let orientation = decoder.orientation().map_err(refusal)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    picture.apply_orientation(orientation);
    Ok(on_white(picture))
}

/// Pixels that can be seen through are shown on white.
fn on_white(picture: DynamicImage) -> DynamicImage {
    if !picture.color().has_alpha() {
        return picture;
    }
    let mut picture = picture.into_rgba8();
    for pixel in picture.pixels_mut() {
        let alpha = u16::from(pixel[3]);
        for channel in &mut pixel.0[..3] {
            let mixed = (u16::from(*channel) * alpha + 255 * (255 - alpha) + 127) / 255;
            *channel = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    DynamicImage::from(picture)
}

/// Draws the pages of a document.
pub(super) fn document(
    file: Vec<u8>,
    font: Option<File>,
    limits: &Limits,
    out: &mut impl Write,
) -> io::Result<()> {
    let document = match Pdf::new(file) {
        Ok(document) => document,
        Err(LoadPdfError::Decryption(_)) => return write_refusal(out, Refusal::Encrypted),
        Err(LoadPdfError::Invalid) => return write_refusal(out, Refusal::Damaged),
    };
    let lacks_letters = Arc::new(AtomicBool::new(false));
    let settings = settings(font, &lacks_letters);
    let cache = RenderCache::new();
    let pages = document.pages();
    let most = usize::try_from(limits.pages).unwrap_or(usize::MAX);
    let mut drawn = 0;
    for page in pages.iter().take(most) {
        // A page that breaks the one who draws it is left out by itself.
        let pixels = catch_unwind(AssertUnwindSafe(|| {
            let scale = scale(page, limits)?;
            Some(render_page(page, &cache, &settings, scale))
        }));
        match pixels {
            Ok(Some((width, height, rgb))) => {
                write_page(out, width, height, &rgb)?;
                drawn += 1;
            }
            _ => write_word(out, SKIPPED)?,
        }
    }
    if drawn == 0 && !pages.is_empty() {
        return write_refusal(out, Refusal::Damaged);
    }
    if lacks_letters.load(Ordering::Relaxed) {
        write_word(out, LETTERS)?;
    }
    write_end(out, u32::try_from(pages.len()).unwrap_or(u32::MAX))
}

/// A page's width, height and pixels.
fn render_page<'a>(
    page: &'a Page<'a>,
    cache: &RenderCache<'a>,
    settings: &InterpreterSettings,
    scale: f32,
) -> (u32, u32, Vec<u8>) {
    let settings_here = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let how = RenderSettings::default();
    let drawing = render(page, cache, settings, &how, &settings_here);
    let (width, height) = (u32::from(drawing.width()), u32::from(drawing.height()));
    // On a white ground nothing is left to see through.
    let rgb = drawing
        .data_as_u8_slice()
        .chunks_exact(4)
        .flat_map(|pixel| &pixel[..3])
        .copied()
        .collect();
    (width, height, rgb)
}

/// What brings the longer side of a page to the size wanted; `None` for a page without one.
fn scale(page: &Page<'_>, limits: &Limits) -> Option<f32> {
    let (width, height) = page.render_dimensions();
    let side = width.max(height);
    let scale = f32::from(limits.page_side) / side;
    // The shorter side must have a pixel too.
    (scale.is_finite() && width.min(height) * scale >= 1.0).then_some(scale)
}

/// Letters a document does not bring come from the font at hand, or from those built in.
fn settings(font: Option<File>, lacks_letters: &Arc<AtomicBool>) -> InterpreterSettings {
    let loaded: OnceLock<Option<FontData>> = OnceLock::new();
    let chinese = move || {
        let load = || {
            let mut bytes = Vec::new();
            let mut file = font.as_ref()?;
            file.read_to_end(&mut bytes).ok()?;
            Some(Arc::new(bytes) as FontData)
        };
        loaded.get_or_init(load).clone()
    };
    let no_font = lacks_letters.clone();
    let broken_font = lacks_letters.clone();
    InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::UnsupportedFont) {
                broken_font.store(true, Ordering::Relaxed);
            }
        }),
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(font) => {
                let is_collection = font.character_collection.is_some();
                let wanted = is_collection.then(&chinese).flatten();
                if is_collection && wanted.is_none() {
                    no_font.store(true, Ordering::Relaxed);
                }
                let built_in = || font.pick_standard_font().get_font_data();
                Some(wanted.map_or_else(built_in, |font| (font, CHINESE)))
            }
        }),
        ..Default::default()
    }
}

//! Decoding, in the confined process.

use super::Drawable;
use super::limits::Limits;
use super::wire::{Refusal, write_end, write_page, write_refusal};
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_interpret::font::{FontData, FontQuery};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};
use image::{DynamicImage, ImageDecoder as _, ImageError, ImageFormat, ImageReader};
use std::fs::File;
use std::io::{self, Cursor, Read as _, Write};
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
    let (settings, cache) = (settings(font), RenderCache::new());
    let pages = document.pages();
    let drawn = usize::try_from(limits.pages).unwrap_or(usize::MAX);
    for page in pages.iter().take(drawn) {
        let Some(scale) = scale(page, limits) else {
            return write_refusal(out, Refusal::Damaged);
        };
        let settings_here = PixmapSettings {
            x_scale: scale,
            y_scale: scale,
            bg_color: WHITE,
        };
        let drawing = render(
            page,
            &cache,
            &settings,
            &RenderSettings::default(),
            &settings_here,
        );
        let (width, height) = (u32::from(drawing.width()), u32::from(drawing.height()));
        // On a white ground nothing is left to see through.
        let rgb: Vec<u8> = drawing
            .data_as_u8_slice()
            .chunks_exact(4)
            .flat_map(|pixel| &pixel[..3])
            .copied()
            .collect();
        write_page(out, width, height, &rgb)?;
    }
    write_end(out, u32::try_from(pages.len()).unwrap_or(u32::MAX))
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
fn settings(font: Option<File>) -> InterpreterSettings {
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
    InterpreterSettings {
        font_resolver: Arc::new(move |query| match query {
            FontQuery::Standard(font) => Some(font.get_font_data()),
            FontQuery::Fallback(font) => {
                let wanted = font.character_collection.as_ref().and_then(|_| chinese());
                let built_in = || font.pick_standard_font().get_font_data();
                Some(wanted.map_or_else(built_in, |font| (font, CHINESE)))
            }
        }),
        ..Default::default()
    }
}

//! Whatever a file does to its decoder, or a broken decoder says, stays in there.

use super::{limits, renderer};
use image::{ImageFormat, RgbImage};
use mifeng_triage::viewer::{Drawable, Drawing, Limits, RenderError, Renderer};
use std::io::{Cursor, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;
use tempfile::TempDir;
use tokio::time::Instant;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::new(width, height)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("encodes");
    bytes.into_inner()
}

/// A PNG whose head says `width` by `height`, and which ends soon after.
fn promise(width: u32, height: u32) -> Vec<u8> {
    let mut file = png(1, 1);
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let mut sum = flate2::Crc::new();
    sum.update(&file[12..29]);
    file[29..33].copy_from_slice(&sum.sum().to_be_bytes());
    file
}

async fn render(kind: Drawable, file: &[u8], limits: Limits) -> Result<Drawing, RenderError> {
    let renderer = renderer();
    let drawn = renderer.render(kind, file, limits).await;
    // Whatever happened, the next file is drawn.
    let after = renderer
        .render(Drawable::Png, &png(2, 2), super::limits())
        .await;
    assert!(after.is_ok(), "{after:?}");
    drawn
}

#[tokio::test]
async fn the_process_can_open_nothing_and_start_nothing() {
    assert!(renderer().is_confined().await.expect("it runs"));
}

#[tokio::test]
async fn a_process_that_is_not_confined_is_noticed() {
    let (_folder, program) = script("printf 'T\\001'");
    assert!(!Renderer::new(program).is_confined().await.expect("it runs"));
}

#[tokio::test]
async fn a_picture_of_a_hundred_million_pixels_is_refused_before_it_is_decoded() {
    for (width, height) in [(10_000, 10_000), (60_000, 60_000), (u32::MAX >> 1, 2)] {
        let begun = Instant::now();
        let drawn = render(Drawable::Png, &promise(width, height), limits()).await;
        assert!(matches!(drawn, Err(RenderError::TooLarge)), "{drawn:?}");
        assert!(begun.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn a_file_that_unpacks_without_end_runs_into_its_bounds() {
    // A page whose content unpacks to 280 MB of drawing.
    let mut zlib = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    let line = b"0 0 m 9 9 l S ".repeat(100_000);
    for _ in 0..200 {
        zlib.write_all(&line).expect("packs");
    }
    let packed = zlib.finish().expect("packs");
    let head = format!(
        "%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n\
         3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >> endobj\n\
         4 0 obj << /Filter /FlateDecode /Length {} >>\nstream\n",
        packed.len()
    );
    let file = [
        head.as_bytes(),
        &packed,
        b"\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n",
    ]
    .concat();
    let bounds = Limits {
        cpu_s: 2,
        ..limits()
    };
    let drawn = render(Drawable::Pdf, &file, bounds).await;
    assert!(
        matches!(drawn, Err(RenderError::Time | RenderError::Broke)),
        "{drawn:?}"
    );
}

#[tokio::test]
async fn a_decoder_without_memory_dies_alone() {
    let bounds = Limits {
        memory_bytes: 96 << 20,
        // Of time there is enough, however busy the machine.
        cpu_s: 60,
        wall: Duration::from_mins(2),
        ..limits()
    };
    let drawn = render(Drawable::Png, &png(9000, 6000), bounds).await;
    assert!(
        matches!(drawn, Err(RenderError::Broke | RenderError::TooLarge)),
        "{drawn:?}"
    );
}

#[tokio::test]
async fn what_is_no_picture_is_told() {
    for kind in [Drawable::Jpeg, Drawable::Png, Drawable::Webp, Drawable::Pdf] {
        for file in [b"".as_slice(), b"no picture", &png(4, 4)[..40]] {
            let drawn = render(kind, file, limits()).await;
            assert!(
                matches!(drawn, Err(RenderError::Damaged)),
                "{kind:?} {drawn:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_file_that_is_too_long_is_not_even_sent() {
    let bounds = Limits {
        input_bytes: 100,
        ..limits()
    };
    let drawn = render(Drawable::Png, &[0; 101], bounds).await;
    assert!(matches!(drawn, Err(RenderError::TooLarge)));
}

/// A program in place of the drawing process, as one that was taken over by a file would behave.
fn script(body: &str) -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("taken-over");
    std::fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("writes");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).expect("sets");
    (folder, path)
}

async fn taken_over(body: &str) -> Result<Drawing, RenderError> {
    let (_folder, program) = script(body);
    let bounds = Limits {
        wall: Duration::from_secs(2),
        ..limits()
    };
    Renderer::new(program)
        .render(Drawable::Png, &png(300, 300), bounds)
        .await
}

#[tokio::test]
async fn a_process_that_never_ends_is_killed() {
    let begun = Instant::now();
    for body in ["exec /bin/sleep 600", "while :; do :; done"] {
        let drawn = taken_over(body).await;
        assert!(matches!(drawn, Err(RenderError::Time)), "{body}: {drawn:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(30));
}

#[tokio::test]
async fn nothing_a_process_says_is_believed() {
    let bodies = [
        // Nothing, rubbish, a page that is cut short, one without pixels, one with more than may be.
        "exit 0",
        "kill -SEGV $$",
        "printf 'hello'",
        "printf 'P\\000\\000\\000\\002\\000\\000\\000\\002abc'",
        "printf 'P\\000\\000\\000\\000\\000\\000\\000\\002'",
        "printf 'P\\377\\377\\377\\377\\377\\377\\377\\377'",
        "printf 'Rz'",
        // Pages without end.
        "while :; do printf 'P\\000\\000\\000\\001\\000\\000\\000\\001abc'; done",
    ];
    for body in bodies {
        let drawn = taken_over(body).await;
        assert!(
            matches!(drawn, Err(RenderError::Broke)),
            "{body}: {drawn:?}"
        );
    }
    let missing = Renderer::new("/nonexistent".into());
    let drawn = missing.render(Drawable::Png, b"", limits()).await;
    assert!(matches!(drawn, Err(RenderError::Start(_))));
}

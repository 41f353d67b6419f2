//! What is drawn is what was sent.

use super::{limits, renderer};
use image::{DynamicImage, ImageEncoder as _, ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};
use mifeng_triage::viewer::{Drawable, Limits, RenderError};
use std::fmt::Write as _;
use std::io::Cursor;

fn picture() -> RgbImage {
    RgbImage::from_fn(321, 123, |x, y| {
        Rgb([x, y * 2, x ^ y].map(|value| value.to_le_bytes()[0]))
    })
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

fn decoded(png: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(png, ImageFormat::Png)
        .expect("a PNG")
        .into_rgb8()
}

/// The names of a PNG's chunks.
fn chunks(png: &[u8]) -> Vec<String> {
    let (mut at, mut names) = (8, Vec::new());
    while at < png.len() {
        let size = u32::from_be_bytes(png[at..at + 4].try_into().expect("four bytes")) as usize;
        names.push(String::from_utf8_lossy(&png[at + 4..at + 8]).into_owned());
        at += 12 + size;
    }
    names.dedup();
    names
}

#[tokio::test]
async fn pictures_come_back_as_the_same_pixels() {
    for (kind, format) in [
        (Drawable::Jpeg, ImageFormat::Jpeg),
        (Drawable::Png, ImageFormat::Png),
        (Drawable::Webp, ImageFormat::WebP),
    ] {
        let file = encoded(&picture().into(), format);
        let expected = image::load_from_memory_with_format(&file, format)
            .expect("decodes")
            .into_rgb8();
        let drawing = renderer()
            .render(kind, &file, limits())
            .await
            .expect("draws");
        assert_eq!((drawing.pages.len(), drawing.pages_total), (1, 1));
        assert!(decoded(&drawing.pages[0]) == expected, "{kind:?}");
        assert_eq!(chunks(&drawing.pages[0]), ["IHDR", "IDAT", "IEND"]);
    }
}

#[tokio::test]
async fn pictures_stand_the_right_way_up() {
    let (mut file, picture) = (Vec::new(), picture());
    let mut encoder = image::codecs::png::PngEncoder::new(&mut file);
    let turned = *b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    encoder
        .set_exif_metadata(turned.to_vec())
        .expect("takes EXIF");
    encoder
        .write_image(
            &picture,
            picture.width(),
            picture.height(),
            image::ExtendedColorType::Rgb8,
        )
        .expect("encodes");
    let drawing = renderer()
        .render(Drawable::Png, &file, limits())
        .await
        .expect("draws");
    assert!(decoded(&drawing.pages[0]) == image::imageops::rotate90(&picture));
}

#[tokio::test]
async fn what_can_be_seen_through_is_shown_on_white() {
    let glass = RgbaImage::from_pixel(8, 8, Rgba([0, 0, 0, 0]));
    let file = encoded(&glass.into(), ImageFormat::Png);
    let drawing = renderer()
        .render(Drawable::Png, &file, limits())
        .await
        .expect("draws");
    assert!(
        decoded(&drawing.pages[0])
            .pixels()
            .all(|pixel| *pixel == Rgb([255; 3]))
    );
}

/// A document of `pages` pages, each with a black square and words in the fonts given.
fn document(pages: usize, words: &str) -> Vec<u8> {
    let first = 6;
    let kids: Vec<_> = (0..pages)
        .map(|page| format!("{} 0 R", first + page))
        .collect();
    let content = format!("0 g 20 20 50 50 re f BT /F 24 Tf 20 150 Td {words} Tj ET");
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {pages} >>", kids.join(" ")),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [5 0 R] >>"
            .to_owned(),
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) \
         /Supplement 2 >> /FontDescriptor << /Type /FontDescriptor /FontName /STSong-Light /Flags 6 >> >>"
            .to_owned(),
    ];
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 3 0 R /Resources << /Font << /F 4 0 R >> >> >>";
    objects.extend((0..pages).map(|_| page.to_owned()));
    let (mut file, mut table) = (
        String::from("%PDF-1.4\n"),
        String::from("0000000000 65535 f \n"),
    );
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", file.len()).expect("writes");
        writeln!(file, "{} 0 obj\n{object}\nendobj", index + 1).expect("writes");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    writeln!(
        file,
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF"
    )
    .expect("writes");
    file.into_bytes()
}

#[tokio::test]
async fn documents_are_drawn_page_by_page_with_chinese_letters() {
    let small = Limits {
        page_side: 400,
        pages: 2,
        ..limits()
    };
    // 密封, in a font the document names and does not bring.
    let file = document(3, "<5BC65C01>");
    let drawing = renderer()
        .render(Drawable::Pdf, &file, small)
        .await
        .expect("draws");
    assert_eq!((drawing.pages.len(), drawing.pages_total), (2, 3));
    let page = decoded(&drawing.pages[0]);
    assert_eq!(page.dimensions(), (400, 400));
    // Twice the size, and from the top: the square is where it was.
    assert_eq!(*page.get_pixel(90, 310), Rgb([0; 3]));
    assert_eq!(*page.get_pixel(390, 10), Rgb([255; 3]));
    let dark = |x: u32, y: u32, width: u32| {
        let part = image::imageops::crop_imm(&page, x, y, width, 60).to_image();
        part.pixels().filter(|pixel| pixel[0] < 128).count()
    };
    // Each letter covers a part of its square, as letters do.
    for x in [40, 88] {
        let covered = dark(x, 50, 48);
        assert!((200..2000).contains(&covered), "letter at {x}: {covered}");
    }
}

#[tokio::test]
async fn a_document_under_a_password_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (from, to) = (folder.path().join("a.pdf"), folder.path().join("b.pdf"));
    std::fs::write(&from, document(1, "(a)")).expect("writes");
    let mut command = std::process::Command::new("qpdf");
    command
        .args(["--encrypt", "secret", "owner", "256", "--"])
        .arg(from)
        .arg(&to);
    assert!(command.status().expect("qpdf runs").success());
    let file = std::fs::read(to).expect("reads");
    let drawn = renderer().render(Drawable::Pdf, &file, limits()).await;
    assert!(matches!(drawn, Err(RenderError::Encrypted)), "{drawn:?}");
}

fn case(name: &str) -> Vec<u8> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/cases");
    std::fs::read(folder.join(name)).expect("a sample")
}

#[tokio::test]
async fn letters_of_a_font_that_is_named_only_are_drawn_or_said_to_be_missing() {
    let file = case("p05_stsong_not_embedded.pdf");
    let drawing = renderer().render(Drawable::Pdf, &file, limits()).await;
    let drawing = drawing.expect("draws");
    assert!(!drawing.lacks_letters);
    let dark = |page: &[u8]| decoded(page).pixels().filter(|it| it[0] < 128).count();
    assert!(dark(&drawing.pages[0]) > 1000);
    // The same on a machine without the font.
    let bare = renderer().with_font(None);
    let drawing = bare.render(Drawable::Pdf, &file, limits()).await;
    assert!(drawing.expect("draws").lacks_letters);
}

/// Pages of these sizes, each with a square.
fn sized(sizes: &[(u32, u32)]) -> Vec<u8> {
    let kids: Vec<_> = (0..sizes.len())
        .map(|page| format!("{} 0 R", page + 4))
        .collect();
    let mut file = format!(
        "%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [{}] /Count {} >> endobj\n\
         3 0 obj << /Length 14 >>\nstream\n0 0 5 5 re f  \nendstream endobj\n",
        kids.join(" "),
        sizes.len(),
    );
    for (at, (width, height)) in sizes.iter().enumerate() {
        writeln!(
            file,
            "{} 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 3 0 R >> endobj",
            at + 4
        )
        .expect("writes");
    }
    file.push_str("trailer << /Root 1 0 R >>\n%%EOF\n");
    file.into_bytes()
}

#[tokio::test]
async fn a_page_that_cannot_be_drawn_stops_no_other() {
    let file = case("p06_huge_page.pdf");
    let drawn = renderer().render(Drawable::Pdf, &file, limits()).await;
    assert_eq!(drawn.expect("draws").pages.len(), 1);
    // Each place for the page that is too long for its width, among three.
    for at in 0..3 {
        let mut sizes = [(200, 300); 3];
        sizes[at] = (2, 2_000_000);
        let drawn = renderer()
            .render(Drawable::Pdf, &sized(&sizes), limits())
            .await;
        let drawing = drawn.expect("draws");
        let number = u32::try_from(at + 1).expect("small");
        assert_eq!(drawing.skipped, [number]);
        assert_eq!((drawing.pages.len(), drawing.pages_total), (2, 3));
        let numbers: Vec<u32> = drawing.numbers().take(2).collect();
        assert!(!numbers.contains(&number) && numbers.len() == 2);
    }
    let alone = renderer()
        .render(Drawable::Pdf, &sized(&[(2, 2_000_000)]), limits())
        .await;
    assert!(matches!(alone, Err(RenderError::Damaged)), "{alone:?}");
}

/// A font that is cut or changed at any place breaks no drawing.
#[tokio::test]
async fn a_broken_subset_breaks_no_page() {
    let outlines: Vec<u8> = (0..400_u32)
        .flat_map(|it| it.wrapping_mul(2_654_435_761).to_be_bytes())
        .collect();
    for (cut, head) in [
        (4, "\0\u{1}\0\0"),
        (40, "OTTO"),
        (400, "true"),
        (1500, "%!PS"),
        (1600, "\u{1}\0\u{4}\u{1}"),
    ] {
        let font = [head.as_bytes(), &outlines[..cut.min(outlines.len())]].concat();
        let packed = hex::encode(&font);
        let content = "BT /F 24 Tf 20 100 Td <00410042> Tj (AB) Tj ET 0 0 5 5 re f";
        let file = format!(
            "%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n\
             3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >> endobj\n\
             4 0 obj << /Length {} >>\nstream\n{content}\nendstream endobj\n\
             5 0 obj << /Type /Font /Subtype /Type0 /BaseFont /ABCDEF+Sub /Encoding /Identity-H /DescendantFonts [6 0 R] >> endobj\n\
             6 0 obj << /Type /Font /Subtype /CIDFontType2 /BaseFont /ABCDEF+Sub /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) \
             /Supplement 0 >> /FontDescriptor 7 0 R >> endobj\n\
             7 0 obj << /Type /FontDescriptor /FontName /ABCDEF+Sub /Flags 4 /FontFile2 8 0 R >> endobj\n\
             8 0 obj << /Filter /ASCIIHexDecode /Length {} >>\nstream\n{packed}>\nendstream endobj\n\
             trailer << /Root 1 0 R >>\n%%EOF\n",
            content.len(),
            packed.len() + 1,
        );
        let drawn = renderer()
            .render(Drawable::Pdf, file.as_bytes(), limits())
            .await;
        assert_eq!(drawn.expect("draws").pages.len(), 1, "{head:?}");
    }
}

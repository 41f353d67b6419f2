//! PDF: written here, rearranged and checked by qpdf, tagged and read by exiftool.

use super::samples::{CANARIES, Workshop, jpeg, run, tells};
use super::{assert_removed, assert_settled, found, strip};
use mifeng_metadata::{Outcome, Reason, What};
use mifeng_sealing::tip::FileKind;
use std::fmt::Write as _;
use std::process::Command;

/// Puts objects into a file, with their table.
pub(super) fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.6\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", file.len()).expect("writes");
        file.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let end = format!(
        "xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.extend_from_slice(end.as_bytes());
    file
}

pub(super) fn stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let head = format!("<< {dict} /Length {} >>\nstream\n", data.len());
    [head.as_bytes(), data, b"\nendstream"].concat()
}

const XMP: &str = "<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x='adobe:ns:meta/'>\
    <rdf:RDF><dc:creator>Zhang Wei</dc:creator><xmp:CreateDate>2024-05-06</xmp:CreateDate>\
    <xmp:CreatorTool>PicSoft 3</xmp:CreatorTool></rdf:RDF></x:xmpmeta><?xpacket end='w'?>";

/// A scan with everything in it that tells: information, a description, a note, a tagged photo.
fn tagged(shop: &Workshop) -> Vec<u8> {
    shop.write("scan.jpg", &jpeg(64, 48));
    shop.tag(
        "scan.jpg",
        &[
            "-EXIF:Make=MifengPhone",
            "-EXIF:GPSLatitude=31.2",
            "-Comment=slip of May",
        ],
    );
    let content =
        b"q 200 0 0 150 20 20 cm /Im Do Q BT /F 12 Tf 20 200 Td (Text stays: Li Na) Tj ET";
    let name = hex::encode_upper("Zhang Wei");
    let objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R /Metadata 6 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 240 220] /Contents 4 0 R /Annots [8 0 R]\n\
          /LastModified (D:20240506070809+08'00') /Resources << /XObject << /Im 5 0 R >> /Font << /F 9 0 R >> >> >>"
            .to_vec(),
        stream("", content),
        stream(
            "/Type /XObject /Subtype /Image /Width 64 /Height 48 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode",
            &shop.read("scan.jpg"),
        ),
        stream("/Type /Metadata /Subtype /XML", XMP.as_bytes()),
        format!(
            "<< /Author <{name}> /Creator (PicSoft 3) /Producer (PicSoft \\(3\\)) /Title (slip of May)\n\
             /CreationDate (D:20240506070809+08'00') >>"
        )
        .into_bytes(),
        b"<< /Type /Annot /Subtype /Text /Rect [0 0 9 9] /T (Zhang Wei) /M (D:20240506) /Subj (slip of May) >>".to_vec(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    pdf(
        &objects,
        "/Info 7 0 R /ID [<0123456789ABCDEF> <0123456789ABCDEF>]",
    )
}

/// The same with its objects packed in groups.
pub(super) fn sample(shop: &Workshop) -> Vec<u8> {
    let file = tagged(shop);
    qpdf(shop, &file, &["--object-streams=generate"])
}

fn qpdf(shop: &Workshop, file: &[u8], arguments: &[&str]) -> Vec<u8> {
    shop.write("from.pdf", file);
    let mut command = Command::new("qpdf");
    run(command
        .args(arguments)
        .arg(shop.path("from.pdf"))
        .arg(shop.path("to.pdf")));
    shop.read("to.pdf")
}

/// Nothing that tells is in the file, packed or not, and it is as whole as before.
fn assert_clean(shop: &Workshop, before: &[u8], after: &[u8]) {
    // Tables of objects are written out: no file doubles by it.
    assert!(
        after.len() < 2 * before.len() + 2000,
        "{} of {}",
        after.len(),
        before.len()
    );
    shop.write("check.pdf", after);
    run(Command::new("qpdf")
        .arg("--check")
        .arg(shop.path("check.pdf")));
    let plain = qpdf(shop, after, &["--qdf", "--object-streams=disable"]);
    for bytes in [after, &plain] {
        assert_eq!(tells(bytes), None);
    }
    let values = run(Command::new("exiftool")
        .args(["-a", "-u"])
        .arg(shop.path("check.pdf")));
    assert_eq!(tells(&values), None);
    let page = String::from_utf8_lossy(&plain).into_owned();
    assert!(page.contains("Text stays: Li Na"));
}

#[test]
fn strings_descriptions_and_photos_are_left_out() {
    let shop = Workshop::new();
    let file = tagged(&shop);
    let all = [
        What::Position,
        What::Device,
        What::Author,
        What::Software,
        What::Date,
        What::Comment,
    ];
    for arguments in [
        vec!["--object-streams=preserve"],
        vec!["--object-streams=generate"],
        vec!["--object-streams=generate", "--compress-streams=n"],
        vec!["--linearize"],
        vec!["--linearize", "--object-streams=generate"],
    ] {
        let file = qpdf(&shop, &file, &arguments);
        let (out, report) = strip(FileKind::Pdf, &file);
        assert_eq!(
            report.outcome,
            Outcome::Cleaned,
            "{arguments:?}: {report:?}"
        );
        assert_removed(&report, &all);
        assert_clean(&shop, &file, &out);
        assert_settled(FileKind::Pdf, &out);
    }
}

#[test]
fn a_packed_description_is_left_out() {
    use std::io::Write as _;
    let shop = Workshop::new();
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(XMP.as_bytes()).expect("packs");
    let packed = encoder.finish().expect("packs");
    let objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R /Metadata 3 0 R /Outlines << /First 4 0 R /Last 4 0 R >> >>".to_vec(),
        b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec(),
        stream(
            "/Type /Metadata /Subtype /XML /Filter /FlateDecode",
            &packed,
        ),
        b"<< /Title (Text stays: Li Na) >>".to_vec(),
    ];
    let file = pdf(&objects, "");
    let (out, report) = strip(FileKind::Pdf, &file);
    assert_eq!(report.outcome, Outcome::Cleaned);
    assert_eq!(found(&report), ["author", "software", "date"]);
    assert_clean(&shop, &file, &out);
    assert_settled(FileKind::Pdf, &out);
}

#[test]
fn a_file_without_metadata_passes_as_it_is() {
    let objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec(),
    ];
    let file = pdf(&objects, "");
    let (out, report) = strip(FileKind::Pdf, &file);
    assert_eq!(report.outcome, Outcome::NothingFound);
    assert!(out == file);
}

#[test]
fn what_cannot_be_done_is_said() {
    let shop = Workshop::new();
    let file = tagged(&shop);
    let secret = qpdf(&shop, &file, &["--encrypt", "", "owner", "256", "--"]);
    let (out, report) = strip(FileKind::Pdf, &secret);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Encrypted));
    assert!(out == secret);

    let signed = [
        file.as_slice(),
        b"\n99 0 obj << /Type /Sig /ByteRange [0 1 2 3] >> endobj\n",
    ]
    .concat();
    let (out, report) = strip(FileKind::Pdf, &signed);
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Signed));
    assert!(out == signed);

    let (_, report) = strip(FileKind::Pdf, b"%PDF-1.4\nnothing more");
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Damaged));
}

#[test]
fn earlier_versions_and_their_metadata_are_left_out() {
    let shop = Workshop::new();
    // exiftool appends a new version and leaves the old one in the file.
    shop.write("again.pdf", &tagged(&shop));
    shop.tag("again.pdf", &["-PDF:Author=Zhang Wei the second"]);
    let file = shop.read("again.pdf");
    let (out, report) = strip(FileKind::Pdf, &file);
    assert_eq!(report.outcome, Outcome::Cleaned);
    assert_removed(&report, &[What::History, What::Author, What::Date]);
    for word in CANARIES {
        assert!(
            !out.windows(word.len())
                .any(|window| window == word.as_bytes()),
            "{word}"
        );
    }
}

#[test]
fn files_within_are_told() {
    let objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [] /Count 0 >>".to_vec(),
        stream("/Type /EmbeddedFile", b"a letter"),
    ];
    let (_, report) = strip(FileKind::Pdf, &pdf(&objects, ""));
    assert_eq!(report.outcome, Outcome::CouldNot(Reason::Embedded));
}

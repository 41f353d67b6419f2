//! Names that say nothing of who chose them.

/// Names with a meaning of their own, which a value may be.
const VALUES: &str = " Catalog Pages Page Font Type0 Type1 MMType1 Type3 TrueType CIDFontType0 CIDFontType2 FontDescriptor \
Encoding CMap XObject Image Form Group Transparency ExtGState Pattern Annot Border OCG OCMD OCGs Outlines Action Filespec \
EmbeddedFile Mask Luminosity Alpha None Identity Default Normal Compatible Multiply Screen Overlay Darken Lighten \
ColorDodge ColorBurn HardLight SoftLight Difference Exclusion Hue Saturation Color Luminosity AbsoluteColorimetric \
RelativeColorimetric Perceptual DeviceGray DeviceRGB DeviceCMYK CalGray CalRGB Lab Indexed Separation DeviceN All Cyan \
Magenta Yellow Black Red Green Blue PDF Text ImageB ImageC ImageI MacRomanEncoding MacExpertEncoding WinAnsiEncoding \
StandardEncoding PDFDocEncoding Identity-H Identity-V Type1C CIDFontType0C OpenType Link FreeText Line Square Circle \
Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Caret Ink Popup FileAttachment Redact Widget Watermark \
PrinterMark Comment Key Note Help NewParagraph Paragraph Insert Graph PushPin Paperclip Tag Approved Experimental \
NotApproved AsIs Expired NotForPublicRelease Confidential Final Sold Departmental ForComment TopSecret Draft \
ForPublicRelease Butt OpenArrow ClosedArrow Diamond Slash ROpenArrow RClosedArrow Btn Tx Ch Off On Yes Fit FitH FitV FitR \
FitB FitBH FitBV XYZ GoTo Named URI NextPage PrevPage FirstPage LastPage UseNone UseOutlines UseThumbs FullScreen UseOC \
UseAttachments SinglePage OneColumn TwoColumnLeft TwoColumnRight TwoPageLeft TwoPageRight NonFullScreenPageMode \
HideToolbar HideMenubar HideWindowUI FitWindow CenterWindow DisplayDocTitle Direction L2R R2L PrintScaling AppDefault \
Duplex Simplex DuplexFlipShortEdge DuplexFlipLongEdge NumCopies PickTrayByPDFSize ViewArea ViewClip PrintArea PrintClip \
MediaBox CropBox BleedBox TrimBox ArtBox Trans Split Blinds Box Wipe Dissolve Glitter Fly Push Cover Uncover Fade \
View Design Unchanged AnyOn AllOn AnyOff AllOff Not And Or AllPages VisiblePages Predictor Colors Columns Width Style \
DeviceColorant Process Components NChannel Colorants Source Data Alternative Supplement Unspecified Schema Registry \
Ordering Type Subtype WhitePoint BlackPoint Gamma Matrix Range ColorTransform Rows EndOfLine EncodedByteAlign EndOfBlock \
BlackIs1 DamagedRowsBeforeError BitsPerComponent EarlyChange JBIG2Globals PieceWise Cloudy Row Column Structure \
Annotation Artifact Span Lang ActualText MCID BBox Attached Top Bottom Left Right Pagination Layout Page Background \
Header Footer Replace FitHeight FitWidth XFAEnd Simple Replies ";

/// Whether a name says nothing of who chose it: one with a meaning of its own, or a few letters and a number.
pub(super) fn is_usual(name: &[u8]) -> bool {
    const STEMS: &[&[u8]] = &[
        b"Image", b"Img", b"Font", b"Form", b"Meta", b"Fm", b"Im", b"Pattern", b"Shading", b"Xi",
        b"Xf", b"XObj", b"Obj", b"TPL", b"Page", b"Picture", b"Pict", b"xobj", b"image", b"img",
        b"font", b"Im", b"Tr", b"Pat", b"PAT", b"Res", b"Sh",
    ];
    let letters = name
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let (stem, rest) = name.split_at(letters);
    // More digits than a count of such things needs could be a day of birth, or a number on a card.
    let numbered = rest.len() <= 4
        && !rest.starts_with(b"__")
        && rest
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'_');
    let short = numbered && (letters <= 2 || STEMS.contains(&stem));
    short
        || std::str::from_utf8(name)
            .is_ok_and(|name| !name.contains(' ') && VALUES.contains(&format!(" {name} ")))
}

/// Whether a name is one of the tables from codes to letters that every viewer has: `UniGB-UCS2-H` and the like.
pub(super) fn is_map_of_letters(name: &[u8]) -> bool {
    const HEADS: &[&str] = &[
        "Identity",
        "GB",
        "GBpc",
        "GBK",
        "GBKp",
        "GBK2K",
        "GBT",
        "GBTpc",
        "UniGB",
        "B5pc",
        "HKscs",
        "ETen",
        "ETenms",
        "CNS",
        "CNS1",
        "CNS2",
        "UniCNS",
        "83pv",
        "90ms",
        "90msp",
        "90pv",
        "Add",
        "EUC",
        "Ext",
        "UniJIS",
        "UniJIS2004",
        "KSC",
        "KSCms",
        "KSCpc",
        "UniKS",
        "UniJISX0213",
    ];
    const PARTS: &[&str] = &[
        "H", "V", "EUC", "UCS2", "UTF16", "UTF8", "UTF32", "RKSJ", "B5", "UHC", "HW", "Johab",
    ];
    let Ok(name) = std::str::from_utf8(name) else {
        return false;
    };
    let mut parts = name.split('-');
    let head = parts.next().unwrap_or_default();
    matches!(name, "H" | "V") || (HEADS.contains(&head) && parts.all(|part| PARTS.contains(&part)))
}

/// Families of fonts that viewers have, or know another for.
const FAMILIES: &[&str] = &[
    "Helvetica",
    "Times",
    "Courier",
    "Symbol",
    "ZapfDingbats",
    "Arial",
    "TimesNewRoman",
    "CourierNew",
    "Calibri",
    "Cambria",
    "Verdana",
    "Tahoma",
    "Georgia",
    "SimSun",
    "NSimSun",
    "SimHei",
    "KaiTi",
    "FangSong",
    "KaiTi_GB2312",
    "FangSong_GB2312",
    "STSong",
    "STSongStd",
    "STHeiti",
    "STKaiti",
    "STFangsong",
    "STXihei",
    "STZhongsong",
    "MicrosoftYaHei",
    "YaHei",
    "DengXian",
    "PingFangSC",
    "SourceHanSansSC",
    "SourceHanSerifSC",
    "NotoSansCJKsc",
    "NotoSerifCJKsc",
    "MSung",
    "MHei",
    "MSungStd",
    "HeiseiMin",
    "HeiseiKakuGo",
    "KozMinPro",
    "HYSMyeongJo",
    "HYGoThic",
    "AdobeSongStd",
    "AdobeHeitiStd",
    "AdobeKaitiStd",
    "AdobeFangsongStd",
    "DejaVuSans",
    "DejaVuSerif",
    "LiberationSans",
    "LiberationSerif",
];

/// Styles of fonts, as their names say them.
const STYLES: &[&str] = &[
    "Bold",
    "Italic",
    "Oblique",
    "BoldItalic",
    "BoldOblique",
    "Roman",
    "Regular",
    "Light",
    "Medium",
    "MT",
    "BoldMT",
    "ItalicMT",
    "BoldItalicMT",
    "PSMT",
    "PS",
    "W3",
    "W5",
    "W6",
    "Acro",
    "Narrow",
    "Black",
];

/// Whether a font is one that viewers have, or know another for: of a document that does not bring its letters along, its
/// name decides what is shown.
pub(super) fn is_common_font(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else {
        return false;
    };
    let mut parts = name.split(['-', ',', ' ']);
    let family = parts.next().unwrap_or_default();
    let family = family.strip_suffix("PSMT").unwrap_or(family);
    let family = family.strip_suffix("PS").unwrap_or(family);
    let family = family.strip_suffix("MT").unwrap_or(family);
    FAMILIES.contains(&family)
        && parts.all(|part| STYLES.contains(&part) || is_map_of_letters(part.as_bytes()))
}

/// Whether a glyph's name is made as those are that everybody uses: letters that spell a sign (`eacute`, `f_f_i`), or a
/// code (`uni4E00`, `g123`).
pub(super) fn is_glyph(name: &[u8]) -> bool {
    name.len() <= 24
        && name
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._".contains(byte))
}

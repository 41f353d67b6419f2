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
        b"font",
    ];
    let letters = name
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let (stem, rest) = name.split_at(letters);
    let numbered = rest.len() <= 8
        && rest
            .iter()
            .all(|byte| byte.is_ascii_digit() || *byte == b'_');
    let short = numbered && (letters <= 3 || STEMS.contains(&stem));
    short
        || std::str::from_utf8(name)
            .is_ok_and(|name| !name.contains(' ') && VALUES.contains(&format!(" {name} ")))
}

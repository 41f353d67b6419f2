//! Which files are taken: photos, sound, video, PDF, office documents and plain text, told by their first bytes and held
//! against the ending of their name.

mod endings;
mod sniff;

use self::endings::{ENDINGS, ending_of};
use super::clean_name;
use sniff::{ends_as_zip, find, is_text};

/// How many first bytes [`FileKind::sniff`] looks at, at most.
pub const HEAD_BYTES: usize = 4096;

/// How many last bytes [`FileKind::is_two_things`] looks at: an end record of ZIP with the longest comment there is.
pub const TAIL_BYTES: usize = 22 + 65_535;

/// How many first bytes readers of PDF look through for its mark.
const MARK_WITHIN_BYTES: usize = 1024;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FileKind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// `WebP`.
    WebP,
    /// GIF.
    Gif,
    /// BMP.
    Bmp,
    /// HEIC, HEIF, AVIF.
    Heic,
    /// TIFF, as scanners write, and DNG.
    Tiff,
    /// MP3 and AAC streams.
    Mp3,
    /// AAC in ADTS frames.
    Aac,
    /// AMR, as telephones record.
    Amr,
    /// SILK, as `WeChat` records.
    Silk,
    /// WAV.
    Wav,
    /// FLAC.
    Flac,
    /// Ogg: Vorbis, Opus, Theora.
    Ogg,
    /// Apple's container of sound.
    Caf,
    /// Windows Media: WMA, WMV.
    Asf,
    /// MP4, M4A, MOV, 3GP.
    Mp4,
    /// `WebM` and Matroska.
    Matroska,
    /// AVI.
    Avi,
    /// Flash video.
    Flv,
    /// MPEG program streams.
    Mpeg,
    /// PDF.
    Pdf,
    /// OFD (GB/T 33190), the page format of invoices and official papers.
    Ofd,
    /// Office Open XML and `OpenDocument`: ZIP archives of a known inside.
    OfficeZip,
    /// The older Office formats and WPS; and the newer ones under a password.
    OfficeOle,
    /// Plain text.
    Text,
}

/// What kinds have in common, so that `photo.jpg` may be HEIC within and `talk.mp4` sound alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Image,
    SoundOrVideo,
    Page,
    Office,
    Text,
}

use FileKind::{
    Aac, Amr, Asf, Avi, Bmp, Caf, Flac, Flv, Gif, Heic, Jpeg, Matroska, Mp3, Mp4, Mpeg, Ofd,
    OfficeOle, OfficeZip, Ogg, Pdf, Png, Silk, Text, Tiff, Wav, WebP,
};

/// A file that is taken, by its name and its first bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownFile {
    /// What it is.
    pub kind: FileKind,
    /// The media type it is kept under.
    pub media_type: &'static str,
    /// Its [cleaned](clean_name) name, with an ending if it had none.
    pub name: String,
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// None of the kinds that are taken.
    WrongKind,
    /// Its content is another kind of thing than its name says.
    NotAsNamed,
    /// Called an office document, and a web page, RTF or plain text inside: its sender can save it as one that is taken.
    SaveAnew,
}

impl FileKind {
    /// What the file called `name` is that begins with `head` ([`HEAD_BYTES`] of it, or all there is).
    ///
    /// # Errors
    /// [`NotTaken`].
    pub fn of(name: &str, head: &[u8]) -> Result<KnownFile, NotTaken> {
        let name = clean_name(name);
        let ending = ending_of(&name);
        let kind = Self::sniff(head).filter(|_| !is_marked_text(ending.as_deref(), head));
        let Some(kind) = kind.or_else(|| Self::text(ending.as_deref(), head)) else {
            let anew = ending.as_deref().is_some_and(endings::is_of_documents) && is_text(head);
            return Err(if anew {
                NotTaken::SaveAnew
            } else {
                NotTaken::WrongKind
            });
        };
        let Some(ending) = ending else {
            // Views of the web in other programs hand files over under a number.
            let (ending, media_type) = kind.own_ending(head).ok_or(NotTaken::NotAsNamed)?;
            return Ok(KnownFile {
                kind,
                media_type,
                name: format!("{name}.{ending}"),
            });
        };
        let media_type = kind.media_type_for(&ending).ok_or(NotTaken::NotAsNamed)?;
        Ok(KnownFile {
            kind,
            media_type,
            name,
        })
    }

    /// Text has no mark of its own: it is taken where its name says so.
    fn text(ending: Option<&str>, head: &[u8]) -> Option<Self> {
        let is_one = ending == Some("txt") && (is_text(head) || is_marked_text(ending, head));
        is_one.then_some(Text)
    }

    /// The media type of a file of this kind whose name ends in `ending`; `None` if that promises another kind of thing.
    fn media_type_for(self, ending: &str) -> Option<&'static str> {
        let (_, promised, media_type) = ENDINGS.iter().find(|(known, ..)| *known == ending)?;
        if *promised == self {
            return Some(media_type);
        }
        match (self, *promised) {
            // WPS and old habits keep the ending of before; what is inside is of the same family of documents.
            (OfficeZip, OfficeOle) => endings::newer(ending),
            // A password turns the new kind into a container of the old one.
            (OfficeOle, OfficeZip) => Some(media_type),
            _ => {
                // Telephones and messengers rename among pictures and among recordings: the content decides.
                let renamed = promised.family() == self.family()
                    && matches!(self.family(), Family::Image | Family::SoundOrVideo);
                let own = ENDINGS.iter().find(|(_, kind, _)| *kind == self);
                own.filter(|_| renamed)
                    .map(|(_, _, media_type)| *media_type)
            }
        }
    }

    /// The ending that a file of this kind gets, with its media type; `None` where its first bytes do not say which.
    fn own_ending(self, head: &[u8]) -> Option<(&'static str, &'static str)> {
        let wanted = match self {
            OfficeOle => return None,
            OfficeZip => endings::of_archive(head)?,
            Mp4 if head.get(8..12) == Some(b"M4A ") => "m4a",
            _ => "",
        };
        let mut own = ENDINGS.iter().filter(|(_, kind, _)| *kind == self);
        let (ending, _, media_type) =
            own.find(|(ending, ..)| wanted.is_empty() || *ending == wanted)?;
        Some((*ending, *media_type))
    }

    fn family(self) -> Family {
        match self {
            Jpeg | Png | WebP | Gif | Bmp | Heic | Tiff => Family::Image,
            Mp3 | Aac | Amr | Silk | Wav | Flac | Ogg | Caf | Asf | Mp4 | Matroska | Avi | Flv
            | Mpeg => Family::SoundOrVideo,
            Pdf | Ofd => Family::Page,
            OfficeZip | OfficeOle => Family::Office,
            Text => Family::Text,
        }
    }

    /// Whether a file of this kind is another thing as well, by its first and last bytes: a PDF within a picture's
    /// first kilobyte, where readers still find it, or an archive hung onto the end of what is none.
    #[must_use]
    pub fn is_two_things(self, head: &[u8], tail: &[u8]) -> bool {
        let first = &head[..head.len().min(MARK_WITHIN_BYTES)];
        let hidden_pdf = self != Pdf && find(first, b"%PDF-").is_some();
        let page = [b"<html".as_slice(), b"<script", b"<!doctype html", b"<?php"];
        let lower = first.to_ascii_lowercase();
        let hidden_page = page.iter().any(|mark| find(&lower, mark).is_some());
        hidden_pdf || hidden_page || self.has_archive_behind(tail)
    }

    fn has_archive_behind(self, tail: &[u8]) -> bool {
        match self {
            // Archives themselves, and old documents, in which Office keeps some (a theme, since 2007).
            OfficeZip | Ofd | OfficeOle => false,
            // A document attached to a PDF stands before its end.
            Pdf => {
                let end = tail.windows(5).rposition(|mark| mark == b"%%EOF");
                let end = end.unwrap_or(0);
                ends_as_zip(&tail[end..])
            }
            _ => ends_as_zip(tail),
        }
    }
}

/// Text of two bytes a letter, by the mark before it, which looks like sound.
fn is_marked_text(ending: Option<&str>, head: &[u8]) -> bool {
    ending == Some("txt") && (head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as `tests/vectors/file-kinds.json` has it: its letters are bytes.
    #[derive(serde::Deserialize)]
    struct Sample {
        name: String,
        head: String,
        #[serde(default)]
        tail: String,
        is: String,
        /// The name it gets, where that is another.
        #[serde(default)]
        called: Option<String>,
    }

    fn bytes(letters: &str) -> Vec<u8> {
        let byte = |letter| u8::try_from(letter).expect("a byte");
        letters
            .chars()
            .map(|letter| byte(u32::from(letter)))
            .collect()
    }

    /// What the page's script says of it, but for who takes out what it tells.
    fn told(sample: &Sample) -> (&'static str, Option<String>) {
        let (head, tail) = (bytes(&sample.head), bytes(&sample.tail));
        if head.is_empty() {
            return ("empty", None);
        }
        match FileKind::of(&sample.name, &head) {
            Err(NotTaken::WrongKind) => ("wrong-kind", None),
            Err(NotTaken::NotAsNamed) => ("not-as-named", None),
            Err(NotTaken::SaveAnew) => ("save-anew", None),
            Ok(file) if file.kind.is_two_things(&head, &tail) => ("two-things", None),
            Ok(file) => (file.media_type, Some(file.name)),
        }
    }

    /// The page's script is held to the same list.
    #[test]
    fn each_file_is_told_as_the_script_tells_it() {
        let samples = include_str!("../../../../tests/vectors/file-kinds.json");
        let samples: Vec<Sample> = serde_json::from_str(samples).expect("a list of samples");
        for sample in &samples {
            let expected = sample.is.split(' ').next().expect("a word");
            let (told, name) = told(sample);
            assert_eq!(told, expected, "{} {:?}", sample.name, sample.head);
            let called = sample.called.clone().unwrap_or(clean_name(&sample.name));
            assert_eq!(name.unwrap_or(called.clone()), called, "{}", sample.name);
        }
        for (ending, _, media_type) in ENDINGS {
            let is_there = samples.iter().any(|sample| {
                sample.name.ends_with(&format!(".{ending}")) && sample.is.starts_with(media_type)
            });
            assert!(is_there, "{ending} is in the list");
        }
    }

    #[test]
    fn every_ending_is_there_once() {
        let mut endings: Vec<_> = ENDINGS.iter().map(|(ending, ..)| ending).collect();
        endings.sort_unstable();
        endings.dedup();
        assert_eq!(endings.len(), ENDINGS.len());
    }
}

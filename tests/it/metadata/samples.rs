//! Sample files: pixels from the image crate, metadata from exiftool, as a phone or an editor would write them.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbImage};
use mifeng_sealing::tip::FileKind;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Words that must be gone from every stripped sample.
pub const CANARIES: &[&str] = &[
    "Zhang Wei",
    "MifengPhone",
    "SN-4711",
    "PicSoft",
    "2024:05:06",
    "20240506",
    "2024-05-06",
    "Riverside",
    "slip of May",
];

/// A place for sample files.
pub struct Workshop(TempDir);

impl Workshop {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("a temporary folder"))
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub fn write(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, bytes).expect("writes");
        path
    }

    pub fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path(name)).expect("reads")
    }

    /// Runs exiftool over a sample in place.
    pub fn tag(&self, name: &str, arguments: &[&str]) {
        let mut command = Command::new("exiftool");
        command
            .args(["-q", "-overwrite_original", "-n"])
            .args(arguments)
            .arg(self.path(name));
        run(&mut command);
    }

    /// What exiftool sees in these bytes: `Group:Tag`, without what it says of the file and of itself.
    pub fn tags(&self, bytes: &[u8]) -> Vec<String> {
        let path = self.write("seen", bytes);
        let shown = run(Command::new("exiftool")
            .args(["-j", "-G1", "-a", "-u"])
            .arg(path));
        let json: serde_json::Value = serde_json::from_slice(&shown).expect("exiftool writes JSON");
        let tags = json[0].as_object().expect("an object").keys();
        let harmless = [
            "SourceFile",
            "ExifTool:",
            "System:",
            "File:",
            "Composite:",
            "JFIF:",
        ];
        tags.filter(|tag| !harmless.iter().any(|start| tag.starts_with(start)))
            .cloned()
            .collect()
    }
}

/// Runs a tool, which must succeed, and returns what it wrote.
pub(super) fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output();
    let output = output.unwrap_or_else(|error| {
        panic!("{command:?}: {error} (tests/install-debian.sh installs what the tests need)")
    });
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// A picture that no filter may change, with hard edges and soft ones.
pub(super) fn picture(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let stripe = if (x / 5 + y / 7) % 2 == 0 { 200 } else { 20 };
        image::Rgb([
            (x * 255 / width).to_le_bytes()[0],
            (y * 255 / height).to_le_bytes()[0],
            stripe,
        ])
    })
}

pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let (mut bytes, picture) = (Vec::new(), picture(width, height));
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    encoder.encode_image(&picture).expect("encodes");
    bytes
}

/// A screen's colour profile, with its name and its maker's, and Display P3's primaries: from a screenshot of a computer.
pub(super) fn screen_profile() -> Vec<u8> {
    let column = |numbers: [u32; 3]| {
        let numbers = numbers.into_iter().flat_map(u32::to_be_bytes);
        [b"XYZ \0\0\0\0".to_vec(), numbers.collect()].concat()
    };
    let entries: [(&[u8; 4], Vec<u8>); 5] = [
        (
            b"desc",
            b"desc\0\0\0\0\0\0\0\x0eCANARY-MIFENG\0\0\0".to_vec(),
        ),
        (b"mmod", b"mmod\0\0\0\0CANARY-MIFENG SN-4711\0\0\0".to_vec()),
        (b"rXYZ", column([0x83DF, 0x3DBF, 0xFFFF_FFBB])),
        (b"gXYZ", column([0x4ABF, 0xB137, 0x0AB9])),
        (b"bXYZ", column([0x2838, 0x110B, 0xC8B9])),
    ];
    let (mut list, mut data) = (Vec::new(), Vec::new());
    let short = |length: usize| u32::try_from(length).expect("short").to_be_bytes();
    for (name, value) in &entries {
        list.extend_from_slice(*name);
        list.extend_from_slice(&short(132 + 12 * entries.len() + data.len()));
        list.extend_from_slice(&short(value.len()));
        data.extend_from_slice(value);
    }
    let mut profile = vec![0; 128];
    profile[12..24].copy_from_slice(b"mntrRGB XYZ ");
    profile[36..40].copy_from_slice(b"acsp");
    profile.extend_from_slice(&short(entries.len()));
    profile.extend_from_slice(&list);
    profile.extend_from_slice(&data);
    // As large as a screen's, so that another fits into its place.
    profile.resize(700, 0);
    let length = short(profile.len());
    profile[..4].copy_from_slice(&length);
    profile
}

/// A sample from `tests/samples/cases`.
pub fn case(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/cases");
    std::fs::read(folder.join(name)).expect("a sample")
}

pub(super) fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture(64, 48))
        .write_to(&mut bytes, format)
        .expect("encodes");
    bytes.into_inner()
}

/// Everything a phone or an editor may write into a photo.
const TAGS: &[&str] = &[
    "-EXIF:Make=MifengPhone",
    "-EXIF:Model=MifengPhone 9",
    "-EXIF:SerialNumber=SN-4711",
    "-EXIF:Software=PicSoft 3",
    "-EXIF:Artist=Zhang Wei",
    "-EXIF:DateTimeOriginal=2024:05:06 07:08:09",
    "-EXIF:ImageDescription=slip of May",
    "-EXIF:GPSLatitude=31.2",
    "-EXIF:GPSLatitudeRef=N",
    "-EXIF:GPSLongitude=121.4",
    "-EXIF:GPSLongitudeRef=E",
    "-EXIF:Orientation=6",
    "-XMP-dc:Creator=Zhang Wei",
    "-XMP-photoshop:City=Riverside",
    "-XMP-xmp:CreatorTool=PicSoft 3",
    "-XMP-xmpMM:DocumentID=SN-4711",
];

/// One sample of photos: its file name, its kind, how it is made.
pub fn photos(shop: &Workshop) -> Vec<(&'static str, FileKind, Vec<u8>)> {
    let phone = |name: &str, plain: &[u8], more: &[&str]| {
        shop.write(name, plain);
        shop.tag(name, &[TAGS, more].concat());
        shop.read(name)
    };
    let small = shop.write("small.jpg", &jpeg(16, 12));
    let thumbnail = format!("-ThumbnailImage<={}", small.display());
    let profile = shop.write("screen.icc", &screen_profile());
    let profile = format!("-ICC_Profile<={}", profile.display());
    let (plain_jpeg, plain_png) = (jpeg(64, 48), encoded(ImageFormat::Png));
    let plain_webp = encoded(ImageFormat::WebP);
    let full_jpeg = phone(
        "phone.jpg",
        &plain_jpeg,
        &[
            &thumbnail,
            &profile,
            "-IPTC:City=Riverside",
            "-IPTC:By-line=Zhang Wei",
            "-Comment=slip of May",
        ],
    );
    let full_png = phone(
        "phone.png",
        &plain_png,
        &[
            "-PNG:Author=Zhang Wei",
            "-PNG:Software=PicSoft 3",
            "-PNG:ModifyDate=2024:05:06 07:08:09",
        ],
    );
    let full_webp = phone("phone.webp", &plain_webp, &[]);
    let upright = phone("upright.jpg", &plain_jpeg, &["-EXIF:Orientation=1"]);
    let behind = |file: &[u8], more: &[u8]| [file, more].concat();
    let cut = full_jpeg[..full_jpeg.len() - 40].to_vec();
    let half_png = full_png[..full_png.len() / 2].to_vec();
    vec![
        ("plain.jpg", FileKind::Jpeg, plain_jpeg.clone()),
        ("phone.jpg", FileKind::Jpeg, full_jpeg.clone()),
        ("upright.jpg", FileKind::Jpeg, upright),
        ("two.jpg", FileKind::Jpeg, behind(&full_jpeg, &plain_jpeg)),
        ("cut.jpg", FileKind::Jpeg, cut),
        ("plain.png", FileKind::Png, plain_png.clone()),
        ("phone.png", FileKind::Png, full_png.clone()),
        ("tail.png", FileKind::Png, behind(&plain_png, b"PK more")),
        ("half.png", FileKind::Png, half_png),
        ("plain.webp", FileKind::WebP, plain_webp.clone()),
        ("phone.webp", FileKind::WebP, full_webp.clone()),
        ("tail.webp", FileKind::WebP, behind(&plain_webp, b"more")),
    ]
}

/// Whether any word that tells is in these bytes.
pub(super) fn tells(bytes: &[u8]) -> Option<&'static str> {
    let has = |word: &str| {
        bytes
            .windows(word.len())
            .any(|window| window == word.as_bytes())
    };
    CANARIES.iter().copied().find(|word| has(word))
}

/// The pixels of a picture, the right way up.
pub(super) fn pixels(bytes: &[u8], format: ImageFormat) -> RgbImage {
    image::load_from_memory_with_format(bytes, format)
        .expect("decodes")
        .to_rgb8()
}

pub(super) fn samples_file() -> serde_json::Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/samples/metadata.json");
    serde_json::from_slice(&std::fs::read(path).expect("reads")).expect("JSON")
}

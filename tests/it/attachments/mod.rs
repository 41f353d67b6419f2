//! Files that go with tips: from a form or a program to an investigator, and what must be refused on the way.

mod broken;
mod cleaned;
mod decided;
mod door;
mod faults;
mod for_pages;
mod held;
mod hostile;
mod limits;
mod looked_at;
mod names;
pub mod quarantined;
pub mod sealed;
mod seized;
pub mod travel;

use crate::intake::{Answer, Intake, OFFICE, TODAY};
use mifeng_foundation::entropy::{SystemEntropy, random_bytes};
use std::path::Path;

/// A file as someone would choose it.
#[derive(Clone)]
pub struct Chosen {
    pub name: &'static str,
    pub bytes: Vec<u8>,
}

/// A photo of `size` bytes, none like another, that says nothing of its maker; `mark` stands in its picture.
pub fn photo(name: &'static str, size: usize, mark: &str) -> Chosen {
    const HEAD: &[u8] =
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\0\x08\x01\x01\0\0?\0";
    const END: &[u8] = b"\xff\xd9";
    let mut bytes = HEAD.to_vec();
    bytes.extend(mark.as_bytes());
    while bytes.len() < size - END.len() {
        let more = random_bytes::<4096>(&SystemEntropy);
        // Within a picture this byte begins a mark of the format.
        let more = more.iter().filter(|byte| **byte != 0xff);
        bytes.extend(more.take(size - END.len() - bytes.len()));
    }
    bytes.extend(END);
    Chosen { name, bytes }
}

pub fn pdf(name: &'static str) -> Chosen {
    let bytes = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n".to_vec();
    Chosen { name, bytes }
}

/// A form's body as browsers send it.
pub fn form_body(fields: &[(&str, &str)], files: &[Chosen]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part =
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend(part.into_bytes());
    }
    for file in files {
        let head = format!(
            "--edge\r\nContent-Disposition: form-data; name=\"files\"; filename=\"{}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            file.name
        );
        body.extend(head.into_bytes());
        body.extend(&file.bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--edge--\r\n");
    body
}

pub const FORM: &str = "multipart/form-data; boundary=edge";

/// What the form of a tip has beside its files.
pub fn tip_fields<'a>(code: &'a str, text: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("code", code),
        ("category", "tutoring"),
        ("text", text),
        ("school", ""),
        ("subject", ""),
        ("when", ""),
    ]
}

/// Intake with small limits: 20 files of 100 kB, together 150 kB.
pub async fn small_intake(extra: &str) -> Intake {
    let place = crate::intake::Place::new();
    let mut config = place.config("enabled = false");
    config.attachment_limits = toml::from_str(&format!(
        "file_max_bytes = 100000\ntogether_max_bytes = 150000\n{extra}"
    ))
    .expect("limits");
    Intake::on(place, config).await
}

/// Sends the form of a tip in `language`.
pub async fn send(intake: &Intake, language: &str, body: Vec<u8>) -> Answer {
    let path = format!("/{OFFICE}/{language}/write");
    intake.anonymous().post(&path, FORM, body).await
}

/// The 28 digits on the page with the code.
pub fn code_on(page: &str) -> String {
    let groups = page.split("<li><span>").skip(1).take(7);
    let code: String = groups.filter_map(|part| part.split('<').next()).collect();
    assert_eq!(code.len(), 28, "{page}");
    code
}

/// Sealed files in intake's folder, finished or not.
pub fn sealed_files(intake: &Intake) -> Vec<String> {
    names_in(&intake.place.folder.path().join("intake.attachments"))
}

/// Names in a folder; none if it is not there.
pub fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .map(|entry| entry.expect("an entry").file_name())
        .map(|name| name.into_string().expect("hex digits"))
        .collect()
}

/// Rows of files at intake, as `state count` words.
pub async fn rows(intake: &Intake) -> String {
    use sqlx::{Connection as _, Row as _};
    let path = intake.place.folder.path().join("intake.sqlite");
    let url = format!("sqlite:{}", path.display());
    let mut connection = sqlx::SqliteConnection::connect(&url)
        .await
        .expect("a store");
    let rows = sqlx::query("SELECT state, COUNT(*) FROM attachment GROUP BY state ORDER BY state")
        .fetch_all(&mut connection)
        .await
        .expect("rows");
    let words = rows.iter().map(|row| {
        let (state, count): (String, i64) = (row.get(0), row.get(1));
        format!("{state} {count}")
    });
    words.collect::<Vec<_>>().join(", ")
}

pub fn today() -> mifeng_foundation::clock::Day {
    TODAY.parse().expect("a day")
}

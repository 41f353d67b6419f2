//! Files made to break whoever opens them, and honest ones that are as large: taken as they are, told to the reporter,
//! listed for the investigator, and looked at only within bounds.

use super::{Chosen, FORM, form_body, tip_fields};
use crate::staff::{Browser, Office, Setup, numbers};
use std::io::{Cursor, Write as _};
use std::time::Duration;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const MEGABYTE: usize = 1 << 20;

/// A document of one part, of which `size` bytes are blank.
fn document(size: usize) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let blank = vec![b' '; size];
    for (name, content) in [
        ("[Content_Types].xml", b"<Types/>".as_slice()),
        ("word/document.xml", &blank),
    ] {
        let options = SimpleFileOptions::default();
        writer.start_file(name, options).expect("memory");
        writer.write_all(content).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

/// The same with heads that say it is small.
fn lying_document(size: usize) -> Vec<u8> {
    let mut file = document(size);
    let told = u32::try_from(size).expect("fits").to_le_bytes();
    let places = (0..file.len() - 4).filter(|at| file[*at..*at + 4] == told);
    let places: Vec<usize> = places.collect();
    assert_eq!(places.len(), 2, "its own head and the directory's");
    for at in places {
        file[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    file
}

/// As many pixels as the largest telephones take, all of them there.
fn large_photo() -> Vec<u8> {
    let (width, height) = (12_000_u16, 9_000_u16);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width.into(), height.into());
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut picture = encoder.write_header().expect("memory");
    let mut rows = picture.stream_writer().expect("memory");
    let row = vec![200; width.into()];
    for _ in 0..height {
        rows.write_all(&row).expect("memory");
    }
    rows.finish().expect("memory");
    picture.finish().expect("memory");
    file
}

/// A small JPEG whose head says that it is as large as can be.
fn boasting_photo() -> Vec<u8> {
    let mut file = crate::metadata::samples::jpeg(64, 48);
    let head = file.windows(2).position(|pair| pair == b"\xff\xc0");
    let size = head.expect("a frame") + 5;
    file[size..size + 4].copy_from_slice(&[0xff; 4]);
    file
}

fn hostile() -> Vec<Chosen> {
    let chosen = |name, bytes| Chosen { name, bytes };
    vec![
        chosen("账本.docx", document(20 * MEGABYTE)),
        chosen("lies.docx", lying_document(20 * MEGABYTE)),
        chosen("大照片.png", large_photo()),
        chosen("boasts.jpg", boasting_photo()),
        chosen("../../fapiao\u{202e}gpj.png", large_photo()),
    ]
}

/// The case's page, once all its files are here.
pub(super) async fn case_page(staff: &Browser, files: usize) -> String {
    let mut page = String::new();
    for _ in 0..300 {
        let queue = staff.get("/en/queue?view=open").await.text;
        if let Some(number) = numbers(&queue).first() {
            page = staff.get(&format!("/en/case/{number}")).await.text;
            if page.matches("\" download>").count() == files {
                return page;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never {files} files: {page}");
}

/// Of each file in the list: its link, its name, and whether it can be looked at.
fn listed(page: &str) -> Vec<(String, String, bool)> {
    let (_, list) = page.split_once("<ul class=\"files\">").expect("a list");
    let (list, _) = list.split_once("</ul>").expect("its end");
    let items = list.split("<li>").skip(1).map(|item| {
        let link = item.split('"').nth(1).expect("a link").to_owned();
        let (_, rest) = item.split_once("download>").expect("a name");
        let name = rest.split('<').next().unwrap_or_default().to_owned();
        (link, name, item.contains("/view\""))
    });
    items.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bombs_and_giants_are_taken_and_looked_at_by_nobody() {
    let program = env!("CARGO_BIN_EXE_mifeng-triage");
    let office = Office::start_as(Setup {
        triage: format!("[viewer]\nprogram_file = \"{program}\"\n"),
        ..Setup::default()
    })
    .await;
    let files = hostile();
    assert!(files[0].bytes.len() < MEGABYTE && files[2].bytes.len() < MEGABYTE);
    let parent = Browser::new(&office.intake_url());
    let body = form_body(&tip_fields("", "补课"), &files);
    let sent = parent.post_as("/qingxi/zh-Hans/write", FORM, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let said = "文件解压后大得不正常，没有处理。";
    assert!(sent.text.matches(said).count() >= 1, "{}", sent.text);

    let staff = office.signed_in("dispatcher").await;
    let list = listed(&case_page(&staff, files.len()).await);
    let names: Vec<&str> = list.iter().map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "账本.docx",
            "lies.docx",
            "大照片.png",
            "boasts.jpg",
            "fapiaogpj.png"
        ]
    );
    for ((link, name, can_be_seen), file) in list.iter().zip(&files) {
        let saved = staff.fetch(link).await;
        assert_eq!(saved.status(), 200, "{name}");
        let kind = saved.headers()["content-type"].clone();
        assert_eq!(kind, "application/octet-stream", "{name}");
        let bytes = saved.bytes().await.expect("whole");
        let is_document = name.contains(".docx");
        if is_document {
            assert!(bytes == file.bytes, "{name} as it came");
        }
        assert_eq!(*can_be_seen, !is_document, "{name}");
        if *can_be_seen {
            let looked_at = staff.fetch(&format!("{link}/view")).await;
            let page = looked_at.text().await.expect("a page");
            assert!(
                page.contains("Too large to be looked at here"),
                "{name}: {page}"
            );
            assert!(!page.contains("data:image"), "{name}");
        }
    }
    office.stop().await;
}

/// Browsers send most of them as they are.
#[tokio::test]
async fn a_control_character_in_a_name_is_told_as_such_and_the_text_stays() {
    let intake = super::small_intake("").await;
    let bytes = crate::metadata::samples::jpeg(64, 48);
    let name = "a\u{7}b.jpg";
    let body = form_body(&tip_fields("", "补课"), &[Chosen { name, bytes }]);
    for (language, words) in [
        ("zh-Hans", "名字里有看不见的控制字符"),
        ("zh-Hant", "名字裡有看不見的控制字元"),
        (
            "en",
            "The name of a file holds a character that cannot be sent",
        ),
    ] {
        let answer = super::send(&intake, language, body.clone()).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.text.contains(words), "{}", answer.text);
        assert!(answer.text.contains("补课"), "{}", answer.text);
    }
    assert!(super::sealed_files(&intake).is_empty());
    assert!(intake.triage().list("held").await.is_empty());
    intake.stop().await;
}

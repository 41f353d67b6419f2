//! Files in a real browser: cleaned and sealed in the page, sent one by one, stopped, tried again, left out.

use super::canary::holds;
use super::recorder::Line;
use super::visit::{ACCOUNT, CANARIES, POST, Visit};
use crate::metadata::samples::{CANARIES as INSIDE, Workshop, photos};
use mifeng_metadata::Stripper;
use mifeng_sealing::tip::FileKind;
use sha2::{Digest as _, Sha256};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

const UPLOAD: &str = "POST /api/v1/offices/qingxi/attachments?";
const CLEANED: &str = "POST /api/v1/offices/qingxi/attachments/cleaned?";
const PHOTO_NAME: &str = "转账凭条.jpg";
const TALK_NAME: &str = "家长会录音.amr";

/// Files on the reporter's device.
pub struct Device(Workshop);

impl Device {
    pub fn new() -> Self {
        Self(Workshop::new())
    }

    /// A photo that tells where and with what it was taken; and what is left of it without that.
    pub fn photo(&self) -> (PathBuf, Vec<u8>) {
        let telling = photos(&self.0).into_iter().find(|(_, kind, file)| {
            *kind == FileKind::Jpeg && String::from_utf8_lossy(file).contains(INSIDE[0])
        });
        let (_, kind, bytes) = telling.expect("a telling photo");
        let (mut clean, mut stripper) = (Vec::new(), Stripper::new(kind));
        stripper.feed(&bytes, &mut clean);
        stripper.finish(&mut clean);
        assert_ne!(clean, bytes);
        (self.0.write(PHOTO_NAME, &bytes), clean)
    }

    /// A recording of `size` bytes.
    pub fn talk(&self, size: usize) -> (PathBuf, Vec<u8>) {
        let mut bytes = b"#!AMR\n".to_vec();
        bytes.extend(b"what was said at the gate ".iter().cycle().take(size));
        (self.0.write(TALK_NAME, &bytes), bytes)
    }

    pub fn pdf(&self) -> PathBuf {
        let bytes = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] \
                      /Count 0 >>\nendobj\n3 0 obj\n<< /Author (Zhang Wei) >>\nendobj\ntrailer\n<< /Root 1 0 R /Info 3 0 R \
                      >>\n%%EOF\n";
        self.0.write("班级名单.pdf", bytes)
    }

    pub fn program(&self) -> PathBuf {
        self.0.write("photo.jpg", b"MZ\x90\0 a program")
    }
}

impl Visit {
    async fn writes_and_chooses(&self, files: &[&Path]) {
        self.browser.reads_until("[data-fingerprint]").await;
        self.writes("gifts", ACCOUNT).await;
        self.chooses(files).await;
    }

    pub async fn chooses(&self, files: &[&Path]) {
        let before: usize = self.rows().await.parse().expect("a number");
        let paths: Vec<_> = files.iter().map(|file| file.to_string_lossy()).collect();
        let field = self.browser.find("#files").await;
        field.send_keys(&paths.join("\n")).await.expect("a field");
        let last = format!(".file:nth-child({})", before + files.len());
        self.browser.reads_until(&last).await;
    }

    async fn rows(&self) -> String {
        let script = "return String(document.querySelectorAll('.file').length)";
        self.browser.value_of(script).await
    }

    /// Once the page says `words`.
    pub async fn hears(&self, words: &str) {
        let mut text = String::new();
        for _ in 0..150 {
            text = self.browser.text().await;
            if text.contains(words) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("never said {words}: {text}");
    }

    pub async fn presses(&self, css: &str) {
        let script = format!("document.querySelector('{css}').click(); return ''");
        self.browser.value_of(&script).await;
    }

    /// Nothing in clear left the browser: neither words nor names nor what was in the files.
    pub fn nothing_left_in_clear(&self, code: &str, more: &[&str]) {
        let sent = self.line.sent();
        let secrets = CANARIES.iter().chain(INSIDE).chain(more);
        for secret in secrets.copied().chain([code, PHOTO_NAME, TALK_NAME]) {
            assert!(!holds(&sent, secret), "{secret} left the browser");
        }
    }

    /// The content of a sealed file that lies at intake.
    fn opened(&self, id: &str, size: u64) -> Vec<u8> {
        let folder = self.intake.place.folder.path().join("intake.attachments");
        let sealed = std::fs::read(folder.join(id)).expect("a sealed file");
        assert!(mifeng_sealing::is_attachment_length(sealed.len() as u64));
        let stream = self.intake.place.office.open_stream(sealed.as_slice());
        let mut content = Vec::new();
        let mut stream = stream.expect("our key");
        stream.read_to_end(&mut content).expect("whole");
        let padding = content.split_off(usize::try_from(size).expect("small"));
        assert!(padding.iter().all(|byte| *byte == 0));
        content
    }
}

async fn sealed_in_the_page(width: u32, language: &'static str, will: &str, gone: &str) {
    let device = Device::new();
    let visit = Visit::begin("files", width, language).await;
    let ((photo, clean), (talk, said)) = (device.photo(), device.talk(3_000_000));
    visit.writes_and_chooses(&[&photo, &talk]).await;
    visit.hears(will).await;
    assert_eq!(
        visit.line.requests(UPLOAD),
        0,
        "nothing is sent by choosing"
    );
    visit.browser.show("#attachments").await;
    visit.picture("chosen").await;
    visit.sends().await;
    let code = visit.code().await;
    visit.hears(gone).await;
    visit.browser.show("[data-sent-files]").await;
    visit.picture("code").await;
    visit.nothing_left_in_clear(&code, &["what was said at the gate"]);
    // The large one asks first whether it may come.
    assert_eq!(visit.line.requests(UPLOAD), 3);
    let tip = visit.only_tip().await;
    let names: Vec<_> = tip
        .attachments
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(names, [PHOTO_NAME, TALK_NAME]);
    for (file, (content, kind)) in tip
        .attachments
        .iter()
        .zip([(clean, "image/jpeg"), (said, "audio/amr")])
    {
        assert_eq!(file.media_type, kind);
        assert_eq!(file.sha256, hex::encode(Sha256::digest(&content)));
        assert!(visit.opened(&file.id, file.size_bytes) == content);
    }
    visit.end().await;
}

#[tokio::test]
async fn files_are_cleaned_and_sealed_in_the_page() {
    sealed_in_the_page(360, "zh-Hans", "发出前会去除：拍摄地点", "已去除：拍摄地点").await;
    sealed_in_the_page(1280, "en", "Taken out before sending:", "Taken out:").await;
}

#[tokio::test]
async fn a_lost_answer_costs_one_file_another_try_and_the_text_nothing() {
    let device = Device::new();
    let visit = Visit::begin("file-lost", 360, "zh-Hant").await;
    let (talk, said) = device.talk(200_000);
    visit.writes_and_chooses(&[&talk]).await;
    visit.line.becomes(Line::LosesAnswers);
    visit.sends().await;
    visit.hears("沒有收到回音，這個檔案沒有送到").await;
    assert_eq!(visit.typed_text().await, ACCOUNT);
    visit.browser.show("#attachments").await;
    visit.picture("failed").await;
    visit.line.becomes(Line::Good);
    visit.presses(".file [data-retry]").await;
    visit.hears("已加密送到").await;
    assert_eq!(visit.line.requests(POST), 0, "the file alone went again");
    visit.picture("arrived").await;
    visit.sends().await;
    let code = visit.code().await;
    visit.nothing_left_in_clear(&code, &[]);
    let tip = visit.only_tip().await;
    assert_eq!(tip.attachments.len(), 1);
    let file = &tip.attachments[0];
    assert!(visit.opened(&file.id, file.size_bytes) == said);
    visit.end().await;
}

#[tokio::test]
async fn a_file_on_its_way_shows_how_far_it_is_and_can_be_stopped() {
    let device = Device::new();
    let visit = Visit::begin("file-stopped", 1280, "zh-Hans").await;
    let (talk, _) = device.talk(40_000_000);
    visit.writes_and_chooses(&[&talk]).await;
    visit.line.becomes(Line::Slow);
    visit.sends().await;
    visit.hears("正在发出").await;
    let how_far = "return String(document.querySelector('.file progress').value)";
    let mut seen: Vec<f64> = Vec::new();
    for _ in 0..100 {
        seen.push(
            visit
                .browser
                .value_of(how_far)
                .await
                .parse()
                .expect("a share"),
        );
        if seen.iter().any(|share| *share > 0.5) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(
        seen.iter().any(|share| (0.5..1.0).contains(share)),
        "{seen:?}"
    );
    visit.browser.show("#attachments").await;
    visit.picture("on-its-way").await;
    visit.presses(".file [data-cancel]").await;
    visit.hears("已停止").await;
    visit.picture("stopped").await;
    assert_eq!(visit.typed_text().await, ACCOUNT);
    assert!(visit.warns_before_leaving().await);
    visit.line.becomes(Line::Good);
    visit.presses(".file [data-remove]").await;
    assert_eq!(visit.rows().await, "0");
    visit.sends().await;
    visit.code().await;
    assert!(visit.only_tip().await.attachments.is_empty());
    visit.end().await;
}

#[tokio::test]
async fn what_the_page_cannot_clean_goes_as_the_reporter_chooses() {
    let device = Device::new();
    let visit = Visit::begin("file-choice", 360, "zh-Hans").await;
    let pdf = device.pdf();
    visit.writes_and_chooses(&[&pdf]).await;
    visit.hears("交给服务器去除").await;
    visit.sends().await;
    visit.hears("请为这个文件选一种发法").await;
    visit.browser.show("#attachments").await;
    visit.picture("undecided").await;
    assert_eq!(visit.line.requests("POST "), 0);
    visit.presses(".file input[value=server]").await;
    visit.hears("会在服务器的内存里经过一次").await;
    visit.picture("server").await;
    visit.sends().await;
    let code = visit.code().await;
    visit.hears("已去除：作者").await;
    assert_eq!(visit.line.requests(CLEANED), 1);
    let sent = visit.line.sent();
    assert!(holds(&sent, "(Zhang Wei)"), "the server was to clean it");
    for secret in ["班级名单", &code, ACCOUNT] {
        assert!(!holds(&sent, secret), "{secret}");
    }
    let tip = visit.only_tip().await;
    let file = &tip.attachments[0];
    assert_eq!(
        (file.name.as_str(), file.media_type.as_str()),
        ("班级名单.pdf", "application/pdf")
    );
    assert!(!holds(
        &visit.opened(&file.id, file.size_bytes),
        "Zhang Wei"
    ));
    visit.end().await;
}

#[tokio::test]
async fn the_original_is_kept_only_where_the_reporter_says_so() {
    let device = Device::new();
    let visit = Visit::begin("file-original", 1280, "en").await;
    let ((photo, _), pdf) = (device.photo(), device.pdf());
    visit.writes_and_chooses(&[&photo, &pdf]).await;
    visit.hears("Taken out before sending:").await;
    visit
        .presses(".file:nth-child(1) input[value=as-it-is]")
        .await;
    visit.hears("Still in it:").await;
    visit
        .presses(".file:nth-child(2) input[value=as-it-is]")
        .await;
    visit.browser.show("#attachments").await;
    visit.picture("as-it-is").await;
    visit.sends().await;
    let code = visit.code().await;
    visit.nothing_left_in_clear(&code, &["班级名单"]);
    assert_eq!(visit.line.requests(CLEANED), 0);
    let tip = visit.only_tip().await;
    for (file, path) in tip.attachments.iter().zip([photo, pdf]) {
        let original = std::fs::read(path).expect("on the device");
        assert!(visit.opened(&file.id, file.size_bytes) == original);
    }
    visit.end().await;
}

#[tokio::test]
async fn a_file_that_is_not_taken_says_why_and_holds_nothing_else_up() {
    let device = Device::new();
    let visit = Visit::begin("file-refused", 360, "en").await;
    let (program, (talk, _)) = (device.program(), device.talk(20_000));
    visit.writes_and_chooses(&[&program, &talk]).await;
    visit.hears("We do not take files of this kind").await;
    visit.sends().await;
    visit.browser.reads_until("#problem:not([hidden])").await;
    visit.browser.show("#attachments").await;
    visit.picture("refused").await;
    assert_eq!(visit.line.requests("POST "), 0);
    visit.presses(".file:nth-child(1) [data-remove]").await;
    visit.sends().await;
    visit.code().await;
    let tip = visit.only_tip().await;
    assert_eq!(tip.attachments.len(), 1);
    assert_eq!(tip.attachments[0].name, TALK_NAME);
    visit.end().await;
}

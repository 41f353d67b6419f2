//! Files as telephones, messengers and offices really send them: taken under a name that tells what they are, or refused in
//! words that say what to do.

use super::hostile::case_page;
use super::{Chosen, FORM, form_body, send, small_intake, tip_fields};
use crate::metadata::samples::case;
use crate::staff::{Browser, Office, Setup};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

fn chosen(name: &'static str) -> Chosen {
    let bytes = case(name);
    Chosen { name, bytes }
}

#[tokio::test]
async fn what_people_really_send_is_taken_by_its_content() {
    let intake = small_intake("").await;
    for (name, called, media_type, said) in [
        (
            "o10_old.ppt",
            "",
            "application/vnd.ms-powerpoint",
            "of this kind",
        ),
        ("o11_locked.docx", "", DOCX, "has a password"),
        ("o12_really_docx.wps", "", DOCX, ""),
        ("o13_invoice.ofd", "", "application/ofd", "of this kind"),
        ("o14_voice.amr", "", "audio/silk", "of this kind"),
        ("o15_IMG.HIF", "", "image/heif", ""),
        ("o15_chat.txt", "", "text/plain", "Nothing about place"),
        (
            "o15_image%3A1641",
            "o15_image_3A1641.jpg",
            "image/jpeg",
            "Taken out: place",
        ),
        ("p02_leading_junk.pdf", "", "application/pdf", ""),
        ("p03_attached_docx_stored.pdf", "", "application/pdf", ""),
        ("m07_aigc.png", "", "image/png", "label of origin or of AI"),
    ] {
        let body = form_body(&tip_fields("", "补课"), &[chosen(name)]);
        let sent = send(&intake, "en", body).await;
        assert_eq!(sent.status, 200, "{name}: {}", sent.text);
        assert!(sent.text.contains(said), "{name}: {}", sent.text);
        let triage = intake.triage();
        let mut seen = false;
        for entry in triage.list("waiting").await {
            let json = triage.open(&entry).await;
            let tip = mifeng_sealing::tip::TipDocument::from_json(&json).expect("a tip");
            let [file] = tip.attachments.as_slice() else {
                panic!("one file");
            };
            let expected = if called.is_empty() { name } else { called };
            if file.name != expected {
                continue;
            }
            seen = true;
            assert_eq!(file.media_type, media_type, "{name}");
            assert_eq!(file.under_password, name.contains("locked"), "{name}");
            assert_eq!(file.labelled_origin, name.contains("aigc"), "{name}");
            // The document says that there was a label, and nothing of what stood in it.
            assert!(
                !String::from_utf8_lossy(&json).contains("CANARY-MIFENG"),
                "{name}"
            );
        }
        assert!(seen, "{name}");
    }
    intake.stop().await;
}

#[tokio::test]
async fn what_is_refused_is_refused_in_words_that_say_what_to_do() {
    let intake = small_intake("").await;
    for (language, words) in [
        ("zh-Hans", "另存为 docx、xlsx 或 PDF，或者拍成照片"),
        ("zh-Hant", "另存為 docx、xlsx 或 PDF，或者拍成照片"),
        ("en", "Save it as docx, xlsx or PDF, or photograph it"),
    ] {
        let body = form_body(&tip_fields("", "补课"), &[chosen("o12_really_html.xls")]);
        let refused = send(&intake, language, body).await;
        assert_eq!(refused.status, 422, "{}", refused.text);
        assert!(refused.text.contains(words), "{}", refused.text);
        assert!(refused.text.contains("补课"), "the text stays");
    }
    intake.stop().await;
}

/// Who handles the case reads what there is to know of a file before it is opened.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_case_page_says_how_to_open_what_came() {
    let office = Office::start_as(Setup::default()).await;
    let parent = Browser::new(&office.intake_url());
    let files = [
        "o14_voice.amr",
        "o11_locked.docx",
        "m07_aigc.png",
        "o13_invoice.ofd",
    ]
    .map(chosen);
    let body = form_body(&tip_fields("", "补课"), &files);
    let sent = parent.post_as("/qingxi/zh-Hans/write", FORM, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let staff = office.signed_in("dispatcher").await;
    let page = case_page(&staff, files.len()).await;
    for words in [
        "A voice message of WeChat (SILK)",
        "It opens with a password only",
        "It carried a label of AI or of its origin",
        "A page document (OFD)",
    ] {
        assert_eq!(page.matches(words).count(), 1, "{words}: {page}");
    }
    office.stop().await;
}

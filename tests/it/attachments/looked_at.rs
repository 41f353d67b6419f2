//! A file is looked at as plain pixels that another process drew, or not at all.

use super::{Chosen, FORM, form_body, pdf, tip_fields};
use crate::metadata::samples::jpeg;
use crate::staff::{Actor, Browser, Office, Setup, numbers};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use std::time::Duration;

fn view_links(page: &str) -> Vec<String> {
    let parts = page.split("<a href=\"").skip(1);
    let links = parts.filter_map(|part| part.split('"').next());
    links
        .filter(|link| link.ends_with("/view"))
        .map(str::to_owned)
        .collect()
}

/// The case's page once both files can be looked at.
async fn case_page(staff: &Browser) -> String {
    for _ in 0..150 {
        let queue = staff.get("/en/queue?view=open").await.text;
        if let Some(number) = numbers(&queue).first() {
            let page = staff.get(&format!("/en/case/{number}")).await.text;
            if view_links(&page).len() == 2 {
                return page;
            }
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("never two files to look at");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photo_is_shown_as_pixels_and_a_broken_document_is_told() {
    let program = env!("CARGO_BIN_EXE_mifeng-triage");
    let office = Office::start_as(Setup {
        triage: format!("[viewer]\nprogram_file = \"{program}\"\n"),
        ..Setup::default()
    })
    .await;
    let parent = Browser::new(&office.intake_url());
    let photo = Chosen {
        name: "slip.jpg",
        bytes: jpeg(64, 48),
    };
    let body = form_body(&tip_fields("", "补课"), &[photo, pdf("broken.pdf")]);
    let sent = parent.post_as("/qingxi/zh-Hans/write", FORM, body).await;
    assert_eq!(sent.status, 200, "{}", sent.text);
    let staff = office.signed_in("dispatcher").await;
    let links = view_links(&case_page(&staff).await);

    let (mut drawn, mut told) = (0, 0);
    for link in &links {
        let answer = staff.fetch(link).await;
        let policy = answer.headers()["content-security-policy"].clone();
        let policy = policy.to_str().expect("text");
        assert!(policy.contains("default-src 'none'") && policy.contains("img-src data:"));
        assert!(!policy.contains("script-src"), "{policy}");
        let page = answer.text().await.expect("a page");
        if let Some(rest) = page.split("data:image/png;base64,").nth(1) {
            let encoded = rest.split('"').next().unwrap_or_default();
            let png = BASE64_STANDARD.decode(encoded).expect("base64");
            let image = image::load_from_memory(&png).expect("a picture");
            assert_eq!((image.width(), image.height()), (64, 48));
            drawn += 1;
        } else {
            assert!(page.contains("is damaged and cannot be drawn"), "{page}");
            told += 1;
        }
    }
    assert_eq!((drawn, told), (1, 1));
    for (actor, status) in [(Actor::Stranger, 303), (Actor::Administrator, 403)] {
        let browser = office.actor(actor).await;
        assert_eq!(browser.fetch(&links[0]).await.status(), status, "{actor:?}");
    }
    office.stop().await;
}

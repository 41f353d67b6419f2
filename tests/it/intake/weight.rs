//! What a phone on a slow line must load: counted as sent, with `Accept-Encoding: gzip`.

use super::{Intake, client};

/// Most bytes of the start page with all it loads.
const START_MAX_BYTES: usize = 15_000;

/// Most bytes of the form with all it loads, the sealing script among it; and of the page that asks for a code.
const FORM_MAX_BYTES: usize = 55_000;

struct Sent {
    packed: bool,
    bytes: Vec<u8>,
}

async fn get(url: &str, encoding: &str) -> Sent {
    let request = client().get(url).header("accept-encoding", encoding);
    let response = request.send().await.expect("an answer");
    assert_eq!(response.status(), 200, "{url}");
    let headers = response.headers().clone();
    let packed = headers
        .get("content-encoding")
        .is_some_and(|it| it == "gzip");
    Sent {
        packed,
        bytes: response.bytes().await.expect("a body").to_vec(),
    }
}

/// What a page names in `src` and in `href` of `<link>`; everything must be our own.
fn loaded(html: &str) -> Vec<String> {
    let tags = html.split('<').filter(|tag| {
        ["link ", "script ", "img ", "iframe ", "source ", "video "]
            .iter()
            .any(|name| tag.starts_with(name))
    });
    let mut paths: Vec<String> = tags
        .filter_map(|tag| {
            let (_, rest) = tag
                .split_once("src=\"")
                .or_else(|| tag.split_once("href=\""))?;
            rest.split('"').next().map(str::to_owned)
        })
        .collect();
    paths.dedup();
    paths
}

async fn weight(intake: &Intake, page: &str) -> usize {
    let url = format!("{}{page}", intake.public);
    let html = get(&url, "identity").await.bytes;
    let html = String::from_utf8(html).expect("UTF-8");
    assert!(!html.contains("@import") && !html.contains("@font-face"));
    let mut total = get(&url, "gzip").await.bytes.len();
    let assets = loaded(&html);
    assert!(assets.len() >= 2, "{assets:?}");
    for path in assets {
        assert!(path.starts_with("/assets/"), "{path} is somebody else's");
        let asset = get(&format!("{}{path}", intake.public), "gzip").await;
        assert!(asset.packed, "{path}");
        total += asset.bytes.len();
    }
    println!("{page}: {total} bytes");
    total
}

#[tokio::test]
async fn pages_are_light() {
    let intake = Intake::furnished().await;
    for language in ["zh-Hans", "zh-Hant", "en"] {
        let start = weight(&intake, &format!("/qingxi/{language}/")).await;
        assert!(start <= START_MAX_BYTES, "{language}: {start}");
        let form = weight(&intake, &format!("/qingxi/{language}/write")).await;
        assert!(form <= FORM_MAX_BYTES, "{language}: {form}");
        let check = format!("/qingxi/{language}/check");
        let parts = get(&format!("{}{check}/parts", intake.public), "gzip").await;
        assert!(parts.packed, "the parts of the page behind a code");
        let check = weight(&intake, &check).await + parts.bytes.len();
        println!("{language}: with the parts it fetches: {check} bytes");
        assert!(check <= FORM_MAX_BYTES, "{language}: {check}");
    }
    intake.stop().await;
}

/// A length that depends on a secret beside words of somebody's choosing gives the secret away.
#[tokio::test]
async fn what_holds_a_secret_is_never_compressed() {
    let intake = Intake::unlimited().await;
    let reporter_code = {
        let anonymous = intake.anonymous();
        anonymous.tells("补课").await.code
    };
    for page in ["write", "check", "l/write"] {
        let sent = get(&format!("{}/qingxi/en/{page}", intake.public), "gzip, br").await;
        assert!(!sent.packed, "{page}");
    }
    for (path, field) in [("check", "pickup_code"), ("write", "text")] {
        let request = client()
            .post(format!("{}/qingxi/en/{path}", intake.public))
            .header("accept-encoding", "gzip")
            .form(&[(field, reporter_code.as_str())]);
        let response = request.send().await.expect("an answer");
        assert_eq!(response.headers().get("content-encoding"), None, "{path}");
    }
    for page in ["", "help", "poster", "card"] {
        let url = format!("{}/qingxi/en/{page}", intake.public);
        assert!(get(&url, "gzip").await.packed, "{page}");
        assert!(!get(&url, "gzip;q=0, identity").await.packed, "{page}");
        assert!(!get(&url, "br").await.packed, "{page}");
    }
    intake.stop().await;
}

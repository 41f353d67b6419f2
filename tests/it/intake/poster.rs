//! The poster and the card: the right address to the eye and to a camera.

use super::{Answer, Intake, OFFICE, Place, client};
use mifeng_intake::address::PublicUrl;

const ONION: &str = "vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd.onion";

/// Reads the QR code as a camera would: the drawn modules as a picture, found and decoded.
pub fn scan(html: &str) -> String {
    let side = between(html, "viewBox=\"0 0 ", " ", "class=\"qr\"");
    let side: usize = side.parse().expect("a number");
    let path = between(html, "fill=\"#000\" d=\"", "\"", "class=\"qr\"");
    let mut dark = vec![false; side * side];
    for module in path.split('M').skip(1) {
        let (x, rest) = module.split_once(' ').expect("x y");
        let (y, _) = rest.split_once('h').expect("a square");
        let (x, y): (usize, usize) = (x.parse().expect("x"), y.parse().expect("y"));
        dark[y * side + x] = true;
    }
    let scale = 4;
    let mut picture =
        rqrr::PreparedImage::prepare_from_bitmap(side * scale, side * scale, |x, y| {
            dark[y / scale * side + x / scale]
        });
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "one code");
    grids[0].decode().expect("readable").1
}

fn between(text: &str, start: &str, end: &str, after: &str) -> String {
    let (_, text) = text.split_once(after).expect("it is there");
    let (_, text) = text.split_once(start).expect("it is there");
    text.split(end).next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_poster_shows_what_the_office_has() {
    let place = Place::furnished();
    let mut config = place.config(&format!(
        "enabled = false\n[onion]\nonion_address = \"{ONION}\"\n[onion.listen]\naddress = \"127.0.0.1:0\""
    ));
    config.public_url = Some(PublicUrl::try_from("https://tips.example".to_owned()).expect("good"));
    let fingerprint = place.signing.public().fingerprint();
    let intake = Intake::on(place, config).await;
    for (language, hall) in [
        ("zh-Hans", "一楼大厅左侧"),
        ("zh-Hant", "一樓大廳左側"),
        ("en", "ground-floor hall, on the left"),
    ] {
        let page = intake
            .anonymous()
            .get(&format!("/{OFFICE}/{language}/poster"))
            .await;
        assert_eq!(page.status, 200);
        assert_eq!(scan(&page.text), "https://tips.example/qingxi/");
        for words in [">tips.example/qingxi<", "0555-0100", hall, "110", "15"] {
            assert!(page.text.contains(words), "{language}: {words}");
        }
        assert!(
            page.text.contains(&format!("{ONION}/{OFFICE}")),
            "{language}"
        );
        let groups: String = page.text.split_whitespace().collect();
        assert!(
            groups.contains(&fingerprint),
            "{language}: the key's fingerprint"
        );
        let start = intake
            .anonymous()
            .get(&format!("/{OFFICE}/{language}/"))
            .await
            .text;
        let start: String = start.split_whitespace().collect();
        assert!(
            start.contains(&fingerprint),
            "{language}: the same to compare with"
        );

        let card = intake
            .anonymous()
            .get(&format!("/{OFFICE}/{language}/card"))
            .await
            .text;
        assert_eq!(scan(&card), "https://tips.example/qingxi/");
        let line = "&lt;a href=\"https://tips.example/qingxi/\" rel=\"noreferrer\"&gt;";
        assert!(card.contains(line), "{language}: a plain link to copy");
    }
    intake.stop().await;
}

#[tokio::test]
async fn without_an_address_of_its_own_it_shows_where_it_was_asked() {
    let intake = Intake::unlimited().await;
    let asked = async |host: &str| {
        let request = client().get(format!("{}/{OFFICE}/en/poster", intake.public));
        // What a visitor can send besides is not believed.
        let request = request.header("x-forwarded-host", "evil.example");
        Answer::of(request.header("host", host)).await
    };
    assert_eq!(
        scan(&asked("tips.example").await.text),
        "https://tips.example/qingxi/"
    );
    assert_eq!(
        scan(&asked("localhost:8080").await.text),
        "http://localhost:8080/qingxi/"
    );
    assert_eq!(
        scan(&asked(ONION).await.text),
        format!("http://{ONION}/qingxi/")
    );
    for bad in ["a\"b", "a/b", "a<b"] {
        let page = asked(bad).await;
        assert_eq!(page.status, 400, "{bad}");
        assert!(!page.text.contains(bad), "{bad}");
    }
    intake.stop().await;
}

//! A promised day as a calendar file: it can be saved from the page with the code, and says nothing of what it is for.

use super::{Intake, OFFICE, TODAY};
use mifeng_foundation::clock::Day;

fn today() -> Day {
    TODAY.parse().expect("a day")
}

#[tokio::test]
async fn the_promised_day_is_saved_under_a_neutral_name() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    for (language, name) in [("zh-Hans", "取件"), ("zh-Hant", "取件"), ("en", "Pick up")] {
        let path = format!("/{OFFICE}/{language}/write");
        let page = anonymous
            .form(&path, &[("category", "gifts"), ("text", "收了红包")])
            .await;
        let due = today().plus_days(15);
        let link = format!("/{OFFICE}/{language}/day/{due}.ics");
        assert!(
            page.text.contains(&format!("href=\"{link}\" download")),
            "{}",
            page.text
        );
        let file = anonymous.get(&link).await;
        assert_eq!(file.status, 200);
        let date = due.to_string().replace('-', "");
        assert!(
            file.text
                .contains(&format!("DTSTART;VALUE=DATE:{date}\r\n"))
        );
        assert!(file.text.contains(&format!("SUMMARY:{name}\r\n")));
        // Nobody who looks into the calendar learns where it came from.
        for word in [OFFICE, "mifeng", "Mifeng", "举报", "http"] {
            assert!(!file.text.contains(word), "{word}");
        }
        assert!(
            file.text
                .split("\r\n")
                .all(|line| line.len() <= 75 && !line.contains('\n'))
        );
    }
    intake.stop().await;
}

#[tokio::test]
async fn only_a_day_that_could_have_been_promised_is_a_file() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let far = today().plus_days(401);
    for day in [
        "",
        "tomorrow",
        "2026-02-30",
        "9999-12-31",
        "-0001-01-01",
        &far.to_string(),
        "2026-03-01%0D%0AX:1",
    ] {
        let page = anonymous.get(&format!("/{OFFICE}/en/day/{day}.ics")).await;
        assert_eq!(page.status, 404, "{day}");
    }
    intake.stop().await;
}

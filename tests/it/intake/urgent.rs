//! Where a child may be in danger: whom to call stands before the form, and the tip is marked.

use super::Intake;

#[tokio::test]
async fn whom_to_call_stands_before_the_form() {
    let intake = Intake::furnished().await;
    for (language, line) in [
        ("zh-Hans", "青少年热线"),
        ("zh-Hant", "青少年热线"),
        ("en", "Youth line"),
    ] {
        for (name, before) in [("", "href=\"/qingxi/X/check\""), ("write", "<form")] {
            let page = intake
                .anonymous()
                .get(&format!("/qingxi/{language}/{name}"))
                .await
                .text;
            for words in [
                "<a href=\"tel:110\">110</a>",
                "<a href=\"tel:12355\">12355</a>",
                line,
            ] {
                assert!(page.contains(words), "{language}/{name}: {words}");
            }
            if name == "write" {
                let (number, form) = (page.find("tel:110"), page.find(before));
                assert!(number < form, "{language}: the number comes first");
                let kind = page.split("value=\"child-harm\"").nth(1).expect("the kind");
                let label = kind.split("</label>").next().unwrap_or_default();
                assert!(label.contains("110"), "{language}: beside the kind too");
            }
        }
    }
    intake.stop().await;
}

#[tokio::test]
async fn an_office_without_numbers_shows_no_empty_notice() {
    let intake = Intake::unlimited().await;
    for name in ["", "write"] {
        let page = intake
            .anonymous()
            .get(&format!("/qingxi/en/{name}"))
            .await
            .text;
        assert!(!page.contains("urgent"), "{name}");
        assert!(!page.contains("tel:"), "{name}");
    }
    intake.stop().await;
}

/// The clock that starts from this mark is tested where the clocks are, in `engine`.
#[tokio::test]
async fn harm_to_a_child_marks_the_tip() {
    let intake = Intake::unlimited().await;
    let fields = [("category", "child-harm"), ("text", "老师打了孩子")];
    let answer = intake
        .anonymous()
        .form("/qingxi/zh-Hans/write", &fields)
        .await;
    assert_eq!(answer.status, 200);
    let tip = intake.triage().only_tip().await;
    assert!(tip.category.is_urgent());
    intake.stop().await;
}

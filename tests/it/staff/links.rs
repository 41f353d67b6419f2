//! What a stranger wrote is words: no address, number or script in it can be clicked, wherever the staff read it.

use super::{Office, numbers, value};
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县第三中学";

/// Addresses as strangers write them.
const LINKS: [&str; 10] = [
    "https://evil.example/a?b=c&d",
    "http://evil.example",
    "www.evil.example/x",
    "javascript:alert(1)",
    "data:text/html,hi",
    "mailto:who@evil.example",
    "tel:13800000000",
    "<a href=\"https://evil.example\">here</a>",
    "[here](https://evil.example)",
    "weixin://dl/business",
];

/// Every address that a page leads to.
fn targets(page: &str) -> Vec<&str> {
    let attributes = ["href=\"", "src=\"", "action=\"", "formaction=\"", "href='"];
    let of = |attribute: &&str| page.split(*attribute).skip(1).collect::<Vec<_>>();
    let values = attributes.iter().flat_map(of);
    values
        .filter_map(|rest| rest.split(['"', '\'']).next())
        .collect()
}

#[tokio::test]
async fn no_link_of_a_stranger_can_be_clicked() {
    let office = Office::start().await;
    let text = format!("老师收钱，见 {} 。电话 13800000000", LINKS.join(" ， "));
    let (number, mut reporter) = office
        .case_about(SCHOOL, "体育老师让家长买指定的球鞋。")
        .await;
    reporter.submits(SCHOOL, &text).await;
    let supervisor = office.signed_in("supervisor").await;
    let mut all = Vec::new();
    for _ in 0..100 {
        all = numbers(&supervisor.get("/en/queue?view=open").await.text);
        if all.len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    let linked = all.iter().find(|one| **one != number).expect("it came");
    let case = format!("/en/case/{linked}");
    let reason = format!("as {} says", LINKS[0]);
    for (action, field) in [("note", "text"), ("message", "text"), ("hold", "reason")] {
        let version = value(&supervisor.get(&case).await.text, "version");
        let form = [("version", version.as_str()), (field, reason.as_str())];
        let done = supervisor.post(&format!("{case}/{action}"), &form).await;
        assert_eq!(
            done.status,
            StatusCode::SEE_OTHER,
            "{action}: {}",
            done.text
        );
    }
    let found = supervisor.post("/en/search", &[("q", "evil")]).await;
    let mut pages = vec![found];
    for path in [
        case.clone(),
        format!("{case}/compare/{number}"),
        "/en/queue?view=open".to_owned(),
        "/en/ledger".to_owned(),
        "/en/board".to_owned(),
    ] {
        pages.push(supervisor.get(&path).await);
    }
    assert!(
        pages
            .iter()
            .any(|page| page.text.contains("evil.example/a"))
    );
    for page in &pages {
        assert_eq!(page.status, StatusCode::OK);
        // Nor does a phone make one of it.
        assert!(
            page.text.contains("name=\"format-detection\""),
            "{}",
            page.text
        );
        for target in targets(&page.text) {
            let own = target.starts_with(['/', '#', '?']) || target.is_empty();
            assert!(own && !target.starts_with("//"), "{target}");
        }
    }
    for format in ["csv", "xlsx"] {
        let answer = supervisor
            .fetch_posted(&format!("/en/ledger/{format}"), &[])
            .await;
        let file = answer.bytes().await.expect("read");
        let file = String::from_utf8_lossy(&file).into_owned();
        assert!(!file.contains("hyperlink") && !file.contains("HYPERLINK"));
    }
    office.stop().await;
}

//! How near two tips are said to be: the same on the page of the one as beside each other.

use super::{Office, numbers};
use mifeng_similarity::generate::school_tips;
use std::time::Duration;

/// The tier that a page's badge names.
fn tier(page: &str) -> &str {
    let (_, after) = page.split_once("badge tier-").expect("a badge");
    after.split('"').next().unwrap_or_default()
}

#[tokio::test]
async fn two_tips_are_as_near_beside_each_other_as_on_the_page_they_were_listed_on() {
    const TIPS: usize = 40;
    let office = Office::start().await;
    let (tips, _) = school_tips(5, 60);
    for tip in &tips[..TIPS] {
        office.reporter().submits("", &tip.text).await;
    }
    let staff = office.signed_in("dispatcher").await;
    let mut cases = Vec::new();
    for _ in 0..100 {
        cases = numbers(&staff.get("/en/queue?view=open").await.text);
        if cases.len() >= TIPS {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert!(!cases.is_empty());
    let mut proposed = 0;
    for case in cases {
        let page = staff.get(&format!("/en/case/{case}")).await.text;
        let list = page
            .split("<ul class=\"alike\">")
            .nth(1)
            .unwrap_or_default();
        let list = list.split("</ul>").next().unwrap_or_default();
        for item in list
            .split("<li>")
            .filter(|item| item.contains("badge tier-"))
        {
            let (_, link) = item.split_once("href=\"").expect("a link");
            let link = link.split('"').next().unwrap_or_default();
            let beside = staff.get(link).await.text;
            assert_eq!(tier(item), tier(&beside), "{link}");
            proposed += 1;
        }
    }
    assert!(proposed > TIPS / 4, "{proposed}");
    office.stop().await;
}

//! The supervisor's figures from outside: what they count, and what of them leaves the office.

use super::Office;
use reqwest::StatusCode;
use std::time::Duration;

const SCHOOL: &str = "青溪县第一中学";
const OTHER_SCHOOL: &str = "青溪县第三中学";

/// The cells of the row called `name` in the table with id `table`.
fn row(page: &str, table: &str, name: &str) -> Vec<String> {
    let table = page
        .split(&format!("id=\"{table}\""))
        .nth(1)
        .expect("a table");
    let table = table.split("</section>").next().expect("a table");
    let head = format!("<th scope=\"row\">{name}</th>");
    let row = table.split(&head).nth(1);
    let row = row.unwrap_or_else(|| panic!("no {name} in {table}"));
    let row = row.split("</tr>").next().expect("a row");
    let cells = row.split("<td>").skip(1);
    cells
        .map(|cell| cell.split('<').next().unwrap_or_default().to_owned())
        .collect()
}

/// Six cases about one school, two about another.
async fn eight() -> Office {
    let office = Office::start().await;
    for n in 0..8 {
        let school = if n < 6 { OTHER_SCHOOL } else { SCHOOL };
        let text = format!("第{n}件：周末在校外补课收费。");
        office.reporter().submits(school, &text).await;
    }
    let supervisor = office.signed_in("supervisor").await;
    for _ in 0..100 {
        if supervisor.get("/en/ledger").await.text.contains("8 cases") {
            return office;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("they never came");
}

#[tokio::test]
async fn figures_are_of_what_one_may_see_and_small_ones_stay_inside() {
    let office = eight().await;
    let year = office.today().date().year();
    let supervisor = office.signed_in("supervisor").await;
    let page = supervisor.get("/en/board").await.text;
    assert_eq!(
        row(&page, "school", OTHER_SCHOOL),
        ["6", "6", "0", "0", "0"]
    );
    assert_eq!(row(&page, "school", SCHOOL), ["2", "2", "0", "0", "0"]);
    assert_eq!(row(&page, "category", "All")[0], "8");
    assert!(!page.contains("Banquets"), "no rows without a case");
    let principal = office.signed_in("principal").await;
    let page = principal.get("/en/board").await.text;
    assert_eq!(row(&page, "school", "All")[0], "6");
    assert!(
        !page.contains(SCHOOL),
        "nothing of the school he is recused from"
    );

    let outside = supervisor.get("/en/board?outside=1").await.text;
    // All are open: that none is finished is a small count too.
    assert_eq!(row(&outside, "school", "All"), ["8", "·", "·", "·", "·"]);
    // Alone it could be computed from the sum, so that the other is withheld with it.
    for school in [SCHOOL, OTHER_SCHOOL] {
        assert_eq!(row(&outside, "school", school), ["·"; 5], "{school}");
    }
    assert_eq!(
        row(&outside, "category", "Banquets"),
        ["·"; 5],
        "every row is there"
    );
    let csv = supervisor.post("/en/board/csv", &[]).await.text;
    assert!(csv.starts_with("\u{feff}By,Of,Received,"));
    let line = csv
        .lines()
        .find(|line| line.contains(SCHOOL))
        .expect("a line");
    assert_eq!(
        line,
        format!("By school,{SCHOOL},withheld,withheld,withheld,withheld,withheld")
    );
    assert!(csv.contains("By school,All,8,withheld,withheld"));

    let wrong = supervisor.get("/en/board?year=twenty").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"year-error\"") && wrong.text.contains(">twenty<"));
    let before = supervisor
        .get(&format!("/zh-Hans/board?year={}", year - 1))
        .await
        .text;
    assert_eq!(row(&before, "month", "1月"), ["0"; 5]);
    let audit_log = office.signed_in("auditor").await.audit_log().await;
    assert!(
        audit_log.contains("saw the dashboard <span class=\"muted\">as it may leave the office")
    );
    assert!(
        audit_log.contains(&format!("board-csv, 5 lines year={year}")),
        "{audit_log}"
    );
    office.stop().await;
}

/// What is late, due and upheld is counted where it stands.
#[tokio::test]
async fn what_is_late_and_what_was_true_is_counted() {
    let office = Office::start().await;
    let (number, _) = office
        .case_about(OTHER_SCHOOL, "周末在校外补课收费。")
        .await;
    let dispatcher = office.signed_in("dispatcher").await;
    let case = format!("/en/case/{number}");
    let supervisor = office.signed_in("supervisor").await;
    let year = office.today().date().year();
    let figures = async |page: &str| row(page, "category", "Paid tutoring");
    office.clock.advance(Duration::from_hours(24 * 90));
    let supervisor_again = office.signed_in("supervisor").await;
    let page = supervisor_again
        .get(&format!("/en/board?year={year}"))
        .await
        .text;
    assert_eq!(figures(&page).await, ["1", "1", "0", "1", "0"]);
    drop((supervisor, dispatcher));
    let dispatcher = office.signed_in("dispatcher").await;
    for (action, form) in [
        (
            "state",
            vec![("to", "accepted"), ("mode", "direct"), ("reason", "ours")],
        ),
        (
            "conclude",
            vec![
                ("outcome", "upheld"),
                ("answer", "属实"),
                ("reason", "two witnesses"),
            ],
        ),
    ] {
        let version = super::value(&dispatcher.get(&case).await.text, "version");
        let form: Vec<_> = form
            .into_iter()
            .chain([("version", version.as_str())])
            .collect();
        let done = dispatcher.post(&format!("{case}/{action}"), &form).await;
        assert_eq!(done.location, case, "{}", done.text);
    }
    let page = supervisor_again
        .get(&format!("/en/board?year={year}"))
        .await
        .text;
    assert_eq!(figures(&page).await, ["1", "0", "0", "0", "1"]);
    office.stop().await;
}

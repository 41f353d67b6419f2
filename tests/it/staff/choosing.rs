//! Leave and what somebody knows best, kept on two pages; and what the dispatcher reads of who can be given a case.

use super::{Browser, Office, PASSWORD, value};
use crate::support::postgres;
use mifeng_foundation::clock::Clock as _;
use mifeng_sealing::tip::Category;
use mifeng_triage::audit::{AuditLog, Kind};
use mifeng_triage::model::AuditQuery;
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县城东小学";

impl Office {
    pub(super) fn day(&self, from_now: i32) -> String {
        let zone = crate::support::office_zone();
        self.clock.today(&zone).plus_days(from_now).to_string()
    }

    pub(super) async fn on_record(&self, kind: Kind) -> usize {
        let zone = crate::support::office_zone();
        let audit_log = AuditLog::new(self.stores().await.cases, self.clock.clone(), zone);
        let rows = audit_log
            .rows(AuditQuery::default(), 1000)
            .await
            .expect("rows");
        let of_kind = rows.iter().filter(|row| row.link.kind == kind.code());
        of_kind.count()
    }
}

fn form<'a>(from: &'a str, to: &'a str) -> [(&'a str, &'a str); 2] {
    [("leave_from", from), ("leave_to", to)]
}

/// The fields of an account with a leave and something known best.
async fn edits(
    office: &Office,
    admin: &Browser,
    login: &str,
    (from, to): (&str, &str),
    more: &[(&str, &str)],
) -> super::Page {
    let path = format!("/en/accounts/{}", hex::encode(office.id_of(login).await.0));
    let page = admin.get(&path).await.text;
    let name = value(&page, "name");
    let mut form = vec![
        ("name", name.as_str()),
        ("unit", "jijiao"),
        ("role", "investigator"),
        ("leave_from", from),
        ("leave_to", to),
    ];
    form.extend(more);
    admin.post(&format!("{path}/edit"), &form).await
}

async fn leave_and_skills_are_kept(office: Office) {
    let admin = office.signed_in("administrator").await;
    let [today, later, before] = [0, 9, -1].map(|days| office.day(days));
    let wrong = edits(&office, &admin, "other", (&later, &today), &[]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("id=\"leave_to-error\""), "at the field");
    assert_eq!(
        value(&wrong.text, "leave_from\" type=\"date"),
        later,
        "kept"
    );
    let half = edits(&office, &admin, "other", ("", &today), &[]).await;
    assert!(half.text.contains("id=\"leave_from-error\""));
    let skills = [("skill-tutoring", "yes"), ("skill-class-withheld", "yes")];
    let saved = edits(&office, &admin, "other", (&later, &later), &skills).await;
    assert_eq!(saved.location, "/en/accounts", "{}", saved.text);
    let staff = office.stores().await.staff;
    let kept = staff
        .member_by_login("other")
        .await
        .expect("read")
        .expect("there");
    assert_eq!(kept.skills, [Category::Tutoring, Category::ClassWithheld]);
    assert_eq!(kept.leave.expect("kept").from().to_string(), later);
    let page = format!("/zh-Hans/accounts/{}", hex::encode(kept.id.0));
    let page = admin.get(&page).await.text;
    assert!(page.contains("name=\"skill-tutoring\" value=\"yes\" checked"));

    // By herself, from today on; the page of the case says it to the dispatcher.
    let (number, _) = office
        .case_about(SCHOOL, "老师周末在家补课，每次收一百元")
        .await;
    let dispatcher = office.signed_in("dispatcher").await;
    let case = format!("/case/{number}");
    let text = dispatcher.get(&format!("/en{case}")).await.text;
    assert!(text.contains("knows such tips best, 1 open"), "{text}");
    let own = office.signed_in("other").await;
    let wrong = own.post("/zh-Hans/own/leave", &form(&today, &before)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("止日不早于起日"));
    assert_eq!(value(&wrong.text, "leave_to\" type=\"date"), before, "kept");
    let saved = own.post("/en/own/leave", &form(&today, &later)).await;
    assert_eq!(saved.location, "/en/own?changed=leave");
    assert!(
        own.get(&saved.location)
            .await
            .text
            .contains("Your leave is saved.")
    );
    let text = dispatcher.get(&format!("/en{case}")).await.text;
    assert!(text.contains(&format!("on leave until {later}")));
    let han = dispatcher.get(&format!("/zh-Hans{case}")).await.text;
    assert!(han.contains(&format!("请假至 {later}")));
    let offered = han.split("name=\"handler\">").nth(1).expect("a list");
    let offered = offered.split("</select>").next().expect("its end");
    let id = hex::encode(kept.id.0);
    assert!(!offered.contains(&id), "not offered");
    assert_eq!(office.on_record(Kind::LeaveSet).await, 1);
    let kept = staff
        .member_by_login("other")
        .await
        .expect("read")
        .expect("there");
    assert_eq!(kept.skills.len(), 2, "leave alone was changed");
    let ended = own.post("/en/own/leave", &form("", "")).await;
    assert_eq!(ended.location, "/en/own?changed=leave");
    assert!(
        dispatcher
            .get(&format!("/en{case}"))
            .await
            .text
            .contains("knows such tips best")
    );
    office.stop().await;
}

#[tokio::test]
async fn leave_and_skills_are_kept_in_sqlite() {
    leave_and_skills_are_kept(Office::start().await).await;
}

#[tokio::test]
async fn leave_and_skills_are_kept_in_postgresql() {
    let url = postgres::fresh_database().await;
    leave_and_skills_are_kept(Office::start_over(Some(url)).await).await;
}

/// Who is left out of a case is said, and not because of whom.
#[tokio::test]
async fn a_recusal_is_said_and_not_what_it_is_about() {
    const KIN: &str = "司徒安然";
    let office = Office::start().await;
    let admin = office.signed_in("administrator").await;
    let names = [("recused_names", KIN)];
    edits(&office, &admin, "investigator", ("", ""), &names).await;
    let text = format!("{KIN}开的托管班由班主任拉人");
    let (number, _) = office.case_about(SCHOOL, &text).await;
    let dispatcher = office.signed_in("dispatcher").await;
    let page = dispatcher.get(&format!("/en/case/{number}")).await.text;
    let list = page.split("class=\"standings\"").nth(1).expect("a list");
    let list = list.split("</ul>").next().expect("its end");
    let his = list
        .split("<li>")
        .find(|line| line.contains("investigator"));
    let his = his.expect("he is named");
    assert!(his.contains("recused") && !list.contains(KIN), "{list}");
    let investigator = office.browser();
    investigator.sign_in("investigator", PASSWORD).await;
    let hidden = investigator.get(&format!("/en/case/{number}")).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    office.stop().await;
}

//! The routing rules, changed at a browser: tried first, kept as versions, refused at the field, and nobody's overwritten.

use super::{Office, Page};
use crate::support::postgres;
use mifeng_triage::audit::Kind;
use mifeng_triage::routing::Rules;
use reqwest::StatusCode;

const SCHOOL: &str = "青溪县城东小学";
const REASON: &str = "基教股人手不够，司徒老师的件也归督导室";

/// The fields of the form on the page, as a browser would send them.
pub fn fields_of(page: &str) -> Vec<(String, String)> {
    let form = page
        .split("action=\"/en/routing/save\"")
        .nth(1)
        .expect("a form");
    let form = form.split("</form>").next().expect("its end");
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let (head, rest) = tag.split_once('>').unwrap_or((tag, ""));
        let attribute = |name: &str| {
            let part = head.split(&format!(" {name}=\"")).nth(1)?;
            part.split('"').next().map(plain)
        };
        let name = attribute("name");
        match head.split(' ').next() {
            Some("input") if !head.contains("checkbox") => {
                fields.push((
                    name.expect("a name"),
                    attribute("value").unwrap_or_default(),
                ));
            }
            Some("textarea") => fields.push((name.expect("a name"), plain(rest))),
            Some("select") => fields.push((format!("?{}", name.expect("a name")), String::new())),
            Some("option") if head.ends_with(" selected") => {
                let select = fields.iter().rev().find(|(name, _)| name.starts_with('?'));
                let name = select.expect("a list").0[1..].to_owned();
                fields.push((name, attribute("value").expect("a value")));
            }
            _ => {}
        }
    }
    fields.retain(|(name, _)| !name.starts_with('?'));
    fields
}

fn plain(html: &str) -> String {
    html.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#38;", "&")
        .replace("&amp;", "&")
}

pub fn set(fields: &mut Vec<(String, String)>, name: &str, value: &str) {
    fields.retain(|(known, _)| known != name);
    fields.push((name.to_owned(), value.to_owned()));
}

/// The number in the form of the rule with this id.
pub fn place_of(fields: &[(String, String)], id: &str) -> String {
    let mut found = fields.iter().filter(|(_, value)| value == id);
    let (name, _) = found
        .find(|(name, _)| name.ends_with("-id"))
        .expect("the rule");
    name.trim_end_matches("-id").to_owned()
}

impl super::Browser {
    pub(super) async fn sends(&self, action: &str, fields: &[(String, String)]) -> Page {
        let form: Vec<_> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        self.post(&format!("/en/routing/{action}"), &form).await
    }
}

async fn rules_are_tried_and_kept(office: Office) {
    let (number, _) = office
        .case_about(SCHOOL, "老师周末在家补课，每次收一百元")
        .await;
    let dispatcher = office.signed_in("dispatcher").await;
    let admin = office.signed_in("administrator").await;
    let shown = dispatcher.get("/en/routing").await.text;
    assert!(shown.contains("Version 1") && shown.contains("Change the routing rules"));
    let page = dispatcher.get("/en/routing/edit").await.text;
    let mut fields = fields_of(&page);
    let rule = place_of(&fields, "teaching-primary");
    set(&mut fields, &format!("{rule}-unit"), "dudao");

    // Tried: what would change, by which rule and why, and for whom. Nothing is changed by it.
    let tried = dispatcher.sends("try", &fields).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
    for said in [
        "Of the last 1 tips, 1 would go elsewhere",
        &format!("href=\"/en/case/{number}\""),
        "◆ Basic Education Section → Inspection Office",
        "Rule 8, teaching-primary: Kind, Stage matches",
        "gifts-all (Kind)",
        "name of investigator",
        "now with name of other",
    ] {
        assert!(
            tried.text.contains(said),
            "never said {said}: {}",
            tried.text
        );
    }
    assert_eq!(
        fields_of(&tried.text),
        fields_of(&page)
            .into_iter()
            .map(|(name, value)| {
                let unit = format!("{rule}-unit");
                let value = if name == unit {
                    "dudao".to_owned()
                } else {
                    value
                };
                (name, value)
            })
            .collect::<Vec<_>>(),
        "everything typed is there"
    );
    assert!(
        dispatcher
            .get("/en/routing")
            .await
            .text
            .contains("Version 1")
    );
    assert_eq!(office.on_record(Kind::RulesTried).await, 1);
    let refused = admin.sends("try", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "he reads no tips");
    assert!(!refused.text.contains(SCHOOL));

    bad_rules_are_told_at_the_field(&dispatcher, &fields, &rule).await;

    set(&mut fields, "reason", REASON);
    one_of_two_is_saved(&office, (&admin, &dispatcher), &fields).await;

    let (second, _) = office
        .case_about(SCHOOL, "班主任在校外租教室办班收费")
        .await;
    let case = dispatcher.get(&format!("/en/case/{second}")).await.text;
    assert!(case.contains("<dd>name of investigator</dd>"), "{case}");

    // A start does not go back to the file.
    let office = office
        .restarted(async |_: &mifeng_triage::engine::Stores| {})
        .await;
    let supervisor = office.signed_in("supervisor").await;
    let shown = supervisor.get("/en/routing").await.text;
    assert!(shown.contains("Version 2") && !shown.contains("Change the routing rules"));
    let dispatcher = office.signed_in("dispatcher").await;
    let mut fields = fields_of(&dispatcher.get("/en/routing/edit").await.text);
    assert!(fields.contains(&(format!("{rule}-unit"), "dudao".to_owned())));
    set(&mut fields, &format!("{rule}-remove"), "yes");
    set(&mut fields, "reason", "并入督导室");
    let saved = dispatcher.sends("save", &fields).await;
    assert_eq!(saved.location, "/en/routing", "{}", saved.text);
    let shown = dispatcher.get("/en/routing").await.text;
    assert!(shown.contains("Version 3") && shown.contains("removed teaching-primary"));
    office.stop().await;
}

async fn one_of_two_is_saved(
    office: &Office,
    (admin, dispatcher): (&super::Browser, &super::Browser),
    fields: &[(String, String)],
) {
    // Saved by the one who keeps them; the other's, made from the same version, is not written over it.
    let saved = admin.sends("save", fields).await;
    assert_eq!(saved.location, "/en/routing", "{}", saved.text);
    let late = dispatcher.sends("save", fields).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("Somebody else saved other rules"));
    let kept = fields_of(&late.text);
    assert!(
        kept.contains(&("reason".to_owned(), REASON.to_owned())),
        "kept"
    );
    let shown = dispatcher.get("/en/routing").await.text;
    assert!(shown.contains("Version 2") && shown.contains("name of administrator"));
    assert!(shown.contains(REASON), "why");
    let versions = office
        .stores()
        .await
        .cases
        .routing_versions()
        .await
        .expect("read");
    assert_eq!(versions.len(), 1);
    let sealed = String::from_utf8_lossy(&versions[0].reason).into_owned();
    assert!(!sealed.contains("司徒"), "sealed at rest");
    assert_eq!(office.on_record(Kind::RulesChanged).await, 2, "both tries");
    assert_eq!(
        office.on_record(Kind::Failed).await,
        1,
        "one of them failed"
    );
}

async fn bad_rules_are_told_at_the_field(
    dispatcher: &super::Browser,
    fields: &[(String, String)],
    rule: &str,
) {
    let unsound = StatusCode::UNPROCESSABLE_ENTITY;
    let unsaid = dispatcher.sends("save", fields).await;
    assert_eq!(unsaid.status, unsound);
    assert!(unsaid.text.contains("id=\"reason-error\""), "no reason");
    for (field, value, words) in [
        ("id", "Nicht so!", "lower-case letters"),
        ("id", "gifts-all", "a rule of this name already"),
        ("unit", "", "id=\"r7-unit-error\""),
        ("zh", "", "Give a reason in a sentence"),
        ("order", "first", "Give a number."),
        ("school", "no-such", "not in the directory"),
        ("category", "no-such", "not in the directory"),
    ] {
        let mut fields = fields.to_vec();
        let name = format!("{rule}-{field}");
        set(&mut fields, &name, value);
        set(&mut fields, "reason", REASON);
        for action in ["try", "save"] {
            let page = dispatcher.sends(action, &fields).await;
            assert_eq!(page.status, unsound, "{name} {action}");
            assert!(
                page.text.contains(&format!("id=\"{name}-error\"")),
                "{name}: {}",
                page.text
            );
            assert!(page.text.contains(words), "{name}: {words}");
            let kept = fields_of(&page.text);
            assert!(kept.contains(&("reason".to_owned(), REASON.to_owned())));
            if ["id", "order"].contains(&field) {
                assert!(kept.contains(&(name.clone(), value.to_owned())), "kept");
            }
        }
    }
    // A new rule behind one that has all of it.
    let mut fields = fields.to_vec();
    let new = place_of(&fields, "");
    for (field, value) in [
        ("id", "late"),
        ("category", "gifts"),
        ("unit", "dudao"),
        ("zh", "再查"),
        ("en", "once more"),
    ] {
        set(&mut fields, &format!("{new}-{field}"), value);
    }
    let page = dispatcher.sends("try", &fields).await;
    assert_eq!(page.status, unsound);
    assert!(page.text.contains(&format!("id=\"{new}-id-error\"")));
    assert!(page.text.contains("never reached"), "{}", page.text);
    // Before it, it is.
    set(&mut fields, &format!("{new}-order"), "5");
    let page = dispatcher.sends("try", &fields).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
}

#[tokio::test]
async fn rules_are_tried_and_kept_in_sqlite() {
    rules_are_tried_and_kept(Office::start().await).await;
}

#[tokio::test]
async fn rules_are_tried_and_kept_in_postgresql() {
    let url = postgres::fresh_database().await;
    rules_are_tried_and_kept(Office::start_over(Some(url)).await).await;
}

/// Of two who save at the same moment, one is told.
#[tokio::test]
async fn two_who_save_at_once_write_one_version() {
    let office = Office::start().await;
    let (one, other) = (
        office.signed_in("administrator").await,
        office.signed_in("dispatcher").await,
    );
    let mut fields = fields_of(&one.get("/en/routing/edit").await.text);
    set(&mut fields, "reason", REASON);
    let (first, second) = tokio::join!(one.sends("save", &fields), other.sends("save", &fields));
    let mut told = [first.status, second.status];
    told.sort();
    assert_eq!(told, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
    let versions = office
        .stores()
        .await
        .cases
        .routing_versions()
        .await
        .expect("read");
    assert_eq!(versions.len(), 1);
    office.stop().await;
}

/// Areas are called what the office calls them; what it gives no name stands as it is, and a name for nothing is refused.
#[tokio::test]
async fn areas_have_names() {
    let office = Office::start().await;
    let shown = office.signed_in("dispatcher").await;
    let page = shown.get("/en/routing").await.text;
    assert!(page.contains("Area</span> Beishan<br>"), "{page}");
    let page = shown.get("/zh-Hans/routing").await.text;
    assert!(page.contains("片区</span> 北山片区<br>"), "{page}");
    let page = shown.get("/zh-Hans/routing/edit").await.text;
    for option in [
        "value=\"chengguan\">城关片区</option>",
        "value=\"beishan\" selected>北山片区</option>",
    ] {
        assert!(page.contains(option), "{option}: {page}");
    }
    let file = office.folder().join("routing.toml");
    let rules = std::fs::read_to_string(&file).expect("ours");
    let named = "[[area]]\nid = \"beishan\"\n";
    assert!(Rules::parse(&rules).is_ok());
    for (wrong, told) in [
        (
            "beishna",
            "the [[area]] \"beishna\" has no [[school]] in it",
        ),
        ("hexi", "\"hexi\" stands for two things"),
    ] {
        let wrong = named.replace("beishan", wrong);
        let refused = Rules::parse(&rules.replace(named, &wrong)).expect_err(&wrong);
        assert_eq!(refused.to_string(), told);
    }
    let start = rules.find(named).expect("it has a name");
    let rest = &rules[start + named.len()..];
    let end = rest.find("\n\n").expect("the next table");
    let unnamed = format!("{}{}", &rules[..start], &rest[end..]);
    std::fs::write(&file, unnamed).expect("ours");
    let office = office.restarted(async |_: &_| {}).await;
    let shown = office.signed_in("dispatcher").await;
    let page = shown.get("/en/routing").await.text;
    assert!(page.contains("Area</span> beishan<br>"), "{page}");
    office.stop().await;
}

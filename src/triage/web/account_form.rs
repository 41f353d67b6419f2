//! What there is to fill in of an account, and the account that was typed.

use super::page::{Page, SubmittedForm};
use crate::model::{Leave, Member, MemberId, Role};
use crate::routing::Rules;
use actix_web::http::StatusCode;
use askama::Template;
use mifeng_foundation::clock::Day;
use mifeng_names::Held;
use mifeng_sealing::tip::Category;

/// Fields of a line of text.
pub(super) const FIELDS: [&str; 6] = [
    "login",
    "name",
    "email",
    "titles",
    "recused_schools",
    "recused_names",
];

/// The field that is wrong (empty for none in particular), and the key of the words that say how.
pub(super) type Wrong = (&'static str, &'static str);

/// What there is to fill in of an account.
#[derive(Template)]
#[template(path = "staff_account_fields.html")]
pub(super) struct AccountForm<'a> {
    pub(super) p: &'a Page<'a>,
    pub(super) fields: &'static [&'static str],
    pub(super) roles: [Role; 5],
    pub(super) f: &'a SubmittedForm,
    pub(super) wrong: (&'static str, String),
}

impl AccountForm<'_> {
    /// Boxes for what somebody knows best: name, words, whether it is ticked.
    fn skills(&self) -> Vec<(String, String, bool)> {
        let boxes = Category::ALL.iter().map(|one| {
            let name = skill_field(*one);
            let ticked = !self.f.get(&name).is_empty();
            (name, self.p.category(one), ticked)
        });
        boxes.collect()
    }

    /// What is wrong with a field, if anything.
    pub(super) fn wrong(&self, field: &str) -> &str {
        if self.wrong.0 == field {
            &self.wrong.1
        } else {
            ""
        }
    }
}

/// What is wrong in words: in general, and with a field.
pub(super) fn said(
    p: &Page<'_>,
    wrong: Option<Wrong>,
) -> (StatusCode, String, (&'static str, String)) {
    match wrong {
        None => (StatusCode::OK, String::new(), ("", String::new())),
        Some(("", key)) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            p.w.say(key),
            ("", String::new()),
        ),
        Some((field, key)) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            String::new(),
            (field, p.w.say(key)),
        ),
    }
}

fn split(list: &str) -> Vec<String> {
    let parts = list.split([',', '，', '、']).map(str::trim);
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Ids of the schools that were typed as ids, names or short forms.
fn school_ids(rules: &Rules, list: &str) -> Option<Vec<String>> {
    let id = |typed: String| {
        let school = rules.school_by_id(&typed).or_else(|| rules.school(&typed));
        school.map(|school| school.id.clone())
    };
    split(list).into_iter().map(id).collect()
}

/// Most titles of one account.
const TITLES_MAX: usize = 20;

/// Titles as they were typed: each with the first and the last day behind it, or without. `None` where one is not to be read.
fn titles_from(list: &str) -> Option<Vec<Held>> {
    let titles: Option<Vec<Held>> = split(list).iter().map(|one| title_from(one)).collect();
    titles.filter(|titles| titles.len() <= TITLES_MAX)
}

fn title_from(typed: &str) -> Option<Held> {
    let day_like = |c: char| c.is_ascii_digit();
    let (title, days) = typed.split_at(typed.find(day_like).unwrap_or(typed.len()));
    let title = title.trim();
    let mut days = days.split(['~', '～', ' ', '至', '—', '/']).map(str::trim);
    let is_open = days.clone().filter(|day| !day.is_empty()).count() <= 2;
    let mut day = || {
        let day = days.by_ref().find(|day| !day.is_empty());
        day.map(|day| day.parse::<Day>().ok())
    };
    let (from, to) = match (day(), day()) {
        (None, None) => (None, None),
        (Some(from), None) => (Some(from?), None),
        (Some(from), Some(to)) => (Some(from?), Some(to?)),
        (None, Some(_)) => return None,
    };
    let ordered = from.zip(to).is_none_or(|(from, to)| from <= to);
    let fits = title.chars().count() >= 2 && ordered && is_open;
    fits.then(|| Held {
        title: title.to_owned(),
        from,
        to,
    })
}

/// Titles as their field has them.
pub(super) fn titles_field(titles: &[Held]) -> String {
    let one = |held: &Held| {
        let days = match (held.from, held.to) {
            (None, None) => return held.title.clone(),
            (Some(from), None) => from.to_string(),
            (from, Some(to)) => format!("{}~{to}", from.unwrap_or(to)),
        };
        format!("{} {days}", held.title)
    };
    titles.iter().map(one).collect::<Vec<_>>().join("，")
}

/// The name of the box that says that somebody knows tips of a category best.
pub(super) fn skill_field(category: Category) -> String {
    format!("skill-{category}")
}

/// A leave as its two fields have it.
pub(super) fn leave_fields(leave: Option<Leave>) -> [(String, String); 2] {
    let text = |day: Option<Day>| day.map(|day| day.to_string()).unwrap_or_default();
    [
        ("leave_from".to_owned(), text(leave.map(Leave::from))),
        ("leave_to".to_owned(), text(leave.map(Leave::to))),
    ]
}

/// The leave that was typed; `None` where both days are empty.
pub(super) fn leave_from(typed: &SubmittedForm) -> Result<Option<Leave>, Wrong> {
    let wrong = |field| move || (field, "error-leave");
    let [from, to] = ["leave_from", "leave_to"].map(|name| typed.get(name).trim());
    if from.is_empty() && to.is_empty() {
        return Ok(None);
    }
    let from = from.parse().ok().ok_or_else(wrong("leave_from"))?;
    let to = to.parse().ok().ok_or_else(wrong("leave_to"))?;
    let leave = Leave::new(from, to).ok_or_else(wrong("leave_to"))?;
    Ok(Some(leave))
}

pub(super) fn member_from(
    typed: &SubmittedForm,
    id: [u8; 16],
    rules: &Rules,
) -> Result<Member, Wrong> {
    let text = |name: &'static str| {
        let text = typed.get(name).trim();
        let fits = text.chars().count() <= 200;
        fits.then_some(text).ok_or((name, "error-bad-text"))
    };
    let given = |name| {
        let text = text(name)?;
        let given = !text.is_empty();
        given.then_some(text).ok_or((name, "error-bad-text"))
    };
    let unit = Some(text("unit")?).filter(|unit| !unit.is_empty());
    if unit.is_some_and(|unit| rules.unit(unit).is_none()) {
        return Err(("unit", "error-unit"));
    }
    let schools = typed.get("recused_schools");
    Ok(Member {
        id: MemberId(id),
        login: given("login")?.to_owned(),
        name: given("name")?.to_owned(),
        role: Role::from_code(typed.get("role")).ok_or(("role", "error-bad-text"))?,
        unit: unit.map(str::to_owned),
        email: text("email")?.to_owned(),
        recused_schools: school_ids(rules, schools).ok_or(("recused_schools", "error-school"))?,
        recused_names: split(typed.get("recused_names")),
        titles: titles_from(typed.get("titles")).ok_or(("titles", "error-titles"))?,
        active: true,
        recipient: None,
        confirmed: false,
        leave: leave_from(typed)?,
        skills: Category::ALL
            .iter()
            .copied()
            .filter(|one| !typed.get(&skill_field(*one)).is_empty())
            .collect(),
    })
}

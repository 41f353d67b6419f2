//! The pages' templates with what they show.

use super::files_view::{FilesView, KeptFile};
use super::findings::Findings;
use super::page::Page;
use super::script_words::{file_words, script_words};
use super::start::ACKNOWLEDGE_DAYS;
use super::words::say_problem;
use crate::desk::IntakeDesk;
use crate::problem::Problem;
use askama::Template;
use mifeng_foundation::clock::Day;
use mifeng_sealing::tip::{Category, RawTip};
use mifeng_sealing::{OfficeManifest, PickupCode};

/// Where words point that are about no field.
const NO_FIELD: &str = "main";

/// Words for a problem, and where they point; empty where all is well.
#[derive(Default)]
pub struct ErrorView {
    /// The words.
    pub text: String,
    /// Id of the field.
    pub anchor: &'static str,
}

impl ErrorView {
    /// The words for `problem` on `page`.
    pub fn new(page: &Page<'_>, problem: Problem) -> Self {
        Self {
            text: say_problem(problem, page.language()),
            anchor: problem.field().unwrap_or(NO_FIELD),
        }
    }

    /// The same where there may be none.
    pub fn of(page: &Page<'_>, problem: Option<Problem>) -> Self {
        problem.map_or_else(Self::default, |problem| Self::new(page, problem))
    }

    /// Whether something is wrong.
    pub fn any(&self) -> bool {
        !self.text.is_empty()
    }

    /// Whether it is about a field, and so the reader's to mend.
    pub fn is_at_a_field(&self) -> bool {
        self.anchor != NO_FIELD
    }

    /// Whether it is about `field`.
    pub fn on(&self, field: &str) -> bool {
        self.anchor == field
    }
}

#[derive(Template)]
#[template(path = "start.html")]
pub(super) struct Start<'a> {
    pub page: &'a Page<'a>,
    pub acknowledge_day: &'a str,
    pub conclude_day: &'a str,
}

#[derive(Template)]
#[template(path = "help.html")]
pub(super) struct Help<'a> {
    pub page: &'a Page<'a>,
}

/// A kind of tip on the form.
pub(super) struct Kind {
    pub code: &'static str,
    pub name: String,
    pub hint: Option<String>,
    pub chosen: bool,
}

#[derive(Template)]
#[template(path = "write.html")]
pub(super) struct Write<'a> {
    pub page: &'a Page<'a>,
    pub code: &'a str,
    pub typed: &'a RawTip,
    pub kinds: Vec<Kind>,
    /// Whether the office above was chosen.
    is_only_above: bool,
    pub files: FilesView,
    pub error: ErrorView,
    pub office: &'a OfficeManifest,
    pub today: Day,
    pub acknowledge_days: i32,
    pub script_words: Vec<(&'static str, String)>,
    // For the code page's content, which the script fills in.
    pub groups: [&'a str; 0],
    pub received_day: &'a str,
    pub acknowledge_day: &'a str,
    /// Where the day can be saved as a calendar file.
    pub calendar: String,
    pub sealed_by: &'a str,
}

impl<'a> Write<'a> {
    pub fn new(
        page: &'a Page<'a>,
        desk: &IntakeDesk,
        office: &'a OfficeManifest,
        code: &'a PickupCode,
        (typed, findings): (&'a RawTip, &Findings),
        problem: Option<Problem>,
    ) -> Self {
        let kinds = Category::ON_THE_FORM
            .into_iter()
            .map(|category| Kind {
                code: category.code(),
                name: page.say(&format!("category-{category}")),
                hint: hint(page, category),
                chosen: typed.category == category.code(),
            })
            .collect();
        Self {
            page,
            code: code.digits(),
            typed,
            is_only_above: false,
            kinds,
            files: FilesView::new(page, desk, &typed.attachments, findings).scripted(),
            error: ErrorView::of(page, problem),
            office,
            today: desk.today(office),
            acknowledge_days: ACKNOWLEDGE_DAYS,
            script_words: [script_words(page), file_words(page, desk)].concat(),
            groups: [],
            received_day: "{day}",
            acknowledge_day: "{due}",
            calendar: format!("{}/day/{{due}}.ics", page.base()),
            sealed_by: "code-sealed-by-browser",
        }
    }
}

impl Write<'_> {
    /// The same with the choice of the office above as it was made.
    pub fn only_above(self, chosen: bool) -> Self {
        Self {
            is_only_above: chosen,
            ..self
        }
    }

    /// That the office above can be chosen, with the posts that it is for; `None` where there is no such office.
    fn above(&self) -> Option<(String, String)> {
        let parent = self.page.parent_name()?;
        let posts = &self.office.body().leader_posts;
        let separator = if self.page.language().is_chinese() {
            "、"
        } else {
            ", "
        };
        let hint = if posts.is_empty() {
            self.page.say("write-above-hint")
        } else {
            self.page
                .say_with("write-above-posts", "posts", &posts.join(separator))
        };
        Some((self.page.say_with("write-above", "parent", parent), hint))
    }
}

/// What to know before choosing a kind.
fn hint(page: &Page<'_>, category: Category) -> Option<String> {
    if category.is_about_the_office() {
        let parent = page.parent_name()?;
        return Some(page.say_with("category-office-staff-hint", "parent", parent));
    }
    let first = page.help_lines().into_iter().next()?;
    let urgent = category.is_urgent();
    urgent.then(|| page.say_with("category-child-harm-hint", "phone", first.phone))
}

#[derive(Template)]
#[template(path = "code.html")]
pub(super) struct Code<'a> {
    pub page: &'a Page<'a>,
    pub groups: Vec<&'a str>,
    pub received_day: &'a str,
    pub acknowledge_day: &'a str,
    /// Where the day can be saved as a calendar file.
    pub calendar: String,
    pub sealed_by: &'a str,
    /// The files that went with it.
    pub files: Vec<KeptFile>,
}

#[derive(Template)]
#[template(path = "check.html")]
pub(super) struct Check<'a> {
    pub page: &'a Page<'a>,
    pub script_words: Vec<(&'static str, String)>,
    pub typed: &'a str,
    pub error: ErrorView,
}

#[derive(Template)]
#[template(path = "problem.html")]
pub(super) struct ProblemPage<'a> {
    pub page: &'a Page<'a>,
    pub text: &'a str,
    pub kept: &'a str,
}

//! A case as a page.

use super::WebState;
use super::asked::{Admitted, Number, Readers};
use super::fields::Forms;
use super::page::{Page, SubmittedForm, render, see};
use super::refusal::{Told, refuse};
use crate::cases::{AlikeCase, CaseFile, DeadlineView, HistoryEntry, Mark, Question, TipView};
use crate::casework::{self, Candidate};
use crate::model::{
    CaseNumber, CaseState, Closing, Mode, Outcome, PaperContent, Role, Signature, Viewer,
};
use crate::office::OfficeError;
use crate::views;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use mifeng_foundation::words::Language;
use mifeng_names::Kind;

#[derive(Template)]
#[template(path = "staff_case.html")]
pub(super) struct CasePage<'a> {
    pub p: &'a Page<'a>,
    pub c: CaseFile,
    /// The number in the address: of this case, or of a tip that is handled in it.
    number: &'a CaseNumber,
    pub f: &'a SubmittedForm,
    pub form: Forms<'a>,
    /// Deadline, width of 200, class, source.
    deadlines: Vec<(DeadlineView, i32, &'static str, String)>,
    reasons: Vec<String>,
    /// Everybody who handles cases, with the id in hex.
    pub candidates: Vec<(String, Candidate)>,
    outcomes: Vec<(&'static str, String)>,
}

impl CasePage<'_> {
    /// What was typed into it, so that it is not lost.
    fn kept(&self) -> Vec<&str> {
        let hidden = [
            "version", "to", "mode", "outcome", "clock", "handler", "passage", "member", "agrees",
            "meant",
        ];
        let fields = self.f.fields.iter();
        let mut texts: Vec<_> = fields
            .filter(|(name, text)| !hidden.contains(&name.as_str()) && !text.is_empty())
            .filter(|(name, _)| !name.starts_with("exhibit-"))
            .collect();
        texts.sort();
        texts.into_iter().map(|(_, text)| text.as_str()).collect()
    }

    /// A candidate's name with what matters in choosing.
    fn offer(&self, one: &Candidate) -> String {
        let unit = one.unit.as_deref().map(|unit| self.p.unit(unit));
        let unit = unit.unwrap_or_else(|| self.p.role(Role::Dispatcher));
        format!("{} · {} · {unit}", one.name, self.p.standing(one))
    }

    /// Whether an entry of the evidence register was ticked on the form to close.
    fn is_ticked(&self, paper: &str) -> bool {
        !self.f.only("close", &format!("exhibit-{paper}")).is_empty()
    }

    fn is_joint_study(&self) -> bool {
        self.c.row.state == CaseState::JointStudy
    }

    /// What the office above is called.
    fn parent(&self) -> String {
        let parent = casework::parent(&self.p.state.office);
        let name = parent.map(|parent| self.p.pick(&parent.name_zh, &parent.name_en));
        name.unwrap_or_default().to_owned()
    }

    /// By when it is to be passed up, if it is.
    pub(super) fn is_to_pass(&self) -> Option<String> {
        let day = self
            .c
            .pass_up_day
            .filter(|_| self.can_pass_up())?
            .to_string();
        let said = [("day", day.as_str()), ("parent", &self.parent())];
        Some(self.p.w.say_with("pass-up-due", &said))
    }

    /// The question whether a member is meant.
    fn meant(&self, question: &Question) -> String {
        self.p.w.say_with("meant-ask", &[("name", &question.name)])
    }

    /// Words that may mean her, and how.
    fn meant_by(&self, (words, kind): &(String, Kind)) -> String {
        let kind = self.p.w.say(&format!("meant-by-{}", kind.code()));
        self.p
            .w
            .say_with("meant-words", &[("words", words), ("kind", &kind)])
    }

    /// By when it goes up by itself, if it does.
    fn leaves(&self) -> Option<String> {
        let day = self.c.leaves_day?.to_string();
        let said = [("day", day.as_str()), ("parent", &self.parent())];
        Some(self.p.w.say_with("pass-up-leaves", &said))
    }

    fn pass_up_lead(&self) -> String {
        let parent = self.parent();
        self.p.w.say_with("pass-up-lead", &[("parent", &parent)])
    }

    /// Whether it holds more than one tip.
    fn many(&self) -> bool {
        self.c.tips.len() > 1
    }

    /// Cases proposed to be joined, or those that are only listed.
    fn alike(&self, proposed: bool) -> Vec<&AlikeCase> {
        let alike = self.c.alike.iter();
        alike.filter(|one| one.is_proposed() == proposed).collect()
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn has_template(&self, tip: &TipView) -> bool {
        tip.pieces.iter().any(|piece| piece.mark == Mark::Template)
    }

    /// Whether the form that was sent back is the one that splits off the tip with this number.
    fn is_split(&self, number: &str) -> bool {
        self.f.action == "split" && self.number.0 == number
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn answer_field(&self, number: &str) -> String {
        format!("answer-{number}")
    }

    /// Whether the tip was joined so lately that it may have been a slip.
    fn is_slip(&self, tip: &TipView) -> bool {
        let today = self.p.state.office.today();
        tip.joined_day.is_some_and(|day| today.days_since(day) <= 1)
    }

    /// The tips a line of the record is about, where it is not about all.
    fn about(&self, line: &HistoryEntry) -> String {
        if line.numbers.len() == self.c.tips.len() {
            return String::new();
        }
        let numbers: Vec<_> = line.numbers.iter().map(|one| one.0.as_str()).collect();
        numbers.join(" ")
    }

    /// The closing by which it is off the ledger.
    fn closed(&self) -> Option<(&Closing, &Signature)> {
        let closing = self.c.closing.as_ref()?;
        let is_closed = self.c.row.state == CaseState::Closed;
        Some((closing, closing.approved.as_ref().filter(|_| is_closed)?))
    }

    /// The subject that the tip names, as a first finding's.
    fn subject(&self) -> &str {
        self.c.tips.first().map_or("", |tip| tip.subject.as_str())
    }

    /// Whether more subjects than the first were typed in.
    fn has_more_subjects(&self) -> bool {
        self.form.is("conclude")
            && MORE_SUBJECTS
                .iter()
                .any(|n| !self.f.get(&format!("subject-{n}")).is_empty())
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn more_subjects(&self) -> [String; 5] {
        MORE_SUBJECTS.map(|number| number.to_string())
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn named(&self, name: &str, number: &str) -> String {
        format!("{name}-{number}")
    }

    fn is_mode(&self, code: &str) -> bool {
        self.c.mode.is_some_and(|mode| mode.code() == code)
    }

    fn modes(&self) -> Vec<(&'static str, String)> {
        let name = |mode: Mode| (mode.code(), self.p.mode(mode));
        Mode::ALL.map(name).to_vec()
    }
}

/// Numbers of the further subjects that a conclusion has room for on its form.
pub(super) const MORE_SUBJECTS: [u8; 5] = [2, 3, 4, 5, 6];

pub(super) async fn page(
    state: &WebState,
    lang: Language,
    member: &Viewer,
    number: &CaseNumber,
    typed: &SubmittedForm,
    error: Option<Told>,
) -> HttpResponse {
    let c = match views::case(&state.office, member, number).await {
        Ok(case) => case,
        Err(error) => return refuse(state, lang, Some(member), &error),
    };
    // A tip that was joined is shown where it is handled.
    let known = || casework::current_number(&state.office, member, number.clone());
    if error.is_none() && c.row.number != *number {
        return see(&format!(
            "/{lang}/case/{}#tip-{}",
            c.row.number.0,
            known().0
        ));
    }
    // Those who may not assign get no list, and so no form.
    let candidates = match casework::candidates(&state.office, member, number).await {
        Ok(list) if member.role.sees_all_cases() => list,
        Ok(_) | Err(OfficeError::NotPermitted | OfficeError::Locked) => Vec::new(),
        Err(error) => return refuse(state, lang, Some(member), &error),
    };
    draw(state, (lang, member), number, c, candidates, (typed, error))
}

/// The page of a case that was read.
fn draw(
    state: &WebState,
    (lang, member): (Language, &Viewer),
    number: &CaseNumber,
    c: CaseFile,
    candidates: Vec<Candidate>,
    (typed, error): (&SubmittedForm, Option<Told>),
) -> HttpResponse {
    let candidates = candidates
        .into_iter()
        .map(|one| (hex::encode(one.id.0), one))
        .collect();
    let p = Page::new(state, lang, Some(member), "queue").at(format!("case/{}", number.0));
    let today = state.office.today();
    let deadline = |deadline: &DeadlineView| {
        let end = deadline.met_day.unwrap_or(today);
        let whole = deadline.due_day.days_since(deadline.start_day).max(1);
        let width = (end.days_since(deadline.start_day) * 200 / whole).clamp(2, 200);
        let class = if end > deadline.due_day {
            "late"
        } else {
            "bar"
        };
        let source = p.pick(&deadline.source_zh, &deadline.source_en);
        (deadline.clone(), width, class, source.to_owned())
    };
    let deadlines = c.deadlines.iter().map(deadline).collect();
    let reasons = c.routing_reasons.iter();
    let reasons = reasons.map(|(zh, en)| p.pick(zh, en).to_owned()).collect();
    let outcomes = Outcome::ALL
        .map(|one| (one.code(), p.w.say(&format!("outcome-{}", one.code()))))
        .to_vec();
    let status = error.map_or(StatusCode::OK, |(status, ..)| status);
    let said = |(_, field, key)| {
        let about = ["number", "since", "until"];
        let about = about.map(|name| (name, typed.get(&format!("objected-{name}"))));
        (field, p.w.say_with(key, &about))
    };
    let error = error.map(said).unwrap_or_default();
    render(
        status,
        &CasePage {
            p: &p,
            c,
            number,
            f: typed,
            form: Forms { typed, error },
            deadlines,
            reasons,
            candidates,
            outcomes,
        },
    )
}

pub(super) async fn show(
    who: Admitted<Readers>,
    Number(number): Number,
    state: Data<WebState>,
) -> HttpResponse {
    page(
        &state,
        who.lang,
        &who.viewer,
        &number,
        &SubmittedForm::default(),
        None,
    )
    .await
}

//! Notes, evidence, interviews, tasks, drafts and extracts as they are typed and shown.

use super::WebState;
use super::cases::CasePage;
use super::fields::Takes;
use super::page::{Page, Typed};
use crate::casework::PHRASES;
use crate::desk::Referral;
use crate::model::{
    CaseNumber, MemberId, NewPaper, PaperKind, PaperView, Says, TaskLine, Urgency, Viewer,
};
use crate::office::OfficeError;
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::parse_id;
use mifeng_foundation::words::Language;

/// What is written into a case by the form `typed`; `None` if it is none of these forms.
pub(super) fn typed_paper(typed: &Typed) -> Option<NewPaper> {
    let text = |name: &str| typed.get(name).trim().to_owned();
    let day = |name: &str| -> Option<Day> { typed.get(name).trim().parse().ok() };
    let id = |name: &str| parse_id(typed.get(name));
    Some(match typed.action.as_str() {
        "note" => NewPaper::Note { text: text("text") },
        "evidence" => NewPaper::Evidence {
            what: text("what"),
            place: text("place"),
            file: id("file"),
            sha256: text("sha256"),
        },
        "interview" => NewPaper::Interview {
            with: text("with"),
            place: text("place"),
            held_day: day("held"),
            text: text("text"),
        },
        "task" => NewPaper::Task {
            member: id("member").map(MemberId),
            due_day: day("due"),
            text: text("text"),
        },
        "draft" => NewPaper::Draft {
            to: text("to"),
            text: text("text"),
        },
        _ => return None,
    })
}

/// Passes the case on, as the form `typed` says.
pub(super) async fn refer(
    state: &WebState,
    member: &Viewer,
    number: &CaseNumber,
    version: i64,
    typed: &Typed,
) -> Result<(), OfficeError> {
    let referral = Referral {
        addressee: typed.get("addressee"),
        extract: typed.get("extract"),
        told: typed.get("told"),
        reason: typed.get("reason"),
    };
    state.desk.refer(member, number, version, referral).await
}

/// The message's form again, with a ready phrase added in the language of the reporter who is meant.
pub(super) async fn with_phrase(
    state: &WebState,
    member: &Viewer,
    number: &CaseNumber,
    typed: &Typed,
) -> Result<Typed, OfficeError> {
    let file = state.desk.case(member, number).await?;
    let to = typed.get("to");
    let mut tips = file.tips.iter();
    let language = tips
        .find(|tip| to.is_empty() || tip.number.0 == to)
        .map_or(Language::ZhHans, |tip| tip.language);
    let phrase = crate::casework::phrase(language, typed.get("phrase"));
    let phrase = phrase.ok_or(OfficeError::NotPossible)?;
    let mut fields = typed.fields.clone();
    let text = fields.entry("text".to_owned()).or_default();
    if !text.trim().is_empty() {
        text.push('\n');
    }
    text.push_str(&phrase);
    Ok(Typed {
        action: "message".to_owned(),
        fields,
    })
}

impl CasePage<'_> {
    /// Papers of the kind with this code, oldest first.
    pub(super) fn papers(&self, kind: &str) -> Vec<&PaperView> {
        let kind = PaperKind::from_code(kind);
        let papers = self.c.papers.iter();
        papers
            .filter(|paper| Some(paper.says.kind()) == kind)
            .collect()
    }

    /// Everything that is written down for the file: notes, interviews and extracts, oldest first.
    pub(super) fn written(&self) -> Vec<&PaperView> {
        let kinds = [PaperKind::Note, PaperKind::Interview, PaperKind::Extract];
        let papers = self.c.papers.iter();
        papers
            .filter(|paper| kinds.contains(&paper.says.kind()))
            .collect()
    }

    /// The field for words to the reporter, with the viewer's draft if she keeps one.
    pub(super) fn message_field(&self) -> String {
        let mut says = self.papers("draft").into_iter().map(|draft| &draft.says);
        let kept = says.next_back().map_or("", |says| match says {
            Says::Draft { text, .. } => text.as_str(),
            _ => "",
        });
        let label = self.p.w.say("message-write");
        let (action, takes) = (("message", "text"), Takes::Area(4));
        self.form.field(action, label, takes, true, kept)
    }

    /// Whether its writer said that it is a question: nothing makes one of a message but the person who writes it.
    pub(super) fn asks(&self) -> bool {
        self.f.only("message", "asks") == "yes"
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    pub(super) fn phrases(&self) -> [&'static str; 6] {
        PHRASES
    }

    /// What the extract that was sent back has in the reporter's own words.
    pub(super) fn passage(&self) -> &str {
        self.f.only("refer", "passage")
    }
}

impl Page<'_> {
    /// A ready phrase's name.
    pub fn phrase(&self, name: &str) -> String {
        self.w.say(&format!("phrase-{name}"))
    }

    /// How much time a task has.
    pub fn task_due(&self, days_left: i32) -> String {
        self.due_in(Urgency::of(Some(days_left)), days_left)
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    pub fn task_class(&self, task: &TaskLine) -> &'static str {
        Urgency::of(Some(task.days_left)).code()
    }
}

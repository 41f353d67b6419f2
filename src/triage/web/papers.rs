//! Notes, evidence, interviews, tasks, drafts and extracts as they are shown.

use super::cases::CasePage;
use super::fields::Takes;
use super::page::Page;
use crate::casework::PHRASES;
use crate::model::{PaperContent, PaperKind, PaperView, TaskLine, Urgency};

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
            PaperContent::Draft { text, .. } => text.as_str(),
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

//! What is done with a case from its page: each action has a form, and a route of its own. The list below is the only one.

#[macro_use]
mod simple_forms;

mod closing;
mod concluding;
mod ending;
mod papers;
mod passing;
mod sent;
mod steps;
mod talk;
#[cfg(test)]
mod tests;
mod together;
mod values;

pub(super) use sent::unknown;

use super::WebState;
use crate::model::{CaseNumber, Viewer};
use crate::office::{Office, OfficeError};
use actix_web::web::{Data, ServiceConfig, post};
use sent::{CaseSent, change};
use serde::de::DeserializeOwned;
use talk::with_phrase;

/// A form that is sent to one action.
trait SentTo: Default + DeserializeOwned + 'static {
    const ACTION: CaseAction;
}

/// A form by which the case is changed. Each field is read by itself, and nothing that is typed into one fails the whole: what
/// is not to be read is an error of the deed, so that it is told beside the form.
trait CaseForm: SentTo {
    /// Does what the form says.
    async fn send(
        self,
        office: &Office,
        viewer: &Viewer,
        number: &CaseNumber,
    ) -> Result<(), OfficeError>;

    /// Whether its sender does not see the case any more once it is done.
    fn leaves(&self, _viewer: &Viewer) -> bool {
        false
    }
}

/// Each action once: its name, the last word of its address, its form, and what answers it.
macro_rules! case_actions {
    ($($(#[doc = $doc:literal])* $action:ident $word:literal $form:ty => $answer:ident,)*) => {
        /// What can be done with a case from its page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum CaseAction {
            $($(#[doc = $doc])* $action,)*
        }

        impl CaseAction {
            /// All of them.
            pub const ALL: [Self; [$($word),*].len()] = [$(Self::$action),*];

            /// The last word of its address, and the name of its form.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$action => $word,)*
                }
            }
        }

        $(impl SentTo for $form {
            const ACTION: CaseAction = CaseAction::$action;
        })*

        /// Method and path of the route of each.
        pub(super) const ROUTES: [(&str, &str); CaseAction::ALL.len()] =
            [$(("post", concat!("/{lang}/case/{number}/", $word))),*];

        pub(super) fn register(config: &mut ServiceConfig) {
            $(config.route(
                concat!("/{lang}/case/{number}/", $word),
                post().to(|sent: CaseSent<$form>, state: Data<WebState>| $answer(sent, state)),
            );)*
        }

        /// Whether the form of an action is filled in from these fields.
        #[cfg(test)]
        fn is_read(
            action: CaseAction,
            fields: &std::collections::HashMap<String, String>,
        ) -> bool {
            match action {
                $(CaseAction::$action => sent::filled_in::<$form>(fields).is_ok(),)*
            }
        }

        /// The names of the fields that the form of an action reads; `None` where it reads any name.
        #[cfg(test)]
        fn fields_of(action: CaseAction) -> Option<&'static [&'static str]> {
            match action {
                $(CaseAction::$action => tests::fields::<$form>(),)*
            }
        }
    };
}

case_actions! {
    /// Writes to a reporter, or asks something.
    Message "message" talk::Message => change,
    /// Puts a ready phrase into the message.
    Phrase "phrase" talk::Phrase => with_phrase,
    /// Keeps a message for later.
    Draft "draft" papers::KeepDraft => change,
    /// Moves the case to another state.
    State "state" steps::MakeStep => change,
    /// Confirms, as the second person, that a tip was rightly declined.
    ConfirmDeclining "decline-confirm" steps::ConfirmDeclining => change,
    /// Changes how the case is handled.
    Mode "mode" steps::ChangeMode => change,
    /// Gives the case to somebody.
    Assign "assign" steps::Assign => change,
    /// Extends a deadline.
    Extend "extend" steps::Extend => change,
    /// Takes a tip out of those it is handled with.
    Split "split" steps::Split => change,
    /// Recuses its sender.
    Recuse "recuse" steps::Recuse => change,
    /// Concludes the case.
    Conclude "conclude" concluding::Conclude => change,
    /// Writes a note.
    Note "note" papers::WriteNote => change,
    /// Enters something into the register of evidence.
    Evidence "evidence" papers::Evidence => change,
    /// Writes down an interview.
    Interview "interview" papers::Interview => change,
    /// Gives somebody a task.
    Task "task" papers::Task => change,
    /// Calls a task done.
    TaskDone "task-done" papers::TaskDone => change,
    /// Has another handle the case too.
    AddHandler "add-handler" together::AddHandler => change,
    /// Takes one who helps off the case.
    RemoveHandler "remove-handler" together::RemoveHandler => change,
    /// Writes a joint opinion.
    Opinion "opinion" together::WriteOpinion => change,
    /// Signs a joint opinion, or says why not.
    SignOpinion "sign-opinion" together::SignOpinion => change,
    /// Says whether a member is meant by words of a tip.
    Meant "meant" together::SayMeant => change,
    /// Passes the case on with an extract.
    Refer "refer" passing::Refer => change,
    /// Asks for the case to be passed up.
    PassUp "pass-up" passing::PassUp => change,
    /// Approves that, as the second person.
    ApprovePassing "pass-up-approve" passing::ApprovePassing => change,
    /// Sends it back.
    RejectPassing "pass-up-reject" passing::RejectPassing => change,
    /// Handles here what was to be passed up.
    KeepHere "keep-here" passing::KeepHere => change,
    /// Proposes to close the case off the ledger.
    Close "close" closing::Close => change,
    /// Approves that, as the second person.
    Approve "approve" closing::Approve => change,
    /// Sends it back.
    Reject "reject" closing::Reject => change,
    /// Asks for the case to be destroyed before its time.
    Delete "delete" ending::Delete => change,
    /// Approves that, as the second person.
    ApproveDeletion "delete-approve" ending::ApproveDeletion => change,
    /// Sends it back.
    RejectDeletion "delete-reject" ending::RejectDeletion => change,
    /// Keeps the case whatever its age.
    Hold "hold" ending::SetHold => change,
    /// Lets it go again.
    Release "release" ending::Release => change,
}

impl CaseAction {
    /// The action whose form has this name.
    pub(super) fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|action| action.word() == word)
    }
}

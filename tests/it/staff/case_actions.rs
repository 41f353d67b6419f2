//! Who may do what with a case: every action has a route, somebody who may, and others who are refused it as every role walks
//! every route (`roles.rs`).

use super::Actor;
use super::Actor::{Administrator, Auditor, Dispatcher, Handler, Stranger, Supervisor};
use super::roles::Who::{self, These};
use super::roles::{ASSIGNS, OF_CASE, lines};
use mifeng_triage::web::{CaseAction, ROUTES};

/// Who may. A new action is not compiled before it stands here.
fn who_may(action: CaseAction) -> Who {
    match action {
        CaseAction::Message
        | CaseAction::Phrase
        | CaseAction::Draft
        | CaseAction::State
        | CaseAction::ConfirmDeclining
        | CaseAction::Mode
        | CaseAction::Recuse
        | CaseAction::Conclude
        | CaseAction::Note
        | CaseAction::Evidence
        | CaseAction::Interview
        | CaseAction::Task
        | CaseAction::TaskDone
        | CaseAction::AddHandler
        | CaseAction::RemoveHandler
        | CaseAction::Opinion
        | CaseAction::SignOpinion
        | CaseAction::Refer
        | CaseAction::Close
        // Nothing waits for a signature here; who may give it is the business of the tests of casework.
        | CaseAction::Approve
        | CaseAction::Reject
        | CaseAction::Delete
        | CaseAction::ApproveDeletion
        | CaseAction::RejectDeletion => OF_CASE,
        CaseAction::Assign
        | CaseAction::Split
        | CaseAction::PassUp
        | CaseAction::ApprovePassing
        | CaseAction::RejectPassing
        | CaseAction::KeepHere => ASSIGNS,
        CaseAction::Extend | CaseAction::Hold | CaseAction::Release => These(&[Supervisor]),
        // A supervisor is asked only where no dispatcher sees the case.
        CaseAction::Meant => These(&[Dispatcher]),
    }
}

fn path(action: CaseAction) -> String {
    format!("/{{lang}}/case/{{number}}/{}", action.word())
}

/// The path of each, and who may.
pub fn case_lines() -> impl Iterator<Item = (String, Who)> {
    let actions = CaseAction::ALL.into_iter();
    actions.map(|action| (path(action), who_may(action)))
}

#[test]
fn every_action_of_a_case_has_a_route_and_is_refused_to_whom_it_is_not_for() {
    let walked = lines();
    for action in CaseAction::ALL {
        let path = path(action);
        let routes = ROUTES.iter().filter(|route| **route == ("post", &path));
        assert_eq!(routes.count(), 1, "{path}: one route");
        let mut of_action = walked.iter().filter(|line| line.1 == path);
        let line = of_action.next().expect("walked as every role");
        assert!(line.0 == "post" && of_action.next().is_none(), "{path}");
        let These(allowed) = line.3 else {
            panic!("{path} is for everybody");
        };
        let may: Vec<Actor> = Actor::ALL
            .into_iter()
            .filter(|actor| allowed.contains(actor))
            .collect();
        assert!(!may.is_empty(), "{path}: somebody may");
        for actor in [
            Actor::Investigator,
            Actor::Recused,
            Administrator,
            Auditor,
            Stranger,
        ] {
            assert!(!may.contains(&actor), "{path}: {actor:?} is refused");
        }
        assert!(
            may.iter()
                .all(|actor| [Dispatcher, Handler, Supervisor].contains(actor))
        );
    }
}

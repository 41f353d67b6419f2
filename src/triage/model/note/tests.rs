//! Tests of `note.rs`.

use super::*;

/// Every code that was ever stored: a case of then has it in a sealed row.
const STORED: [&str; 61] = [
    "received",
    "typed-in-phone",
    "typed-in-letter",
    "typed-in-walk-in",
    "assigned",
    "accepted",
    "declined",
    "declining-confirmed",
    "referred",
    "under-inquiry",
    "joint-study",
    "concluded",
    "closed",
    "closing-proposed",
    "closing-rejected",
    "opened-again",
    "reopened",
    "extended",
    "recounted",
    "mode-direct",
    "mode-passed",
    "mode-supervised",
    "mode-joint",
    "handler-added",
    "handler-removed",
    "recused-oneself",
    "person-meant",
    "person-not-meant",
    "wrote",
    "reporter-wrote",
    "reporter-objected",
    "reporter-aftercare",
    "reporter-gone",
    "reporter-corrected",
    "reporter-withdrew",
    "reply-unproven",
    "reply-passed-up",
    "key-taken",
    "joined",
    "split",
    "leads",
    "held-apart",
    "paper-note",
    "paper-evidence",
    "paper-interview",
    "paper-task",
    "task-done",
    "opinion-written",
    "opinion-agrees",
    "opinion-dissents",
    "deletion-asked",
    "deletion-rejected",
    "hold-set",
    "hold-lifted",
    "passing-due",
    "passing-asked",
    "passing-rejected",
    "passing-waits",
    "passing-stays",
    "kept-here",
    "passed-up",
];

#[test]
fn what_was_stored_is_read_as_it_was_meant() {
    for code in STORED {
        let note: Note = serde_json::from_str(&format!("\"{code}\"")).expect("known");
        assert_eq!(note.code(), code);
        assert_eq!(
            serde_json::to_string(&note).expect("JSON"),
            format!("\"{code}\"")
        );
    }
    assert_eq!(Note::ALL.len(), STORED.len());
    for state in CaseState::ALL {
        assert_eq!(Note::of_state(state).code(), state.code());
    }
}

#[test]
fn what_a_later_version_wrote_does_not_damage_the_case() {
    let note: Note = serde_json::from_str("\"said-in-2031\"").expect("read");
    assert_eq!(note, Note::Unknown);
}

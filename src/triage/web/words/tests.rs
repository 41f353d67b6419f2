//! No key that the pages use is missing in a language.

mod listed_keys;

use super::{CHINESE, ENGLISH, StaffWords};
use crate::audit::Kind;
use crate::cases::QueueView;
use crate::casework::PHRASES;
use crate::deadlines::EscalationLevel;
use crate::model::{CaseState, Mode, Note, Outcome, PaperKind, QuarantineReason, Role};
use crate::store::{AttachmentState, QuarantineState};
use crate::web::admission::AREAS;
use listed_keys::{account_keys, error_keys, joining_keys, ledger_keys, routing_keys};
use mifeng_foundation::words::Language;
use mifeng_sealing::tip::{Category, SaidKind};
use mifeng_similarity::SAID_KEYS;

const CLOCKS: &str = include_str!("../../../../deploy/clocks.toml");

const TABS: [&str; 11] = [
    "queue",
    "ledger",
    "search",
    "board",
    "type-in",
    "quarantine",
    "accounts",
    "routing",
    "trail",
    "login",
    "keys",
];

/// Keys that the engine writes or the pages put together, which no template spells out.
fn built_keys() -> Vec<String> {
    let quarantine = ["files", "tried", "opened", "still", "discarded", "waits"];
    let reasons = QuarantineReason::ALL.map(QuarantineReason::code);
    let deadlines = CLOCKS
        .lines()
        .filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
    let due = ["done", "late", "today", "soon", "on-time"];
    let plain = ["refused", "missing", "failed", "origin"];
    let fields = [
        "login",
        "name",
        "email",
        "titles",
        "recused_schools",
        "recused_names",
        "leave_from",
        "leave_to",
        "error-leave",
        "leave-changed",
    ];
    let others = [
        "login-refused",
        "login-wait",
        "pull-ok",
        "pull-now",
        "pull-overdue",
        "pull-never",
        "relay-refused",
        "cases-unread",
        "chart-sentence",
        "routing-text",
        "size-kilobytes",
        "size-megabytes",
    ];
    let with = |prefix: &'static str| move |code: &str| format!("{prefix}-{code}");
    let mut keys: Vec<String> = history_keys();
    keys.extend(deadlines.map(with("deadline")));
    keys.extend(routing_keys());
    keys.extend(quarantine.map(with("quarantine")));
    keys.extend(reasons.map(with("quarantine")));
    keys.push("quarantine-unknown".to_owned());
    let states = QuarantineState::ALL.map(|one| one.code().replace('_', "-"));
    keys.extend(states.map(|one| format!("quarantine-state-{one}")));
    let tiers = ["unrelated", "maybe", "same", "school-or-teacher"];
    keys.extend(tiers.map(|one| format!("tier-{one}")));
    keys.extend(["schools", "names", "places"].map(|one| format!("veto-{one}")));
    keys.extend(
        SAID_KEYS
            .iter()
            .filter(|key| **key != "listed")
            .map(|one| format!("said-{one}")),
    );
    keys.extend(joining_keys());
    keys.extend(account_keys());
    let views = [
        "not-drawable",
        "damaged",
        "too-large",
        "encrypted",
        "failed",
    ];
    keys.extend(views.map(|one| format!("view-{one}")));
    keys.extend(AREAS.map(with("area")));
    keys.extend(keys_of_codes());
    keys.push("deadline-extended".to_owned());
    keys.extend(["holds", "broken"].map(with("audit")));
    keys.extend(due.map(with("due")));
    keys.extend(TABS.map(with("tab")));
    keys.extend(error_keys());
    keys.extend(ledger_keys());
    keys.extend(plain.map(|key| format!("{key}-title")));
    keys.extend(plain.map(|key| format!("{key}-text")));
    keys.extend(["phone", "letter", "walk-in"].map(with("channel")));
    keys.extend(PHRASES.map(|one| format!("phrase-{one}")));
    keys.extend(fields.into_iter().chain(others).map(str::to_owned));
    keys
}

/// A key for each value of the types that pages name by their codes.
fn keys_of_codes() -> Vec<String> {
    let mut keys = Vec::new();
    keys.extend(AttachmentState::ALL.map(|one| format!("file-{}", one.code())));
    keys.extend(Kind::ALL.iter().map(|one| format!("audit-{}", one.code())));
    keys.extend(SaidKind::ALL.map(|one| format!("said-kind-{}", one.code())));
    keys.extend(EscalationLevel::ALL.map(|one| format!("escalation-{}", one.code())));
    keys.extend(
        Category::ALL
            .iter()
            .map(|one| format!("category-{}", one.code())),
    );
    keys.extend(CaseState::ALL.map(|one| format!("state-{}", one.code())));
    keys.extend(Mode::ALL.map(|one| format!("mode-{}", one.code())));
    keys.extend(PaperKind::ALL.map(|one| format!("paper-{}", one.code())));
    keys.extend(Outcome::ALL.map(|one| format!("outcome-{}", one.code())));
    keys.extend(QueueView::ALL.map(|one| format!("view-{}", one.code())));
    keys.extend(Role::ALL.map(|one| format!("role-{}", one.code())));
    keys
}

/// Those of the lines of a case's history.
fn history_keys() -> Vec<String> {
    let notes = Note::ALL.iter().chain([&Note::Unknown]);
    let lines = notes.map(|note| format!("history-{}", note.code()));
    let ends = [
        "expiring-count",
        "expiring-shortened-count",
        "end-until",
        "audit-by-two",
        "audit-destroyed-what",
    ];
    lines.chain(ends.map(str::to_owned)).collect()
}

/// Those that a template spells out.
fn template_keys() -> Vec<String> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/web/templates");
    let files = std::fs::read_dir(folder).expect("the folder of templates");
    let files = files.map(|file| file.expect("a file of the folder").path());
    let mut keys = Vec::new();
    for template in files.map(|path| std::fs::read_to_string(path).expect("a template")) {
        let said = template.split("w.say(\"").skip(1);
        keys.extend(
            said.filter_map(|part| part.split('"').next())
                .map(str::to_owned),
        );
    }
    assert!(keys.len() > 150, "only {} keys found", keys.len());
    keys
}

#[test]
fn both_languages_have_every_word_the_pages_use() {
    let keys = |sources: &[&'static str]| -> Vec<&str> {
        let lines = sources.iter().flat_map(|source| source.lines());
        lines
            .filter_map(|line| line.split_once(" = "))
            .map(|(key, _)| key)
            .collect()
    };
    assert_eq!(keys(CHINESE), keys(ENGLISH));
    assert!(CLOCKS.contains("id = \"child-harm\""));
    let words = StaffWords::new();
    for key in built_keys().into_iter().chain(template_keys()) {
        for language in [Language::ZhHans, Language::En] {
            assert!(words.of(language).has(&key), "no words for {key}");
        }
    }
}

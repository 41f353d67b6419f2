//! No key that the pages use is missing in a language.

use super::{CHINESE, ENGLISH, StaffWords};
use crate::audit::Kind;
use crate::cases::{Mark, QueueView};
use crate::casework::PHRASES;
use crate::deadlines::EscalationLevel;
use crate::model::{CaseState, Mode, Note, Outcome, PaperKind, QuarantineReason, Role, Urgency};
use crate::oversight::{Dimension, Measure};
use crate::routing::Condition;
use crate::store::{AttachmentState, QuarantineState};
use crate::web::admission::AREAS;
use crate::web::page::Notice;
use mifeng_foundation::words::Language;
use mifeng_sealing::tip::{Category, SaidKind};
use mifeng_similarity::{Offence, SAID_KEYS};

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

/// Those of routing: who can be given a case, and the rules.
fn routing_keys() -> Vec<String> {
    let rules = [
        "pass-up-due",
        "meant-ask",
        "meant-words",
        "meant-waits",
        "meant-by-name",
        "meant-by-word",
        "meant-by-longer",
        "meant-by-latin",
        "meant-by-alike",
        "meant-by-title",
        "error-titles",
        "pass-up-lead",
        "pass-up-leaves",
        "passed-note",
        "passed-evidence",
        "passed-interview",
        "passed-extract",
        "passed-opinion",
        "passed-rest",
        "error-files-no-place",
        "rules-version",
        "rules-added",
        "rules-removed",
        "rules-edited",
        "tried-none",
        "tried-rule",
        "tried-all",
        "tried-summary",
        "error-rules",
        "error-rules-changed",
        "error-rules-many",
        "error-rule-id",
        "error-rule-twice",
        "error-rule-hidden",
        "error-rule-unknown",
        "error-rule-reason",
        "error-rule-order",
    ];
    let standings = ["free", "skilled", "recused", "away"];
    let mut keys: Vec<String> = rules.map(str::to_owned).to_vec();
    keys.extend(standings.map(|one| format!("standing-{one}")));
    keys.extend(Condition::ALL.map(|one| format!("condition-{}", one.code())));
    keys
}

/// Those of what a form did not take.
fn error_keys() -> Vec<String> {
    let errors = [
        "changed",
        "not-possible",
        "handler-recused",
        "second-person",
        "not-told",
        "too-early",
        "last-reader",
        "no-opinion",
        "exhibit",
        "dissent",
        "day",
        "channel",
        "category",
        "language",
        "office-staff",
        "code-used",
        "place",
        "sha256",
        "held",
        "due",
        "member",
        "file-gone",
        "file",
        "accused",
        "passage",
        "mode",
        "told",
        "subject",
        "revisit",
        "bad-text",
        "password",
        "password-common",
        "school",
        "unit",
        "login-taken",
        "self",
    ];
    errors.map(|one| format!("error-{one}")).to_vec()
}

/// Those of the ledger.
fn ledger_keys() -> Vec<String> {
    let keys = [
        "ledger-count",
        "page-of",
        "audit-exported-detail",
        "any",
        "received-from",
        "received-to",
        "due-from",
        "due-to",
        "sort-by",
        "sort-order",
        "order-first-first",
        "order-last-first",
        "col-received",
        "col-time",
        "col-joined",
        "error-choice",
        "error-filter-day",
        "error-days-order",
        "error-view-name",
        "error-views-many",
        "error-search-empty",
        "error-search-long",
        "part-tip",
        "calendar-name",
        "feed-made",
        "school-unlisted",
        "dashboard-sentence",
        "dashboard-by",
        "dashboard-of",
        "dashboard-total",
        "withheld",
        "error-year",
        "audit-detail-outside",
        "part-message",
        "part-file",
        "part-paper",
        "part-history",
        "mode",
        "unit",
        "outcome",
    ];
    let months = (1..=12).map(|month| format!("month-{month}"));
    let times = Urgency::ALL.map(|one| format!("time-{}", one.code()));
    let measures = Measure::ALL.map(|one| format!("measure-{}", one.code()));
    let dimensions = Dimension::ALL.map(|one| format!("by-{}", one.code()));
    let keys = keys.map(str::to_owned).into_iter();
    keys.chain(times)
        .chain(months)
        .chain(measures)
        .chain(dimensions)
        .collect()
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

/// Those of one's own account, and of keys that wait for an officer.
fn account_keys() -> Vec<String> {
    let keys = [
        "own-changed",
        "code-refused",
        "code-over",
        "error-factor-code",
        "error-mail-recipient",
        "error-mail-private-key",
        "error-mail-post-quantum",
        "error-mail-plugin",
        "error-mail-ssh",
        "error-mail-weak",
        "own-mail-changed",
        "password-now",
        "password-new",
        "password-again",
        "error-password-now",
        "error-passwords-differ",
        "signing-closing",
        "signing-deletion",
        "signing-passing",
        "signing-declining",
        "queue-none-here",
        "queue-empty",
        "request-close",
        "request-edit",
        "request-reset",
        "request-loss",
        "requests-count",
        "error-key-code",
        "error-key-nothing",
        "error-locked",
        "error-unlock-wrong",
        "error-share",
        "error-share-foreign",
        "unlock-entered",
    ];
    let notices = Notice::ALL.iter().flat_map(|notice| {
        let key = notice.key();
        [format!("{key}-title"), format!("{key}-text")]
    });
    keys.map(str::to_owned).into_iter().chain(notices).collect()
}

/// Those of joining, comparing, copies and bursts.
fn joining_keys() -> Vec<String> {
    let compared = [
        "alike-days",
        "alike-within",
        "joined-count",
        "copies",
        "copies-here",
        "burst",
        "burst-first",
        "copies-one-day",
        "alike-one-day",
        "weight-none",
        "loading-title",
        "loading-text",
        "loading-again",
        "loading-broken-off-title",
        "loading-broken-off",
        "sketches-rebuilt",
        "offence-any",
        "compare-reopens",
        "compare-accepts",
        "compare-news",
    ];
    let mut keys: Vec<String> = compared.map(str::to_owned).to_vec();
    keys.extend(Mark::SHOWN.map(|one| format!("mark-{}", one.code())));
    keys.extend(Offence::ALL.map(|one| format!("offence-{}", one.code())));
    let much = ["strong", "clear", "slight"];
    keys.extend(much.map(|one| format!("weight-for-{one}")));
    keys.extend(much.map(|one| format!("weight-against-{one}")));
    keys
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

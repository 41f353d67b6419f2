//! Keys that no template spells out, by what they are for.

use crate::cases::Mark;
use crate::model::Urgency;
use crate::oversight::{Dimension, Measure};
use crate::routing::Condition;
use crate::web::page::Notice;
use mifeng_similarity::Offence;

/// Those of routing: who can be given a case, and the rules.
pub(super) fn routing_keys() -> Vec<String> {
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
pub(super) fn error_keys() -> Vec<String> {
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
pub(super) fn ledger_keys() -> Vec<String> {
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

/// Those of one's own account, and of keys that wait for an officer.
pub(super) fn account_keys() -> Vec<String> {
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
pub(super) fn joining_keys() -> Vec<String> {
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

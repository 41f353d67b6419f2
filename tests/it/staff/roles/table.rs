//! Who gets which route: every one of them, by role.

use super::super::Actor;
use super::{ASSIGNS, KEEPS, OF_CASE, OPENS, UNLOCKS, WRITES_RULES, Who};
use Actor::{Administrator, Auditor, Dispatcher, Handler, Investigator, Recused, Supervisor};
use Who::{Anyone, SignedIn, These};

const READERS: Who = These(&[Dispatcher, Handler, Investigator, Recused, Supervisor]);

/// The page of a case, with which its actions are walked.
pub(super) const CASE: (&str, &str, &str, Who) = ("get", "/{lang}/case/{number}", "", OF_CASE);

/// Method, path as the program has it, the last word of it where it stands for several, and who may; without the actions of a
/// case.
pub(super) const LINES: &[(&str, &str, &str, Who)] = &[
    ("get", "/healthz", "", Anyone),
    ("get", "/readyz", "", Anyone),
    ("get", "/assets/staff.css", "", Anyone),
    ("get", "/assets/staff.js", "", Anyone),
    ("get", "/", "", Anyone),
    ("get", "/{lang}/login", "", Anyone),
    ("post", "/{lang}/login", "", Anyone),
    ("post", "/{lang}/login/code", "", Anyone),
    ("get", "/{lang}/own", "", SignedIn),
    ("post", "/{lang}/own/second-factor", "", SignedIn),
    ("post", "/{lang}/own/mail", "", SignedIn),
    ("post", "/{lang}/own", "", SignedIn),
    ("post", "/{lang}/own/leave", "", READERS),
    ("post", "/{lang}/own/calendar/{action}", "make", READERS),
    ("post", "/{lang}/own/calendar/{action}", "revoke", READERS),
    // The address is the key; here it is a wrong one.
    ("get", "/{lang}/calendar/{token}", "", Anyone),
    ("head", "/{lang}/calendar/{token}", "", Anyone),
    ("get", "/{lang}/queue", "", READERS),
    (
        "get",
        "/{lang}/expiring",
        "",
        These(&[Dispatcher, Recused, Supervisor]),
    ),
    ("get", "/{lang}/ledger", "", READERS),
    ("post", "/{lang}/ledger/{action}", "csv", READERS),
    ("post", "/{lang}/ledger/{action}", "xlsx", READERS),
    ("post", "/{lang}/ledger/{action}", "save", READERS),
    ("post", "/{lang}/ledger/{action}", "forget", READERS),
    ("get", "/{lang}/board", "", These(&[Recused, Supervisor])),
    (
        "post",
        "/{lang}/board/{action}",
        "csv",
        These(&[Recused, Supervisor]),
    ),
    (
        "post",
        "/{lang}/board/{action}",
        "xlsx",
        These(&[Recused, Supervisor]),
    ),
    ("get", "/{lang}/search", "", READERS),
    ("post", "/{lang}/search", "", READERS),
    CASE,
    // What is no action is nobody's.
    (
        "post",
        "/{lang}/case/{number}/{action}",
        "nothing",
        These(&[]),
    ),
    ("get", "/{lang}/case/{number}/compare/{other}", "", ASSIGNS),
    (
        "post",
        "/{lang}/case/{number}/compare/{other}/{decision}",
        "join",
        ASSIGNS,
    ),
    (
        "post",
        "/{lang}/case/{number}/compare/{other}/{decision}",
        "apart",
        ASSIGNS,
    ),
    ("get", "/{lang}/case/{number}/file/{file}", "", OF_CASE),
    ("get", "/{lang}/case/{number}/file/{file}/view", "", OF_CASE),
    (
        "get",
        "/{lang}/type-in",
        "",
        These(&[Dispatcher, Handler, Investigator]),
    ),
    (
        "post",
        "/{lang}/type-in",
        "",
        These(&[Dispatcher, Handler, Investigator]),
    ),
    ("get", "/{lang}/quarantine", "", OPENS),
    ("post", "/{lang}/quarantine/{id}/{decision}", "try", OPENS),
    ("post", "/{lang}/quarantine/{id}/{decision}", "keep", OPENS),
    (
        "post",
        "/{lang}/quarantine/{id}/{decision}",
        "discard",
        OPENS,
    ),
    (
        "post",
        "/{lang}/quarantine/{id}/{decision}",
        "approve",
        OPENS,
    ),
    (
        "get",
        "/{lang}/keys",
        "",
        These(&[Dispatcher, Recused, Supervisor]),
    ),
    (
        "post",
        "/{lang}/keys/{id}",
        "",
        These(&[Dispatcher, Recused, Supervisor]),
    ),
    (
        "post",
        "/{lang}/keys/{id}/second-factor",
        "",
        These(&[Dispatcher, Recused, Supervisor]),
    ),
    (
        "post",
        "/{lang}/signatures/{id}/{answer}",
        "approve",
        These(&[Dispatcher, Recused, Supervisor]),
    ),
    (
        "post",
        "/{lang}/signatures/{id}/{answer}",
        "refuse",
        These(&[Dispatcher, Recused, Supervisor]),
    ),
    (
        "post",
        "/{lang}/signatures/{id}/{answer}",
        "withdraw",
        KEEPS,
    ),
    ("get", "/{lang}/accounts", "", KEEPS),
    ("post", "/{lang}/accounts", "", KEEPS),
    ("get", "/{lang}/accounts/{id}", "", KEEPS),
    ("post", "/{lang}/accounts/{id}/{action}", "edit", KEEPS),
    ("post", "/{lang}/accounts/{id}/{action}", "password", KEEPS),
    (
        "post",
        "/{lang}/accounts/{id}/{action}",
        "deactivate",
        KEEPS,
    ),
    (
        "get",
        "/{lang}/routing",
        "",
        These(&[Dispatcher, Recused, Supervisor, Administrator]),
    ),
    ("get", "/{lang}/routing/edit", "", WRITES_RULES),
    ("post", "/{lang}/routing/{action}", "save", WRITES_RULES),
    (
        "post",
        "/{lang}/routing/{action}",
        "try",
        These(&[Dispatcher]),
    ),
    ("get", "/{lang}/trail", "", These(&[Auditor])),
    ("get", "/{lang}/unlock", "", UNLOCKS),
    ("post", "/{lang}/unlock/{way}", "passphrase", UNLOCKS),
    ("post", "/{lang}/unlock/{way}", "share", UNLOCKS),
    // The last, since it ends the session.
    ("post", "/{lang}/logout", "", Anyone),
];

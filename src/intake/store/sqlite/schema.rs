//! The migrations of intake's SQLite file.

use mifeng_foundation::storage::MigrationSource;

pub(super) const MIGRATIONS: &[MigrationSource] = &[
    (
        1,
        "intake",
        include_str!("../../../../migrations/intake/sqlite/0001_intake.sql"),
    ),
    (
        2,
        "attachments",
        include_str!("../../../../migrations/intake/sqlite/0002_attachments.sql"),
    ),
    (
        3,
        "places",
        include_str!("../../../../migrations/intake/sqlite/0003_places.sql"),
    ),
    (
        4,
        "serials",
        include_str!("../../../../migrations/intake/sqlite/0004_serials.sql"),
    ),
    (
        6,
        "opened",
        include_str!("../../../../migrations/intake/sqlite/0006_opened.sql"),
    ),
    (
        8,
        "closed_mailboxes",
        include_str!("../../../../migrations/intake/sqlite/0008_closed_mailboxes.sql"),
    ),
    (
        11,
        "served_content",
        include_str!("../../../../migrations/intake/sqlite/0011_served_content.sql"),
    ),
];

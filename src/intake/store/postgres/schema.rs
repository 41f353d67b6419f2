//! The migrations of intake's PostgreSQL database.

use mifeng_foundation::storage::MigrationSource;

pub(super) const MIGRATIONS: &[MigrationSource] = &[
    (
        1,
        "intake",
        include_str!("../../../../migrations/intake/postgres/0001_intake.sql"),
    ),
    (
        2,
        "attachments",
        include_str!("../../../../migrations/intake/postgres/0002_attachments.sql"),
    ),
    (
        4,
        "serials",
        include_str!("../../../../migrations/intake/postgres/0004_serials.sql"),
    ),
    (
        6,
        "opened",
        include_str!("../../../../migrations/intake/postgres/0006_opened.sql"),
    ),
    (
        8,
        "closed_mailboxes",
        include_str!("../../../../migrations/intake/postgres/0008_closed_mailboxes.sql"),
    ),
    (
        10,
        "parts",
        include_str!("../../../../migrations/intake/postgres/0010_parts.sql"),
    ),
    (
        11,
        "served_content",
        include_str!("../../../../migrations/intake/postgres/0011_served_content.sql"),
    ),
];

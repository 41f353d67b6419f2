-- Triage's store. Days are whole days since 1970-01-01 in the office's zone. "Sealed" columns are age files;
-- everything else names nothing and nobody. Rows stand under random keys, so no order of arrival is on disk.

CREATE TABLE envelope (
    content_sha256 BLOB NOT NULL PRIMARY KEY, -- SHA-256 of the envelope's ciphertext, 32 bytes: exactly-once
    intake_id      BLOB NOT NULL,             -- the envelope's random id at intake, 16 bytes
    received_day   INTEGER NOT NULL,          -- day it came to intake
    state          TEXT NOT NULL CHECK (state IN ('opened', 'quarantined')),
    released       INTEGER NOT NULL,          -- 1 once intake was told that this is safe
    stored_batch   INTEGER NOT NULL           -- backup period it was stored in, see backup_mark
) STRICT, WITHOUT ROWID;
CREATE INDEX envelope_releasable ON envelope (stored_batch) WHERE released = 0;

CREATE TABLE backup_mark (
    id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- one row
    batch INTEGER NOT NULL,                            -- present backup period; raised when a backup begins
    safe  INTEGER NOT NULL                             -- last period that is whole in a verified backup
) STRICT, WITHOUT ROWID;
INSERT INTO backup_mark (id, batch, safe) VALUES (1, 1, 0);

CREATE TABLE quarantine (
    id             BLOB NOT NULL PRIMARY KEY, -- the envelope's id at intake, 16 bytes
    content_sha256 BLOB NOT NULL UNIQUE REFERENCES envelope,
    ciphertext     BLOB NOT NULL,             -- the file as it came (sealed by a stranger, or not at all)
    reason         TEXT NOT NULL,             -- key of words: header, wrong-key, damaged, not-a-tip, unknown-mailbox
    received_day   INTEGER NOT NULL           -- day it came to intake
) STRICT, WITHOUT ROWID;

CREATE TABLE counter (
    year INTEGER NOT NULL PRIMARY KEY, -- calendar year of receipt
    next INTEGER NOT NULL              -- number the next case of that year gets
) STRICT, WITHOUT ROWID;

CREATE TABLE cases (
    id               BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    number           TEXT NOT NULL UNIQUE,      -- year and counter, for people
    state            TEXT NOT NULL,             -- code of the case state
    handler_id       BLOB,                      -- member who handles it, 16 bytes; NULL for nobody
    opened_day       INTEGER NOT NULL,          -- day of receipt
    changed_day      INTEGER NOT NULL,          -- day of the last change
    version          INTEGER NOT NULL,          -- raised by every change
    recipient        TEXT NOT NULL,             -- age recipient (public) of the case
    wrapped_identity BLOB NOT NULL,             -- sealed to the office: the case's age identity
    card             BLOB NOT NULL              -- sealed to the case: title, category, routing, outcome
) STRICT, WITHOUT ROWID;

CREATE TABLE tip (
    id             BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    case_id        BLOB NOT NULL REFERENCES cases,
    content_sha256 BLOB NOT NULL UNIQUE REFERENCES envelope,
    received_day   INTEGER NOT NULL,          -- day it came to intake
    lookup_digest  BLOB NOT NULL UNIQUE,      -- the mailbox at intake, 32 bytes
    sealed         BLOB NOT NULL,             -- sealed to the case: the tip document
    sketch         BLOB NOT NULL              -- sealed under the sketch key, one fixed size: what comparing needs
) STRICT, WITHOUT ROWID;
CREATE INDEX tip_case ON tip (case_id);

CREATE TABLE clock (
    id          BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    case_id     BLOB NOT NULL REFERENCES cases,
    rule_id     TEXT NOT NULL,             -- rule of the clock file
    start_day   INTEGER NOT NULL,          -- first day
    due_day     INTEGER NOT NULL,          -- last day
    provisional INTEGER NOT NULL,          -- 1 if counted without a published calendar
    met_day     INTEGER                    -- day it was met; NULL while it runs
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_case ON clock (case_id);

CREATE TABLE message (
    id            BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    tip_id        BLOB NOT NULL REFERENCES tip,
    case_id       BLOB NOT NULL REFERENCES cases,
    sequence      INTEGER NOT NULL,          -- place within the case, from 1
    from_reporter INTEGER NOT NULL,          -- 1 if the reporter wrote it
    day           INTEGER NOT NULL,          -- day it was written
    sealed        BLOB NOT NULL              -- sealed to the case: author and text
) STRICT, WITHOUT ROWID;
CREATE INDEX message_case ON message (case_id);

CREATE TABLE outgoing (
    id            BLOB NOT NULL PRIMARY KEY, -- the message's id at intake, 16 bytes
    message_id    BLOB,                      -- row of message it carries; NULL for a bare status
    tip_id        BLOB NOT NULL REFERENCES tip,
    lookup_digest BLOB NOT NULL,             -- mailbox at intake, 32 bytes
    ciphertext    BLOB NOT NULL,             -- sealed to the mailbox
    state         TEXT NOT NULL CHECK (state IN ('queued', 'posted', 'no_mailbox'))
) STRICT, WITHOUT ROWID;
CREATE INDEX outgoing_queued ON outgoing (id) WHERE state = 'queued';
CREATE INDEX outgoing_tip ON outgoing (tip_id);

CREATE TABLE history (
    id       BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    case_id  BLOB NOT NULL REFERENCES cases,
    sequence INTEGER NOT NULL,          -- place within the case, from 1
    day      INTEGER NOT NULL,          -- the day
    sealed   BLOB NOT NULL              -- sealed to the case: who, what, why
) STRICT, WITHOUT ROWID;
CREATE INDEX history_case ON history (case_id);

CREATE TABLE mail_outbox (
    id        BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    member_id BLOB NOT NULL,             -- whom to remind, 16 bytes; addresses are kept with the accounts only
    day       INTEGER NOT NULL,          -- day of the news
    attempts  INTEGER NOT NULL           -- deliveries tried in vain
) STRICT, WITHOUT ROWID;

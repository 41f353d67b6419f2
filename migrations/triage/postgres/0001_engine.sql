-- Triage's store. Days are whole days since 1970-01-01 in the office's zone. "Sealed" columns are age files;
-- everything else names nothing and nobody. Rows stand under random keys, so no order of arrival is on disk.

CREATE TABLE envelope (
    content_sha256 BYTEA NOT NULL PRIMARY KEY, -- SHA-256 of the envelope's ciphertext, 32 bytes: exactly-once
    intake_id      BYTEA NOT NULL,             -- the envelope's random id at intake, 16 bytes
    received_day   BIGINT NOT NULL,          -- day it came to intake
    state          TEXT NOT NULL CHECK (state IN ('opened', 'quarantined')),
    released       BIGINT NOT NULL,          -- 1 once intake was told that this is safe
    stored_batch   BIGINT NOT NULL           -- backup period it was stored in, see backup_mark
);
CREATE INDEX envelope_releasable ON envelope (stored_batch) WHERE released = 0;

CREATE TABLE backup_mark (
    id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), -- one row
    batch BIGINT NOT NULL,                            -- present backup period; raised when a backup begins
    safe  BIGINT NOT NULL                             -- last period that is whole in a verified backup
);
INSERT INTO backup_mark (id, batch, safe) VALUES (1, 1, 0);

CREATE TABLE quarantine (
    id             BYTEA NOT NULL PRIMARY KEY, -- the envelope's id at intake, 16 bytes
    content_sha256 BYTEA NOT NULL UNIQUE REFERENCES envelope (content_sha256),
    ciphertext     BYTEA NOT NULL,             -- the file as it came (sealed by a stranger, or not at all)
    reason         TEXT NOT NULL,             -- key of words: header, wrong-key, damaged, not-a-tip, unknown-mailbox
    received_day   BIGINT NOT NULL           -- day it came to intake
);

CREATE TABLE counter (
    year BIGINT NOT NULL PRIMARY KEY, -- calendar year of receipt
    next BIGINT NOT NULL              -- number the next case of that year gets
);

CREATE TABLE cases (
    id               BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes
    number           TEXT NOT NULL UNIQUE,      -- year and counter, for people
    state            TEXT NOT NULL,             -- code of the case state
    handler_id       BYTEA,                      -- member who handles it, 16 bytes; NULL for nobody
    opened_day       BIGINT NOT NULL,          -- day of receipt
    changed_day      BIGINT NOT NULL,          -- day of the last change
    version          BIGINT NOT NULL,          -- raised by every change
    recipient        TEXT NOT NULL,             -- age recipient (public) of the case
    wrapped_identity BYTEA NOT NULL,             -- sealed to the office: the case's age identity
    card             BYTEA NOT NULL              -- sealed to the case: title, category, routing, outcome
);

CREATE TABLE tip (
    id             BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes
    case_id        BYTEA NOT NULL REFERENCES cases (id),
    content_sha256 BYTEA NOT NULL UNIQUE REFERENCES envelope (content_sha256),
    received_day   BIGINT NOT NULL,          -- day it came to intake
    lookup_digest  BYTEA NOT NULL UNIQUE,      -- the mailbox at intake, 32 bytes
    sealed         BYTEA NOT NULL,             -- sealed to the case: the tip document
    sketch         BYTEA NOT NULL              -- sealed under the sketch key, one fixed size: what comparing needs
);
CREATE INDEX tip_case ON tip (case_id);

CREATE TABLE clock (
    id          BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes
    case_id     BYTEA NOT NULL REFERENCES cases (id),
    rule_id     TEXT NOT NULL,             -- rule of the clock file
    start_day   BIGINT NOT NULL,          -- first day
    due_day     BIGINT NOT NULL,          -- last day
    provisional BIGINT NOT NULL,          -- 1 if counted without a published calendar
    met_day     BIGINT                    -- day it was met; NULL while it runs
);
CREATE INDEX clock_case ON clock (case_id);

CREATE TABLE message (
    id            BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes
    tip_id        BYTEA NOT NULL REFERENCES tip (id),
    case_id       BYTEA NOT NULL REFERENCES cases (id),
    sequence      BIGINT NOT NULL,          -- place within the case, from 1
    from_reporter BIGINT NOT NULL,          -- 1 if the reporter wrote it
    day           BIGINT NOT NULL,          -- day it was written
    sealed        BYTEA NOT NULL              -- sealed to the case: author and text
);
CREATE INDEX message_case ON message (case_id);

CREATE TABLE outgoing (
    id            BYTEA NOT NULL PRIMARY KEY, -- the message's id at intake, 16 bytes
    message_id    BYTEA,                      -- row of message it carries; NULL for a bare status
    tip_id        BYTEA NOT NULL REFERENCES tip (id),
    lookup_digest BYTEA NOT NULL,             -- mailbox at intake, 32 bytes
    ciphertext    BYTEA NOT NULL,             -- sealed to the mailbox
    state         TEXT NOT NULL CHECK (state IN ('queued', 'posted', 'no_mailbox'))
);
CREATE INDEX outgoing_queued ON outgoing (id) WHERE state = 'queued';
CREATE INDEX outgoing_tip ON outgoing (tip_id);

CREATE TABLE history (
    id       BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes
    case_id  BYTEA NOT NULL REFERENCES cases (id),
    sequence BIGINT NOT NULL,          -- place within the case, from 1
    day      BIGINT NOT NULL,          -- the day
    sealed   BYTEA NOT NULL              -- sealed to the case: who, what, why
);
CREATE INDEX history_case ON history (case_id);

CREATE TABLE mail_outbox (
    id        BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes
    member_id BYTEA NOT NULL,             -- whom to remind, 16 bytes; addresses are kept with the accounts only
    day       BIGINT NOT NULL,          -- day of the news
    attempts  BIGINT NOT NULL           -- deliveries tried in vain
);

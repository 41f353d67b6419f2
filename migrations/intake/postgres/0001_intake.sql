-- What the public host keeps. Everything of weight is sealed; rows stand under random keys, so that not even the
-- order of arrival is on disk.

CREATE TABLE envelope (
    id              BYTEA   NOT NULL PRIMARY KEY, -- 16 random bytes
    addressee       TEXT    NOT NULL,             -- slug of the office that may pull it
    kind            TEXT    NOT NULL,             -- 'tip' or 'reply'
    content_sha256  BYTEA   NOT NULL,             -- of the ciphertext
    ciphertext      BYTEA   NOT NULL,             -- sealed: an age file to the addressee
    is_stored       BOOLEAN NOT NULL DEFAULT FALSE, -- 1 once triage said that it has it
    received_day    INTEGER NOT NULL              -- days since 1970-01-01, in the office's zone
);

CREATE TABLE mailbox (
    lookup_digest   BYTEA NOT NULL PRIMARY KEY,    -- SHA-256 of the lookup
    office          TEXT NOT NULL,                -- slug of the office whose form was used
    addressee       TEXT NOT NULL,                -- slug of the office that may answer
    submission_tag  BYTEA NOT NULL                 -- keyed by the code: tells a repeat from another tip
);

CREATE TABLE message (
    id              BYTEA NOT NULL PRIMARY KEY,    -- 16 bytes, chosen by triage
    lookup_digest   BYTEA NOT NULL,                -- the mailbox it lies in
    ciphertext      BYTEA NOT NULL                 -- sealed: an age file to the mailbox
);

CREATE INDEX message_by_mailbox ON message (lookup_digest);

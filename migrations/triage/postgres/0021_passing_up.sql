-- What goes to the office above: a tip and what its reporter wrote since, each sealed to that office.
CREATE TABLE passing (
    id            BYTEA NOT NULL PRIMARY KEY,         -- random, 16 bytes: its id at intake
    case_id       BYTEA NOT NULL REFERENCES cases,    -- the case it is from, which is closed to everybody here
    lookup_digest BYTEA NOT NULL,                     -- the mailbox, which the office above answers from now on
    kind          TEXT NOT NULL CHECK (kind IN ('tip', 'reply')),
    ciphertext    BYTEA NOT NULL,                     -- sealed to the office above; empty once intake has it
    state         TEXT NOT NULL CHECK (state IN ('queued', 'passed'))
);
CREATE INDEX passing_case ON passing (case_id);
CREATE INDEX passing_queued ON passing (lookup_digest, id) WHERE state = 'queued';

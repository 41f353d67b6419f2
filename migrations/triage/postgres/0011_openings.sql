-- Mailboxes that intake is to open for calls, letters and visits that were typed in here.

CREATE TABLE opening (
    lookup_digest  BYTEA NOT NULL PRIMARY KEY, -- the mailbox, 32 bytes
    tip_id         BYTEA NOT NULL REFERENCES tip (id),
    submission_tag BYTEA NOT NULL,             -- keyed by the code, 32 bytes: tells a repeat from another tip
    state          TEXT NOT NULL CHECK (state IN ('queued', 'open', 'taken'))
);
CREATE INDEX opening_queued ON opening (lookup_digest) WHERE state = 'queued';

-- Mailboxes that intake is to open for calls, letters and visits that were typed in here.

CREATE TABLE opening (
    lookup_digest  BLOB NOT NULL PRIMARY KEY, -- the mailbox, 32 bytes
    tip_id         BLOB NOT NULL REFERENCES tip,
    submission_tag BLOB NOT NULL,             -- keyed by the code, 32 bytes: tells a repeat from another tip
    state          TEXT NOT NULL CHECK (state IN ('queued', 'open', 'taken'))
) STRICT, WITHOUT ROWID;
CREATE INDEX opening_queued ON opening (lookup_digest) WHERE state = 'queued';

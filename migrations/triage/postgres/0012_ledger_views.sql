-- Filters of the ledger that members save. The name is words of a person, so filter and name are sealed to its owner alone.

CREATE TABLE ledger_view (
    id        BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes
    member_id BYTEA NOT NULL,             -- whose it is, 16 bytes
    sealed    BYTEA NOT NULL              -- sealed to the member: name and filter
);
CREATE INDEX ledger_view_member ON ledger_view (member_id);

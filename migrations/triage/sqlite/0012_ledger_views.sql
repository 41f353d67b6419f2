-- Filters of the ledger that members save. The name is words of a person, so filter and name are sealed to its owner alone.

CREATE TABLE ledger_view (
    id        BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    member_id BLOB NOT NULL,             -- whose it is, 16 bytes
    sealed    BLOB NOT NULL              -- sealed to the member: name and filter
) STRICT, WITHOUT ROWID;
CREATE INDEX ledger_view_member ON ledger_view (member_id);

-- Cases are numbered by a keyed hash of their envelope: nothing counts them any more. A case that has a number of before
-- is given another at the next start with the office's key.
DROP TABLE counter;
CREATE TABLE case_alias (
    number  TEXT NOT NULL PRIMARY KEY,    -- a number the case had before: year and counter
    case_id BYTEA NOT NULL REFERENCES cases -- the case it leads to
);
CREATE INDEX case_alias_case ON case_alias (case_id);
-- The case that there is news of, 16 bytes: whoever may not see it any more is not told. NULL for news of before.
ALTER TABLE mail_outbox ADD COLUMN case_id BYTEA;
CREATE INDEX mail_outbox_case ON mail_outbox (case_id);

-- Every version of the routing rules that was written in the browser; the first version is the file's, and not here.
-- The rules themselves are no secret within the office and are not sealed, as the file is not; no tip stands in them.
CREATE TABLE routing_rules (
    number      BIGINT NOT NULL PRIMARY KEY, -- 2 for the first written in the browser; one writes each number
    id          BYTEA   NOT NULL UNIQUE,      -- random, 16 bytes: what the trail calls it
    written_day BIGINT  NOT NULL,             -- days since 1970-01-01, in the office's zone
    member_id   BYTEA   NOT NULL,             -- who wrote it, 16 bytes
    rules       TEXT    NOT NULL,             -- JSON: the rules in their order, and the unit for what none matches
    reason      BYTEA   NOT NULL              -- sealed to the office: why it was written
);

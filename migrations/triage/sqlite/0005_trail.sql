-- The trail: who did what when, in ids and codes. No content, no name, no reason stands here in any form. Each row's
-- hash is over the row and the hash before it. What a reporter does is not in it: no time of day tells when a tip came.

CREATE TABLE trail (
    sequence  INTEGER NOT NULL PRIMARY KEY, -- place in the chain, from 1, without gaps
    day       INTEGER NOT NULL,             -- the day, where the office is
    second    INTEGER,                      -- second of that day; NULL for what the service did by itself
    actor_id  BLOB,                         -- member who acted, 16 bytes; NULL for the service, the operator, a stranger
    kind      TEXT NOT NULL,                -- what was done: a code of the program
    case_id   BLOB,                         -- case it was done to, 16 bytes
    object_id BLOB,                         -- tip, file, account or other thing it was done to, 16 bytes
    detail    TEXT NOT NULL,                -- more of it: a code of the program, never words of a person; may be empty
    hash      BLOB NOT NULL                 -- SHA-256 of the row and of the hash before it, 32 bytes
) STRICT;
CREATE INDEX trail_case ON trail (case_id, sequence) WHERE case_id IS NOT NULL;

CREATE TRIGGER trail_keeps_rows BEFORE DELETE ON trail BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END;
CREATE TRIGGER trail_keeps_words BEFORE UPDATE ON trail BEGIN SELECT RAISE(ABORT, 'the trail only grows'); END;

-- Where the chain ends: what a row taken from its end is missed by, and what writers wait for.
CREATE TABLE trail_head (
    id       INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- one row
    sequence INTEGER NOT NULL,                            -- the last row's, 0 before the first
    hash     BLOB NOT NULL                                -- the last row's, 32 bytes of zero before the first
) STRICT, WITHOUT ROWID;
INSERT INTO trail_head (id, sequence, hash) VALUES (1, 0, zeroblob(32));

-- Who got the daily mail, and for which day last.
CREATE TABLE daily_mail (
    member_id BLOB NOT NULL PRIMARY KEY, -- 16 bytes
    day       INTEGER NOT NULL           -- day of the last one that went out
) STRICT, WITHOUT ROWID;

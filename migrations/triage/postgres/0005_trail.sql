-- The trail: who did what when, in ids and codes. No content, no name, no reason stands here in any form. Each row's
-- hash is over the row and the hash before it. What a reporter does is not in it: no time of day tells when a tip came.

CREATE TABLE trail (
    sequence  BIGINT NOT NULL PRIMARY KEY, -- place in the chain, from 1, without gaps
    day       BIGINT NOT NULL,             -- the day, where the office is
    second    BIGINT,                      -- second of that day; NULL for what the service did by itself
    actor_id  BYTEA,                       -- member who acted, 16 bytes; NULL for the service, the operator, a stranger
    kind      TEXT NOT NULL,               -- what was done: a code of the program
    case_id   BYTEA,                       -- case it was done to, 16 bytes
    object_id BYTEA,                       -- tip, file, account or other thing it was done to, 16 bytes
    detail    TEXT NOT NULL,               -- more of it: a code of the program, never words of a person; may be empty
    hash      BYTEA NOT NULL               -- SHA-256 of the row and of the hash before it, 32 bytes
);
CREATE INDEX trail_case ON trail (case_id, sequence) WHERE case_id IS NOT NULL;

CREATE FUNCTION trail_only_grows() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the trail only grows'; END $$;
CREATE TRIGGER trail_keeps_rows BEFORE UPDATE OR DELETE ON trail
    FOR EACH ROW EXECUTE FUNCTION trail_only_grows();

-- Where the chain ends: what a row taken from its end is missed by, and what writers wait for.
CREATE TABLE trail_head (
    id       BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), -- one row
    sequence BIGINT NOT NULL,                            -- the last row's, 0 before the first
    hash     BYTEA NOT NULL                              -- the last row's, 32 bytes of zero before the first
);
INSERT INTO trail_head (id, sequence, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

-- Who got the daily mail, and for which day last.
CREATE TABLE daily_mail (
    member_id BYTEA NOT NULL PRIMARY KEY, -- 16 bytes
    day       BIGINT NOT NULL             -- day of the last one that went out
);

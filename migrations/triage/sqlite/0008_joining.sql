-- Cases that are handled together, and pairs that a person holds apart. Each case keeps its key, tips, clocks and
-- messages: joining gives the leading case one small sealed identity more, and splitting takes it away.

ALTER TABLE cases ADD COLUMN joined_to BLOB REFERENCES cases; -- the case that leads, 16 bytes; NULL for one that stands by itself
ALTER TABLE cases ADD COLUMN joined_day INTEGER;              -- day they were joined; NULL with joined_to
ALTER TABLE cases ADD COLUMN joined_identity BLOB;         -- sealed to the case that leads: this case's age identity; NULL with joined_to

CREATE TABLE held_apart (
    one_case   BLOB NOT NULL REFERENCES cases, -- the smaller id of the two, 16 bytes
    other_case BLOB NOT NULL REFERENCES cases, -- the larger
    day        INTEGER NOT NULL,                -- day a person said that they are not the same
    PRIMARY KEY (one_case, other_case)
) STRICT, WITHOUT ROWID;

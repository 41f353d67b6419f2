-- Cases that are handled together, and pairs that a person holds apart. Each case keeps its key, tips, clocks and
-- messages: joining gives the leading case one small sealed identity more, and splitting takes it away.

ALTER TABLE cases ADD COLUMN joined_to BYTEA REFERENCES cases (id); -- the case that leads, 16 bytes; NULL for one that stands by itself
ALTER TABLE cases ADD COLUMN joined_day BIGINT;              -- day they were joined; NULL with joined_to
ALTER TABLE cases ADD COLUMN joined_identity BYTEA;         -- sealed to the case that leads: this case's age identity; NULL with joined_to

CREATE TABLE held_apart (
    one_case   BYTEA NOT NULL REFERENCES cases (id), -- the smaller id of the two, 16 bytes
    other_case BYTEA NOT NULL REFERENCES cases (id), -- the larger
    day        BIGINT NOT NULL,                -- day a person said that they are not the same
    PRIMARY KEY (one_case, other_case)
);

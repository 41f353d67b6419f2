-- Envelopes are written one after another as they come, which costs half of writing each under a random key: only the
-- index by id is random. So that the order of arrival does not stay on disk, they are moved to random places soon after.

CREATE TABLE placed (
    place           INTEGER PRIMARY KEY,        -- above zero: in the order of arrival; below zero: drawn at random
    id              BLOB    NOT NULL,           -- 16 random bytes
    addressee       TEXT    NOT NULL,           -- slug of the office that may pull it
    kind            TEXT    NOT NULL,           -- 'tip' or 'reply'
    content_sha256  BLOB    NOT NULL,           -- of the ciphertext
    is_stored       INTEGER NOT NULL DEFAULT 0, -- 1 once triage said that it has it
    received_day    INTEGER NOT NULL,           -- days since 1970-01-01, in the office's zone
    ciphertext      BLOB    NOT NULL            -- sealed: an age file to the addressee; last, so that the rest is read without it
) STRICT;

INSERT INTO placed (place, id, addressee, kind, content_sha256, is_stored, received_day, ciphertext)
SELECT -1 - ABS(RANDOM() % 4611686018427387904), id, addressee, kind, content_sha256, is_stored, received_day, ciphertext
FROM envelope;

DROP TABLE envelope;
ALTER TABLE placed RENAME TO envelope;
CREATE UNIQUE INDEX envelope_by_id ON envelope (id);

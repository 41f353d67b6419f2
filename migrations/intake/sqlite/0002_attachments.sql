-- Files that go with tips and additions. The sealed files themselves lie in a folder or a bucket, under the same ids. A
-- row is there before its file and goes after it, so that no file is ever without one.

CREATE TABLE attachment (
    id           BLOB  NOT NULL PRIMARY KEY, -- 16 random bytes, and the name of the sealed file
    addressee    TEXT    NOT NULL,         -- slug of the office it is sealed to
    state        TEXT    NOT NULL CHECK (state IN ('arriving', 'ready', 'claimed', 'gone')), -- 'gone': to be deleted
    envelope_id  BLOB ,                      -- the envelope that names it; NULL until claimed
    size_bytes   INTEGER NOT NULL,         -- length of the sealed file; 0 until it is whole
    arrived_day  INTEGER NOT NULL          -- days since 1970-01-01, in the office's zone
) STRICT, WITHOUT ROWID;

CREATE INDEX attachment_by_envelope ON attachment (envelope_id) WHERE envelope_id IS NOT NULL;
CREATE INDEX attachment_by_state ON attachment (state) WHERE state <> 'claimed';

-- Files that go with tips and additions. The files lie in a folder or a bucket, sealed to the case.

CREATE TABLE attachment (
    id             BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes, and the name of the sealed file
    intake_id      BYTEA NOT NULL,             -- its random id at intake, 16 bytes
    content_sha256 BYTEA NOT NULL REFERENCES envelope (content_sha256), -- the envelope that named it
    case_id        BYTEA NOT NULL REFERENCES cases (id),
    tip_id         BYTEA NOT NULL REFERENCES tip (id),
    sequence       BIGINT  NOT NULL,             -- place in its envelope, from 1
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'stored', 'missing', 'damaged')),
    sealed         BYTEA NOT NULL              -- sealed to the case: name, type, size, SHA-256
);
CREATE INDEX attachment_case ON attachment (case_id);
CREATE INDEX attachment_waiting ON attachment (content_sha256) WHERE state = 'waiting';

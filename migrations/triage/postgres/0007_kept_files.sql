-- Files that came with an envelope in quarantine. They lie in a folder or a bucket as they came, sealed by a stranger.

CREATE TABLE kept_file (
    id             BYTEA   NOT NULL PRIMARY KEY, -- random, 16 bytes, and the name of the file
    intake_id      BYTEA   NOT NULL,             -- its random id at intake, 16 bytes
    content_sha256 BYTEA   NOT NULL REFERENCES envelope (content_sha256), -- the envelope that it came with
    size_bytes     BIGINT  NOT NULL,             -- its length as it came, in bytes
    state          TEXT    NOT NULL CHECK (state IN ('waiting', 'stored', 'missing'))
);
CREATE INDEX kept_file_content ON kept_file (content_sha256);

-- Files that go to the office above with an envelope. They are sealed anew while they stream to intake.
CREATE TABLE passing_file (
    id            BYTEA NOT NULL PRIMARY KEY,           -- random, 16 bytes: its id at intake, by which the envelope names it
    passing_id    BYTEA NOT NULL REFERENCES passing,    -- the envelope
    attachment_id BYTEA NOT NULL REFERENCES attachment, -- the file here, sealed to its case
    case_id       BYTEA NOT NULL REFERENCES cases       -- the case it is from
);
CREATE INDEX passing_file_passing ON passing_file (passing_id);
CREATE INDEX passing_file_attachment ON passing_file (attachment_id);
CREATE INDEX passing_file_case ON passing_file (case_id);

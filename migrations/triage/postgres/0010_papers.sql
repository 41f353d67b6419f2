-- What the office writes into a case, all sealed to it: notes, evidence, interviews, tasks, drafts of messages, and extracts
-- that left the office.

CREATE TABLE paper (
    id        BYTEA NOT NULL PRIMARY KEY, -- random, 16 bytes
    case_id   BYTEA NOT NULL REFERENCES cases (id),
    sequence  BIGINT NOT NULL,          -- place within the case, from 1
    kind      TEXT NOT NULL CHECK (kind IN ('note', 'evidence', 'interview', 'task', 'draft', 'extract')),
    member_id BYTEA NOT NULL,             -- who wrote it, 16 bytes; of a task whose it is
    day       BIGINT NOT NULL,          -- day it was written
    due_day   BIGINT,                   -- day a task is to be done by; NULL for all else
    done_day  BIGINT,                   -- day it was done; NULL until then
    sealed    BYTEA NOT NULL              -- sealed to the case: who wrote it, and the words
);
CREATE INDEX paper_case ON paper (case_id);
CREATE INDEX paper_task ON paper (member_id) WHERE kind = 'task' AND done_day IS NULL;

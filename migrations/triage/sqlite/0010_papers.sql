-- What the office writes into a case, all sealed to it: notes, evidence, interviews, tasks, drafts of messages, and extracts
-- that left the office.

CREATE TABLE paper (
    id        BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    case_id   BLOB NOT NULL REFERENCES cases,
    sequence  INTEGER NOT NULL,          -- place within the case, from 1
    kind      TEXT NOT NULL CHECK (kind IN ('note', 'evidence', 'interview', 'task', 'draft', 'extract')),
    member_id BLOB NOT NULL,             -- who wrote it, 16 bytes; of a task whose it is
    day       INTEGER NOT NULL,          -- day it was written
    due_day   INTEGER,                   -- day a task is to be done by; NULL for all else
    done_day  INTEGER,                   -- day it was done; NULL until then
    sealed    BLOB NOT NULL              -- sealed to the case: who wrote it, and the words
) STRICT, WITHOUT ROWID;
CREATE INDEX paper_case ON paper (case_id);
CREATE INDEX paper_task ON paper (member_id) WHERE kind = 'task' AND done_day IS NULL;

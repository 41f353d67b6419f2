-- The last message for the mailbox of each destroyed case, until intake has it: then the row goes, and nothing is left here by
-- which its reporter could be reached.
CREATE TABLE last_message (
    id              BYTEA NOT NULL PRIMARY KEY, -- 16 random bytes, its id at intake
    lookup_digest   BYTEA NOT NULL,             -- the mailbox that it closes
    ciphertext      BYTEA NOT NULL              -- sealed: an age file to the mailbox
);

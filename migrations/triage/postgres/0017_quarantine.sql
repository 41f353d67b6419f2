-- What a person decided on an envelope that did not open. Discarding takes two; the row stays, without the ciphertext.

ALTER TABLE quarantine ADD COLUMN kind TEXT CHECK (kind IN ('tip', 'reply')); -- what intake said it is; NULL for those from before
ALTER TABLE quarantine ADD COLUMN size_bytes BIGINT NOT NULL DEFAULT 0;       -- length of the ciphertext as it came, in bytes
ALTER TABLE quarantine ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'kept', 'discard_proposed', 'discarded'));
ALTER TABLE quarantine ADD COLUMN version BIGINT NOT NULL DEFAULT 1;          -- raised by every decision
ALTER TABLE quarantine ADD COLUMN tried_day BIGINT;                           -- day it was last tried again; NULL if it was not
ALTER TABLE quarantine ADD COLUMN decided_by BYTEA;                           -- member who kept it, or proposed to discard it, 16 bytes
ALTER TABLE quarantine ADD COLUMN decided_day BIGINT;                         -- the day of that
ALTER TABLE quarantine ADD COLUMN signed_by BYTEA;                            -- the second member, who had it discarded, 16 bytes
ALTER TABLE quarantine ADD COLUMN signed_day BIGINT;                          -- the day of that
ALTER TABLE quarantine ADD COLUMN why BYTEA;                                  -- sealed to the office: the reason of the first; NULL if none is given
UPDATE quarantine SET size_bytes = LENGTH(ciphertext);

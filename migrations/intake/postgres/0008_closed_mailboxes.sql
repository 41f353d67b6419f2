-- Mailboxes of cases that were destroyed.

ALTER TABLE mailbox ADD COLUMN closed BIGINT NOT NULL DEFAULT 0; -- 1 once the office said its last words: nothing more is taken for it

-- What a reporter said once counts once: the ids of what was taken in, which are signed with it. A copy sealed anew has the same.
CREATE TABLE reply_id (
    tip_id  BLOB NOT NULL REFERENCES tip,   -- the tip from whose mailbox it was said
    id      BLOB NOT NULL,                  -- 32 bytes, made of the words under a key that only the code gives: tells nothing
    case_id BLOB NOT NULL REFERENCES cases, -- the case of the tip
    PRIMARY KEY (tip_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX reply_id_case ON reply_id (case_id);

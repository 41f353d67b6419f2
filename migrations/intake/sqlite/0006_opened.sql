-- When each mailbox was last opened, for whoever has its code. All are written anew together, so that no row tells anything.

CREATE TABLE opened (
    lookup_digest   BLOB NOT NULL PRIMARY KEY,    -- the mailbox
    opened_key      BLOB NOT NULL,                -- 32 bytes: a public key of this purpose only, or one that nobody has
    field           BLOB NOT NULL                 -- 96 bytes: the day, or none, re-encrypted; all look alike
) STRICT, WITHOUT ROWID;

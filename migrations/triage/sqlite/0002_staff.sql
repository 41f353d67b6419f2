-- The staff's accounts. Nothing here is sealed: no tip, and no word of one, stands in this table.
CREATE TABLE member (
    id              BLOB NOT NULL PRIMARY KEY, -- random, 16 bytes
    login           TEXT NOT NULL UNIQUE,      -- what is typed to sign in
    name            TEXT NOT NULL,             -- shown to colleagues
    role            TEXT NOT NULL,             -- code of the role
    unit            TEXT,                      -- unit id from the routing rules; NULL for none
    email           TEXT NOT NULL,             -- where reminders go; empty for none
    recused_schools TEXT NOT NULL,             -- JSON array of school ids the member has to do with
    recused_names   TEXT NOT NULL,             -- JSON array of names whose tips the member may not see
    active          INTEGER NOT NULL,          -- 1 if the account can sign in and be given work
    password_phc    TEXT NOT NULL              -- Argon2id hash in PHC form, never the password
) STRICT, WITHOUT ROWID;

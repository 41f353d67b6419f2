-- Changes of accounts that take sight of many cases, or of a case's last officer, wait here for an officer's signature.
-- What stands in an account stands in the table of members as well.
CREATE TABLE account_request (
    member_id       BLOB NOT NULL PRIMARY KEY, -- the account; one change of each waits at a time
    id              BLOB NOT NULL,             -- 16 random bytes: what an officer signs
    kind            TEXT NOT NULL CHECK (kind IN ('close', 'edit', 'reset')),
    asked_by        BLOB NOT NULL,             -- the administrator who asked
    asked_day       INTEGER NOT NULL,             -- days since 1970-01-01
    before          TEXT NOT NULL,            -- JSON: the account as it was when this was asked; another by now, and it is void
    after           TEXT NOT NULL,            -- JSON: the account as it shall be
    password_phc    TEXT,                     -- of a reset: the hash of the password to be set
    refused_by      BLOB,                      -- the officer who refused; NULL while it waits
    refused_day     INTEGER,                      -- days since 1970-01-01; NULL with refused_by
    refused_why     BLOB                       -- sealed to asked_by: why; NULL with refused_by
) STRICT, WITHOUT ROWID;

-- From whom an administrator took sight of how many cases alone, and when: counted over a few days, and forgotten then.
CREATE TABLE sight_taken (
    member_id       BLOB NOT NULL,             -- from whom
    day             INTEGER NOT NULL,             -- days since 1970-01-01
    cases           INTEGER NOT NULL,             -- of how many cases
    PRIMARY KEY (member_id, day)
) STRICT, WITHOUT ROWID;

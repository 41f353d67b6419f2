-- The rules of retention that were in force at the last start, so that one that was shortened since lets nothing go at once.
CREATE TABLE retention_seen (
    id              INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), -- one row
    rules           TEXT NOT NULL,                           -- the rules' file as it was read last
    before          TEXT,                                    -- the rules before them; NULL where there were none
    since_day       INTEGER NOT NULL                             -- the day on which they changed, since 1970-01-01
) STRICT;

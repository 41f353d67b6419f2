-- What of a destroyed case is still to be wiped: written with its destruction, taken away once it is done.

CREATE TABLE remains (
    id   BLOB NOT NULL PRIMARY KEY, -- of a file: its name, 16 bytes; of the journal: random
    kind TEXT NOT NULL CHECK (kind IN ('file', 'journal')) -- 'file': a sealed file; 'journal': deleted rows in the engine's own files
) STRICT, WITHOUT ROWID;

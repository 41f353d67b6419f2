-- Offices that members hold or held: a tip may name its subject by a title alone. Nothing here is of a tip.
ALTER TABLE member ADD COLUMN titles TEXT NOT NULL DEFAULT '[]'; -- JSON array of {title, from, to}: days as YYYY-MM-DD, absent where not known

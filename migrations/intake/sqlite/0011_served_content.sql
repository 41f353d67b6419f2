-- What was served last of each office: so that no other manifest with the same number is served, nobody takes another office's
-- address, and keys that were taken back stay so where the manifest that says it cannot be served now.

ALTER TABLE served_manifest ADD COLUMN content_sha256 BLOB; -- of its signed text; NULL if it was served by an earlier version
ALTER TABLE served_manifest ADD COLUMN fingerprint TEXT NOT NULL DEFAULT ''; -- of the key that signed it
ALTER TABLE served_manifest ADD COLUMN revoked TEXT NOT NULL DEFAULT ''; -- keys of offices below that it takes back, with blanks between
ALTER TABLE served_manifest ADD COLUMN is_top INTEGER NOT NULL DEFAULT 1; -- 1 if it names no office above

-- An extension is given once; what is late climbs, each step once.
ALTER TABLE clock ADD COLUMN extended_days INTEGER NOT NULL DEFAULT 0; -- days it was extended by; 0 if it was not
ALTER TABLE clock ADD COLUMN climbed INTEGER NOT NULL DEFAULT 0;       -- 0 to nobody, 1 handler, 2 dispatcher, 3 supervisor, 4 parent office

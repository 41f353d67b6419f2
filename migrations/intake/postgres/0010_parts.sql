-- Each table in four parts, so that its rows can be written anew a few at a time: two parts for what arrives, by turns, and
-- two for what rests, by turns. A row goes from the part that it arrived in to one where rows rest, and from that to the other
-- one; a part that was left is truncated, so that nothing of the rows that stood in it stays in its files.
--
-- `part` is there for that only: a key is unique over all four parts. A part's own key sees to it within the part, and who
-- inserts a row looks into the others; rows are moved while nobody writes to the table.

CREATE TABLE mixing (
    table_name    TEXT     NOT NULL PRIMARY KEY,                       -- the table
    arrival_part  SMALLINT NOT NULL CHECK (arrival_part IN (0, 1)),    -- where rows arrive now
    rest_part     SMALLINT NOT NULL CHECK (rest_part IN (2, 3))        -- where they are moved to
);

DO $$
DECLARE
    name TEXT;
    part INTEGER;
BEGIN
    FOREACH name IN ARRAY ARRAY['mailbox', 'opened', 'message', 'envelope', 'attachment'] LOOP
        EXECUTE format('ALTER TABLE %I RENAME TO %I', name, name || '_2');
        EXECUTE format('ALTER TABLE %I ADD COLUMN part SMALLINT NOT NULL DEFAULT 2', name || '_2');
        EXECUTE format('ALTER TABLE %I ALTER COLUMN part DROP DEFAULT', name || '_2');
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS) PARTITION BY LIST (part)', name, name || '_2');
        FOREACH part IN ARRAY ARRAY[0, 1, 3] LOOP
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', name || '_' || part, name || '_2');
        END LOOP;
        FOREACH part IN ARRAY ARRAY[0, 1, 2, 3] LOOP
            EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES IN (%s)', name, name || '_' || part, part);
            -- What is deleted goes with its part. Vacuuming would only leave it in the holes of the pages, and hold the part.
            EXECUTE format(
                'ALTER TABLE %I SET (autovacuum_enabled = off, toast.autovacuum_enabled = off)', name || '_' || part);
        END LOOP;
        INSERT INTO mixing VALUES (name, 0, 2);
    END LOOP;
END $$;

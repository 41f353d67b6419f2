-- When members are away, and what they know: who is given a case is chosen by it. Nothing here is of a tip.
ALTER TABLE member ADD COLUMN leave_from_day INTEGER; -- first day away, days since 1970-01-01; NULL for no leave
ALTER TABLE member ADD COLUMN leave_to_day INTEGER;   -- last day away; NULL with leave_from_day
ALTER TABLE member ADD COLUMN skills TEXT NOT NULL DEFAULT '[]'; -- JSON array of category codes that she is good at

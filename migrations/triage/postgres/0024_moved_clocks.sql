-- Calendars outside take a changed day only with the number of the change and the day it was made.
ALTER TABLE clock ADD COLUMN moved_times BIGINT NOT NULL DEFAULT 0; -- how often the last day was changed
ALTER TABLE clock ADD COLUMN moved_day BIGINT;                      -- day that was last done; NULL if it never was

-- Calendars that members have their due days in. Whoever has the address can read it, so it stands nowhere here.

CREATE TABLE calendar_feed (
    member_id    BYTEA NOT NULL PRIMARY KEY, -- whose it is, 16 bytes
    token_sha256 BYTEA NOT NULL UNIQUE,      -- SHA-256 of the secret in the address, 32 bytes
    made_day     BIGINT NOT NULL             -- day the address was made
);

-- Need to know by keys: each member has an age identity that her password opens, and each case's identity is sealed to
-- those who may see it. Whoever reads the database learns from it who may, which role and handler tell as well.

ALTER TABLE member ADD COLUMN recipient TEXT;        -- her age recipient (public); NULL until she signs in with a password of her own
ALTER TABLE member ADD COLUMN key_salt BYTEA;         -- 16 bytes, for the key that the password gives; NULL with recipient
ALTER TABLE member ADD COLUMN sealed_identity BYTEA;  -- sealed to that key: her age identity; NULL with recipient
ALTER TABLE member ADD COLUMN own_password BIGINT NOT NULL DEFAULT 1; -- 0 if somebody else set it: only good for choosing another
ALTER TABLE member ADD COLUMN confirmed BIGINT NOT NULL DEFAULT 1;    -- 1 once an officer, or the operator, vouched that the key is hers

CREATE TABLE case_wrap (
    member_id BYTEA NOT NULL,                   -- who may open it, 16 bytes
    case_id   BYTEA NOT NULL REFERENCES cases,  -- a case that stands by itself or leads
    wrapped   BYTEA NOT NULL,                   -- sealed to the member: the case's age identity
    PRIMARY KEY (member_id, case_id)
);
CREATE INDEX case_wrap_case ON case_wrap (case_id);

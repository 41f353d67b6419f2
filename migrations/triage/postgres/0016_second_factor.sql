-- Second factors. The secret is sealed to its member, whose identity only her password opens: whoever copies the database
-- has neither.

CREATE TABLE second_factor (
    member_id BYTEA NOT NULL PRIMARY KEY, -- whose, 16 bytes
    sealed    BYTEA NOT NULL,             -- sealed to the member: the secret, 20 bytes
    last_step BIGINT NOT NULL           -- step of the last code that was taken: none up to it is taken again
);

CREATE TABLE recovery_code (
    member_id   BYTEA NOT NULL, -- whose, 16 bytes
    code_sha256 BYTEA NOT NULL, -- SHA-256 over the member's id and the code of 80 random bits, 32 bytes; taken away when used
    PRIMARY KEY (member_id, code_sha256)
);

-- To whom mail is sealed, where a member wants that.
CREATE TABLE mail_recipient (
    member_id BYTEA NOT NULL PRIMARY KEY, -- whose, 16 bytes
    recipient TEXT NOT NULL             -- her own age recipient (public), whose key this service never sees
);

-- Second factors. The secret is sealed to its member, whose identity only her password opens: whoever copies the database
-- has neither.

CREATE TABLE second_factor (
    member_id BLOB NOT NULL PRIMARY KEY, -- whose, 16 bytes
    sealed    BLOB NOT NULL,             -- sealed to the member: the secret, 20 bytes
    last_step INTEGER NOT NULL           -- step of the last code that was taken: none up to it is taken again
) STRICT, WITHOUT ROWID;

CREATE TABLE recovery_code (
    member_id   BLOB NOT NULL, -- whose, 16 bytes
    code_sha256 BLOB NOT NULL, -- SHA-256 over the member's id and the code of 80 random bits, 32 bytes; taken away when used
    PRIMARY KEY (member_id, code_sha256)
) STRICT, WITHOUT ROWID;

-- To whom mail is sealed, where a member wants that.
CREATE TABLE mail_recipient (
    member_id BLOB NOT NULL PRIMARY KEY, -- whose, 16 bytes
    recipient TEXT NOT NULL             -- her own age recipient (public), whose key this service never sees
) STRICT, WITHOUT ROWID;

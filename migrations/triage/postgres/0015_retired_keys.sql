-- Identities that the office had before: what was sealed to one of them and comes late still opens. Each is sealed to the
-- identity that the office has now, or shall have once its settings name it.

CREATE TABLE retired_key (
    recipient        TEXT NOT NULL,  -- age recipient (public) of the old identity
    wrapped_to       TEXT NOT NULL,  -- age recipient that it is sealed to
    wrapped          BYTEA NOT NULL,  -- sealed to that: the old identity
    retired_day      BIGINT NOT NULL, -- day it was replaced
    sealed_until_day BIGINT NOT NULL, -- last day on which anybody may still seal to it
    PRIMARY KEY (recipient, wrapped_to)
);

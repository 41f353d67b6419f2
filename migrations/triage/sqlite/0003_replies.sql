-- A reporter who sends the same words twice gives them the same id at intake: found by it.
CREATE INDEX envelope_intake_id ON envelope (intake_id);

-- Destroying a case asks of each of its rows whether another row refers to it. Each column that refers is found by an index,
-- so that this does not take longer the more cases there are. Where nearly all rows refer to nothing, only the others are in it.
CREATE INDEX cases_joined ON cases (joined_to) WHERE joined_to IS NOT NULL;
CREATE INDEX held_apart_other ON held_apart (other_case);
CREATE INDEX message_tip ON message (tip_id);
CREATE INDEX attachment_tip ON attachment (tip_id);
CREATE INDEX attachment_content ON attachment (content_sha256);
CREATE INDEX opening_tip ON opening (tip_id);
-- No reference, but asked for with each message of a case's page.
CREATE INDEX outgoing_message ON outgoing (message_id) WHERE message_id IS NOT NULL;

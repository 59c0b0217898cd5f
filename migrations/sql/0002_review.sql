-- Reviews: decided records newest first, and requests that wait.

CREATE INDEX evidence_decided ON evidence (started_at DESC, id) WHERE review IN ('accepted', 'voided');
CREATE INDEX exclusion_requested ON exclusion (valid_from) WHERE state = 'requested' AND valid_to IS NULL;

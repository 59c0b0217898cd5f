-- Ground that a patrol passed without looking, cell by cell, by why it does not count (geo/tracks.py). Never coverage:
-- it tells apart what nobody went near from what somebody drove past. Derived from patrols, like `look`.
CREATE TABLE passing (
    evidence_id uuid NOT NULL REFERENCES evidence (id),
    reason text NOT NULL CHECK (reason IN ('too_fast', 'weak', 'gap')),
    day integer NOT NULL CHECK (day BETWEEN 1 AND 65535),
    x integer NOT NULL CHECK (x BETWEEN 0 AND 32767),
    y integer NOT NULL CHECK (y BETWEEN 0 AND 32767),
    cells bytea NOT NULL,
    withdrawn boolean NOT NULL DEFAULT false,  -- the patrol was voided
    PRIMARY KEY (evidence_id, reason, day, x, y)
);
ALTER TABLE passing ALTER COLUMN cells SET STORAGE EXTERNAL;
CREATE INDEX passing_tile ON passing (x, y, day) WHERE NOT withdrawn;

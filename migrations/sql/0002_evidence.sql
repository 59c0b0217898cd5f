-- Evidence: what every patrol, mark, request and report has in common, so that each can be judged, reviewed and
-- limited to scopes in the same way. `evidence.id` is the id that the phone gave the record.

CREATE TABLE evidence (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('patrol', 'mark', 'inaccessible', 'report')),
    officer_code text NOT NULL REFERENCES officer (code),
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL CHECK (ended_at >= started_at),
    -- Units (ltree paths) of the officer's grids on that day and of the ground that was entered: who may see it.
    unit_paths ltree[] NOT NULL,
    -- none: nothing was found that a person must judge.
    review text NOT NULL DEFAULT 'none' CHECK (review IN ('none', 'open', 'asked', 'accepted', 'voided')),
    sent_by text NOT NULL,
    sent_by_account bigint REFERENCES account (id),
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX evidence_units ON evidence USING gist (unit_paths);
CREATE INDEX evidence_review ON evidence (review, started_at) WHERE review IN ('open', 'asked');
CREATE INDEX evidence_officer ON evidence (officer_code, started_at);

INSERT INTO evidence (id, kind, officer_code, started_at, ended_at, unit_paths, review, sent_by, received_at)
SELECT p.id, 'patrol', p.officer_code, p.started_at, p.ended_at,
    COALESCE((SELECT array_agg(DISTINCT u.path) FROM grid_officer o
              JOIN grid g ON g.code = o.grid_code JOIN unit u ON u.code = g.unit_code
              WHERE o.officer_code = p.officer_code), '{}'),
    CASE WHEN p.state = 'voided' THEN 'voided' ELSE 'none' END, p.received_from, p.received_at
FROM patrol p;

ALTER TABLE patrol ADD FOREIGN KEY (id) REFERENCES evidence (id);
ALTER TABLE look DROP CONSTRAINT look_patrol_id_fkey;
ALTER TABLE look RENAME COLUMN patrol_id TO evidence_id;
ALTER TABLE look ADD FOREIGN KEY (evidence_id) REFERENCES evidence (id);

-- Signs that a record may not be what it claims. They mark, they do not reject.
CREATE TABLE finding (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    evidence_id uuid NOT NULL REFERENCES evidence (id),
    kind text NOT NULL,
    facts jsonb NOT NULL,
    other_id uuid REFERENCES evidence (id),  -- the other record, where two are alike
    found_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE NULLS NOT DISTINCT (evidence_id, kind, other_id)
);
CREATE INDEX finding_other ON finding (other_id);

-- What people said about a record, in order; never changed.
CREATE TABLE review_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    evidence_id uuid NOT NULL REFERENCES evidence (id),
    step text NOT NULL CHECK (step IN ('ask', 'answer', 'accept', 'void')),
    words text NOT NULL,
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX review_step_evidence ON review_step (evidence_id);
CREATE TRIGGER review_step_append_only BEFORE UPDATE OR DELETE ON review_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Bottom-k sketches of a patrol's track (geo/sketches.py): exact places, and coarse places at times since the start.
CREATE TABLE track_sketch (
    evidence_id uuid PRIMARY KEY REFERENCES evidence (id),
    places bigint[] NOT NULL,
    paces bigint[] NOT NULL
);
CREATE INDEX track_sketch_places ON track_sketch USING gin (places);
CREATE INDEX track_sketch_paces ON track_sketch USING gin (paces);

CREATE TABLE photo (
    id uuid PRIMARY KEY,
    officer_code text NOT NULL REFERENCES officer (code),
    digest bytea NOT NULL,
    look_alike bigint NOT NULL,         -- 64-bit difference hash
    look_alike_parts integer[] NOT NULL,  -- its parts with their places: alike photos share one
    width integer NOT NULL,
    height integer NOT NULL,
    taken_at timestamptz NOT NULL,      -- as the phone said
    lon double precision,
    lat double precision,
    own_taken_at timestamptz,           -- as the picture's own metadata say
    own_lon double precision,
    own_lat double precision,
    received_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX photo_digest ON photo (digest);
CREATE INDEX photo_look_alike ON photo USING gin (look_alike_parts);

CREATE TABLE photo_content (
    photo_id uuid PRIMARY KEY REFERENCES photo (id),
    jpeg bytea NOT NULL
);
ALTER TABLE photo_content ALTER COLUMN jpeg SET STORAGE EXTERNAL;

CREATE TABLE evidence_photo (
    evidence_id uuid NOT NULL REFERENCES evidence (id),
    photo_id uuid NOT NULL REFERENCES photo (id),
    ordinal integer NOT NULL,
    PRIMARY KEY (evidence_id, photo_id)
);
CREATE INDEX evidence_photo_photo ON evidence_photo (photo_id);

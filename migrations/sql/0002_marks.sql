-- What officers put down by hand: areas marked as patrolled or as inaccessible, and suspicious places.

CREATE TABLE mark (
    id uuid PRIMARY KEY REFERENCES evidence (id),
    kind text NOT NULL CHECK (kind IN ('declared', 'inaccessible')),
    officer_code text NOT NULL REFERENCES officer (code),
    geom geometry(MultiPolygon, 4326) NOT NULL,
    area_m2 double precision NOT NULL CHECK (area_m2 > 0),
    datum text NOT NULL,          -- what it came in
    reason text NOT NULL,
    note text,
    made_at timestamptz NOT NULL,
    utc_offset_s integer NOT NULL,
    day integer NOT NULL,         -- local day it was made on, days since 2000-01-01
    until date,                   -- inaccessible: the last day on which it may count as that
    patrol_id uuid,               -- during which patrol; it may come later, so no reference
    position geometry(Point, 4326),  -- where the phone was
    position_accuracy_m double precision,
    position_at timestamptz,
    distance_m double precision,  -- from the phone to the area, 0 inside
    exclusion_code text,          -- inaccessible: the request it made
    sent jsonb NOT NULL,          -- as it came, in its own datum: all else follows from it
    content_digest bytea NOT NULL,
    answer jsonb NOT NULL,
    state text NOT NULL DEFAULT 'accepted' CHECK (state IN ('accepted', 'voided')),
    void_reason text,
    voided_by text,
    voided_at timestamptz,
    CHECK ((kind = 'inaccessible') = (until IS NOT NULL AND exclusion_code IS NOT NULL)),
    CHECK ((state = 'voided') = (void_reason IS NOT NULL AND voided_by IS NOT NULL AND voided_at IS NOT NULL))
);
CREATE INDEX mark_geom_gist ON mark USING gist (geom);
CREATE INDEX mark_officer ON mark (officer_code, made_at);

CREATE TABLE lead (
    id uuid PRIMARY KEY,
    source text NOT NULL CHECK (source IN ('officer')),
    what text NOT NULL CHECK (what <> ''),
    note text,
    officer_code text REFERENCES officer (code),
    geom geometry(Point, 4326) NOT NULL,
    accuracy_m double precision,
    datum text NOT NULL,
    unit_path ltree,              -- the smallest unit it lies in, else that of the officer: who may see it
    grid_code text,
    made_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new')),
    content_digest bytea NOT NULL,
    answer jsonb NOT NULL
);
CREATE INDEX lead_geom_gist ON lead USING gist (geom);
CREATE INDEX lead_unit ON lead USING gist (unit_path);
CREATE INDEX lead_made ON lead (made_at DESC, id);

-- An answer to what a reviewer asked, by the id that the phone gave it: sent again, it is not said twice.
CREATE TABLE field_answer (
    id uuid PRIMARY KEY,
    evidence_id uuid NOT NULL REFERENCES evidence (id),
    content_digest bytea NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);

-- Where a recording phone is right now: for the live map, not evidence. Lost in a crash, and rightly so.
CREATE UNLOGGED TABLE patrol_progress (
    patrol_id uuid PRIMARY KEY,
    officer_code text NOT NULL,
    mode text NOT NULL,
    state text NOT NULL CHECK (state IN ('recording', 'paused', 'stopped')),
    started_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    lon double precision,
    lat double precision,
    accuracy_m double precision,
    length_m double precision NOT NULL DEFAULT 0,
    minutes double precision NOT NULL DEFAULT 0,
    unit_paths ltree[] NOT NULL
);
CREATE INDEX patrol_progress_updated ON patrol_progress (updated_at);
CREATE INDEX patrol_progress_units ON patrol_progress USING gist (unit_paths);

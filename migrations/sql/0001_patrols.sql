-- Patrols as facts: accepted once, never changed; voiding is a state with a reason.

CREATE TABLE patrol (
    id uuid PRIMARY KEY,
    officer_code text NOT NULL REFERENCES officer (code),
    mode text NOT NULL CHECK (mode IN ('foot', 'vehicle', 'drone')),
    source text NOT NULL CHECK (source IN ('phone', 'gpx', 'kml', 'geojson', 'csv')),
    datum text NOT NULL,
    device text,
    label text,
    started_at timestamptz NOT NULL,
    ended_at timestamptz NOT NULL CHECK (ended_at >= started_at),
    utc_offset_s integer NOT NULL CHECK (utc_offset_s BETWEEN -64800 AND 64800),
    content_digest bytea NOT NULL,
    answer jsonb NOT NULL,
    state text NOT NULL DEFAULT 'accepted' CHECK (state IN ('accepted', 'voided')),
    void_reason text,
    voided_by text,
    voided_at timestamptz,
    received_at timestamptz NOT NULL DEFAULT now(),
    received_from text NOT NULL,
    CHECK ((state = 'voided') = (void_reason IS NOT NULL AND voided_by IS NOT NULL AND voided_at IS NOT NULL))
);
CREATE INDEX patrol_officer ON patrol (officer_code, started_at);
CREATE INDEX patrol_started ON patrol (started_at);

-- Raw fixes as they came, in their own datum; personal data, so apart from the patrol for retention.
CREATE TABLE patrol_fixes (
    patrol_id uuid PRIMARY KEY REFERENCES patrol (id),
    fix_count integer NOT NULL CHECK (fix_count > 0),
    payload bytea NOT NULL
);

-- What is left after cleaning, WGS-84, for the map.
CREATE TABLE track (
    patrol_id uuid PRIMARY KEY REFERENCES patrol (id),
    first_day integer NOT NULL,
    last_day integer NOT NULL,
    length_m double precision NOT NULL,
    geom geometry(MultiLineString, 4326) NOT NULL
);
CREATE INDEX track_geom_gist ON track USING gist (geom);
CREATE INDEX track_days ON track (first_day, last_day);

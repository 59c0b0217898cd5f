-- Units, grids, who is in charge, exclusions, imports and the defects computed from them.
-- Geometry is EPSG:4326, lon/lat, WGS-84. What changes over time has a valid period; the end is exclusive.

CREATE TABLE import_batch (
    id uuid PRIMARY KEY,
    subject text NOT NULL CHECK (subject IN ('units', 'grids', 'exclusions')),
    file_name text NOT NULL,
    file_digest bytea NOT NULL,
    datum text NOT NULL,
    mapping jsonb NOT NULL,
    report jsonb NOT NULL,
    actor text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE unit (
    code text PRIMARY KEY CHECK (code ~ '^[0-9]{12}$'),
    name text NOT NULL CHECK (name <> ''),
    level text NOT NULL CHECK (level IN ('province', 'city', 'county', 'town', 'village')),
    parent_code text REFERENCES unit (code),
    path ltree NOT NULL UNIQUE,
    geom geometry(MultiPolygon, 4326) NOT NULL,
    label_point geometry(Point, 4326) NOT NULL,
    area_m2 double precision NOT NULL CHECK (area_m2 > 0),
    source_datum text NOT NULL,
    generated boolean NOT NULL DEFAULT false,
    import_batch_id uuid REFERENCES import_batch (id)
);
CREATE INDEX unit_path_gist ON unit USING gist (path);
CREATE INDEX unit_geom_gist ON unit USING gist (geom);
CREATE INDEX unit_parent ON unit (parent_code);
CREATE INDEX unit_name_trgm ON unit USING gin (name gin_trgm_ops);

CREATE TABLE grid (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    unit_code text NOT NULL REFERENCES unit (code),
    risk text CHECK (risk IN ('high', 'medium', 'low')),
    cycle_days integer CHECK (cycle_days BETWEEN 1 AND 366),
    geom geometry(MultiPolygon, 4326) NOT NULL,
    label_point geometry(Point, 4326) NOT NULL,
    area_m2 double precision NOT NULL CHECK (area_m2 > 0),
    source_datum text NOT NULL,
    generated boolean NOT NULL DEFAULT false,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    import_batch_id uuid REFERENCES import_batch (id),
    EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE UNIQUE INDEX grid_current_code ON grid (code) WHERE valid_to IS NULL;
CREATE INDEX grid_geom_gist ON grid USING gist (geom);
CREATE INDEX grid_unit ON grid (unit_code);
CREATE INDEX grid_name_trgm ON grid USING gin (name gin_trgm_ops);

CREATE TABLE officer (
    code text PRIMARY KEY CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    phone text
);

CREATE TABLE grid_officer (
    grid_code text NOT NULL,
    officer_code text NOT NULL REFERENCES officer (code),
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    PRIMARY KEY (grid_code, officer_code, valid_from),
    EXCLUDE USING gist (grid_code WITH =, officer_code WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX grid_officer_officer ON grid_officer (officer_code);

CREATE TABLE exclusion (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL CHECK (code <> ''),
    kind text NOT NULL CHECK (kind IN ('water', 'military', 'railway', 'construction', 'other')),
    effect text NOT NULL CHECK (effect IN ('excluded', 'inaccessible')),
    name text,
    reason text NOT NULL CHECK (reason <> ''),
    state text NOT NULL CHECK (state IN ('requested', 'approved', 'refused')),
    requested_by text NOT NULL,
    decided_by text,
    decided_at timestamptz,
    geom geometry(MultiPolygon, 4326) NOT NULL,
    area_m2 double precision NOT NULL CHECK (area_m2 > 0),
    source_datum text NOT NULL,
    valid_from date NOT NULL,
    valid_to date CHECK (valid_to > valid_from),
    import_batch_id uuid REFERENCES import_batch (id),
    CHECK ((state = 'requested') = (decided_by IS NULL)),
    EXCLUDE USING gist (code WITH =, daterange(valid_from, valid_to) WITH &&)
);
CREATE INDEX exclusion_geom_gist ON exclusion USING gist (geom);

CREATE TABLE defect (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN (
        'nobodys_land', 'overlap', 'outside', 'no_officer', 'no_cycle')),
    unit_code text NOT NULL REFERENCES unit (code),
    part_codes text[] NOT NULL,
    is_sliver boolean NOT NULL,
    area_m2 double precision NOT NULL,
    width_m double precision,
    geom geometry(MultiPolygon, 4326) NOT NULL,
    found_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX defect_unit ON defect (unit_code);
CREATE INDEX defect_geom_gist ON defect USING gist (geom);

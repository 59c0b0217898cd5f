-- Looks are what patrols saw, cell by cell; the rest is derived from them and from territory, and can be rebuilt.
-- Days are counted from 2000-01-01, local time. Tiles are zoom 15.

-- Bytes that are compressed already are stored as they are (EXTERNAL), not compressed once more.
CREATE TABLE look (
    patrol_id uuid NOT NULL REFERENCES patrol (id),
    kind text NOT NULL CHECK (kind IN ('tracked', 'declared')),
    day integer NOT NULL CHECK (day BETWEEN 1 AND 65535),
    x integer NOT NULL CHECK (x BETWEEN 0 AND 32767),
    y integer NOT NULL CHECK (y BETWEEN 0 AND 32767),
    cells bytea NOT NULL,
    -- Set when the patrol is voided: kept as evidence, never counted.
    withdrawn boolean NOT NULL DEFAULT false,
    PRIMARY KEY (patrol_id, kind, day, x, y)
);
ALTER TABLE look ALTER COLUMN cells SET STORAGE EXTERNAL;
CREATE INDEX look_tile ON look (x, y, day) WHERE NOT withdrawn;
CREATE INDEX look_day ON look (day) WHERE NOT withdrawn;

CREATE TABLE day_tile (
    x integer NOT NULL CHECK (x BETWEEN 0 AND 32767),
    y integer NOT NULL CHECK (y BETWEEN 0 AND 32767),
    kind text NOT NULL CHECK (kind IN ('tracked', 'declared')),
    version bigint NOT NULL,
    days bytea NOT NULL,
    PRIMARY KEY (x, y, kind)
);
ALTER TABLE day_tile ALTER COLUMN days SET STORAGE EXTERNAL;

-- A zone is what responsibility attaches to: a version of a grid, or a unit's remainder (land in no child and no grid).
CREATE TABLE zone (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    grid_id bigint REFERENCES grid (id),
    grid_code text,
    unit_code text NOT NULL,
    path ltree NOT NULL,
    from_day integer NOT NULL,
    to_day integer CHECK (to_day > from_day),
    unassigned_cm2 bigint NOT NULL DEFAULT 0,
    excluded_cm2 bigint NOT NULL DEFAULT 0,
    CHECK ((grid_id IS NULL) = (grid_code IS NULL))
);
CREATE INDEX zone_path_gist ON zone USING gist (path);
CREATE INDEX zone_unit ON zone (unit_code);
CREATE INDEX zone_grid_code ON zone (grid_code);
CREATE INDEX zone_grid_id ON zone (grid_id);
CREATE UNIQUE INDEX zone_open_grid ON zone (grid_code) WHERE to_day IS NULL AND grid_code IS NOT NULL;
CREATE UNIQUE INDEX zone_open_remainder ON zone (unit_code) WHERE to_day IS NULL AND grid_code IS NULL;

CREATE TABLE zone_tile (
    zone_id bigint NOT NULL REFERENCES zone (id) ON DELETE CASCADE,
    x integer NOT NULL,
    y integer NOT NULL,
    mask bytea NOT NULL,
    PRIMARY KEY (zone_id, x, y)
);
ALTER TABLE zone_tile ALTER COLUMN mask SET STORAGE EXTERNAL;
CREATE INDEX zone_tile_tile ON zone_tile (x, y);

-- Bumped by every change that a map can show; the source of ETags.
CREATE SEQUENCE change_number;
CREATE TABLE territory_version (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    version bigint NOT NULL
);
INSERT INTO territory_version (version) VALUES (0);

-- The freshness histogram of a grid's zone as it stood from `from_day` on, until its next row. A row's version changes
-- whenever a cell of the zone does, so what was computed from its cells may be kept as long as the version stands.
CREATE TABLE freshness (
    zone_id bigint NOT NULL REFERENCES zone (id) ON DELETE CASCADE,
    from_day integer NOT NULL,
    histogram bytea NOT NULL,
    version bigint NOT NULL DEFAULT nextval('change_number'),
    PRIMARY KEY (zone_id, from_day)
);
ALTER TABLE freshness ALTER COLUMN histogram SET STORAGE EXTERNAL;

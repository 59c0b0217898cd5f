-- Lists of other departments (底单), each row of which must be found on the ground and looked into.

CREATE TABLE baseline (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    kind text NOT NULL CHECK (kind IN ('market_register', 'power_users', 'shut_down', 'dust', 'tax', 'other')),
    department text NOT NULL CHECK (department <> ''),  -- who gave it
    as_of date NOT NULL,                                -- what day it describes
    unit_code text NOT NULL REFERENCES unit (code),     -- whose list it is
    unit_path ltree NOT NULL,
    file_name text NOT NULL,
    file_digest bytea NOT NULL,
    encoding text,  -- NULL: a workbook
    mapping jsonb NOT NULL,
    datum text,     -- of the file's places; NULL: it has none
    report jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'matching', 'ready', 'failed')),
    stage text,
    stage_done integer NOT NULL DEFAULT 0,
    stage_total integer NOT NULL DEFAULT 0,
    failure text,   -- in words, when state is failed
    row_count integer NOT NULL,
    matched_at timestamptz,
    withdrawn_at timestamptz,  -- imported by mistake, or followed by a newer one
    withdrawn_by text,
    withdrawn_why text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    CHECK (num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_why) IN (0, 3))
);
CREATE INDEX baseline_unit ON baseline USING gist (unit_path);

CREATE TABLE baseline_row (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    baseline_id uuid NOT NULL REFERENCES baseline (id),
    row_number integer NOT NULL,  -- in the file, as a person counts
    name text,
    uscc text,                    -- as it stands in the file; uscc_valid says whether it can be one
    uscc_valid boolean NOT NULL,
    address text,
    contact text,
    place geometry(Point, 4326),
    unit_path ltree NOT NULL,     -- by place, else as the row says, else the list's: who may see it
    grid_code text,
    extra jsonb NOT NULL,         -- the other columns, as they stand
    findings text[] NOT NULL DEFAULT '{}',  -- what is wrong with the row itself
    -- absent: a person looked into it on the ground and there is no such firm.
    state text NOT NULL DEFAULT 'unmatched' CHECK (state IN ('unmatched', 'doubtful', 'matched', 'absent')),
    site_id uuid REFERENCES site (id),
    tenancy_id uuid REFERENCES tenancy (id),
    score double precision CHECK (score BETWEEN 0 AND 1),
    reasons text[] NOT NULL DEFAULT '{}',
    decided_by text,              -- NULL: the machine
    decided_at timestamptz,
    decided_why text,
    visited_on date,              -- absent: the day somebody looked
    UNIQUE (baseline_id, row_number),
    CHECK ((state = 'matched') = (site_id IS NOT NULL)),
    CHECK (tenancy_id IS NULL OR site_id IS NOT NULL),
    CHECK (state <> 'absent' OR (decided_by IS NOT NULL AND decided_why IS NOT NULL)),
    CHECK ((state = 'absent') = (visited_on IS NOT NULL))
);
CREATE INDEX baseline_row_state ON baseline_row (baseline_id, state);
CREATE INDEX baseline_row_unit ON baseline_row USING gist (unit_path);
CREATE INDEX baseline_row_place ON baseline_row USING gist (place);
CREATE INDEX baseline_row_site ON baseline_row (site_id);

-- What a doubtful row may be; a person chooses.
CREATE TABLE baseline_candidate (
    row_id bigint NOT NULL REFERENCES baseline_row (id) ON DELETE CASCADE,
    rank integer NOT NULL,
    site_id uuid NOT NULL REFERENCES site (id),
    tenancy_id uuid REFERENCES tenancy (id),
    score double precision NOT NULL CHECK (score BETWEEN 0 AND 1),
    reasons text[] NOT NULL,
    PRIMARY KEY (row_id, rank)
);

-- What was done to a list and to its rows by people: who, when, why; never changed.
CREATE TABLE baseline_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    baseline_id uuid NOT NULL REFERENCES baseline (id),
    row_id bigint REFERENCES baseline_row (id),  -- NULL: the whole list
    kind text NOT NULL CHECK (kind IN ('imported', 'matching_asked', 'decided', 'withdrawn')),
    from_state text,
    to_state text,
    facts jsonb NOT NULL DEFAULT '{}',
    words text,
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX baseline_event_baseline ON baseline_event (baseline_id, id);
CREATE INDEX baseline_event_row ON baseline_event (row_id);
CREATE TRIGGER baseline_event_append_only BEFORE UPDATE OR DELETE ON baseline_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

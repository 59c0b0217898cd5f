-- 督导: samples drawn by rule from a published seed, the forms F5 to F7, and checks that were planted.

CREATE TABLE supervision_plan (
    id uuid PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    kind text NOT NULL CHECK (kind IN ('provincial', 'city')),
    unit_code text NOT NULL REFERENCES unit (code),
    unit_path ltree NOT NULL,
    seed text NOT NULL CHECK (seed <> ''),
    rules jsonb NOT NULL,
    population_digest bytea NOT NULL,  -- of `candidates` before they were packed
    population jsonb NOT NULL,         -- how many of each kind there were, were asked for, were drawn
    candidates bytea NOT NULL,         -- everything that could be drawn, with weights: zstd of canonical JSON
    drawn_on date NOT NULL,
    content_digest bytea NOT NULL,
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    finished_at timestamptz
);
CREATE INDEX supervision_plan_path ON supervision_plan USING gist (unit_path);

CREATE TABLE supervision_item (
    id uuid PRIMARY KEY,
    plan_id uuid NOT NULL REFERENCES supervision_plan (id),
    ordinal integer NOT NULL,
    form text NOT NULL CHECK (form IN ('F5', 'F6', 'F7')),
    subject_kind text NOT NULL CHECK (subject_kind IN ('unit', 'case', 'site')),
    subject text NOT NULL,             -- "unit:…", "case:…", "site:…"
    name text NOT NULL,
    address text,
    unit_code text NOT NULL REFERENCES unit (code),
    unit_path ltree NOT NULL,
    place geometry(Point, 4326),
    stratum text NOT NULL,             -- which rule drew it
    why jsonb NOT NULL,                -- {"weight": …, "of": …, "draw": …, "rank": …} or {"all": true}
    UNIQUE (plan_id, ordinal),
    UNIQUE (plan_id, subject, form)
);
CREATE INDEX supervision_item_path ON supervision_item USING gist (unit_path);
CREATE TRIGGER supervision_item_append_only BEFORE UPDATE OR DELETE ON supervision_item
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Answers are versions; the newest counts.
CREATE TABLE supervision_answer (
    id uuid PRIMARY KEY,
    item_id uuid NOT NULL REFERENCES supervision_item (id),
    version integer NOT NULL CHECK (version > 0),
    answers jsonb NOT NULL,            -- {"1": {"answer": …, "words": …}}
    is_final boolean NOT NULL,
    -- Whether what was found on the ground was missing from the records: an omission.
    found_omission boolean,
    words text,
    position geometry(Point, 4326),
    photo_ids uuid[] NOT NULL DEFAULT '{}',
    content_digest bytea NOT NULL,
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (item_id, version),
    CHECK (NOT is_final OR found_omission IS NOT NULL)
);
CREATE TRIGGER supervision_answer_append_only BEFORE UPDATE OR DELETE ON supervision_answer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Something put in on purpose, to see whether it is found. Only supervisors see it before it is over.
CREATE TABLE planted_check (
    id uuid PRIMARY KEY,
    unit_code text NOT NULL REFERENCES unit (code),
    unit_path ltree NOT NULL,
    what text NOT NULL CHECK (what <> ''),
    place geometry(Point, 4326),
    planted_on date NOT NULL,
    until date NOT NULL CHECK (until >= planted_on),
    outcome text CHECK (outcome IN ('found', 'missed')),
    settled_on date,
    settled_by text,
    words text,
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(outcome, settled_on, settled_by) IN (0, 3))
);
CREATE INDEX planted_check_path ON planted_check USING gist (unit_path);

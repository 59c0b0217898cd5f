-- 派单: somebody is sent to something that is left out. Done when the evidence says so.

CREATE TABLE work_order (
    id uuid PRIMARY KEY,
    -- What it is about; `subject` as in the list of omissions ("site:…", "tenancy:…", "lead:…", "case:…", "grid:…",
    -- "baseline_row:…"), or "ground" with its area.
    subject_kind text NOT NULL CHECK (subject_kind IN (
        'ground', 'grid', 'site', 'tenancy', 'lead', 'case', 'baseline_row')),
    subject text NOT NULL,
    omission text,                -- the kind of omission that it mends, if any
    name text NOT NULL CHECK (name <> ''),
    words text,
    unit_code text NOT NULL REFERENCES unit (code),
    unit_path ltree NOT NULL,
    grid_code text,
    place geometry(Point, 4326),
    area geometry(MultiPolygon, 4326),
    area_m2 double precision CHECK (area_m2 > 0),
    officer_code text NOT NULL REFERENCES officer (code),
    deadline date NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'withdrawn')),
    done_on date,
    done_by jsonb,                -- what showed it: {"evidence": [...], "share": ...}
    -- Who answers for it now: climbs one level for each deadline missed.
    level text NOT NULL CHECK (level IN ('village', 'town', 'county', 'city', 'province')),
    climbed_on date,
    content_digest bytea NOT NULL,
    created_by_account bigint REFERENCES account (id),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    version integer NOT NULL DEFAULT 1,
    CHECK ((subject_kind = 'ground') = (area IS NOT NULL)),
    CHECK ((area IS NULL) = (area_m2 IS NULL)),
    CHECK ((state = 'done') = (done_on IS NOT NULL AND done_by IS NOT NULL))
);
CREATE INDEX work_order_path ON work_order USING gist (unit_path);
CREATE INDEX work_order_officer ON work_order (officer_code) WHERE state = 'open';
CREATE INDEX work_order_subject ON work_order (subject) WHERE state = 'open';
CREATE INDEX work_order_area ON work_order USING gist (area) WHERE state = 'open';
CREATE INDEX work_order_deadline ON work_order (deadline) WHERE state = 'open';

CREATE TABLE work_order_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES work_order (id),
    kind text NOT NULL CHECK (kind IN (
        'created', 'reassigned', 'deadline_moved', 'seen', 'noted', 'climbed', 'done', 'reopened', 'withdrawn')),
    words text,
    facts jsonb NOT NULL DEFAULT '{}',
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX work_order_event_order ON work_order_event (order_id, id);
CREATE TRIGGER work_order_event_append_only BEFORE UPDATE OR DELETE ON work_order_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

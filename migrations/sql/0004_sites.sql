-- Sites where a workshop may hide, the tenancies inside them, and what is known of each change.

CREATE TABLE site (
    id uuid PRIMARY KEY,
    code text NOT NULL UNIQUE CHECK (code <> ''),
    name text NOT NULL CHECK (name <> ''),
    kind text NOT NULL CHECK (kind IN ('factory', 'warehouse', 'workshop', 'farm', 'house', 'remote', 'park')),
    occupancy text NOT NULL CHECK (occupancy IN (
        'idle', 'own_use', 'leased', 'multi_tenant', 'awaiting_demolition', 'shut_down', 'zombie')),
    shut_down_kind text CHECK (shut_down_kind IN ('banned', 'closed', 'withdrawn')),
    risk text CHECK (risk IN ('high', 'medium', 'low')),
    cycle_days integer CHECK (cycle_days BETWEEN 1 AND 366),
    uscc text CHECK (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    address text,
    lessor_name text,
    lessor_phone text,
    point geometry(Point, 4326),
    outline geometry(MultiPolygon, 4326),
    -- Where it is; NULL: nobody has said, which is a defect that shows.
    place geometry(Point, 4326) GENERATED ALWAYS AS (COALESCE(point, ST_PointOnSurface(outline))) STORED,
    source_datum text,
    stated_unit_code text NOT NULL REFERENCES unit (code),  -- where the papers say it is
    -- Derived from `place` whenever it or the territory changes; NULL: outside of all units, in no grid.
    unit_code text REFERENCES unit (code),
    grid_code text,
    unit_path ltree NOT NULL,  -- of unit_code, else of stated_unit_code: who may see it
    located_on date NOT NULL DEFAULT CURRENT_DATE,  -- since when place, unit and grid are these
    -- Dust explosion (粉尘涉爆); NULL kind: no dust is known of.
    dust_kind text,
    dust_confirmed_by text,
    dust_confirmed_on date,
    safety_officer text,
    provenance text,  -- such as "real outline, relocated"
    removed_on date,
    removed_why text,
    content_digest bytea,  -- of the request that made it: sent again it is answered alike, other content is refused
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    CHECK ((occupancy = 'shut_down') = (shut_down_kind IS NOT NULL)),
    CHECK ((removed_on IS NULL) = (removed_why IS NULL)),
    CHECK (num_nonnulls(dust_confirmed_by, dust_confirmed_on) IN (0, 2))
);
CREATE INDEX site_place_gist ON site USING gist (place);
CREATE INDEX site_outline_gist ON site USING gist (outline);
CREATE INDEX site_unit_path ON site USING gist (unit_path);
CREATE INDEX site_grid ON site (grid_code);
CREATE INDEX site_uscc ON site (uscc);
CREATE INDEX site_name_trgm ON site USING gin (name gin_trgm_ops);
CREATE INDEX site_address_trgm ON site USING gin (address gin_trgm_ops);
CREATE SEQUENCE site_number OWNED BY site.code;  -- of codes that nobody stated

-- Space in a site that somebody has; parent: from whom it is sub-let.
CREATE TABLE tenancy (
    id uuid PRIMARY KEY,
    site_id uuid NOT NULL REFERENCES site (id),
    parent_id uuid,
    tenant_name text NOT NULL CHECK (tenant_name <> ''),
    uscc text CHECK (uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    contact_name text,
    contact_phone text,
    floor_unit text,
    area_m2 double precision CHECK (area_m2 > 0),
    process text,
    main_risks text,
    chemicals jsonb NOT NULL DEFAULT '[]',  -- [{"name", "amount", "unit"}]
    lease_from date,
    lease_to date CHECK (lease_to >= lease_from),
    sublets text NOT NULL DEFAULT 'unknown' CHECK (sublets IN ('none', 'some', 'unknown')),
    started_on date NOT NULL,
    ended_on date CHECK (ended_on >= started_on),  -- the first day without it
    ended_why text,
    -- reported: an officer found it on a visit; nobody has completed it yet.
    state text NOT NULL DEFAULT 'confirmed' CHECK (state IN ('reported', 'confirmed')),
    content_digest bytea,
    version integer NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    UNIQUE (site_id, id),
    FOREIGN KEY (site_id, parent_id) REFERENCES tenancy (site_id, id),
    CHECK (parent_id <> id),
    CHECK ((ended_on IS NULL) = (ended_why IS NULL))
);
CREATE INDEX tenancy_uscc ON tenancy (uscc);
CREATE INDEX tenancy_parent ON tenancy (parent_id);
CREATE INDEX tenancy_name_trgm ON tenancy USING gin (tenant_name gin_trgm_ops);
-- By these days alone a site's check grows old without anybody writing.
CREATE INDEX tenancy_started ON tenancy (started_on);
CREATE INDEX tenancy_ended ON tenancy (ended_on);
CREATE INDEX tenancy_lease_to ON tenancy (lease_to);

-- Checks before letting (租前体检); never changed. The latest of each aspect counts.
CREATE TABLE pre_lease_check (
    id uuid PRIMARY KEY,
    tenancy_id uuid NOT NULL REFERENCES tenancy (id),
    aspect text NOT NULL CHECK (aspect IN ('structure', 'fire', 'special_equipment')),
    result text NOT NULL CHECK (result IN ('passed', 'failed', 'not_applicable')),
    checked_by text NOT NULL CHECK (checked_by <> ''),
    checked_on date NOT NULL,
    note text,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX pre_lease_check_tenancy ON pre_lease_check (tenancy_id, aspect, checked_on);
CREATE TRIGGER pre_lease_check_append_only BEFORE UPDATE OR DELETE ON pre_lease_check
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Every change of a site or of a tenancy in it; never changed. changes: {"field": [old, new]}.
CREATE TABLE site_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    site_id uuid NOT NULL REFERENCES site (id),
    tenancy_id uuid REFERENCES tenancy (id),
    kind text NOT NULL CHECK (kind IN (
        'created', 'changed', 'moved', 'removed', 'restored', 'tenancy_added', 'tenancy_changed', 'tenancy_ended',
        'pre_lease_checked')),
    changes jsonb NOT NULL,
    words text,
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX site_event_site ON site_event (site_id, id);
CREATE TRIGGER site_event_append_only BEFORE UPDATE OR DELETE ON site_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Visits (检查走访): evidence of its own kind, so judged, reviewed and limited to scopes like a patrol.
ALTER TABLE evidence DROP CONSTRAINT evidence_kind_check;
ALTER TABLE evidence ADD CONSTRAINT evidence_kind_check
    CHECK (kind IN ('patrol', 'mark', 'inaccessible', 'report', 'visit'));

CREATE TABLE visit (
    id uuid PRIMARY KEY REFERENCES evidence (id),
    site_id uuid NOT NULL REFERENCES site (id),
    officer_code text NOT NULL REFERENCES officer (code),
    visited_at timestamptz NOT NULL,
    utc_offset_s integer NOT NULL,
    day integer NOT NULL,  -- local day, days since 2000-01-01
    -- not_entered: locked, refused, nobody there. It is kept, and it is not a visit that counts.
    result text NOT NULL CHECK (result IN ('nothing_found', 'problem_found', 'not_entered')),
    not_entered_why text,
    checklist jsonb NOT NULL,  -- {"item": {"answer": "yes" | "no" | "not_applicable", "note"}}
    note text,
    position geometry(Point, 4326),  -- where the phone was
    position_accuracy_m double precision,
    position_at timestamptz,
    distance_m double precision,  -- from the phone to the site, 0 inside; NULL: one of the two is unknown
    datum text NOT NULL,
    sent jsonb NOT NULL,
    content_digest bytea NOT NULL,
    answer jsonb NOT NULL,
    state text NOT NULL DEFAULT 'accepted' CHECK (state IN ('accepted', 'voided')),
    void_reason text,
    voided_by text,
    voided_at timestamptz,
    CHECK ((result = 'not_entered') = (not_entered_why IS NOT NULL)),
    CHECK ((state = 'voided') = (void_reason IS NOT NULL AND voided_by IS NOT NULL AND voided_at IS NOT NULL))
);
CREATE INDEX visit_site ON visit (site_id, day);
CREATE INDEX visit_officer ON visit (officer_code, visited_at);
CREATE INDEX visit_day ON visit (day);

-- Which tenancies were seen; one that was looked for in vain stands here with seen = false.
CREATE TABLE visit_tenancy (
    visit_id uuid NOT NULL REFERENCES visit (id),
    tenancy_id uuid NOT NULL REFERENCES tenancy (id),
    seen boolean NOT NULL,
    note text,
    PRIMARY KEY (visit_id, tenancy_id)
);
CREATE INDEX visit_tenancy_tenancy ON visit_tenancy (tenancy_id);

-- Derived from visits and tenancies, and rebuilt from them; days since 2000-01-01.
CREATE TABLE site_check (
    site_id uuid PRIMARY KEY REFERENCES site (id),
    as_of_day integer NOT NULL,      -- the tenancies current on this day were asked for
    last_visit_day integer,          -- of accepted visits that entered
    last_visit_id uuid,
    -- The day through which all of it was seen: the earliest of the last visit and each current tenancy's last look.
    checked_day integer,
    tenancies integer NOT NULL,      -- current ones
    tenancies_unseen integer NOT NULL,  -- current ones that no visit has ever seen
    -- What is left out at current tenancies: a kind for each of them that has it, in alphabetical order.
    tenancy_omissions text[] NOT NULL DEFAULT '{}'
);
CREATE INDEX site_check_as_of ON site_check (as_of_day);

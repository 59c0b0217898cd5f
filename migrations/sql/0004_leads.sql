-- Leads of every source, with what became of them.

ALTER TABLE lead DROP CONSTRAINT lead_source_check;
ALTER TABLE lead ADD CONSTRAINT lead_source_check CHECK (source IN (
    'officer', 'hotline', 'letter', 'market_register', 'power_growth', 'vehicle', 'drone', 'other'));
ALTER TABLE lead DROP CONSTRAINT lead_state_check;
ALTER TABLE lead ADD CONSTRAINT lead_state_check CHECK (state IN (
    'new', 'assigned', 'checked', 'true', 'false', 'rewarded'));
ALTER TABLE lead ALTER COLUMN geom DROP NOT NULL;  -- NULL: not placed yet, which is an omission that shows
ALTER TABLE lead ALTER COLUMN datum DROP NOT NULL;
ALTER TABLE lead ADD CHECK ((geom IS NULL) = (datum IS NULL));
ALTER TABLE lead
    ADD COLUMN number text,                  -- of the letter or the hotline, as its source counts
    ADD COLUMN address text,                 -- as it was told
    ADD COLUMN subject_name text,            -- the firm or person it is about
    ADD COLUMN subject_uscc text,
    ADD COLUMN facts jsonb NOT NULL DEFAULT '{}',  -- what a machine found: months, stops, ...
    ADD COLUMN deadline date,
    ADD COLUMN assigned_to text REFERENCES officer (code),
    ADD COLUMN site_id uuid REFERENCES site (id),
    ADD COLUMN tenancy_id uuid REFERENCES tenancy (id),
    ADD COLUMN no_known_site boolean NOT NULL DEFAULT false,  -- somebody looked: it is at none of the sites
    ADD COLUMN visit_id uuid REFERENCES visit (id),  -- the look on the ground that answered it
    ADD COLUMN reward_yuan numeric(12, 2) CHECK (reward_yuan >= 0),
    ADD COLUMN version integer NOT NULL DEFAULT 1,
    ADD COLUMN created_by text,
    ADD CONSTRAINT lead_number_of_source UNIQUE (source, number),
    ADD CONSTRAINT lead_match CHECK (NOT (no_known_site AND site_id IS NOT NULL)
        AND (tenancy_id IS NULL OR site_id IS NOT NULL)),
    ADD CONSTRAINT lead_assigned_to CHECK (state <> 'assigned' OR assigned_to IS NOT NULL),
    ADD CONSTRAINT lead_reward CHECK (state <> 'rewarded' OR reward_yuan IS NOT NULL);
CREATE INDEX lead_open ON lead (deadline) WHERE state IN ('new', 'assigned', 'checked');
CREATE INDEX lead_site ON lead (site_id);
CREATE INDEX lead_assigned ON lead (assigned_to) WHERE state = 'assigned';

-- Who reported; read by a named role alone, and each look is recorded.
CREATE TABLE lead_reporter (
    lead_id uuid PRIMARY KEY REFERENCES lead (id),
    is_anonymous boolean NOT NULL,
    name text,
    phone text,
    words text,  -- as told, where they would betray who told it
    CHECK (NOT is_anonymous OR (name IS NULL AND phone IS NULL))
);

-- Every step of a lead: who, when, why; never changed.
CREATE TABLE lead_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    lead_id uuid NOT NULL REFERENCES lead (id),
    kind text NOT NULL CHECK (kind IN (
        'created', 'assigned', 'placed', 'matched', 'checked', 'judged', 'rewarded', 'reopened', 'noted')),
    from_state text,
    to_state text NOT NULL,
    words text,
    facts jsonb NOT NULL DEFAULT '{}',
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX lead_event_lead ON lead_event (lead_id, id);
CREATE TRIGGER lead_event_append_only BEFORE UPDATE OR DELETE ON lead_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- Reports from before leads had deadlines: those of officers, seven days by default.
UPDATE lead SET deadline = CAST(received_at AT TIME ZONE 'Asia/Shanghai' AS date) + 7;
INSERT INTO lead_event (lead_id, kind, to_state, by_name, at)
    SELECT id, 'created', state, COALESCE(officer_code, 'system'), received_at FROM lead ORDER BY received_at, id;

-- Files that leads were made from (power readings, vehicle traces), so that none is judged twice.
CREATE TABLE lead_source_file (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('power_readings', 'vehicle_trace')),
    file_name text NOT NULL,
    file_digest bytea NOT NULL UNIQUE,
    unit_code text NOT NULL REFERENCES unit (code),
    report jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL
);

-- The one role that may read who reported.
ALTER TABLE account DROP CONSTRAINT account_role_check;
ALTER TABLE account ADD CONSTRAINT account_role_check CHECK (role IN (
    'officer', 'village', 'town', 'county', 'city', 'leader', 'supervisor', 'intake', 'administrator'));

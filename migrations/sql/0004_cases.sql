-- One case, one file (一案一档).

-- The last running number given out, by county and year; counted inside the transaction that registers the case, so that
-- none is left out.
CREATE TABLE case_number (
    county_code text NOT NULL,
    year integer NOT NULL,
    last integer NOT NULL CHECK (last > 0),
    PRIMARY KEY (county_code, year)
);

CREATE TABLE case_file (
    id uuid PRIMARY KEY,
    number text NOT NULL UNIQUE CHECK (number <> ''),  -- 问题编号
    -- Who is at fault: a firm or a person.
    party_name text NOT NULL CHECK (party_name <> ''),
    party_uscc text CHECK (party_uscc ~ '^[0-9A-HJ-NPQRTUWXY]{18}$'),
    category text NOT NULL CHECK (category IN (
        'chemical', 'smelting', 'plating', 'spraying', 'dyeing', 'dust', 'other', 'shut_down')),
    -- The four kinds of F4, for chemical cases.
    chemical_kind text CHECK (chemical_kind IN (
        'beyond_licence', 'unlicensed_firm', 'black_workshop', 'affiliated')),
    unit_code text NOT NULL REFERENCES unit (code),
    unit_path ltree NOT NULL,
    grid_code text,
    address text NOT NULL CHECK (address <> ''),
    place geometry(Point, 4326),
    source_datum text,
    site_id uuid REFERENCES site (id),
    tenancy_id uuid REFERENCES tenancy (id),
    lead_id uuid REFERENCES lead (id),
    visit_id uuid REFERENCES visit (id),
    responsible_name text,
    responsible_phone text,
    stages text[] NOT NULL DEFAULT '{}' CHECK (stages <@ ARRAY['produce', 'store', 'use']),
    chemicals jsonb NOT NULL DEFAULT '[]',  -- [{"name", "amount", "unit"}]
    description text NOT NULL CHECK (description <> ''),
    measures text,
    way_to_close text CHECK (way_to_close IN ('ban', 'upgrade', 'relocate', 'convert')),
    -- F1: 停产或关闭; F4: 责令停产整顿, 拆除非法生产装置.
    is_shut boolean NOT NULL DEFAULT false,
    is_suspended boolean NOT NULL DEFAULT false,
    is_dismantled boolean NOT NULL DEFAULT false,
    found_on date NOT NULL,
    deadline date NOT NULL,
    handler_name text,               -- 专人跟踪督办
    handler_phone text,
    supervised_level text CHECK (supervised_level IN ('town', 'county', 'city', 'province')),  -- 挂牌督办
    supervised_on date,
    -- Penalties: money in 万元, as the forms have it.
    filed_on date,                   -- 立案查处
    fine_wan numeric(12, 4) NOT NULL DEFAULT 0 CHECK (fine_wan >= 0),
    fined_on date,
    confiscated_wan numeric(12, 4) NOT NULL DEFAULT 0 CHECK (confiscated_wan >= 0),
    confiscated_on date,
    transferred_persons integer NOT NULL DEFAULT 0 CHECK (transferred_persons >= 0),  -- 移送司法机关
    transferred_on date,
    detained_persons integer NOT NULL DEFAULT 0 CHECK (detained_persons >= 0),        -- 行政、刑事拘留
    disciplined_persons integer NOT NULL DEFAULT 0 CHECK (disciplined_persons >= 0),  -- 党纪政纪处理
    state text NOT NULL DEFAULT 'registered' CHECK (state IN ('registered', 'rectifying', 'closed', 'struck_off')),
    closed_on date,
    relapses integer NOT NULL DEFAULT 0,
    version integer NOT NULL DEFAULT 1,
    content_digest bytea NOT NULL,   -- of what it was registered with: sent again, it is the same case
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    CHECK (deadline >= found_on),
    CHECK ((supervised_level IS NULL) = (supervised_on IS NULL)),
    CHECK ((category = 'chemical') = (chemical_kind IS NOT NULL)),
    CHECK ((state IN ('closed', 'struck_off')) = (closed_on IS NOT NULL)),
    CHECK ((place IS NULL) = (source_datum IS NULL))
);
CREATE INDEX case_file_unit ON case_file USING gist (unit_path);
CREATE INDEX case_file_place ON case_file USING gist (place);
CREATE INDEX case_file_found ON case_file (found_on);
CREATE INDEX case_file_site ON case_file (site_id);

-- Every step and every change of a case: who, when, why; never changed. changes: {"field": [old, new]}.
CREATE TABLE case_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_file (id),
    kind text NOT NULL CHECK (kind IN (
        'registered', 'changed', 'started', 'closure_item', 'closed', 'struck_off', 'relapsed', 'look_back',
        'linked', 'unlinked', 'attached', 'withdrawn', 'supervised', 'noted')),
    from_state text,
    to_state text NOT NULL,
    on_day date NOT NULL,            -- when it happened; `at` is when it was written
    changes jsonb NOT NULL DEFAULT '{}',
    words text,
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX case_event_case ON case_event (case_id, id);
CREATE TRIGGER case_event_append_only BEFORE UPDATE OR DELETE ON case_event
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- Originals: photos and scans of a case.
CREATE TABLE case_attachment (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_file (id),
    file_name text NOT NULL CHECK (file_name <> ''),
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png', 'application/pdf')),
    digest bytea NOT NULL,
    byte_count integer NOT NULL CHECK (byte_count > 0),
    what text NOT NULL,
    taken_on date,
    withdrawn_why text,              -- a mistake is struck out, not deleted
    added_at timestamptz NOT NULL DEFAULT now(),
    added_by text NOT NULL
);
CREATE INDEX case_attachment_case ON case_attachment (case_id);
CREATE TABLE case_attachment_content (
    attachment_id uuid PRIMARY KEY REFERENCES case_attachment (id),
    content bytea NOT NULL
);
ALTER TABLE case_attachment_content ALTER COLUMN content SET STORAGE EXTERNAL;

-- 两断三清. `round` is the case's number of relapses: what closed it once does not close it again.
CREATE TABLE closure_item (
    case_id uuid NOT NULL REFERENCES case_file (id),
    round integer NOT NULL,
    item text NOT NULL CHECK (item IN ('water', 'power', 'equipment', 'premises', 'materials')),
    done_on date,                    -- NULL: evidence is there, the day is not known yet
    words text,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (case_id, round, item)
);
CREATE TABLE closure_evidence (
    case_id uuid NOT NULL,
    round integer NOT NULL,
    item text NOT NULL,
    attachment_id uuid NOT NULL REFERENCES case_attachment (id),
    PRIMARY KEY (case_id, round, item, attachment_id),
    FOREIGN KEY (case_id, round, item) REFERENCES closure_item (case_id, round, item)
);

-- 回头看: planned when a case is closed.
CREATE TABLE look_back (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_file (id),
    round integer NOT NULL,
    due_on date NOT NULL,
    done_on date,
    result text CHECK (result IN ('clean', 'relapse')),
    words text,
    visit_id uuid REFERENCES visit (id),
    by_name text,
    CHECK (num_nonnulls(done_on, result, by_name) IN (0, 3)),
    UNIQUE (case_id, round, due_on)
);
CREATE INDEX look_back_due ON look_back (due_on) WHERE done_on IS NULL;

-- Links up and down the chain. The other end is a case of ours, or only a name.
CREATE TABLE case_link (
    id uuid PRIMARY KEY,
    case_id uuid NOT NULL REFERENCES case_file (id),
    relation text NOT NULL CHECK (relation IN ('supplier', 'buyer', 'landlord', 'related')),
    other_case_id uuid REFERENCES case_file (id),
    other_name text,
    other_uscc text,
    other_address text,
    other_place geometry(Point, 4326),
    words text,
    removed_why text,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(other_case_id, other_name) = 1),
    CHECK (other_case_id <> case_id)
);
CREATE INDEX case_link_case ON case_link (case_id);
CREATE INDEX case_link_other ON case_link (other_case_id);

-- What the official forms ask and no record holds: the effort of a period.

CREATE TABLE inspection_effort (
    id uuid PRIMARY KEY,
    unit_code text NOT NULL REFERENCES unit (code),  -- a town or a village; sums are made of these
    unit_path ltree NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    teams integer NOT NULL CHECK (teams >= 0),            -- 检查组个数
    person_times integer NOT NULL CHECK (person_times >= 0),  -- 出动执法人员人次
    words text,
    withdrawn_at timestamptz,  -- told by mistake: it stays, and counts no longer
    withdrawn_by text,
    withdrawn_why text,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CHECK (num_nonnulls(withdrawn_at, withdrawn_by, withdrawn_why) IN (0, 3)),
    -- The same days are not told twice; units above and below are looked at by the service.
    EXCLUDE USING gist (unit_code WITH =, daterange(first_day, last_day, '[]') WITH &&) WHERE (withdrawn_why IS NULL)
);
CREATE INDEX inspection_effort_unit ON inspection_effort USING gist (unit_path);

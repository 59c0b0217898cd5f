-- F2 and F4 handed upward, week by week and month by month.

CREATE TABLE submission (
    id uuid PRIMARY KEY,
    form text NOT NULL CHECK (form IN ('F2', 'F4')),
    unit_code text NOT NULL REFERENCES unit (code),  -- a village or a town
    unit_path ltree NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    due_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version > 0),   -- a correction is a new version
    content jsonb NOT NULL,                          -- the form's table as it stood when it was prepared
    content_digest bytea NOT NULL,
    state text NOT NULL DEFAULT 'prepared' CHECK (state IN (
        'prepared', 'checked', 'signed', 'submitted', 'sent_back', 'replaced')),
    submitted_at timestamptz,
    chain_id uuid REFERENCES chain_entry (id),       -- where its signature stands
    why text,                                        -- a correction: what was wrong
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (form, unit_code, first_day, last_day, version),
    CHECK ((state IN ('submitted')) <= (submitted_at IS NOT NULL))
);
CREATE INDEX submission_path ON submission USING gist (unit_path);
CREATE INDEX submission_due ON submission (due_at);

CREATE TABLE submission_step (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    submission_id uuid NOT NULL REFERENCES submission (id),
    step text NOT NULL CHECK (step IN (
        'prepared', 'refreshed', 'checked', 'signed', 'submitted', 'sent_back', 'replaced')),
    words text,
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX submission_step_of ON submission_step (submission_id, id);
CREATE TRIGGER submission_step_append_only BEFORE UPDATE OR DELETE ON submission_step
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

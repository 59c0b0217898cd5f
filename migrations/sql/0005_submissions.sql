-- F2 and F4 handed upward, week by week and month by month. What was signed stays as it was signed: a correction is a
-- new version, and the one before it stays in force above until the new one is handed upward.

CREATE TABLE submission (
    id uuid PRIMARY KEY,
    form text NOT NULL CHECK (form IN ('F2', 'F4')),
    unit_code text NOT NULL REFERENCES unit (code),  -- a village or a town
    unit_path ltree NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    due_at timestamptz NOT NULL,
    version integer NOT NULL CHECK (version > 0),   -- a correction is a new version
    -- The form's table as it stood when it was prepared, refreshed or checked; on which reports of the level below it
    -- stands, which of them are missing, where their sums differ. The digest is SHA-256 of its canonical JSON (RFC 8785).
    content jsonb NOT NULL,
    content_digest bytea NOT NULL,
    state text NOT NULL DEFAULT 'prepared' CHECK (state IN (
        'prepared', 'checked', 'signed', 'submitted', 'sent_back', 'replaced')),
    submitted_at timestamptz,
    chain_id uuid REFERENCES chain_entry (id),       -- where its signature stands
    why text,                                        -- a correction: what was wrong
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (form, unit_code, first_day, last_day, version),
    CHECK ((state IN ('submitted', 'sent_back')) <= (submitted_at IS NOT NULL)),
    CHECK ((state IN ('signed', 'submitted', 'sent_back')) <= (chain_id IS NOT NULL)),
    CHECK ((version > 1) = (why IS NOT NULL))
);
-- At most one is in force, and at most one is being worked on.
CREATE UNIQUE INDEX submission_in_force ON submission (form, unit_code, first_day, last_day) WHERE state = 'submitted';
CREATE UNIQUE INDEX submission_open ON submission (form, unit_code, first_day, last_day)
    WHERE state IN ('prepared', 'checked', 'signed');
CREATE INDEX submission_path ON submission USING gist (unit_path);
CREATE INDEX submission_due ON submission (due_at);

CREATE FUNCTION refuse_change_of_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.chain_id IS NOT NULL AND (
        OLD.form, OLD.unit_code, OLD.first_day, OLD.last_day, OLD.due_at, OLD.version, OLD.content, OLD.content_digest,
        OLD.chain_id
    ) IS DISTINCT FROM (
        NEW.form, NEW.unit_code, NEW.first_day, NEW.last_day, NEW.due_at, NEW.version, NEW.content, NEW.content_digest,
        NEW.chain_id
    )) THEN
        RAISE EXCEPTION 'a report that was signed is never changed or deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER submission_locked BEFORE UPDATE OR DELETE ON submission
    FOR EACH ROW EXECUTE FUNCTION refuse_change_of_signed();

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

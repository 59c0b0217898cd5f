-- Changes that open pages hear of. PostgreSQL drops equal notices of one transaction and sends them when it commits.
-- `change` tells how far the numbering of changes had come; `units` null: too many to name, whoever watches may be meant.

CREATE FUNCTION announce(kind text, paths ltree[], officer_code text, facts json) RETURNS void LANGUAGE sql AS $$
    SELECT pg_notify('wuyilou', json_build_object(
        'kind', kind,
        'units', CASE WHEN cardinality(paths) <= 40 THEN to_json(paths::text[]) END,
        'officer', officer_code,
        'change', (SELECT last_value FROM change_number),
        'facts', facts)::text)
$$;

CREATE FUNCTION announce_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce(CASE TG_OP WHEN 'INSERT' THEN 'evidence' ELSE 'review' END, NEW.unit_paths, NEW.officer_code, NULL);
    RETURN NULL;
END
$$;
CREATE TRIGGER evidence_announced AFTER INSERT OR UPDATE OF review ON evidence
    FOR EACH ROW EXECUTE FUNCTION announce_evidence();

CREATE FUNCTION announce_about_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce('review', e.unit_paths, e.officer_code, NULL) FROM evidence e WHERE e.id = NEW.evidence_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER finding_announced AFTER INSERT ON finding
    FOR EACH ROW EXECUTE FUNCTION announce_about_evidence();
CREATE TRIGGER review_step_announced AFTER INSERT ON review_step
    FOR EACH ROW EXECUTE FUNCTION announce_about_evidence();

CREATE FUNCTION announce_lead() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce('lead', CASE WHEN NEW.unit_path IS NULL THEN '{}' ELSE ARRAY[NEW.unit_path] END,
        NEW.officer_code, NULL);
    RETURN NULL;
END
$$;
CREATE TRIGGER lead_announced AFTER INSERT ON lead FOR EACH ROW EXECUTE FUNCTION announce_lead();

CREATE FUNCTION announce_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce('progress', NEW.unit_paths, NEW.officer_code,
        json_build_object('patrol', NEW.patrol_id, 'state', NEW.state));
    RETURN NULL;
END
$$;
CREATE TRIGGER progress_announced AFTER INSERT OR UPDATE ON patrol_progress
    FOR EACH ROW EXECUTE FUNCTION announce_progress();

CREATE FUNCTION announce_territory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM announce('territory', NULL, NULL, NULL);
    RETURN NULL;
END
$$;
CREATE TRIGGER territory_announced AFTER UPDATE ON territory_version
    FOR EACH ROW EXECUTE FUNCTION announce_territory();

-- Robots of group chats that are told what is overdue.
CREATE TABLE webhook (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name <> ''),
    format text NOT NULL CHECK (format IN ('wecom', 'dingtalk')),
    url text NOT NULL CHECK (url ~ '^https?://'),
    secret text,                  -- dingtalk's signing key
    unit_code text NOT NULL REFERENCES unit (code),
    enabled boolean NOT NULL DEFAULT true,
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE webhook_delivery (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook_id bigint NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    day date NOT NULL,
    body jsonb NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    sent_at timestamptz,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (webhook_id, day)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_attempt_at) WHERE sent_at IS NULL;

-- Changes that open pages hear of. PostgreSQL drops equal notices of one transaction.

CREATE FUNCTION announce_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('wuyilou', json_build_object(
        'kind', 'evidence', 'units', (SELECT array_agg(p::text) FROM unnest(NEW.unit_paths[1:40]) AS p))::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER evidence_announced AFTER INSERT OR UPDATE OF review ON evidence
    FOR EACH ROW EXECUTE FUNCTION announce_evidence();

CREATE FUNCTION announce_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('wuyilou', json_build_object(
        'kind', 'progress', 'units', (SELECT array_agg(p::text) FROM unnest(NEW.unit_paths[1:40]) AS p))::text);
    RETURN NULL;
END
$$;
CREATE TRIGGER progress_announced AFTER INSERT OR UPDATE ON patrol_progress
    FOR EACH ROW EXECUTE FUNCTION announce_progress();

CREATE FUNCTION announce_territory() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('wuyilou', json_build_object('kind', 'territory')::text);
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
    sent_at timestamptz,
    error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (webhook_id, day)
);

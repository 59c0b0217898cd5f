-- Who may come in, what they have done, and the tokens of machines.

CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    username text NOT NULL UNIQUE CHECK (username ~ '^[a-z0-9][a-z0-9._-]{1,31}$'),
    name text NOT NULL CHECK (name <> ''),
    role text NOT NULL CHECK (role IN (
        'officer', 'village', 'town', 'county', 'city', 'leader', 'supervisor', 'administrator')),
    -- Whoever walks has a code in the grid files; village staff may walk too.
    officer_code text UNIQUE REFERENCES officer (code),
    phone text,
    password_hash text,  -- NULL: comes in by single sign-on only
    password_set_at timestamptz,
    must_change_password boolean NOT NULL DEFAULT true,
    oidc_subject text UNIQUE,
    is_demo boolean NOT NULL DEFAULT false,
    disabled_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL,
    CHECK (role <> 'officer' OR officer_code IS NOT NULL)
);

-- A unit with all below it, or one grid; both NULL: the whole installation. An officer's own grids come from grid_officer.
CREATE TABLE account_scope (
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    unit_code text REFERENCES unit (code),
    grid_code text,
    CHECK (num_nonnulls(unit_code, grid_code) <= 1)
);
CREATE UNIQUE INDEX account_scope_once ON account_scope (account_id, unit_code, grid_code) NULLS NOT DISTINCT;

CREATE TABLE login_session (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    token_digest bytea NOT NULL UNIQUE,  -- the token itself is only in the browser
    method text NOT NULL DEFAULT 'password' CHECK (method IN ('password', 'oidc')),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_why text,
    address text NOT NULL,
    user_agent text
);
CREATE INDEX login_session_account ON login_session (account_id) WHERE ended_at IS NULL;

CREATE TABLE login_attempt (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    username text NOT NULL,
    address text NOT NULL,
    succeeded boolean NOT NULL
);
CREATE INDEX login_attempt_username ON login_attempt (username, at);
CREATE INDEX login_attempt_address ON login_attempt (address, at);

-- Somebody on the way to the single sign-on and back: each is used once.
CREATE TABLE oidc_attempt (
    state_digest bytea PRIMARY KEY,  -- the state itself is in the browser's cookie
    nonce text NOT NULL,
    code_verifier text NOT NULL,
    next_path text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX oidc_attempt_created ON oidc_attempt (created_at);

CREATE TABLE api_token (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    account_id bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,  -- never more than its owner may
    name text NOT NULL CHECK (name <> ''),
    token_digest bytea NOT NULL UNIQUE,
    rights text[] NOT NULL,
    unit_codes text[],  -- NULL: the owner's own scope
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at timestamptz
);

CREATE TABLE audit_entry (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    account_id bigint,  -- no reference: the entry outlives the account
    actor text NOT NULL,
    role text NOT NULL,
    via text NOT NULL CHECK (via IN ('session', 'token', 'operator', 'terminal', 'none')),
    address text NOT NULL,
    what text NOT NULL,  -- the right that was used, or sign_in, sign_out ...
    route text NOT NULL,
    subject text NOT NULL DEFAULT '',
    officer_codes text[] NOT NULL DEFAULT '{}',  -- whose tracks were looked at
    facts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE INDEX audit_entry_actor ON audit_entry (COALESCE(account_id, 0), at);
CREATE INDEX audit_entry_officers ON audit_entry USING gin (officer_codes);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

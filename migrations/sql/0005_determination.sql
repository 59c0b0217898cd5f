-- What may be signed, what was let stand, and the chain of everything that was signed.

-- The chain: each entry's digest covers its document and the entry before it, and each is sealed with the installation's
-- key. `seq` has no gaps. Everything that answers for something stands in it: policies, exceptions, delegations,
-- attestations, what was sent back or superseded, submitted reports.
CREATE TABLE chain_entry (
    seq bigint PRIMARY KEY CHECK (seq > 0),
    id uuid NOT NULL UNIQUE,
    kind text NOT NULL CHECK (kind IN (
        'policy', 'exception', 'delegation', 'delegation_ended', 'attestation', 'sent_back', 'superseded', 'report')),
    unit_code text REFERENCES unit (code),
    unit_path ltree,
    document text NOT NULL,       -- canonical JSON (RFC 8785)
    digest bytea NOT NULL,        -- of the document
    previous bytea NOT NULL,      -- entry_digest of seq - 1; zeros for the first
    entry_digest bytea NOT NULL,
    key_id text NOT NULL,
    signature bytea NOT NULL,     -- Ed25519 over entry_digest
    by_account bigint REFERENCES account (id),
    by_name text NOT NULL,
    at timestamptz NOT NULL,
    CHECK ((unit_code IS NULL) = (unit_path IS NULL))
);
CREATE TRIGGER chain_entry_append_only BEFORE UPDATE OR DELETE ON chain_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE INDEX chain_entry_unit ON chain_entry USING gist (unit_path);
CREATE INDEX chain_entry_kind ON chain_entry (kind, unit_code);

-- How much of each kind may be left when somebody signs: {"kind": {"count": 0}} or {"kind": {"area_m2": 0}}; what is
-- not named is zero. A unit without one follows the nearest unit above; without any, everything is zero.
CREATE TABLE policy (
    id uuid PRIMARY KEY REFERENCES chain_entry (id),
    unit_code text NOT NULL REFERENCES unit (code),
    unit_path ltree NOT NULL,
    version integer NOT NULL CHECK (version > 0),
    valid_from date NOT NULL,
    thresholds jsonb NOT NULL,
    words text NOT NULL CHECK (words <> ''),
    content_digest bytea NOT NULL,
    UNIQUE (unit_code, version)
);
CREATE TRIGGER policy_append_only BEFORE UPDATE OR DELETE ON policy FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- One omission that may stay until a day, with a reason; approved by the level above, and shown upward.
CREATE TABLE omission_exception (
    id uuid PRIMARY KEY,
    kind text NOT NULL,
    subject text NOT NULL,        -- as in the list of omissions: "site:…", "grid:…"
    name text NOT NULL,           -- as it was shown
    unit_code text NOT NULL REFERENCES unit (code),
    unit_path ltree NOT NULL,
    area_m2 double precision,     -- ground: up to so much; what grows beyond it is no longer covered
    reason text NOT NULL CHECK (reason <> ''),
    until date NOT NULL,          -- the last day on which it holds
    content_digest bytea NOT NULL,
    requested_by_account bigint REFERENCES account (id),
    requested_by text NOT NULL,
    requested_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'requested' CHECK (state IN ('requested', 'approved', 'refused', 'ended')),
    decided_by_account bigint REFERENCES account (id),
    decided_by text,
    decided_at timestamptz,
    decided_words text,
    CHECK ((state = 'requested') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX omission_exception_one ON omission_exception (kind, subject) WHERE state IN ('requested', 'approved');
CREATE INDEX omission_exception_path ON omission_exception USING gist (unit_path);

-- Somebody signs in the head's place for a while.
CREATE TABLE delegation (
    id uuid PRIMARY KEY REFERENCES chain_entry (id),
    unit_code text NOT NULL REFERENCES unit (code),
    from_account bigint NOT NULL REFERENCES account (id),
    to_account bigint NOT NULL REFERENCES account (id),
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    reason text NOT NULL CHECK (reason <> ''),
    ended_at timestamptz,
    CHECK (from_account <> to_account)
);
CREATE INDEX delegation_to ON delegation (to_account);

-- The signed determination of a unit and a period. The document is the chain entry's; `state` is derived (from entries
-- 'sent_back' and 'superseded') and kept for lists.
CREATE TABLE attestation (
    id uuid PRIMARY KEY REFERENCES chain_entry (id),
    unit_code text NOT NULL REFERENCES unit (code),
    unit_path ltree NOT NULL,
    level text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL CHECK (last_day >= first_day),
    evidence_digest bytea NOT NULL,
    state text NOT NULL DEFAULT 'valid' CHECK (state IN ('valid', 'superseded', 'sent_back')),
    state_entry uuid REFERENCES chain_entry (id),
    CHECK ((state = 'valid') = (state_entry IS NULL))
);
CREATE UNIQUE INDEX attestation_valid ON attestation (unit_code, first_day, last_day) WHERE state = 'valid';
CREATE INDEX attestation_path ON attestation USING gist (unit_path);
-- On which signatures of the level below one stands.
CREATE TABLE attestation_basis (
    attestation_id uuid NOT NULL REFERENCES attestation (id),
    basis_id uuid NOT NULL REFERENCES attestation (id),
    PRIMARY KEY (attestation_id, basis_id)
);
CREATE INDEX attestation_basis_of ON attestation_basis (basis_id);
-- What the signature stood on, item by item, so that what changed can be named: "patrol:…" -> digest.
CREATE TABLE attestation_evidence (
    attestation_id uuid PRIMARY KEY REFERENCES attestation (id),
    items bytea NOT NULL          -- zstd of canonical JSON {"subject": "hex digest"}; its own digest is evidence_digest
);
ALTER TABLE attestation_evidence ALTER COLUMN items SET STORAGE EXTERNAL;

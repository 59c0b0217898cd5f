"""Sites with tenancies and visits, baselines, leads of every source, case files, the effort that forms ask for.

Revision ID: 0004
Revises: 0003
"""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"

SQL = Path(__file__).parent.parent / "sql"
FILES = ("0004_sites.sql", "0004_baselines.sql", "0004_leads.sql", "0004_cases.sql", "0004_reports.sql")
TABLES = (
    "inspection_effort case_link look_back closure_evidence closure_item case_attachment_content case_attachment "
    "case_event case_file case_number lead_source_file lead_event lead_reporter baseline_event "
    "baseline_candidate baseline_row baseline"
)
LEAD_COLUMNS = (
    "number address subject_name subject_uscc facts deadline assigned_to site_id tenancy_id no_known_site visit_id "
    "reward_yuan version created_by"
)
SITE_TABLES = "site_check visit_tenancy visit site_event pre_lease_check tenancy site"
ROLES = "'officer', 'village', 'town', 'county', 'city', 'leader', 'supervisor', 'administrator'"


def upgrade() -> None:
    """Create everything."""
    for name in FILES:
        # The driver would take a single % for a placeholder.
        op.get_bind().exec_driver_sql((SQL / name).read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Drop everything; visits, leads of other sources and accounts of the new role go with it."""
    for table in TABLES.split():
        op.execute(f"DROP TABLE {table}")
    op.execute("DELETE FROM lead WHERE source <> 'officer' OR geom IS NULL")
    op.execute("UPDATE lead SET state = 'new'")
    for column in LEAD_COLUMNS.split():
        op.execute(f"ALTER TABLE lead DROP COLUMN {column}")
    op.execute("ALTER TABLE lead DROP CONSTRAINT lead_check")
    op.execute("ALTER TABLE lead ALTER COLUMN geom SET NOT NULL")
    op.execute("ALTER TABLE lead ALTER COLUMN datum SET NOT NULL")
    op.execute("ALTER TABLE lead DROP CONSTRAINT lead_source_check")
    op.execute("ALTER TABLE lead ADD CONSTRAINT lead_source_check CHECK (source IN ('officer'))")
    op.execute("ALTER TABLE lead DROP CONSTRAINT lead_state_check")
    op.execute("ALTER TABLE lead ADD CONSTRAINT lead_state_check CHECK (state IN ('new'))")
    for table in SITE_TABLES.split():
        op.execute(f"DROP TABLE {table}")
    # Steps of reviews are append-only for everybody but this.
    op.execute("ALTER TABLE review_step DISABLE TRIGGER review_step_append_only")
    for table in ("review_step", "finding", "evidence_photo"):
        op.execute(f"DELETE FROM {table} WHERE evidence_id IN (SELECT id FROM evidence WHERE kind = 'visit')")  # noqa: S608
    op.execute("ALTER TABLE review_step ENABLE TRIGGER review_step_append_only")
    op.execute("DELETE FROM evidence WHERE kind = 'visit'")
    op.execute("ALTER TABLE evidence DROP CONSTRAINT evidence_kind_check")
    op.execute(
        "ALTER TABLE evidence ADD CONSTRAINT evidence_kind_check "
        "CHECK (kind IN ('patrol', 'mark', 'inaccessible', 'report'))"
    )
    op.execute("DELETE FROM account WHERE role = 'intake'")
    op.execute("ALTER TABLE account DROP CONSTRAINT account_role_check")
    op.execute(f"ALTER TABLE account ADD CONSTRAINT account_role_check CHECK (role IN ({ROLES}))")

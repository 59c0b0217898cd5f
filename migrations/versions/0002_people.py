"""Accounts, evidence with its findings and reviews, marks, and what open pages hear of.

Revision ID: 0002
Revises: 0001
"""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"

SQL = Path(__file__).parent.parent / "sql"
FILES = ("0002_accounts.sql", "0002_evidence.sql", "0002_marks.sql", "0002_live.sql", "0002_review.sql")
TABLES = (
    "webhook_delivery webhook patrol_progress field_answer lead mark evidence_photo photo_content photo track_sketch "
    "review_step finding"
)
FUNCTIONS = (
    "announce_evidence announce_about_evidence announce_lead announce_progress announce_territory announce "
    "refuse_change"
)
ACCOUNT_TABLES = "audit_entry api_token oidc_attempt login_attempt login_session account_scope account"


def upgrade() -> None:
    """Create everything; patrols that are there become evidence."""
    for name in FILES:
        # The driver would take a single % for a placeholder.
        op.get_bind().exec_driver_sql((SQL / name).read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Drop everything; looks that are no patrol's go with it, and coverage must be rebuilt."""
    op.execute("DROP TRIGGER territory_announced ON territory_version")
    op.execute("DROP INDEX exclusion_requested")
    for table in TABLES.split():
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE patrol DROP CONSTRAINT patrol_id_fkey")
    op.execute("ALTER TABLE look DROP CONSTRAINT look_evidence_id_fkey")
    op.execute("DELETE FROM look l WHERE NOT EXISTS (SELECT FROM patrol p WHERE p.id = l.evidence_id)")
    op.execute("ALTER TABLE look RENAME COLUMN evidence_id TO patrol_id")
    op.execute("ALTER TABLE look ADD CONSTRAINT look_patrol_id_fkey FOREIGN KEY (patrol_id) REFERENCES patrol (id)")
    op.execute("DROP TABLE evidence")
    for table in ACCOUNT_TABLES.split():
        op.execute(f"DROP TABLE {table}")
    for function in FUNCTIONS.split():
        op.execute(f"DROP FUNCTION {function}")

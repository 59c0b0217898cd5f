"""What was passed without looking, the determination and its chain, work orders, submitted reports, supervision.

Revision ID: 0005
Revises: 0004
"""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"

SQL = Path(__file__).parent.parent / "sql"
FILES = (
    "0005_passing.sql",
    "0005_determination.sql",
    "0005_dispatch.sql",
    "0005_submissions.sql",
    "0005_supervision.sql",
)
TABLES = (
    "planted_check supervision_answer supervision_item supervision_plan submission_step submission work_order_event "
    "work_order attestation_evidence attestation_basis attestation delegation omission_exception policy chain_entry "
    "passing"
)


def upgrade() -> None:
    """Create everything."""
    for name in FILES:
        # The driver would take a single % for a placeholder.
        op.get_bind().exec_driver_sql((SQL / name).read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """Drop everything."""
    for table in TABLES.split():
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP FUNCTION refuse_change_of_signed")

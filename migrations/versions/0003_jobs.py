"""The tables of the job runner (procrastinate), in a schema of their own.

They hold nothing worth keeping: a library that needs others gets a new revision that does the same again.

Revision ID: 0003
Revises: 0002
"""

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the runner's tables as its installed version wants them."""
    op.execute("DROP SCHEMA IF EXISTS jobs CASCADE")
    op.execute("CREATE SCHEMA jobs")
    op.execute("SET LOCAL search_path TO jobs")
    # The driver would take a single % for a placeholder.
    op.get_bind().exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
    op.execute("SET LOCAL search_path TO DEFAULT")


def downgrade() -> None:
    """Drop the runner's tables."""
    op.execute("DROP SCHEMA jobs CASCADE")

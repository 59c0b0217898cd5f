"""Territory, patrols and coverage.

Revision ID: 0001
Revises:
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None

SQL = Path(__file__).parent.parent / "sql"
EXTENSIONS = ("postgis", "ltree", "btree_gist", "pg_trgm")
FILES = ("0001_territory.sql", "0001_patrols.sql", "0001_coverage.sql")
TABLES = (
    "territory_version freshness zone_tile zone day_tile look track patrol_fixes patrol "
    "defect exclusion grid_officer officer grid unit import_batch"
)


def upgrade() -> None:
    """Create everything."""
    for extension in EXTENSIONS:
        op.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
    for name in FILES:
        op.get_bind().exec_driver_sql((SQL / name).read_text(encoding="utf-8"))


def downgrade() -> None:
    """Drop everything but the extensions."""
    for table in TABLES.split():
        op.execute(f"DROP TABLE {table}")
    op.execute("DROP SEQUENCE change_number")

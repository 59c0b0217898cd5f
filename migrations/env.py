"""Alembic's environment: one engine, taken from the caller or from WUYILOU_DATABASE_URL."""

from alembic import context
from sqlalchemy import Connection, create_engine

config = context.config


def run(connection: Connection) -> None:
    """Migrate on an open connection, all in one transaction."""
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()


given = config.attributes.get("connection")
if given is not None:
    run(given)
else:
    url = config.get_main_option("sqlalchemy.url")
    if not url:
        raise SystemExit("no database: use `wuyilou db migrate`, or set WUYILOU_DATABASE_URL")
    with create_engine(url).begin() as own:
        run(own)

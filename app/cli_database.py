"""`wuyilou db`: the database."""

import os
import subprocess
import sys
from typing import Annotated

import typer
from sqlalchemy import make_url
from sqlalchemy.engine import URL

from app.installation import cluster, database, migrated
from app.settings import Settings

commands = typer.Typer(no_args_is_help=True, help="数据库: migrate, look, lend, remove.")


@commands.command()
def migrate() -> None:
    """Bring the database to the current schema."""
    with migrated(Settings()) as engine:
        typer.echo(f"up to date: {engine.url.render_as_string()}")


@commands.command()
def status() -> None:
    """Say which database is used, and whether a private one runs."""
    settings = Settings()
    if settings.database_url:
        typer.echo(f"WUYILOU_DATABASE_URL: {make_url(settings.database_url).render_as_string()}")
        return
    own = cluster(settings)
    server = own.postmaster()
    typer.echo(f"private database in {own.home}")
    typer.echo(f"running: process {server.pid}, port {server.port}" if server else "not running")


@commands.command()
def url(libpq: Annotated[bool, typer.Option(help="The form that psql and QGIS read.")] = False) -> None:
    """Print the URL, password included, of the configured database or of a private one that runs now."""
    settings = Settings()
    if not settings.database_url and cluster(settings).postmaster() is None:
        typer.secho("the private database is not running: `wuyilou serve`, or `wuyilou db run COMMAND`", err=True)
        raise typer.Exit(1)
    with database(settings) as found:
        typer.echo(found.replace("postgresql+psycopg:", "postgresql:") if libpq else found)


@commands.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def run(context: typer.Context) -> None:
    """Run any command with WUYILOU_DATABASE_URL set (and PG* for psql), on a migrated database."""
    if not context.args:
        raise typer.BadParameter("name a command, such as: wuyilou db run psql")
    with migrated(Settings()) as engine:
        done = subprocess.run(context.args, check=False, env=_environment(engine.url))  # noqa: S603 - what the operator typed
    raise typer.Exit(done.returncode)


@commands.command()
def remove(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Delete the private database with everything in it."""
    own = cluster(Settings(database_url=None))
    if not yes:
        typer.confirm(f"Delete {own.home} and all data in it?", abort=True)
    own.remove()
    typer.echo("removed", file=sys.stderr)


def _environment(url: URL) -> dict[str, str]:
    """This process's environment with the database in it: for our own programs and for PostgreSQL's."""
    return {
        **os.environ,
        "WUYILOU_DATABASE_URL": url.render_as_string(hide_password=False),
        "PGHOST": str(url.host or url.query.get("host", "")),
        "PGPORT": str(url.port or url.query.get("port", "5432")),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }

"""`wuyilou snapshot`: a unit on a day as a file to take away."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from app.actor import terminal
from app.db import transaction
from app.installation import migrated
from app.settings import Settings
from app.snapshots import service

commands = typer.Typer(no_args_is_help=True)

Unit = Annotated[str, typer.Argument(help="Code of a unit.")]
On = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Local day; without it, today.")]
Out = Annotated[Path | None, typer.Option("--output", "-o", help="The file; without it, named after unit and day.")]


@commands.command()
def html(unit: Unit, on: On = None, output: Out = None) -> None:
    """Write one HTML file of a unit that opens without a network."""
    _write(service.as_html, unit, on, output)


@commands.command()
def pdf(unit: Unit, on: On = None, output: Out = None) -> None:
    """Write the map of a unit on A3 with its table."""
    _write(service.as_pdf, unit, on, output)


def _write(make: Callable[..., service.Saved], unit: str, on: datetime | None, output: Path | None) -> None:
    settings = Settings()
    with migrated(settings) as engine, transaction(engine) as session:
        made = make(session, settings, terminal(), unit, None if on is None else on.date())
    path = output or Path(made.name)
    path.write_bytes(made.content)
    typer.echo(f"{path}  {len(made.content) / 1e6:.1f} MB")

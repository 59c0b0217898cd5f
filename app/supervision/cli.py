"""`wuyilou supervision`: proof that a sample was drawn as published."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console

from app.db import transaction
from app.installation import migrated
from app.settings import Settings
from app.supervision import service

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def supervision() -> None:
    """督导 (one command so far; the callback keeps its name)."""


@commands.command()
def redraw(plan: Annotated[UUID, typer.Argument(help="The plan's number, as on its page.")]) -> None:
    """Draw a plan again from its published seed and compare; exit code 1 when it differs."""
    console, settings = Console(), Settings()
    with migrated(settings) as engine, transaction(engine) as session:
        found = service.redraw(session, plan, settings.today())
    for difference in found.differences:
        console.print(difference, markup=False, highlight=False)
    console.print(f"[{'green' if found.same else 'red'}]{found.text}[/]")
    if not found.same:
        raise typer.Exit(1)

"""`wuyilou patrols`: take in recorded files, look at a patrol, void one."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from app.actor import terminal
from app.db import transaction
from app.installation import migrated
from app.patrols import service
from app.patrols.importing import read_import
from app.settings import Settings

commands = typer.Typer(no_args_is_help=True)


@commands.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="GPX, KML, KMZ, GeoJSON or CSV.")],
    officer: Annotated[str, typer.Option(help="Code of the officer who walked.")],
    mode: Annotated[str, typer.Option(help="foot, vehicle or drone.")] = "foot",
    datum: Annotated[str, typer.Option(help="WGS-84, CGCS2000, GCJ-02 or BD-09.")] = "WGS-84",
    patrol_id: Annotated[str | None, typer.Option("--id", help="A UUID; by default made from the content.")] = None,
    label: Annotated[str | None, typer.Option(help="A word about it.")] = None,
    accuracy_m: Annotated[float | None, typer.Option(help="Accuracy where the file states none.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Zone of times written without one.")] = None,
) -> None:
    """Take in a patrol recorded in a file, and print what counted."""
    settings = Settings()
    if file.stat().st_size > settings.upload.patrol_bytes:
        raise typer.BadParameter(f"larger than {settings.upload.patrol_bytes} bytes; split it by time")
    stated = {"id": patrol_id, "officer_code": officer, "mode": mode, "datum": datum, "label": label}
    record = read_import(file.read_bytes(), stated, accuracy_m, time_zone, settings.upload)
    with migrated(settings) as engine, transaction(engine) as session:
        accepted = service.accept_record(session, settings, terminal(), record)
    if accepted.is_replay:
        typer.echo("already there; nothing was changed", err=True)
    typer.echo(accepted.answer.model_dump_json(indent=2))


@commands.command()
def show(patrol_id: UUID) -> None:
    """Print a patrol with its account."""
    with migrated(Settings()) as engine, transaction(engine) as session:
        typer.echo(service.detail(session, patrol_id).model_dump_json(indent=2, exclude={"track"}))


@commands.command()
def void(patrol_id: UUID, reason: Annotated[str, typer.Option(help="Why it must not count.")]) -> None:
    """Take a patrol out of the coverage; its record stays."""
    if not reason.strip():
        raise typer.BadParameter("state a reason", param_hint="--reason")
    settings = Settings()
    with migrated(settings) as engine, transaction(engine) as session:
        service.void(session, settings, patrol_id, reason.strip(), terminal())
    typer.echo(f"voided: {patrol_id}")


@commands.command()
def purge() -> None:
    """Delete raw fixes and tracks that are older than WUYILOU_FIX_RETENTION_DAYS; coverage stays."""
    from app import retention  # only here: it knows the features above this one

    settings = Settings()
    with migrated(settings) as engine:
        typer.echo(f"purged: {retention.run(engine, settings)} patrols")

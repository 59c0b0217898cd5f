"""`wuyilou sites`: proof that what is stored follows from visits, and deriving it anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from app.actor import terminal
from app.db import transaction
from app.errors import InvalidInputError
from app.installation import migrated
from app.settings import Settings
from app.sites import checking
from app.sites import verify as proof
from app.sites.importing import run
from app.sites.schemas.importing import SiteImportReport

commands = typer.Typer(no_args_is_help=True)
_SHOWN = 50


@commands.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="xlsx, xls, ods, csv or GeoJSON.")],
    datum: Annotated[str, typer.Option(help="WGS-84, CGCS2000, GCJ-02 or BD-09.")],
    unit: Annotated[str | None, typer.Option(help="Code of the unit of rows that name none.")] = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="field=COLUMN; without any, by usual names.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check only.")] = False,
) -> None:
    """Import sites with their tenancies: all of the file, or nothing and what is wrong."""
    if datum not in ("WGS-84", "CGCS2000", "GCJ-02", "BD-09"):
        raise typer.BadParameter("WGS-84, CGCS2000, GCJ-02 or BD-09", param_hint="--datum")
    pairs = [pair.partition("=") for pair in columns or []]
    asked = run.SiteImport(file.name, datum, {name: column for name, _, column in pairs}, unit, dry_run)
    settings, console = Settings(), Console()
    try:
        with migrated(settings) as engine, transaction(engine) as session:
            report = run.import_sites(session, settings, terminal(), asked, file)
    except InvalidInputError as error:
        for problem in SiteImportReport.model_validate(error.facts.get("report", _NOTHING)).problems[:_SHOWN]:
            console.print(f"第 {problem.row} 行 {problem.column or ''}：{problem.what}", markup=False)
        raise
    console.print(report.message)


_NOTHING: dict[str, object] = {"file_name": "", "encoding": None, "datum": "", "mapping": {}, "dry_run": True}


@commands.command()
def verify() -> None:
    """Prove that the checks of sites follow from visits and tenancies; exit code 1 when they do not."""
    console, settings = Console(), Settings()
    with migrated(settings) as engine, transaction(engine) as session, _progress() as say:
        differences = list(proof.verify(session, settings, say))
    for difference in differences:
        console.print(f"[red]{difference.code}[/red] {difference.found}", highlight=False)
    if differences:
        console.print(f"[red]发现 {len(differences)} 处不一致。[/red]")
        raise typer.Exit(1)
    console.print("[green]全部一致：场所的检查状态可由走访和租户推出。[/green]")


@commands.command()
def rebuild() -> None:
    """Derive places and checks of all sites anew from territory, visits and tenancies."""
    settings = Settings()
    with migrated(settings) as engine, transaction(engine) as session, _progress() as say:
        moved = checking.relocate(session, None, settings.today(), "operator @ terminal", "重新核对")
        count = checking.rebuild(session, settings, say)
    Console().print(f"已重建 {count} 处场所的检查状态，其中 {moved} 处的区划或网格有变化。")


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("场所", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)

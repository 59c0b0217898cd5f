"""`wuyilou territory`: files of units, grids and exclusions into the database, and decisions on exclusions."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from app.db import transaction
from app.errors import InvalidInputError
from app.installation import migrated
from app.settings import Settings
from app.territory import change
from app.territory.importing.drafts import Defaults
from app.territory.importing.geometry import known_datum
from app.territory.importing.request import ImportRequest
from app.territory.schemas import ImportReport, Subject

commands = typer.Typer(no_args_is_help=True, help="行政区划、网格与排除区: import, approve, refuse.")
imports = typer.Typer(no_args_is_help=True, help="导入 GeoJSON, zipped Shapefile, GeoPackage, KML/KMZ.")
commands.add_typer(imports, name="import")

_SHOWN = 200
_STAGES = {"read": "读取并检查", "defects": "划分缺陷", "coverage": "覆盖重算"}

FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The file.")]
DatumOption = Annotated[str, typer.Option(help="Its datum: WGS-84, CGCS2000, EPSG:4513-4554, GCJ-02, BD-09.")]
MapOption = Annotated[list[str] | None, typer.Option("--map", help="field=COLUMN, such as code=DM; repeatable.")]
DayOption = Annotated[
    datetime | None, typer.Option("--effective-on", formats=["%Y-%m-%d"], help="First day of what changes; today.")
]
GeneratedOption = Annotated[bool, typer.Option("--generated", help="Label as generated, not surveyed.")]
DryOption = Annotated[bool, typer.Option("--dry-run", help="Check and report; store nothing.")]
ConfirmedOption = Annotated[
    bool, typer.Option("--datum-confirmed", help="The suspicion of a wrong datum is unfounded.")
]
LayerOption = Annotated[str | None, typer.Option(help="The layer, if the file has several.")]


@imports.command()
def units(
    file: FileArgument,
    datum: DatumOption,
    columns: MapOption = None,
    effective_on: DayOption = None,
    generated: GeneratedOption = False,
    roots: Annotated[bool, typer.Option("--roots", help="Allow units with no unit above them.")] = False,
    dry_run: DryOption = False,
    datum_confirmed: ConfirmedOption = False,
    layer: LayerOption = None,
) -> None:
    """Import units (行政区划): code and name; level and parent follow from the code."""
    asked = _asked("units", file, datum, columns, effective_on, generated, dry_run, datum_confirmed, layer)
    _run(file, replace(asked, roots_allowed=roots))


@imports.command()
def grids(
    file: FileArgument,
    datum: DatumOption,
    columns: MapOption = None,
    effective_on: DayOption = None,
    generated: GeneratedOption = False,
    retire_missing_in: Annotated[
        str | None, typer.Option(help="A unit whose grids end when the file does not hold them.")
    ] = None,
    dry_run: DryOption = False,
    datum_confirmed: ConfirmedOption = False,
    layer: LayerOption = None,
) -> None:
    """Import grids (网格): code, name, unit, risk, cycle, officer."""
    asked = _asked("grids", file, datum, columns, effective_on, generated, dry_run, datum_confirmed, layer)
    _run(file, replace(asked, retire_missing_in=retire_missing_in))


@imports.command()
def exclusions(
    file: FileArgument,
    datum: DatumOption,
    columns: MapOption = None,
    effective_on: DayOption = None,
    approved: Annotated[bool, typer.Option("--approved", help="Approve what has no state of its own.")] = False,
    reason: Annotated[str, typer.Option(help="The reason of what has none of its own.")] = "",
    dry_run: DryOption = False,
    layer: LayerOption = None,
) -> None:
    """Import exclusions (排除区): water and what else need not be searched."""
    asked = _asked("exclusions", file, datum, columns, effective_on, False, dry_run, False, layer)
    _run(file, replace(asked, defaults=Defaults(state="approved" if approved else "requested", reason=reason)))


@commands.command()
def approve(code: Annotated[str, typer.Argument(help="The exclusion's code.")]) -> None:
    """Approve an exclusion from today on."""
    _decide(code, "approved")


@commands.command()
def refuse(code: Annotated[str, typer.Argument(help="The exclusion's code.")]) -> None:
    """Refuse an exclusion, or take an approval back, from today on."""
    _decide(code, "refused")


def _decide(code: str, state: str) -> None:
    settings = Settings()
    with migrated(settings) as engine, transaction(engine) as session:
        change.decide_exclusion(session, code, state, _actor(), settings.today())
    typer.echo(f"{code}: {state}")


def _asked(
    subject: Subject,
    file: Path,
    datum: str,
    columns: list[str] | None,
    effective_on: datetime | None,
    generated: bool,
    dry_run: bool,
    datum_confirmed: bool,
    layer: str | None,
) -> ImportRequest:
    return ImportRequest(
        subject=subject,
        file_name=file.name,
        datum=known_datum(datum),
        today=Settings().today(),
        actor=_actor(),
        mapping=_mapping(columns or []),
        effective_on=effective_on.date() if effective_on else None,
        generated=generated,
        dry_run=dry_run,
        datum_confirmed=datum_confirmed,
        layer=layer,
    )


def _mapping(pairs: list[str]) -> dict[str, str]:
    wrong = [pair for pair in pairs if "=" not in pair]
    if wrong:
        raise typer.BadParameter(f"not of the form field=COLUMN: {', '.join(wrong)}", param_hint="--map")
    return dict(pair.split("=", 1) for pair in pairs)


def _actor() -> str:
    return f"cli:{getpass.getuser()}"


def _run(file: Path, asked: ImportRequest) -> None:
    console = Console()
    settings = Settings()
    try:
        with migrated(settings) as engine, _progress(Console(stderr=True)) as progress, transaction(engine) as session:
            report = change.import_territory(session, settings.upload, asked, file, progress)
    except InvalidInputError as error:
        found = error.facts.get("report")
        if found:
            show(ImportReport.model_validate(found), console)
        raise
    show(report, console)
    console.print(report.message)


@contextmanager
def _progress(console: Console) -> Iterator[change.Progress]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        tasks = {"read": bars.add_task(_STAGES["read"], total=None)}

        def show_progress(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(_STAGES.get(stage, stage), total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show_progress


def show(report: ImportReport, console: Console) -> None:
    """Print a report's findings as a table; what files say is printed as it is, never as markup."""
    columns = "、".join(f"{field}={column}" for field, column in report.mapping.items())
    console.print(f"{report.file_name}（{report.file_format}，{report.datum}）列：{columns}", markup=False)
    if report.problems:
        table = Table()
        for heading in ("行", "代码", "名称", "程度", "问题", "处理"):
            table.add_column(heading, overflow="fold")  # Chinese has no spaces to break at: nothing may be cut off
        for problem in report.problems[:_SHOWN]:
            cells = (str(problem.row or ""), problem.code or "", problem.name or "")
            words = ("错误" if problem.severity == "error" else "提醒", problem.what, problem.to_do)
            table.add_row(*(escape(text) for text in cells + words))
        console.print(table)
    more = max(len(report.problems) - _SHOWN, 0) + report.problems_left_off
    if more:
        console.print(f"另有 {more} 条未列出。")

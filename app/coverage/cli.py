"""`wuyilou coverage`: figures at a terminal, and proof that they follow from the evidence."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, TaskID
from rich.table import Table
from sqlalchemy.orm import Session

from app.coverage import service
from app.coverage.schemas import CoverageRow, Difference
from app.db import transaction
from app.errors import NotFoundError
from app.installation import migrated
from app.marks import verify as marks
from app.patrols import verify as patrols
from app.scope import EVERYTHING
from app.settings import Settings
from app.visits import verify as visits

commands = typer.Typer(no_args_is_help=True)
_SHARES = {
    "tracked": "周期内已查",
    "declared": "手工申报",
    "stale": "已过期",
    "never_seen": "从未查看",
    "inaccessible": "无法进入",
    "excluded": "已批准扣除",
    "unassigned": "无主地",
}
_TABLE_WIDTH = 160


@commands.command()
def show(
    code: Annotated[str, typer.Argument(help="Code of a unit or of a grid.")],
    cycle_days: Annotated[int | None, typer.Option(help="One cycle for all; without it, each grid's own.")] = None,
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Local day; without it, today.")] = None,
) -> None:
    """Print the seven shares of a unit and its children, or of a grid."""
    settings = Settings()
    day = None if on is None else on.date()
    with migrated(settings) as engine, transaction(engine) as session:
        # Twelve columns do not fit a terminal of 80: lines that wrap are better than figures that are cut off.
        console = Console()
        console.width = max(console.width, _TABLE_WIDTH)
        console.print(_table(session, settings, code, cycle_days, day))


def _table(session: Session, settings: Settings, code: str, cycle_days: int | None, day: date | None) -> Table:
    try:
        found = service.unit_coverage(session, settings, EVERYTHING, code, cycle_days, day)
        on, own, children = found.on, found.unit, found.children
    except NotFoundError:
        grid = service.grid_coverage(session, settings, EVERYTHING, code, cycle_days, day)
        on, own, children = grid.on, grid.grid, []
    cycle = f"周期 {cycle_days} 天" if cycle_days else "各网格自身周期"
    table = Table(title=f"{escape(own.name)}（{escape(own.code)}） {on.isoformat()} {cycle}")
    for heading in ("代码", "名称"):
        table.add_column(heading)
    for heading in ("面积 公顷", *(f"{name} %" for name in _SHARES.values()), "已查 %", "最大盲区 m²"):
        table.add_column(heading, justify="right")
    for row in children:
        table.add_row(*_cells(row))
    table.add_section()
    table.add_row(*_cells(own), style="bold")
    return table


def _cells(row: CoverageRow) -> list[str]:
    shares = [f"{getattr(row.shares, name).percent:.1f}" for name in _SHARES]
    covered = "—" if row.covered_percent is None else f"{row.covered_percent:.1f}"
    largest = "—" if row.largest_blind_spot_m2 is None else f"{row.largest_blind_spot_m2:,.0f}"
    return [escape(row.code), escape(row.name), f"{row.area_m2 / 1e4:,.1f}", *shares, covered, largest]


@commands.command()
def verify() -> None:
    """Prove that all that is stored follows from the evidence; exit code 1 when it does not."""
    console = Console()
    settings = Settings()
    with migrated(settings) as engine, transaction(engine) as session, _progress() as say:
        report = patrols.verify(session, settings.today(), say)
        marked = marks.verify(session, say)
        visited = visits.verify(session, say)
    differences: list[Difference | visits.Difference] = [*report.differences, *marked.differences, *visited.differences]
    for difference in differences:
        console.print(f"[red]{difference.what}[/red] {difference.where}: {difference.found}", highlight=False)
    console.print(
        f"核对巡查 {report.patrols} 次，其中原始定位点已清除 {report.purged} 次；核对标记 {marked.marks} 处；"
        f"核对检查 {visited.visits} 次。"
    )
    if differences:
        console.print(f"[red]发现 {len(differences)} 处不一致。[/red]")
        raise typer.Exit(1)
    console.print("[green]全部一致：覆盖数据可由证据逐级推出。[/green]")


@commands.command()
def rebuild() -> None:
    """Derive day tiles and freshness rows from looks and zones, passings from fixes; nobody can upload meanwhile."""
    with migrated(Settings()) as engine, transaction(engine) as session, _progress() as say:
        service.rebuild(session, say)
        patrols.rebuild_passings(session, say)
    Console().print("已由视域重建日期瓦片和新鲜度，由定位点重建经过而未查看之处。")


@contextmanager
def _progress() -> Iterator[Callable[[str, int, int], None]]:
    """A bar for each thing that is told of."""
    bars: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True)) as progress:

        def say(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what, total=total)
            progress.update(bars[what], completed=done, total=total)

        yield say

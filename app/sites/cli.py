"""`wuyilou sites`: proof that what is stored follows from visits, and deriving it anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import Progress

from app.db import transaction
from app.installation import migrated
from app.settings import Settings
from app.sites import checking
from app.sites import verify as proof

commands = typer.Typer(no_args_is_help=True)


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

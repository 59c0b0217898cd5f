"""`wuyilou verify`: everything that can be proved, in one go."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from sqlalchemy.orm import Session

from app.db import transaction
from app.installation import migrated
from app.settings import Settings

Say = Callable[[str, int, int], None]


def verify(
    against: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Written by `wuyilou keys export`: shows a cut-off end."),
    ] = None,
) -> None:
    """Prove the chain, what was signed, coverage and sites; exit code 1 when something does not hold."""
    settings, console = Settings(), Console()
    count = 0
    with migrated(settings) as engine, _progress() as say:
        # Each in a transaction of its own: the proof of coverage takes a snapshot of its own.
        for proof in (_signed, _derived):
            with transaction(engine) as session:
                for where, what in proof(session, settings, against, say):
                    count += 1
                    console.print(f"[red]{count}[/red]", end=" ")
                    console.print(f"{where}：{what}", highlight=False, markup=False)
        with transaction(engine) as session:
            console.print(_end(session), highlight=False)
    if count:
        console.print(f"[red]发现 {count} 处不成立。[/red]")
        raise typer.Exit(1)
    console.print("[green]全部成立：签字、链、覆盖数据和场所均可由证据推出。[/green]")


# Features are imported where they are asked: their libraries take a second to load, and every command loads this.
def _signed(session: Session, settings: Settings, against: Path | None, say: Say) -> Iterator[tuple[str, str]]:
    from app.determination import cli as determination_cli
    from app.determination import service as determination
    from app.determination import verify as proof

    if against is not None:
        kept = determination_cli.kept(against)[1]
        yield from determination.check_head(session, kept) if kept else ()
    yield from proof.verify(session, settings, say)


def _derived(session: Session, settings: Settings, _against: Path | None, say: Say) -> Iterator[tuple[str, str]]:
    from app.marks import verify as marks
    from app.patrols import verify as patrols
    from app.sites import verify as sites
    from app.visits import verify as visits

    walked = patrols.verify(session, settings.today(), say)  # in a session that is new: it takes the snapshot
    for each in (walked, marks.verify(session, say), visits.verify(session, say)):
        for difference in each.differences:
            yield f"{difference.what} {difference.where}", difference.found
    for site in sites.verify(session, settings, lambda done, total: say("场所", done, total)):
        yield f"场所 {site.code}", site.found


def _end(session: Session) -> str:
    from app.determination import service as determination

    end = determination.head(session)
    return "链是空的。" if end is None else f"链首 第 {end.seq} 条 {end.entry_digest}"


@contextmanager
def _progress() -> Iterator[Say]:
    bars: dict[str, TaskID] = {}
    with Progress(console=Console(stderr=True)) as progress:

        def say(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = progress.add_task(what, total=total)
            progress.update(bars[what], completed=done, total=total)

        yield say

"""`python -m demo.build`: build the demo in the configured database, once; show what is done and how long it takes."""

import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import Engine

from app.db import transaction
from app.installation import migrated
from app.settings import Settings
from demo.answered_for import load_answered_for
from demo.load import analyze, load_doubtful, load_patrols, load_territory, void_patrols
from demo.looked_into import load_looked_into
from demo.patrols import DAY_DONE
from demo.people import ensure_people, set_password
from demo.plan import SEED, OnStep, Plan, make_plan
from demo.sites import sites
from demo.state import Holds, state_of

console = Console(stderr=True)

FOREIGN = (
    "这个数据库里有演示以外的数据，演示不会写入。请用另一个数据库，或清空后再试。\n"
    "This database holds data that are not the demo's: nothing was written. Name another one by WUYILOU_DATABASE_URL."
)


def main() -> int:
    """Build, or say why not; the exit code."""
    settings = Settings()

    def generate(last_day: date, on_step: OnStep) -> Plan:
        return make_plan(last_day, settings.zone, settings.cycle_days.of, SEED, on_step)

    with migrated(settings) as engine:
        code = build(engine, settings, last_whole_day(settings), generate)
        password = os.environ.get("WUYILOU_DEMO_PASSWORD")
        if code == 0 and password:
            show_logins(engine, settings, password)
        return code


def show_logins(engine: Engine, settings: Settings, password: str) -> None:
    """Let the demo's people in with a password, and print who they are."""
    with transaction(engine) as session:
        logins = set_password(session, settings, password)
    table = Table(title=f"演示账号 demo logins, 密码 password: {password}", title_justify="left")
    for heading in ("用户名 username", "角色 role", "范围 where"):
        table.add_column(heading)
    for login in logins:
        table.add_row(*login)
    console.print(table)


def last_whole_day(settings: Settings) -> date:
    """The last day whose patrols are over: today in the evening, else yesterday."""
    now = settings.now()
    return now.date() if now.time() >= DAY_DONE else now.date() - timedelta(days=1)


def build(engine: Engine, settings: Settings, last_day: date, generate: Callable[[date, OnStep], Plan]) -> int:
    """Build the demo unless it is there; one that was cut short is finished as it was begun. The exit code."""
    with transaction(engine) as session:
        state = state_of(session)
    if state.holds is Holds.FOREIGN:
        console.print(FOREIGN, style="red")
        return 1
    if state.holds is Holds.DEMO and state.built_at is not None:
        built = state.built_at.astimezone(settings.zone)
        console.print(f"the demo is there: built {built:%Y-%m-%d %H:%M}, last patrols of {state.last_day}")
        console.print("to build it anew: make clean-data demo (or an empty database by WUYILOU_DATABASE_URL)")
        return 0
    began = time.monotonic()
    with _progress() as progress:
        plan = generate(state.last_day or last_day, _bar(progress, "generating villages, grids, walks"))
        load_territory(engine, settings, plan, _bar(progress, "territory: imports, defects, zones"))
        load_patrols(engine, settings, plan, _bar(progress, "patrols: real movement, relocated"))
        load_doubtful(engine, settings, plan)
        with transaction(engine) as session:
            ensure_people(session, settings, plan)
        bar = _bar(progress, "sites, visits, leads, lists, cases")
        known = sites(plan)
        load_looked_into(engine, settings, plan, known, bar)
        bar = _bar(progress, "orders, supervision, reports, exceptions")
        load_answered_for(engine, settings, plan, known, bar)
        void_patrols(engine, settings, plan)
        analyze(engine)
    console.print(f"demo built in {time.monotonic() - began:.0f} s")
    return 0


def _bar(progress: Progress, words: str) -> OnStep:
    task = progress.add_task(words, total=None)

    def move(done: int, total: int) -> None:
        progress.update(task, completed=done, total=total)

    return move


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


if __name__ == "__main__":
    sys.exit(main())

"""Load what leaders do about it, through the services: orders, supervision, reports upward, exceptions."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine

from app.db import transaction
from app.settings import Settings
from demo.handed_up import load_reports
from demo.let_stand import load_exceptions
from demo.orders import load_orders
from demo.plan import OnStep, Plan, nobody_watches
from demo.sites import DemoSite
from demo.supervising import load_supervision
from demo.visiting import visits


def load_answered_for(
    engine: Engine, settings: Settings, plan: Plan, known: Sequence[DemoSite], on_step: OnStep = nobody_watches
) -> None:
    """All of it, two things at a time; each finds for itself what is there already."""

    def papers() -> None:
        load_reports(engine, settings, plan)
        with transaction(engine) as session:
            load_exceptions(session, settings, plan)

    def people() -> None:
        walks = list(visits(plan, known, settings.cycle_days.of))
        load_orders(engine, settings, plan, known, walks)
        load_supervision(engine, settings, plan, known)

    work: list[Callable[[], Any]] = [papers, people]
    with ThreadPoolExecutor(len(work)) as pool:
        for done, running in enumerate([pool.submit(each) for each in work], 1):
            running.result()
            on_step(done, len(work))

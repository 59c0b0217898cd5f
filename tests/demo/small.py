"""A small part of the demo on real PostGIS, built once for all tests of the run that only look at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL

from app.db import transaction
from app.main import create_app
from app.settings import Settings
from demo.build import build
from demo.home import home_grid, well_grids
from demo.intentions import Intention
from demo.people import set_password
from demo.plan import OnStep, Plan
from tests.support import databases
from tests.support.server import OPERATOR_TOKEN

LAST_DAY = date(2025, 6, 20)
COUNTY = "320404000000"
GRIDS_EACH = 2
PASSWORD = "told to everybody"  # noqa: S105 - of the demo


def only(plan: Plan, keep: set[str]) -> Plan:
    """The plan with its home village and those of some grids, all their grids, and what happened on those grids."""
    villages = {code[:12] for code in keep} | {home_grid(plan.scene).unit_code}
    above = {f"{code[:9]}000" for code in villages} | {COUNTY}
    units = [replace(u, parent_code=None) if u.code == COUNTY else u for u in plan.units]
    grids = tuple(grid for grid in plan.scene.grids if grid.unit_code in villages)
    return replace(
        plan,
        units=tuple(unit for unit in units if unit.code in villages | above),
        scene=replace(plan.scene, grids=grids),
        exclusions=tuple(e for e in plan.exclusions if any(e.geometry.intersects(g.geometry) for g in grids)),
        patrols=tuple(p for p in plan.patrols if p.grid_code in keep),
        suspicious=tuple(p for p in plan.suspicious if p.officer_code in {grid.officer_code for grid in grids}),
    )


@dataclass
class Loaded:
    """A database that holds the small plan, and a way to ask it."""

    plan: Plan
    picked: dict[Intention, list[str]]
    engine: Engine
    settings: Settings
    client: TestClient

    def ask(self, path: str, **params: Any) -> Any:
        answer = self.client.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def grid(self, code: str) -> Any:
        return self.ask(f"/api/grids/{code}/coverage", on=LAST_DAY.isoformat())["grid"]

    def shares(self, grid_code: str) -> dict[str, float]:
        return {name: share["percent"] for name, share in self.grid(grid_code)["shares"].items()}


@contextmanager
def disposed(url: str) -> Iterator[Engine]:
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()


def generated(plan: Plan) -> Any:
    def generate(_last_day: Any, _on_step: OnStep) -> Plan:
        return plan

    return generate


@pytest.fixture(scope="session")
def built(template: URL, run_directory: Path, plan: Plan) -> Iterator[Settings]:
    """The home village, the town of which nothing is left out and one neglected grid; all know `PASSWORD`."""
    scene = plan.scene
    whole = {grid.code for grid in scene.of(Intention.WHOLE)} | {scene.of(Intention.NEVER)[0].code}
    well = {grid.code for grid in well_grids(scene) if grid.unit_code == home_grid(scene).unit_code}
    voided = {patrol.grid_code for patrol in plan.patrols if patrol.void_reason is not None}  # tells a whole demo
    with databases.fresh_database(template) as url:
        settings = Settings(database_url=url, pool_size=4, demo=True, data_dir=run_directory / "demo-built")
        with disposed(url) as engine:
            assert build(engine, settings, LAST_DAY, generated(only(plan, well | voided | whole))) == 0
            with transaction(engine) as session:
                set_password(session, settings, PASSWORD)
        yield settings


@pytest.fixture(scope="session")
def small(plan: Plan) -> tuple[Plan, dict[Intention, list[str]]]:
    hosted = {i: [g.code for g in plan.scene.of(i) if g.code.startswith(COUNTY[:6])] for i in Intention}
    picked = {intention: codes[:GRIDS_EACH] for intention, codes in hosted.items()}
    special = {p.grid_code for p in plan.patrols if p.id in plan.specials.values()}
    return only(
        plan, special | plan.scene.faults.codes() | {code for codes in picked.values() for code in codes}
    ), picked


@pytest.fixture(scope="session")
def loaded(template: URL, run_directory: Path, small: tuple[Plan, dict[Intention, list[str]]]) -> Iterator[Loaded]:
    with databases.fresh_database(template) as url:
        settings = Settings(
            database_url=url,
            pool_size=4,
            operator_token=SecretStr(OPERATOR_TOKEN),
            data_dir=run_directory / "demo",
        )
        as_operator = {"Authorization": f"Bearer {OPERATOR_TOKEN}"}
        with (
            disposed(url) as engine,
            TestClient(create_app(settings), "http://127.0.0.1", headers=as_operator) as client,
        ):
            assert build(engine, settings, LAST_DAY, generated(small[0])) == 0
            yield Loaded(*small, engine, settings, client)

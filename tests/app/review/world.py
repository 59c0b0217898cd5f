"""The small city with people of every level, and records for them to judge, sent as officers' phones send them."""

import io
import json
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np
from PIL import Image
from shapely import union_all
from shapely.geometry import Polygon, box, mapping
from sqlalchemy import Engine, text

from app.actor import Actor, operator
from app.coverage import service as coverage
from app.db import transaction
from app.evidence import service as evidence
from app.evidence.schemas import FindingKind, NewFinding, PhotoStated
from app.marks import service as marks
from app.marks.schemas import MarkIn
from app.patrols import service as patrols
from app.patrols.schemas import PatrolIn
from app.rights import Role
from app.settings import Settings
from app.territory.change import import_territory
from app.territory.importing.request import ImportRequest
from geo.datum import Datum
from tests.app.territory.files import geojson
from tests.support.people import add_person
from tests.support.seeding import (
    COUNTY_A,
    HEIGHT,
    SOUTH,
    TOWN_1,
    TOWN_2,
    VILLAGE_11,
    VILLAGE_21,
    WEST,
    WIDTH,
    seed_city,
    units,
)

METRES_PER_DEGREE = 111_320.0
PEOPLE = {
    "wang": (Role.OFFICER, (), "W1"),
    "li": (Role.OFFICER, (), "W2"),
    "village11": (Role.VILLAGE, ((VILLAGE_11, None),), None),
    "village21": (Role.VILLAGE, ((VILLAGE_21, None),), None),
    "town1": (Role.TOWN, ((TOWN_1, None),), None),
    "deputy1": (Role.TOWN, ((TOWN_1, None),), None),
    "town2": (Role.TOWN, ((TOWN_2, None),), None),
    "county": (Role.COUNTY, ((COUNTY_A, None),), None),
    "leader": (Role.LEADER, ((COUNTY_A, None),), None),
}


@dataclass
class World:
    """Records in a database; times go on from five days ago, one hour a record."""

    engine: Engine
    settings: Settings
    accounts: dict[str, int] = field(default_factory=dict)
    sent: int = 0

    @classmethod
    def built(cls, engine: Engine, settings: Settings) -> "World":
        """The city, painted, and its people."""
        world = cls(engine, settings)
        since = settings.today() - timedelta(days=60)
        with transaction(engine) as session:
            seed_city(session, since)
            coverage.repaint(session, union_all([unit.shape for unit in units()]), since)
            session.execute(text("INSERT INTO officer VALUES ('W3', '赵敏', NULL)"))
            for name, (role, scopes, officer) in PEOPLE.items():
                world.accounts[name] = add_person(session, name, role, scopes, officer)
        return world

    def sender(self, name: str | None) -> Actor:
        """Whoever sends: the operator, or one of the people, whose account the record keeps."""
        known = operator("127.0.0.1")
        if name is None:
            return known
        return Actor(
            name, PEOPLE[name][0], known.rights, known.scope, "session", "127.0.0.1", self.accounts[name], name
        )

    def patrol(
        self,
        officer: str = "W1",
        column: float = 0,
        row: float = 2,
        by: str | None = None,
        fixes: list[dict[str, Any]] | None = None,
    ) -> UUID:
        """A walk through the grid at a column and row."""
        patrol_id = uuid4()
        body = {"id": str(patrol_id), "officer_code": officer, "mode": "foot", "datum": "WGS-84"}
        whole = {**body, "fixes": fixes or walk(column, row, self._next())}
        with transaction(self.engine) as session:
            patrols.accept(session, self.settings, self.sender(by), PatrolIn.model_validate(whole))
        return patrol_id

    def suspicious(self, officer: str = "W1", column: float = 0, row: float = 2, by: str | None = None) -> UUID:
        """A walk with a finding."""
        patrol_id = self.patrol(officer, column, row, by)
        self.find(patrol_id, FindingKind.JUMPS, {"jumps": 3, "farthest_m": 420.0, "in_s": 5.0})
        return patrol_id

    def find(self, evidence_id: UUID, kind: FindingKind, facts: dict[str, Any], other_id: UUID | None = None) -> None:
        """Find something about a record."""
        with transaction(self.engine) as session:
            evidence.add_findings(session, evidence_id, [NewFinding(kind, facts, other_id)])

    def mark(
        self,
        officer: str = "W1",
        kind: str = "declared",
        area: Polygon | None = None,
        position: tuple[float, float] | None = None,
        by: str | None = None,
    ) -> UUID:
        """An area put down by hand, with a photo; by default a hundred metres square inside W1's first grid."""
        mark_id, at = uuid4(), self._next()
        shape = area or square(0.5, 2.3)
        here = position or (shape.centroid.x, shape.centroid.y)
        body = {
            "id": str(mark_id),
            "officer_code": officer,
            "kind": kind,
            "datum": "WGS-84",
            "geometry": mapping(shape),
            "reason": "walled_compound" if kind == "declared" else "locked",
            "made_at": at.isoformat(),
            "position": {"lon": here[0], "lat": here[1], "accuracy_m": 8.0, "time": at.isoformat()},
            "photo_ids": [str(self.photo(officer, at, here))],
        }
        with transaction(self.engine) as session:
            marks.accept(session, self.settings, self.sender(by), MarkIn.model_validate_json(json.dumps(body)))
        return mark_id

    def photo(self, officer: str, at: datetime, place: tuple[float, float]) -> UUID:
        """A photo that nobody has sent before."""
        photo_id = uuid4()
        with transaction(self.engine) as session:
            stated = PhotoStated(officer, at, *place)
            evidence.accept_photo(session, self.settings, self.sender(None), photo_id, stated, picture(self.sent))
        return photo_id

    def exclusion(self, folder: Path, code: str, area: Polygon, actor: str = "operator @ terminal") -> None:
        """A request, imported from a file, to take a pond out."""
        row = ({"编码": code, "类别": "水域", "名称": f"{code}塘", "原因": "水面"}, area)
        path = geojson(folder / f"{code}.geojson", [row])
        today = self.settings.today()
        request = ImportRequest("exclusions", path.name, Datum("WGS-84"), today, actor)
        with transaction(self.engine) as session:
            import_territory(session, self.settings.upload, request, path)

    def row(self, sql: str, **values: Any) -> Any:
        """What a statement gives, one row."""
        with self.engine.connect() as connection:
            return connection.execute(text(sql), values).one()

    def _next(self) -> datetime:
        self.sent += 1
        noon = datetime.combine(self.settings.today(), datetime.min.time(), self.settings.zone).astimezone(UTC)
        return noon - timedelta(days=5) + timedelta(hours=8 + self.sent % 8, days=self.sent // 8)


def walk(column: float, row: float, start: datetime, lanes: int = 3) -> list[dict[str, Any]]:
    """Fixes of a walk to and fro in lanes through the grid at a column and row, about 2 m/s; no two are alike."""
    chance = np.random.default_rng(int(start.timestamp()))
    west, south = WEST + column * WIDTH, SOUTH + row * HEIGHT
    step_m, first_lane = chance.uniform(8.0, 12.0), chance.uniform(0.3, 0.6)
    step_deg = step_m / METRES_PER_DEGREE / math.cos(math.radians(south))
    fixes = []
    for index in range(120 * lanes):
        lane, along = divmod(index, 120)
        shake = chance.normal(0, 1.5 / METRES_PER_DEGREE, 2)
        fixes.append(
            {
                "lon": west + 0.002 + step_deg * (along if lane % 2 == 0 else 119 - along) + shake[0],
                "lat": south + HEIGHT * (first_lane + 0.004 * lane) + shake[1],
                "time": (start + timedelta(seconds=5 * index)).isoformat(),
                "accuracy_m": float(np.round(chance.uniform(3, 12), 1)),
            }
        )
    return fixes


def square(column: float, row: float, side_m: float = 100.0) -> Polygon:
    """A square around a place counted in grid sizes from the south-west corner of the city."""
    lon, lat = WEST + column * WIDTH, SOUTH + row * HEIGHT
    east = side_m / 2 / METRES_PER_DEGREE / math.cos(math.radians(lat))
    north = side_m / 2 / METRES_PER_DEGREE
    return box(lon - east, lat - north, lon + east, lat + north)


def picture(seed: int) -> bytes:
    """A JPEG of a pattern of its own."""
    chance = np.random.default_rng(seed)
    small = Image.fromarray(chance.integers(0, 255, (9, 12, 3), dtype=np.uint8))
    file = io.BytesIO()
    small.resize((640, 480), Image.Resampling.BICUBIC).save(file, "JPEG", quality=70)
    return file.getvalue()

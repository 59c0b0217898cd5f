"""Requests of the rights matrix: how a line of its table is written, and the bodies of what is sent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.app.patrols.bodies import walk
from tests.support import seeding
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH

Names = Mapping[str, str]
Body = Callable[[Names], Any]


@dataclass(frozen=True)
class Ask:
    """A request: the address with names in braces, and what it carries."""

    path: str
    json: Body | None = None
    content: bytes | None = None
    files: Body | None = None

    def options(self, names: Names) -> dict[str, Any]:
        """What a client takes."""
        if self.json is not None:
            return {"json": self.json(names)}
        if self.files is not None:
            data, file = self.files(names)
            return {"data": data, "files": {"file": file}}
        return {} if self.content is None else {"content": self.content, "headers": {"Content-Type": "image/jpeg"}}


@dataclass(frozen=True)
class Line:
    """A route: `outside` must be refused; of what `ask` answers, `hides` must be missing and `shows` be there.

    `officers`: what an officer asks inside, who has grids and no unit. `elsewhere`: why there is no place in it, or
    which tests show that it keeps to the scope.
    """

    right: str | None
    ask: Ask
    outside: Ask | None = None
    shows: tuple[str, ...] = ()
    hides: tuple[str, ...] = ()
    officers: Ask | None = None
    elsewhere: str = ""
    streams: bool = field(default=False)


def patrol(officer: str, column: float, row: float) -> Body:
    """A patrol of an officer's, from a place on."""
    start = datetime.now(UTC) - timedelta(days=2)
    place = (WEST + column * WIDTH, SOUTH + row * HEIGHT)
    stated = {"officer_code": officer, "mode": "foot", "datum": "WGS-84", "fixes": walk(30, start, place)}
    return lambda names: {"id": names[f"new_{officer}"], **stated}


def file(officer: str) -> Body:
    """A patrol of an officer's as a file."""
    text = "lon,lat,time,accuracy_m\n" + "\n".join(
        f"{fix['lon']},{fix['lat']},{fix['time']},5" for fix in walk(30, datetime.now(UTC) - timedelta(days=3))
    )
    return lambda _names: ({"officer_code": officer, "mode": "foot", "datum": "WGS-84"}, ("walk.csv", text.encode()))


def mark(officer: str) -> Body:
    """A mark in an officer's name."""
    return lambda names: {
        "id": names[f"new_mark_{officer}"],
        "officer_code": officer,
        "kind": "declared",
        "datum": "WGS-84",
        "geometry": {
            "type": "Polygon",
            "coordinates": [[*map(list, seeding.cell(0.3, 2.3, 0.01, 0.01).exterior.coords)]],
        },
        "reason": "indoors",
        "made_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        "position": None,
        "photo_ids": [names["photo_in"] if officer == "W1" else names["photo_out"]],
    }


def lead(officer: str) -> Body:
    """A report in an officer's name."""
    return lambda names: {
        "id": names[f"new_lead_{officer}"],
        "officer_code": officer,
        "what": "smell",
        "datum": "WGS-84",
        "lon": WEST + 0.3 * WIDTH,
        "lat": SOUTH + 2.3 * HEIGHT,
        "accuracy_m": 5.0,
        "made_at": (datetime.now(UTC) - timedelta(hours=1)).isoformat(),
    }


def entry(unit: str) -> Body:
    """A letter about a unit, not placed."""
    return lambda _names: {
        "id": str(uuid4()),
        "source": "letter",
        "told": "有人夜间生产",
        "told_at": datetime.now(UTC).isoformat(),
        "unit_code": unit,
    }


def note(_names: Names) -> Any:
    """Words to a lead, as nobody has touched it."""
    return {"step": "note", "version": 1, "words": "核实"}


def readings(unit: str) -> Body:
    """Readings of a unit's power users."""
    text = "户号,户名," + ",".join(f"2026-{month:02d}" for month in range(1, 13)) + "\n1,甲厂" + ",1000" * 12
    return lambda _names: ({"unit_code": unit}, ("power.csv", text.encode()))


def trace(unit: str) -> Body:
    """Where a vehicle was, for a unit."""
    text = "time,lon,lat\n2026-01-01T00:00:00Z,119.81,31.77\n2026-01-01T00:00:10Z,119.82,31.77"
    return lambda _names: ({"unit_code": unit, "plate": "苏D1", "datum": "WGS-84"}, ("trace.csv", text.encode()))


def answer(record: str) -> Body:
    """An answer to what was asked back about a record."""
    return lambda names: {"id": names["new_answer"], "evidence_id": names[record], "words": "已核实", "photo_ids": []}


def progress(patrol: str) -> Body:
    """How a patrol is getting on."""
    return lambda names: {
        "patrol_id": names[patrol],
        "mode": "foot",
        "state": "recording",
        "started_at": datetime.now(UTC).isoformat(),
        "lon": 119.8,
        "lat": 31.7,
        "accuracy_m": 5.0,
        "length_m": 0.0,
        "minutes": 0.0,
    }


def account(unit: str) -> Body:
    """A new account of a unit's village staff."""
    return lambda names: {
        "username": f"n{names['nothing'][:8]}",
        "name": "新",
        "role": "village",
        "places": {"unit_codes": [unit]},
    }


def webhook(unit: str) -> Body:
    """A new group robot of a unit."""
    return lambda _names: {"name": "群", "format": "wecom", "url": "http://127.0.0.1:9/x", "unit_code": unit}


def words(_names: Names) -> Any:
    """Words to a decision."""
    return {"words": "核实"}

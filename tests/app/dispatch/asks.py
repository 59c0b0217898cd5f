"""Bodies of orders and of what finishes them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import shapely
from fastapi.testclient import TestClient
from httpx2 import Response

from app.settings import Settings
from tests.app.patrols.bodies import LAT_PER_M, LON_PER_M, body, walk
from tests.support.seeding import HEIGHT, SOUTH, WEST, WIDTH

Body = dict[str, Any]
# In W1's first grid.
START = (WEST + 0.3 * WIDTH, SOUTH + 2.3 * HEIGHT)
LENGTH_M = 300.0


def day(days: int = 0) -> str:
    """A local day from today, in ISO form."""
    return (Settings().today() + timedelta(days=days)).isoformat()


def strip(column: float = 0.3, row: float = 2.3, length_m: float = LENGTH_M) -> shapely.Polygon:
    """A strip of ground 12 m wide, eastwards from a place counted in grid sizes."""
    lon, lat = WEST + column * WIDTH, SOUTH + row * HEIGHT
    return shapely.box(lon, lat - 6 * LAT_PER_M, lon + length_m * LON_PER_M, lat + 6 * LAT_PER_M)


def order(subject: str | None = None, area: shapely.Geometry | None = None, **changes: Any) -> Body:
    """An order with three days' time; without a subject to ground, by default the strip."""
    stated: Body = {"id": str(uuid4()), "deadline": day(3), "words": "请尽快到现场"}
    if subject is None:
        shape = area if area is not None else strip()
        stated |= {"subject_kind": "ground", "area": shapely.geometry.mapping(shape)}
    else:
        stated |= {"subject_kind": subject.partition(":")[0], "subject": subject}
    return stated | changes


def sent(client: TestClient, subject: str | None = None, **changes: Any) -> Body:
    """An order that was taken in."""
    return told(client.post("/api/orders", json=order(subject, **changes)))


def told(answer: Response) -> Body:
    """What a good answer says."""
    assert answer.status_code in (200, 201), answer.text
    found: Body = answer.json()
    return found


def now_of(client: TestClient, known: Body) -> Body:
    """An order as it stands now."""
    return told(client.get(f"/api/orders/{known['id']}"))


def step(client: TestClient, known: Body, name: str, **more: Any) -> Response:
    """What a step is answered, taken from an order as it is known."""
    return client.post(f"/api/orders/{known['id']}/steps", json={"step": name, "version": known["version"], **more})


def kinds(known: Body) -> list[str]:
    """What was done with an order, in order."""
    return [event["kind"] for event in known["events"]]


def walked(w1: TestClient, share: float = 1.0) -> str:
    """W1 walks so much of the strip, just now; the patrol's id."""
    fixes = int(LENGTH_M * share / 5) + 2
    now = Settings().now()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    # Just after midnight it is the clock of a phone that is a little ahead.
    start = max(now - timedelta(seconds=5 * fixes), midnight)
    patrol = body(walk(fixes, start, START), officer_code="W1")
    told(w1.post("/api/patrols", json=patrol))
    return str(patrol["id"])


def flight(column: float, row: float) -> list[Body]:
    """Fixes of a drone over all of the grid at a column and row, lane by lane, that ended just now."""
    lanes, step_m, step_s = 21, 40.0, 4
    along = int(WIDTH / LON_PER_M / step_m) + 2
    start = Settings().now() - timedelta(seconds=step_s * along * lanes)
    fixes = []
    for index in range(along * lanes):
        lane, place = divmod(index, along)
        east_m = step_m * (place if lane % 2 == 0 else along - 1 - place)
        fixes.append(
            {
                "lon": WEST + column * WIDTH + east_m * LON_PER_M,
                "lat": SOUTH + row * HEIGHT + HEIGHT * (lane + 0.5) / lanes,
                "time": (start + timedelta(seconds=step_s * index)).isoformat(),
                "accuracy_m": 5.0,
            }
        )
    return fixes


def voided(client: TestClient, kind: str, record: str) -> None:
    """Take a record out of what counts."""
    told(client.post(f"/api/{kind}/{record}/void", json={"reason": "核实不是本人所走"}))

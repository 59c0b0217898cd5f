"""Load a plan through the services, as a county and its phones would: files imported, patrols sent one by one."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import shapely
from sqlalchemy import Engine, text

from app.db import transaction
from app.evidence import service as evidence
from app.evidence.schemas import PhotoStated
from app.marks.accepting import accept as accept_mark
from app.marks.schemas import MarkIn
from app.patrols import service as patrols
from app.patrols.fixes import RawFixes
from app.patrols.schemas import Record
from app.settings import Settings
from app.territory import change
from app.territory.importing.request import ImportRequest
from demo.by_hand import SOONEST_UNTIL, DemoMark, marks
from demo.intentions import Intention
from demo.layers import Layer, layers_of
from demo.patrols import DEVICE, INVENTED, LABEL, WEEKS, DemoPatrol
from demo.plan import OnStep, Plan, nobody_watches
from demo.state import ACTOR, BUILDER
from geo.datum import Datum

WORKERS = 2
INVENTED_PURPOSES = frozenset({"armchair", Intention.WHOLE.value})


def load_territory(engine: Engine, settings: Settings, plan: Plan, on_step: OnStep = nobody_watches) -> None:
    """Import the plan's files, each in a transaction of its own, valid since before the first patrol."""
    since = plan.clock.last_day - timedelta(days=WEEKS * 7)
    layers = layers_of(plan)
    with TemporaryDirectory() as folder:
        for done, layer in enumerate(layers, 1):
            path = Path(folder) / layer.file_name
            path.write_bytes(layer.content)
            with transaction(engine) as session:
                change.import_territory(session, settings.upload, _request(layer, since, settings), path)
            on_step(done, len(layers))


def _request(layer: Layer, since: date, settings: Settings) -> ImportRequest:
    return ImportRequest(
        subject=layer.subject,
        file_name=layer.file_name,
        datum=Datum("WGS-84"),
        today=settings.today(),
        actor=ACTOR,
        effective_on=since,
        generated=layer.generated,
        roots_allowed=layer.subject == "units",
        datum_confirmed=True,
    )


def load_patrols(engine: Engine, settings: Settings, plan: Plan, on_step: OnStep = nobody_watches) -> None:
    """Send the plan's patrols, day after day, several at once within a day.

    Patrols that are there already are repeats and change nothing.
    """
    done = 0
    with ThreadPoolExecutor(WORKERS) as pool:
        for day in _by_day(plan):
            for _ in pool.map(lambda patrol: send(engine, settings, patrol), day):
                done += 1
                on_step(done, len(plan.patrols))


def void_patrols(engine: Engine, settings: Settings, plan: Plan) -> None:
    """Void what the plan voids: the builder's last step."""
    for patrol in plan.patrols:
        if patrol.void_reason is not None:
            with transaction(engine) as session:
                patrols.void(session, settings, patrol.id, patrol.void_reason, BUILDER)


def load_doubtful(engine: Engine, settings: Settings, plan: Plan) -> None:
    """Send what a reviewer is to find, and what the officer put down by hand. Repeats change nothing."""
    for patrol in plan.suspicious:
        send(engine, settings, patrol)
    for mark in marks(plan):
        with transaction(engine) as session:
            evidence.accept_photo(session, settings, BUILDER, mark.photo_id, _stated(mark), mark.jpeg)
            accept_mark(session, settings, BUILDER, _mark_in(mark))


def _stated(mark: DemoMark) -> PhotoStated:
    return PhotoStated(mark.officer_code, mark.made_at, *mark.position)


def _mark_in(mark: DemoMark) -> MarkIn:
    lon, lat = mark.position
    body = {
        "id": str(mark.id),
        "officer_code": mark.officer_code,
        "kind": mark.kind,
        "datum": "WGS-84",
        "geometry": json.loads(shapely.to_geojson(mark.geometry)),
        "reason": mark.reason,
        "note": mark.note,
        "made_at": mark.made_at.isoformat(),
        "until": (mark.made_at.date() + SOONEST_UNTIL).isoformat() if mark.kind == "inaccessible" else None,
        "position": {"lon": lon, "lat": lat, "accuracy_m": 8.0, "time": mark.made_at.isoformat()},
        "photo_ids": [str(mark.photo_id)],
    }
    return MarkIn.model_validate(body)


def send(engine: Engine, settings: Settings, patrol: DemoPatrol) -> None:
    """One patrol in one transaction, as a phone sends it."""
    with transaction(engine) as session:
        patrols.accept_record(session, settings, BUILDER, as_sent(patrol))


def as_sent(patrol: DemoPatrol) -> Record:
    """The patrol as its phone would have sent it."""
    fixes = RawFixes(
        lon=patrol.lon,
        lat=patrol.lat,
        time_us=np.rint(patrol.epoch_ms).astype(np.int64) * 1000,
        accuracy_m=patrol.accuracy_m,
    )
    return Record(
        id=patrol.id,
        officer_code=patrol.officer_code,
        mode=patrol.mode,
        datum=Datum("WGS-84"),
        source="phone",
        fixes=fixes,
        device=DEVICE,
        label=INVENTED if patrol.purpose in INVENTED_PURPOSES else LABEL,
    )


def analyze(engine: Engine) -> None:
    """Let the planner know what is in the tables now."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _by_day(plan: Plan) -> Iterator[list[DemoPatrol]]:
    for _, day in groupby(plan.patrols, key=lambda patrol: local_day(patrol, plan)):
        yield list(day)


def local_day(patrol: DemoPatrol, plan: Plan) -> date:
    """The local day a patrol began on."""
    return plan.clock.day_of(patrol.started_ms)

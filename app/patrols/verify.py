"""Prove that the coverage follows from the evidence: raw fixes -> looks -> day tiles -> histograms.

The first step needs raw fixes, the rest is coverage's own; both read one snapshot, so uploads may go on meanwhile.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.coverage.schemas import Difference
from app.patrols import queries
from app.patrols.fixes import PayloadError, RawFixes, decode, digest
from app.patrols.judging import judge
from app.patrols.queries import Facts
from geo.datum import Datum
from geo.daytiles import Cells
from geo.errors import GeoError
from geo.tracks import Mode

Progress = Callable[[str, int, int], None]
_TRACKED = "tracked"
_EVERY = 100


class _Place(NamedTuple):
    day: int
    x: int
    y: int


@dataclass(slots=True)
class Report:
    """What was compared, and what differs. `purged` patrols no longer have raw fixes to derive from."""

    patrols: int = 0
    purged: int = 0
    looks: int = 0
    differences: list[Difference] = field(default_factory=list)

    @property
    def is_proved(self) -> bool:
        """Everything stored follows from what it is derived from."""
        return not self.differences


def verify(session: Session, progress: Progress) -> Report:
    """Compare everything stored with what it is derived from, in one snapshot; changes nothing.

    The session must be new: the snapshot is taken here. `progress(what, done, total)` is called now and then.
    """
    session.connection(execution_options={"isolation_level": "REPEATABLE READ", "postgresql_readonly": True})
    report = Report()
    total = queries.count(session)
    for number, (facts, payload) in enumerate(queries.with_fixes(session), 1):
        report.differences += _of_patrol(session, facts, payload, report)
        if number % _EVERY == 0 or number == total:
            progress("定位点到视域", number, total)
    report.differences += coverage.verify(session, progress)
    return report


def _of_patrol(session: Session, facts: Facts, payload: bytes | None, report: Report) -> Iterator[Difference]:
    report.patrols += 1
    stored = {
        _Place(look.day, look.x, look.y): (look.cells, look.withdrawn)
        for look in coverage.looks_of(session, facts.id)
        if look.kind == _TRACKED
    }
    report.looks += len(stored)
    where = f"patrol {facts.id}"
    yield from _withdrawn(facts, stored, where)
    if payload is None:
        report.purged += 1
        return
    try:
        fixes = decode(payload)
        expected = _derived(facts, fixes)
    except (PayloadError, GeoError) as error:
        yield Difference("raw fixes", where, str(error))
        return
    if digest(facts.officer_code, facts.mode, facts.datum, fixes) != facts.content_digest:
        yield Difference("raw fixes", where, "they are not what the patrol's digest was made of")
    yield from _compare(expected, {place: cells for place, (cells, _) in stored.items()}, where)


def _withdrawn(facts: Facts, stored: dict[_Place, tuple[Cells, bool]], where: str) -> Iterator[Difference]:
    is_voided = facts.state == "voided"
    for place, (_, is_withdrawn) in stored.items():
        if is_withdrawn != is_voided:
            text = "counts though the patrol is voided" if is_voided else "does not count though the patrol does"
            yield Difference("look", f"{where}, {_name(place)}", text)


def _derived(facts: Facts, fixes: RawFixes) -> dict[_Place, Cells]:
    judged = judge(fixes, Datum(facts.datum), Mode(facts.mode), facts.utc_offset_s)
    return {_Place(look.day, look.key.x, look.key.y): look.cells for look in judged.looks}


def _compare(expected: dict[_Place, Cells], stored: dict[_Place, Cells], where: str) -> Iterator[Difference]:
    for place in sorted(expected.keys() | stored.keys()):
        if place not in stored:
            yield Difference("look", f"{where}, {_name(place)}", "missing, though the raw fixes show it")
        elif place not in expected:
            yield Difference("look", f"{where}, {_name(place)}", "not shown by the raw fixes")
        elif not np.array_equal(expected[place], stored[place]):
            cells = int((expected[place] ^ stored[place]).sum())
            yield Difference("look", f"{where}, {_name(place)}", f"{cells} cells differ from what the raw fixes show")


def _name(place: _Place) -> str:
    return f"day {place.day}, tile {place.x}/{place.y}"

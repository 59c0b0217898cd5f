"""Matching a list in the background: from the start, chunk by chunk, each with its progress in one transaction.

Killed midway it is done from the start again and comes to the same; rows that a person has decided on are left alone.
"""

import logging
import math
import uuid
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from app.baselines.addresses import Addresser
from app.baselines.candidates import Index, Known, Side
from app.baselines.comparing import Verdict, compare
from app.baselines.names import Namer
from app.baselines.queries import matching as queries
from app.baselines.queries.matching import Written, WrittenCandidate
from app.db import transaction
from app.settings import Settings
from app.sites import service as sites
from app.sites.schemas import MatchName

log = logging.getLogger("wuyilou")

TASK = "match_baseline"
CHUNK = 4000
# A firm's name begins with its registering region; those of towns are often its own.
REGISTERING = ("province", "city", "county")


class EndedError(Exception):
    """The server ends: given up, to be begun again."""


def run(engine: Engine, _settings: Settings, subject: str, is_ending: Callable[[], bool]) -> None:
    """Match the list of an id; the task of `app.jobs`. A failure is written down and raised."""
    baseline_id = UUID(subject)
    try:
        _match(engine, baseline_id, is_ending)
    except EndedError:
        raise
    except Exception:
        incident = uuid.uuid4().hex[:12]
        log.exception("matching of list %s failed, incident %s", baseline_id, incident)
        with transaction(engine) as session:
            queries.fail(session, baseline_id, f"系统出错，编号 {incident}，稍后自动重试；仍不成功时请告知管理员。")
        raise


def _match(engine: Engine, baseline_id: UUID, is_ending: Callable[[], bool]) -> None:
    with transaction(engine) as session:
        start = queries.start(session, baseline_id)
    if start is None:
        return
    with transaction(engine) as session:
        matcher = Matcher(session, start.unit_path)
        rows = queries.rows(session, baseline_id)
    for chunk in _chunks(rows):
        if is_ending():
            raise EndedError
        outcomes, candidates = matcher.match(chunk)
        with transaction(engine) as session:
            if not queries.progress(session, baseline_id, len(chunk)):
                return
            queries.write(session, outcomes, candidates)
    with transaction(engine) as session:
        queries.finish(session, baseline_id)


def _chunks(rows: Sequence[Row[Any]]) -> Iterator[Sequence[Row[Any]]]:
    for at in range(0, len(rows), CHUNK):
        yield rows[at : at + CHUNK]


class Matcher:
    """The names on the ground in a unit, ready to be compared with."""

    def __init__(self, session: Session, unit_path: str) -> None:
        names = queries.unit_names(session, unit_path)
        self._namer = Namer(name for level, name in names if level in REGISTERING)
        self._addresser = Addresser(name for _, name in names)
        self._targets: list[MatchName] = list(sites.match_names(session, [unit_path]))
        known = [_known(each, each.uscc, is_part=each.tenancy_id is not None) for each in self._targets]
        self._index = Index(Side(known, self._namer, self._addresser))
        self._sites = [each.site_id for each in self._targets]

    def match(self, rows: Sequence[Row[Any]]) -> tuple[list[Written], list[WrittenCandidate]]:
        """What becomes of rows."""
        side = Side([_known(row, row.code) for row in rows], self._namer, self._addresser)
        outcomes: list[Written] = []
        candidates: list[WrittenCandidate] = []
        for row, verdict in zip(rows, compare(side, self._index, self._sites), strict=True):
            outcomes.append(self._outcome(row.id, verdict))
            if verdict.state == "doubtful":
                candidates += self._candidates(row.id, verdict)
        return outcomes, candidates

    def _outcome(self, row_id: int, verdict: Verdict) -> Written:
        target = self._targets[verdict.candidates[0].target] if verdict.state == "matched" else None
        site_id, tenancy_id = (target.site_id, target.tenancy_id) if target else (None, None)
        return Written(row_id, verdict.state, site_id, tenancy_id, verdict.score, verdict.reasons)

    def _candidates(self, row_id: int, verdict: Verdict) -> Iterator[WrittenCandidate]:
        for rank, candidate in enumerate(verdict.candidates, start=1):
            target = self._targets[candidate.target]
            yield WrittenCandidate(row_id, rank, target.site_id, target.tenancy_id, candidate.score, candidate.reasons)


def _known(row: Any, code: str | None, *, is_part: bool = False) -> Known:
    lon = math.nan if row.lon is None else row.lon
    lat = math.nan if row.lat is None else row.lat
    return Known(row.name, code, row.address, lon, lat, is_part)

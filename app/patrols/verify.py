"""Prove that the coverage follows from the evidence: raw fixes -> looks -> day tiles -> histograms.

The first step needs raw fixes, the rest is coverage's own. All of it reads one snapshot.
"""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.coverage.schemas import Difference
from app.patrols import queries
from app.patrols.fixes import PayloadError, RawFixes, decode, digest
from app.patrols.judging import Judgement, judge
from app.patrols.queries import Facts
from geo.datum import Datum
from geo.errors import GeoError
from geo.tracks import Mode

Progress = Callable[[str, int, int], None]
_EVERY = 100


@dataclass(slots=True)
class Report:
    """What was compared, and what differs. `purged` patrols no longer have raw fixes to derive from."""

    patrols: int = 0
    purged: int = 0
    differences: list[Difference] = field(default_factory=list)


def verify(session: Session, today: date, progress: Progress | None = None) -> Report:
    """Compare everything stored with what it is derived from, in one snapshot; changes nothing.

    The session must be new: the snapshot is taken here. `progress(what, done, total)` is called now and then.
    """
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    say = progress or (lambda _what, _done, _total: None)
    report = Report()
    total = queries.count(session)
    for facts, payload in queries.with_fixes(session):
        report.patrols += 1
        report.purged += payload is None
        report.differences += () if payload is None else _of_patrol(session, facts, payload)
        if report.patrols % _EVERY == 0 or report.patrols == total:
            say("定位点", report.patrols, total)
    report.differences += (
        Difference("look", f"巡查 {patrol_id}", "已作废，但视域仍计入" if is_voided else "未作废，但视域未计入")
        for patrol_id, is_voided in queries.misplaced_looks(session)
    )
    report.differences += (
        Difference("passing", f"巡查 {patrol_id}", "已作废，但经过处仍计入" if is_voided else "未作废，但经过处未计入")
        for patrol_id, is_voided in queries.misplaced_passings(session)
    )
    report.differences += coverage.verify(session, today, say)
    return report


def rebuild_passings(session: Session, progress: Progress | None = None) -> None:
    """Derive anew what patrols passed without looking, from raw fixes; where these are gone, what is stored stays.

    Raw fixes that cannot be read are for `verify` to name: what they left stays too.
    """
    say = progress or (lambda _what, _done, _total: None)
    total = queries.count(session)
    for done, (facts, payload) in enumerate(queries.with_fixes(session), start=1):
        if payload is not None:
            with contextlib.suppress(PayloadError, GeoError, ValueError):
                judged = _judged(facts, decode(payload))
                is_voided = facts.state == "voided"
                coverage.replace_passings(session, facts.id, judged.passings, withdrawn=is_voided)
        if done % _EVERY == 0 or done == total:
            say("经过未查看", done, total)


def _judged(facts: Facts, fixes: RawFixes) -> Judgement:
    return judge(fixes, Datum(facts.datum), Mode(facts.mode), facts.utc_offset_s)


def _of_patrol(session: Session, facts: Facts, payload: bytes) -> Iterator[Difference]:
    where = f"巡查 {facts.id}"
    try:
        fixes = decode(payload)
        judged = _judged(facts, fixes)
    except (PayloadError, GeoError, ValueError) as error:
        yield Difference("fixes", where, f"原始定位点不能读取：{error}")
        return
    if digest(facts.officer_code, facts.mode, facts.datum, fixes) != facts.content_digest:
        yield Difference("fixes", where, "网格员、方式、坐标系或原始定位点与收到时的摘要不符")
    yield from coverage.differing_looks(session, "巡查", facts.id, judged.looks)
    yield from coverage.differing_passings(session, "巡查", facts.id, judged.passings)

"""Prove that what is stored of visits follows from them as they came; how far a site was is as it was known then."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.evidence import service as evidence
from app.visits import queries
from app.visits.accepting import seen_by
from app.visits.schemas import VisitIn

Progress = Callable[[str, int, int], None]
_EVERY = 200


class Difference(NamedTuple):
    """Something stored that does not follow."""

    what: str
    where: str
    found: str


@dataclass(slots=True)
class Report:
    """What was compared, and what differs."""

    visits: int = 0
    differences: list[Difference] = field(default_factory=list)


def verify(session: Session, progress: Progress | None = None) -> Report:
    """Compare every visit with what was sent; changes nothing. The session must read one snapshot.

    `progress(what, done, total)` is called now and then.
    """
    say = progress or (lambda _what, _done, _total: None)
    report = Report()
    total = queries.count(session)
    for row in queries.every(session):
        report.visits += 1
        report.differences += (Difference("visit", f"检查 {row.id}", found) for found in _of_visit(row))
        if report.visits % _EVERY == 0 or report.visits == total:
            say("检查", report.visits, total)
    return report


def _of_visit(row: Row[Any]) -> Iterator[str]:
    if evidence.content(row.sent)[1] != bytes(row.content_digest):
        yield "内容与收到时的摘要不符"
    try:
        visit = VisitIn.model_validate(row.sent)
        follows = _stored_of(visit)
    except (ValidationError, InvalidInputError) as error:
        yield f"原始内容不能读取：{error}"
        return
    stored = row._asdict()
    for name, value in follows.items():
        if stored[name] != value:
            yield f"{name} 与原始内容不同"
    if row.distance_m is not None and row.answer["distance_m"] != round(row.distance_m, 1):
        yield "距离与答复的不同"
    if (row.evidence_kind, row.evidence_officer, row.evidence_at) != ("visit", visit.officer_code, visit.visited_at):
        yield "记录的共同部分与原始内容不同"
    if (row.state == "voided") != (row.review == "voided"):
        yield "作废与核查的结论不一致"


def _stored_of(visit: VisitIn) -> dict[str, Any]:
    lon, lat = (None, None) if visit.position is None else evidence.position_of(visit.position, visit.datum)
    return {
        "site_id": visit.site_id,
        "officer_code": visit.officer_code,
        "visited_at": visit.visited_at,
        "result": visit.result,
        "not_entered_why": visit.not_entered_why,
        "checklist": {code: item.model_dump() for code, item in visit.checklist.items()},
        "note": visit.note,
        "lon": lon,
        "lat": lat,
        "position_accuracy_m": None if visit.position is None else visit.position.accuracy_m,
        "position_at": None if visit.position is None else visit.position.time,
        "datum": visit.datum,
        "seen": seen_by(visit),
    }

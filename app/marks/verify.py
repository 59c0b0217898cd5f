"""Prove that what is declared follows from the marks as they came: drawn area -> area on WGS-84 -> cells -> looks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import shapely
from pydantic import ValidationError
from sqlalchemy.orm import Session

from app.coverage import service as coverage
from app.coverage.schemas import Difference
from app.errors import InvalidInputError
from app.evidence import service as evidence
from app.marks import queries
from app.marks.accepting import declared_looks
from app.marks.ground import ground_of
from app.marks.queries import Kept
from app.marks.schemas import MarkIn

Progress = Callable[[str, int, int], None]
_EVERY = 100


@dataclass(slots=True)
class Report:
    """What was compared, and what differs."""

    marks: int = 0
    differences: list[Difference] = field(default_factory=list)


def verify(session: Session, progress: Progress | None = None) -> Report:
    """Compare the looks of every mark with the mark; changes nothing. The session must read one snapshot.

    `progress(what, done, total)` is called now and then.
    """
    say = progress or (lambda _what, _done, _total: None)
    report = Report()
    total = queries.count(session)
    for mark in queries.every(session):
        report.marks += 1
        report.differences += _of_mark(session, mark)
        if report.marks % _EVERY == 0 or report.marks == total:
            say("标记", report.marks, total)
    report.differences += (
        Difference("look", f"标记 {mark_id}", "已作废，但视域仍计入" if is_voided else "未作废，但视域未计入")
        for mark_id, is_voided in queries.misplaced_looks(session)
    )
    report.differences += (
        Difference("look", f"记录 {evidence_id}", "有视域，但既不是巡查也不是标记")
        for evidence_id in queries.looks_of_nothing(session)
    )
    return report


def _of_mark(session: Session, kept: Kept) -> Iterator[Difference]:
    where = f"标记 {kept.id}"
    if evidence.content(kept.sent)[1] != kept.content_digest:
        yield Difference("mark", where, "内容与收到时的摘要不符")
    try:
        drawn = ground_of(MarkIn.model_validate(kept.sent))
    except (ValidationError, InvalidInputError) as error:
        yield Difference("mark", where, f"原始内容不能读取：{error}")
        return
    if shapely.from_wkb(kept.geom) != drawn.area:
        yield Difference("mark", where, "范围与所画的不同")
    looks = declared_looks(kept.day, drawn.cells) if kept.kind == "declared" else []
    yield from coverage.differing_looks(session, "标记", kept.id, looks, kind="declared")

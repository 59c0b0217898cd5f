"""Whether what a record has stored beside its looks follows from it: what it passed without looking."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.coverage.queries import passing as sql
from app.coverage.schemas import Difference
from geo.daytiles import day_date, decode_cells
from geo.passing import Passing


def differing_passings(
    session: Session, what: str, evidence_id: UUID, passings: Sequence[Passing]
) -> Iterator[Difference]:
    """Where a record's stored passings are not those that follow from it; `what` names the record to people."""
    derived = {(each.reason.value, each.day, *each.key): each.cells for each in passings}
    stored = {
        (row.reason, row.day, row.x, row.y): decode_cells(row.cells) for row in sql.of_patrol(session, evidence_id)
    }
    for each in sorted(derived.keys() | stored.keys()):
        reason, day, x, y = each
        where = f"{what} {evidence_id} {day_date(day)} 瓦片 {x}/{y} 经过未查看 {reason}"
        if each not in stored:
            yield Difference("passing", where, "缺少，可用 wuyilou coverage rebuild 补算")
        elif each not in derived:
            yield Difference("passing", where, "多出")
        elif cells := int((derived[each] ^ stored[each]).sum()):
            yield Difference("passing", where, f"与由{what}推出的相差 {cells} 个单元")

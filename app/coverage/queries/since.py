"""SQL of looks since a day, each with whose record it is of."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.coverage.queries.looks import LookRow
from geo.frame import TileKey

_BATCH_ROWS = 512
# OFFSET 0 keeps the planner to one index probe a tile.
_SINCE = text(
    """
SELECT t.evidence_id, t.kind, t.day, t.x, t.y, t.cells
FROM unnest(CAST(:xs AS int[]), CAST(:ys AS int[])) AS n(x, y)
CROSS JOIN LATERAL (
    SELECT l.evidence_id, l.kind, l.day, l.x, l.y, l.cells FROM look l
    WHERE l.x = n.x AND l.y = n.y AND NOT l.withdrawn AND l.day >= :first_day OFFSET 0
) AS t
WHERE CAST(:received_before AS timestamptz) IS NULL
   OR EXISTS (SELECT FROM evidence e WHERE e.id = t.evidence_id AND e.received_at < :received_before)
ORDER BY t.day, t.evidence_id, t.x, t.y
"""
)


class OwnLook(NamedTuple):
    """A look that counts, with its record; cells still encoded."""

    evidence_id: UUID
    look: LookRow


def looks_since(
    session: Session, tiles: Iterable[TileKey], first_day: int, received_before: datetime | None = None
) -> Iterator[OwnLook]:
    """Looks that count in some tiles on or after a day, ascending by day and record; None: whenever they came."""
    ordered = sorted(set(tiles))
    values: dict[str, Any] = {"xs": [t.x for t in ordered], "ys": [t.y for t in ordered], "first_day": first_day}
    values["received_before"] = received_before
    with session.execute(_SINCE, values, execution_options={"yield_per": _BATCH_ROWS}) as result:
        for r in result:
            yield OwnLook(r.evidence_id, LookRow(r.kind, r.day, r.x, r.y, r.cells))

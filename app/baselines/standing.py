"""How single rows of lists stand today, as others who wait for it ask."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from app.baselines import figures
from app.baselines.queries import standing as queries
from app.baselines.schemas import RowStand
from app.scope import EVERYTHING
from app.settings import Settings


def row_stands(session: Session, settings: Settings, ids: Iterable[int]) -> dict[int, RowStand]:
    """Those of the rows that exist, also of lists that were withdrawn."""
    wanted = list(ids)
    if not wanted:
        return {}
    lists = queries.lists_of(session, wanted)
    known = figures.checked(session, settings, EVERYTHING, lists, settings.today())
    return {row.id: RowStand(**row._asdict()) for row in queries.rows(session, wanted, known)}

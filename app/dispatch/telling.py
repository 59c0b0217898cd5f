"""What a group chat is told each morning of the orders of a unit: counts, nothing about persons."""

from datetime import timedelta

from sqlalchemy.orm import Session

from app.dispatch.queries import listing as queries
from app.settings import Settings


def digest_lines(session: Session, settings: Settings, path: str) -> list[str]:
    """Orders made since yesterday, open and overdue at or below a unit (ltree path); nothing where there are none."""
    today = settings.today()
    row = queries.news(session, path, today, today - timedelta(days=1), settings.time_zone)
    if not row.open and not row.new:
        return []
    overdue = f"**{row.overdue}** 张已超期" if row.overdue else "没有超期"
    return [f"派单：昨日以来新派 {row.new} 张，在办 {row.open} 张，{overdue}"]

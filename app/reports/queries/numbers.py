"""SQL of the numbers that cases go by."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

_PARTIES = text("SELECT number, party_name FROM case_file WHERE number = ANY(CAST(:numbers AS text[]))")


def parties(session: Session, numbers: Sequence[str]) -> dict[str, str]:
    """Who stands under those of the numbers that are taken."""
    return {row.number: row.party_name for row in session.execute(_PARTIES, {"numbers": list(numbers)})}

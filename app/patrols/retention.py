"""Raw fixes are personal: after a time they go, and the cleaned track with them. Looks and day tiles stay."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.patrols import queries


def purge(session: Session, ended_before: datetime) -> int:
    """Delete raw fixes and tracks of patrols that ended before an instant; of how many patrols."""
    return queries.forget_fixes(session, ended_before)

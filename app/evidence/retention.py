"""What of evidence goes when raw positions go."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.evidence.queries import sketches


def forget_positions(session: Session, ended_before: datetime) -> None:
    """Delete what was made of the raw positions of records that ended before an instant."""
    sketches.forget(session, ended_before)

"""Photos: taken in as they are, given to whoever may see them, and judged when a record names them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.evidence.schemas import Photo, Position


def attach_photos(
    session: Session,
    evidence_id: UUID,
    officer_code: str,
    photo_ids: Sequence[UUID],
    made_at: datetime,
    position: Position | None,
) -> None:
    """Tie photos to a record, in order, and add what is odd about them to its findings.

    `made_at` and `position` say when and where the record was made. Raises InvalidInputError for a photo that has not
    arrived or is another officer's.
    """
    raise NotImplementedError


def photos_of(session: Session, evidence_id: UUID) -> list[Photo]:
    """The photos of a record, in order; none gives an empty list."""
    raise NotImplementedError

"""The risk that remains, which supervision estimates: asked at the edge, since supervision asks the determination."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.actor import Actor
from app.settings import Settings
from app.supervision import service as supervision


def residual_risk(
    session: Session, settings: Settings, actor: Actor, unit_code: str, on: date | None
) -> dict[str, Any]:
    """What remains in a unit on a local day, today by default, as JSON. Raises NotFoundError or ForbiddenError."""
    return supervision.risk_of(session, settings, actor, unit_code, on).model_dump(mode="json")

"""Whether the service can answer at all, its database included; pages that lost it ask here until it is back."""

from fastapi import APIRouter
from sqlalchemy import text

from app.db import SessionDep
from app.security import Public

router = APIRouter(tags=["health"])


@router.get("/healthz", dependencies=[Public])
def healthz(session: SessionDep) -> dict[str, str]:
    """{"status": "ok"}, or 503 when the database does not answer."""
    session.execute(text("SELECT 1"))
    return {"status": "ok"}

"""What of a request the audit is told, before it is committed."""

from fastapi import Request
from sqlalchemy.orm import Session

from app.accounts import audit
from app.actor import Actor
from app.rights import Right
from app.security import READING


def before_commit(session: Session, request: Request) -> None:
    """Write down what the request did; routes open to all tell for themselves."""
    actor: Actor | None = getattr(request.state, "actor", None)
    right: Right | None = getattr(request.state, "right", None)
    if actor is None or right is None:
        return
    route = f"{request.method} {request.scope['route'].path}"
    audit.record(session, actor, audit.Deed(right, route, request.method not in READING, request.path_params))

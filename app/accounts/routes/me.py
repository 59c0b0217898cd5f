"""HTTP of what is kept about oneself."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from app.accounts import own
from app.configured import SettingsDep
from app.db import SessionDep
from app.security import SignedIn

router = APIRouter(prefix="/api/me", tags=["accounts"])


@router.get("/data")
def my_data(
    actor: SignedIn,
    session: SessionDep,
    settings: SettingsDep,
    response: Response,
    download: Annotated[bool, Query(description="As a file to keep.")] = False,
) -> dict[str, Any]:
    """Everything that is kept about oneself."""
    if download:
        response.headers["Content-Disposition"] = f'attachment; filename="wuyilou-my-data-{settings.today()}.json"'
    return own.kept(session, settings, actor)

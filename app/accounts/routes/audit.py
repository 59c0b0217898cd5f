"""HTTP of the audit."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from app.accounts import reading_audit
from app.accounts.reading_audit import Filter
from app.accounts.schemas.audit import AuditPage
from app.configured import SettingsDep
from app.db import SessionDep
from app.security import AuditReader

router = APIRouter(prefix="/api", tags=["accounts"])
# Excel on Chinese Windows reads UTF-8 only when told so.
_MARK = "\ufeff"


def _filter(
    since: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
    actor: Annotated[str, Query(max_length=64)] = "",
    what: Annotated[str, Query(max_length=64)] = "",
    officer: Annotated[str, Query(max_length=64)] = "",
) -> Filter:
    last = None if until == date.max else until
    return Filter(since, last, actor, what, officer)


FilterDep = Annotated[Filter, Depends(_filter)]


@router.get("/audit")
def read_audit(
    actor: AuditReader,
    session: SessionDep,
    settings: SettingsDep,
    wanted: FilterDep,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> AuditPage:
    """Who did what, newest first."""
    return reading_audit.page(session, settings, actor, wanted, limit, skip)


@router.get("/audit.csv")
def export_audit(actor: AuditReader, session: SessionDep, settings: SettingsDep, wanted: FilterDep) -> Response:
    """The same as a table for a spreadsheet, oldest first."""
    text = _MARK + reading_audit.table(session, settings, actor, wanted)
    headers = {"Content-Disposition": f'attachment; filename="wuyilou-audit-{settings.today()}.csv"'}
    return Response(text.encode(errors="replace"), media_type="text/csv; charset=utf-8", headers=headers)

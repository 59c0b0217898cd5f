"""The rights matrix of reports handed upward. Both are prepared and not checked: what is let in is told so (409)."""

from typing import Any

from sqlalchemy import Engine, text

from app.db import transaction
from app.reports.cases import Area
from app.reports.submissions.preparing import prepare
from app.reports.submissions.rhythm import newest
from app.settings import Settings
from tests.app.accounts.asks import Ask, Line, Names
from tests.support import seeding

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21
_ALL = "/api/reports/submissions"


def _why(_names: Names) -> Any:
    return {"why": "核实"}


def _check(_names: Names) -> Any:
    return {"digest": "0" * 64}


def _sign(_names: Names) -> Any:
    return {"digest": "0" * 64, "password": "no matter"}


def _act(right: str, act: str, body: Any = None) -> Line:
    path = f"{_ALL}/{{submission_%s}}/{act}"
    return Line(right, Ask(path % "in", body), Ask(path % "out", body))


SUBMISSIONS: dict[str, Line] = {
    f"GET {_ALL}/desk": Line("reports.read", Ask(f"{_ALL}/desk?unit={IN}"), Ask(f"{_ALL}/desk?unit={OUT}")),
    f"GET {_ALL}": Line(
        "reports.read", Ask(_ALL), Ask(f"{_ALL}?unit={OUT}"), shows=("submission_in",), hides=("submission_out",)
    ),
    f"GET {_ALL}/{{submission_id}}.xlsx": Line(
        "reports.read", Ask(f"{_ALL}/{{submission_in}}.xlsx"), Ask(f"{_ALL}/{{submission_out}}.xlsx")
    ),
    f"GET {_ALL}/{{submission_id}}": Line(
        "reports.read", Ask(f"{_ALL}/{{submission_in}}"), Ask(f"{_ALL}/{{submission_out}}")
    ),
    f"POST {_ALL}/{{submission_id}}/refresh": _act("reports.manage", "refresh"),
    f"POST {_ALL}/{{submission_id}}/check": _act("reports.manage", "check", _check),
    f"POST {_ALL}/{{submission_id}}/sign": _act("determination.sign", "sign", _sign),
    f"POST {_ALL}/{{submission_id}}/submit": _act("reports.manage", "submit"),
    f"POST {_ALL}/{{submission_id}}/send-back": _act("reports.manage", "send-back", _why),
    f"POST {_ALL}/{{submission_id}}/correction": _act("reports.manage", "correction", _why),
}


def put_submissions(engine: Engine, settings: Settings) -> dict[str, str]:
    """The week's reports of both villages; their ids by name."""
    found = {}
    for name, code in (("submission_in", IN), ("submission_out", OUT)):
        with transaction(engine) as session:
            row = session.execute(
                text("SELECT code, name, level, path::text AS path FROM unit WHERE code = :code"), {"code": code}
            ).one()
            prepare(session, settings, newest(settings, "F2"), Area(row.code, row.name, row.level, row.path))
            ids = session.execute(text("SELECT id FROM submission WHERE unit_code = :code"), {"code": code})
            found[name] = str(ids.scalar_one())
    return found

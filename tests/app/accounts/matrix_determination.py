"""The lines of the rights matrix about the determination, policies and exceptions."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.app.accounts.asks import Ask, Body, Line
from tests.support import seeding

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21
_ROOT = "/api/determination"
WORDS = {"words": "核实"}


def _of(path: str) -> tuple[Ask, Ask]:
    """The same about the unit inside and the one outside."""
    mark = "&" if "?" in path else "?"
    return Ask(f"{_ROOT}{path}{mark}unit={IN}"), Ask(f"{_ROOT}{path}{mark}unit={OUT}")


def _policy(unit: str) -> Body:
    # Of a kind that is not there: inside, nobody of the unit itself may set it; what others may is tested elsewhere.
    day = datetime.now(UTC).date() + timedelta(days=1)
    body = {"unit": unit, "valid_from": day.isoformat(), "thresholds": {"nothing": {"count": 1}}, "words": "试行"}
    return lambda _names: body


def _exception(unit: str) -> Body:
    def body(_names: Any) -> dict[str, Any]:
        until = datetime.now(UTC).date() + timedelta(days=5)
        stated = {"kind": "site_overdue", "subject": "site:none", "until": until.isoformat(), "reason": "停产"}
        return {"id": str(uuid4()), "unit": unit, **stated}

    return body


def _about(path: str, json: dict[str, Any]) -> tuple[Ask, Ask]:
    """Of an exception inside that was decided already, and of one outside that waits."""
    return (
        Ask(f"{_ROOT}/exceptions/{{exception_in}}/{path}", lambda _names: json),
        Ask(f"{_ROOT}/exceptions/{{exception_out}}/{path}", lambda _names: json),
    )


DETERMINATION: dict[str, Line] = {
    f"GET {_ROOT}": Line("determination.read", *_of("")),
    f"GET {_ROOT}/omissions": Line("determination.read", *_of("/omissions?kind=site_never_visited")),
    f"GET {_ROOT}/places": Line("determination.read", *_of("/places?kind=site_never_visited")),
    f"GET {_ROOT}/policies": Line("determination.read", *_of("/policies")),
    f"POST {_ROOT}/policies": Line(
        "policy.set", Ask(f"{_ROOT}/policies", _policy(IN)), Ask(f"{_ROOT}/policies", _policy(OUT))
    ),
    f"GET {_ROOT}/exceptions": Line("determination.read", *_of("/exceptions")),
    f"POST {_ROOT}/exceptions": Line(
        "exceptions.request", Ask(f"{_ROOT}/exceptions", _exception(IN)), Ask(f"{_ROOT}/exceptions", _exception(OUT))
    ),
    f"POST {_ROOT}/exceptions/{{exception_id}}/decision": Line(
        "exceptions.decide", *_about("decision", {"approve": True, **WORDS})
    ),
    f"POST {_ROOT}/exceptions/{{exception_id}}/end": Line("exceptions.decide", *_about("end", WORDS)),
}

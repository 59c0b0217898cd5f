"""The lines of the rights matrix about signatures, delegations and certificates.

Who of those with the right may sign is for the unit's head: inside, what is asked for is wrong in itself, and told so.
"""

from datetime import UTC, datetime, timedelta

from tests.app.accounts.asks import Ask, Body, Line
from tests.support import seeding
from tests.support.people import PASSWORD

IN, OUT = seeding.VILLAGE_11, seeding.VILLAGE_21
_ROOT = "/api/determination"
_TESTS = "tests.app.determination.signing"
_ONE = f"{_ROOT}/attestations/{{nothing}}"


def _of(path: str) -> tuple[Ask, Ask]:
    """The same about the unit inside and the one outside."""
    return Ask(f"{_ROOT}{path}?unit={IN}"), Ask(f"{_ROOT}{path}?unit={OUT}")


def _days(unit: str, **more: str) -> Body:
    """Signed before they have come, delegated after they have passed."""
    days = 400 if more == {} else -400
    day = (datetime.now(UTC).date() + timedelta(days=days)).isoformat()
    body = {"unit": unit, "first_day": day, "last_day": day, "password": PASSWORD, **more}
    return lambda _names: body


def _delegation(unit: str) -> Body:
    return _days(unit, to="nobody", reason="外出")


SIGNING: dict[str, Line] = {
    f"GET {_ROOT}/signing": Line("determination.read", *_of("/signing")),
    f"GET {_ROOT}/attestations": Line("determination.read", *_of("/attestations")),
    f"POST {_ROOT}/attestations": Line(
        "determination.sign", Ask(f"{_ROOT}/attestations", _days(IN)), Ask(f"{_ROOT}/attestations", _days(OUT))
    ),
    f"GET {_ROOT}/attestations/{{attestation_id}}": Line("determination.read", Ask(_ONE), elsewhere=_TESTS),
    f"POST {_ROOT}/attestations/{{attestation_id}}/send-back": Line(
        "determination.sign",
        Ask(f"{_ONE}/send-back", lambda _names: {"password": PASSWORD, "words": "重签"}),
        elsewhere=_TESTS,
    ),
    f"GET {_ROOT}/delegations": Line("determination.read", *_of("/delegations")),
    f"POST {_ROOT}/delegations": Line(
        "determination.sign",
        Ask(f"{_ROOT}/delegations", _delegation(IN)),
        Ask(f"{_ROOT}/delegations", _delegation(OUT)),
    ),
    f"POST {_ROOT}/delegations/{{delegation_id}}/end": Line(
        "determination.sign",
        Ask(f"{_ROOT}/delegations/{{nothing}}/end", lambda _names: {"words": "已回"}),
        elsewhere=_TESTS,
    ),
    "GET /api/certificates/{attestation_id}": Line(
        None, Ask("/api/certificates/{nothing}"), elsewhere="whoever holds the paper may ask whether it stands"
    ),
    "GET /api/certificates/{attestation_id}.pdf": Line(
        "determination.read", Ask("/api/certificates/{nothing}.pdf"), elsewhere=_TESTS
    ),
    "GET /api/certificates/{attestation_id}.json": Line(
        "determination.read", Ask("/api/certificates/{nothing}.json"), elsewhere=_TESTS
    ),
    "POST /api/certificates/check": Line(
        "own",
        Ask("/api/certificates/check", files=lambda _names: ({}, ("c.json", b"{}", "application/json"))),
        elsewhere="the file says all there is to know",
    ),
}

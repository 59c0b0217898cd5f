"""The audit: what was written, who looked at whose tracks, who came in. Entries are never changed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.queries import audit as queries
from app.actor import Actor
from app.rights import PERSONAL, Right

_ONCE_S = 600
# Told every 20 s by each phone that is out, and no evidence: the entries would bury all others.
_OFTEN = frozenset({"POST /api/field/progress"})
# Who reported is looked at by few, one at a time, and each time is told.
_EACH_LOOK = frozenset({Right.READ_REPORTERS})
# A map's tiles are one look at the map.
_TILE_PARAMETERS = frozenset({"x", "y", "z"})
_OFFICERS = "officer_codes"
# A use case says that what it showed is a look: a list with names and telephones, taken away in a file.
_LOOK = "is_look"
# A use case puts the name of what was taken away here: each time is told.
_DOWNLOAD = "download"


@dataclass(frozen=True, slots=True)
class Deed:
    """A request that succeeded: `route` with the names of its parameters ("GET /api/patrols/{patrol_id}")."""

    right: Right
    route: str
    is_write: bool
    parameters: Mapping[str, Any] = field(default_factory=dict)


def record(session: Session, actor: Actor, deed: Deed) -> None:
    """Write down a deed if it is of a kind that is written down: every write, and every look at others' tracks."""
    shown = set(actor.facts.get(_OFFICERS, ())) - {actor.officer_code}
    is_look = bool(shown) and deed.right is Right.OWN  # a photo is its officer's own, but others look at it too
    right = Right.READ_TRACKS if is_look else deed.right
    values = _values(actor, right.value, deed.route, _subject(deed.parameters))
    if (deed.is_write and deed.route not in _OFTEN) or right in _EACH_LOOK or _DOWNLOAD in actor.facts:
        queries.add(session, values)
    elif deed.is_write or shown or deed.right in PERSONAL or actor.facts.get(_LOOK):
        queries.add_once(session, values, _ONCE_S)


def note(session: Session, actor: Actor, what: str, route: str, subject: str = "", **facts: Any) -> None:
    """Write down something that is no request of the interface."""
    values = _values(actor, what, route, subject)
    queries.add(session, {**values, "facts": _json({**actor.facts, **facts})})


def note_stranger(
    session: Session, address: str, what: str, route: str, name: str, account_id: int | None, **facts: Any
) -> None:
    """Write down what somebody did who is not signed in, such as a failed sign-in; `name` is what they typed."""
    values: dict[str, Any] = {
        "account_id": account_id,
        "actor": name[:100],
        "role": "",
        "via": "none",
        "address": address,
        "what": what,
        "route": route,
        "subject": "",
        _OFFICERS: [],
        "facts": _json(facts),
    }
    if what == "sign_in_refused":
        queries.add_refused(session, values, _ONCE_S)
    else:
        queries.add(session, values)


def _values(actor: Actor, what: str, route: str, subject: str) -> dict[str, Any]:
    facts = {name: value for name, value in actor.facts.items() if name not in (_OFFICERS, _LOOK)}
    return {
        "account_id": actor.account_id,
        "actor": actor.name if actor.username is None else f"{actor.name}（{actor.username}）",
        "role": "operator" if actor.role is None else actor.role.value,
        "via": actor.via,
        "address": actor.address,
        "what": what,
        "route": route,
        "subject": subject,
        _OFFICERS: sorted(set(actor.facts.get(_OFFICERS, ()))),
        "facts": _json(facts),
    }


def _subject(parameters: Mapping[str, Any]) -> str:
    return "/".join(str(value) for name, value in parameters.items() if name not in _TILE_PARAMETERS)


def _json(facts: Mapping[str, Any]) -> str:
    # PostgreSQL's jsonb holds no zero character.
    return json.dumps(facts, ensure_ascii=False, default=str).replace("\\u0000", "")

"""How much of each kind may be left: set from above, version by version, each on the chain."""

import hashlib
import json
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.determination.above import check_above
from app.determination.chain.appending import append
from app.determination.kinds import KINDS, NEVER_LET_STAND
from app.determination.queries import policies as queries
from app.determination.schemas import PolicyHeld, Threshold, UnitName
from app.errors import InvalidInputError
from app.settings import Settings
from app.territory import service as territory

STRICT = PolicyHeld(
    id=None,
    version=0,
    unit=None,
    valid_from=None,
    thresholds={},
    words="未另行规定：各类遗漏均须为零，或有经批准的例外。",
    set_by=None,
    set_at=None,
)
ZERO = Threshold(count=0, area_m2=None)
_MOST_VERSIONS = 100


def held(session: Session, path: str, on: date) -> PolicyHeld:
    """The policy that holds for a unit, by its path, on a local day: of the nearest unit at or above; else strict."""
    row = queries.held(session, path, on)
    return STRICT if row is None else _shown(row)


def limit_of(policy: PolicyHeld, kind: str) -> Threshold:
    """How much of a kind the policy lets stand; what it does not name is zero."""
    return policy.thresholds.get(kind, ZERO)


def versions(session: Session, actor: Actor, unit_code: str) -> list[PolicyHeld]:
    """A unit's own policies, newest first. Raises NotFoundError or ForbiddenError."""
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    return [_shown(row) for row in queries.versions(session, unit.code, _MOST_VERSIONS)]


def set_policy(
    session: Session,
    settings: Settings,
    actor: Actor,
    unit_code: str,
    valid_from: date,
    thresholds: dict[str, Threshold],
    words: str,
) -> PolicyHeld:
    """Set a unit's next version from a level above it.

    Raises NotFoundError, ForbiddenError (not above the unit) or InvalidInputError (a kind that does not exist or may
    never be left, an area for what has none, a day that is past: what was signed would have been judged otherwise).
    """
    unit = territory.unit_in_scope(session, actor.scope, unit_code)
    _check(thresholds)
    check_above(actor, unit)
    if valid_from < settings.today():
        raise InvalidInputError(
            f"生效日期 {valid_from} 已过。已签字的结论依当时的规定作出，新规定只能从今天或以后起生效。",
            valid_from=valid_from.isoformat(),
        )
    stated = {kind: limit.model_dump(exclude_none=True) for kind, limit in sorted(thresholds.items())}
    version = queries.next_version(session, unit.code)
    document = {
        "unit": unit.code,
        "version": version,
        "valid_from": valid_from.isoformat(),
        "thresholds": stated,
        "words": words,
    }
    entry = append(session, settings, actor, "policy", unit, document)
    values = {
        "unit_code": unit.code,
        "unit_path": unit.path,
        "version": version,
        "valid_from": valid_from,
        "thresholds": stated,
        "words": words,
        "content_digest": content_digest(document),
    }
    queries.add(session, entry.id, values)
    return _shown(queries.versions(session, unit.code, 1)[0])


def content_digest(document: dict[str, Any]) -> bytes:
    """What a row is checked by against its chain entry: SHA-256 of its content as JSON with sorted keys."""
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).digest()


def _check(thresholds: dict[str, Threshold]) -> None:
    for code, limit in thresholds.items():
        kind = KINDS.get(code)
        if kind is None:
            raise InvalidInputError(f"没有“{code[:50]}”这一类遗漏。请从列表中选择。", kind=code[:50])
        if code in NEVER_LET_STAND:
            raise InvalidInputError(f"“{kind.text}”表明证据本身不可靠，不能规定允许遗留。请查明原因。", kind=code)
        if limit.area_m2 is not None and not kind.has_area:
            raise InvalidInputError(f"“{kind.text}”不以面积计，只能规定件数。", kind=code)
        if limit.count is None and limit.area_m2 is None:
            raise InvalidInputError(f"“{kind.text}”须规定允许遗留的件数或面积（平方米）。", kind=code)


def _shown(row: Row[Any]) -> PolicyHeld:
    return PolicyHeld(
        id=row.id,
        version=row.version,
        unit=UnitName(code=row.unit_code, name=row.unit_name, level=row.unit_level),
        valid_from=row.valid_from,
        thresholds={kind: Threshold(**limit) for kind, limit in row.thresholds.items()},
        words=row.words,
        set_by=row.set_by,
        set_at=row.set_at,
    )

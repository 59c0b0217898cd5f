"""The document that a signature covers: plain JSON, complete in itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.coverage import service as coverage
from app.determination.schemas import Determination, ExceptionOut
from app.determination.signing_authority import Authority
from app.determination.signing_changes import EVIDENCE, SIGNATURES
from app.determination.standing import Items
from app.scope import EVERYTHING
from app.settings import Settings


def document(
    session: Session,
    settings: Settings,
    actor: Actor,
    told: Determination,
    by: Authority,
    as_of: datetime,
    items: Items,
    bases: list[Row[Any]] | None,
    words: str | None,
    residual_risk: dict[str, Any] | None,
) -> dict[str, Any]:
    """What is signed. `bases`: signatures of the level below, None of a unit with none below."""
    return {
        "first_day": told.first_day.isoformat(),
        "last_day": told.last_day.isoformat(),
        "as_of": as_of.isoformat(),
        "shares": _shares(session, settings, told),
        "counts": [
            count.model_dump(mode="json", exclude={"category", "blocks"}, exclude_none=True)
            for count in told.counts
            if count.number or count.limit.count or count.limit.area_m2
        ],
        "kinds_checked": len(told.counts),
        "exceptions": [_exception(each) for each in told.exceptions],
        "policy": told.policy.model_dump(mode="json", exclude={"set_at"}),
        "residual_risk": residual_risk,
        "stands_on": EVIDENCE if bases is None else SIGNATURES,
        "evidence": {"digest": items.digest.hex(), "numbers": items.numbers()},
        "bases": [
            {
                "attestation": str(row.id),
                "unit": row.unit_code,
                "name": row.unit_name,
                "seq": row.seq,
                "entry_digest": bytes(row.entry_digest).hex(),
                "signed_by": row.by_name,
            }
            for row in bases or []
        ],
        "signer": {
            "name": actor.name,
            "capacity": by.capacity,
            "for": by.head_name,
            "delegation": None if by.delegation_id is None else str(by.delegation_id),
        },
        "words": words,
    }


def _exception(each: ExceptionOut) -> dict[str, Any]:
    named = {"id", "kind", "kind_text", "subject", "name", "area_m2", "reason", "until", "decided_words"}
    return {
        **each.model_dump(mode="json", include=named),
        "unit": each.unit.name,
        "requested_by": _person(each.requested_by),
        "decided_by": _person(each.decided_by),
    }


def _person(label: str | None) -> str | None:
    """Somebody as records name them, without the network address: certificates go out of the house."""
    return None if label is None else label.partition(" @ ")[0]


def _shares(session: Session, settings: Settings, told: Determination) -> dict[str, Any]:
    found = coverage.unit_coverage(session, settings, EVERYTHING, told.unit.code, None, told.last_day).unit
    return {
        "area_m2": found.area_m2,
        "covered_percent": found.covered_percent,
        **found.shares.model_dump(),
    }

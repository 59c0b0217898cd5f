"""What changed after it was signed: found, named, written on the chain, and carried upward."""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.db import transaction
from app.determination import standing
from app.determination.chain.appending import append
from app.determination.chain.sealed import canonical, sha256
from app.determination.queries import attestations as queries
from app.determination.queries import chain as chain_queries
from app.determination.standing import Change, Items, Walked
from app.scope import NOTHING
from app.settings import Settings
from app.territory import service as territory

log = logging.getLogger("wuyilou")
# What a document's `stands_on` says: of a unit without units below, and of the others.
EVIDENCE, SIGNATURES = "evidence", "signatures"
SYSTEM = Actor("系统", None, frozenset(), NOTHING, "terminal", "system")


def changes(
    session: Session, settings: Settings, row: Row[Any], known: Callable[[], Walked] | None = None
) -> list[Change]:
    """What is not as an attestation signed it; one change that says so when what it stood on cannot be read.

    `known` reads what `standing.items_of_unit` takes, if it is needed.
    """
    packed = queries.items(session, row.id)
    try:
        then = standing.unpacked(packed or b"")
        body = json.loads(row.document)["body"]
        as_of = datetime.fromisoformat(body["as_of"])
        is_upper = body["stands_on"] == SIGNATURES
    except (ValueError, KeyError, TypeError):
        return [Change(f"attestation:{row.id}", "gone", "签字所依据的清单已不存在或无法读取")]
    if sha256(canonical(then)) != bytes(row.evidence_digest):
        return [Change(f"attestation:{row.id}", "altered", "签字所依据的清单与签署的摘要不符")]
    if is_upper:
        return standing.changes(then, _bases_now(session, row))
    return standing.changes(
        then, standing.items_of_unit(session, settings, row.unit_path, row.last_day, as_of, known and known())
    )


def compared(session: Session, settings: Settings, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], list[Change]]]:
    """Attestations with what changed of each, by unit: a unit's records are read once for all of its signatures."""
    by_unit: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit_path].append(row)
    for path, mine in by_unit.items():
        last_day = max(row.last_day for row in mine)
        known = cache(partial(standing.walked, session, settings, path, last_day, datetime.now(UTC)))
        for row in mine:
            yield row, changes(session, settings, row, known if len(mine) > 1 else None)


def superseded(session: Session, settings: Settings, row: Row[Any]) -> list[Change]:
    """Changes of an attestation that stands; if there are any, it and all that was built on it stand no longer."""
    if row.state != "valid":
        return []
    found = changes(session, settings, row)
    if found:
        supersede(session, settings, row, standing.told(found))
    return found


def supersede(session: Session, settings: Settings, row: Row[Any], told: dict[str, Any]) -> None:
    """Write that an attestation stands no longer, and the same of each that was built on it."""
    chain_queries.take_turn(session)
    if queries.lock(session, row.id) != "valid":
        return
    end(session, settings, SYSTEM, row, "superseded", told)


def end(session: Session, settings: Settings, actor: Actor, row: Row[Any], state: Any, told: dict[str, Any]) -> None:
    """End an attestation by an entry of the kind `state` (superseded or sent_back), and what was built on it."""
    unit = territory.unit_or_404(session, row.unit_code)
    signed = {"attestation": str(row.id), "entry_digest": bytes(row.entry_digest).hex()}
    entry = append(session, settings, actor, state, unit, {**signed, **told})
    queries.set_state(session, row.id, state, entry.id)
    what = "被退回" if state == "sent_back" else "已失效"
    change = Change(f"attestation:{row.id}", "gone", f"下级签字 {row.unit_name} {what}")
    upward = {**standing.told([change]), "summary": f"{row.unit_name}的签字{what}"}
    for above in queries.standing_on(session, row.id):
        supersede(session, settings, above, upward)


def sweep(engine: Engine, settings: Settings) -> int:
    """Compare every attestation that stands with what it stood on, one unit a transaction; how many stand no longer."""
    ids: dict[str, list[UUID]] = defaultdict(list)
    with transaction(engine) as session:
        for row in queries.all_valid(session):
            ids[row.unit_path].append(row.id)
    ended = 0
    for some in ids.values():
        with transaction(engine) as session:
            known = [queries.one(session, each) for each in some]
            rows = [each for each in known if each is not None and each.state == "valid"]
            for row, found in compared(session, settings, rows):
                if found:
                    supersede(session, settings, row, standing.told(found))
                    ended += 1
                    log.info("attestation %s of %s is superseded", row.id, row.unit_code)
    return ended


def base_items(rows: list[Row[Any]]) -> Items:
    """What an upper unit's signature stands on: those of the level below."""
    digests = {f"attestation:{row.id}": bytes(row.entry_digest).hex() for row in rows}
    return Items(digests, {f"attestation:{row.id}": row.unit_name for row in rows})


def _bases_now(session: Session, row: Row[Any]) -> Items:
    rows = list(queries.bases(session, row.id))
    items = base_items([each for each in rows if each.state == "valid"])
    return Items(items.digests, {f"attestation:{each.id}": each.unit_name for each in rows})

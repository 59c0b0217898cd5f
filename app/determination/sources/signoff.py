"""Signatures that are missing below, or were overtaken by what changed afterwards."""

from typing import Any

from app.determination.queries import signoff as queries
from app.determination.signing_schemas import SignState
from app.determination.signing_states import changed_below
from app.determination.sources.asking import Asked, Source, from_rows
from app.omitted import Omitted


def _children(asked: Asked) -> list[Omitted]:
    found = [
        Omitted(
            kind="child_superseded" if row.state == "superseded" else "child_unsigned",
            subject=f"unit:{row.code}",
            name=row.name,
            unit_path=row.unit_path,
            page=_page(asked, row.code),
            since=row.since,
            facts={"last_state": row.state},
        )
        for row in queries.children_unsigned(asked.session, _values(asked))
    ]
    return [*found, *(_changed(asked, each) for each in _changed_since(asked) if _is_child(asked, each))]


def _overtaken(asked: Asked) -> list[Omitted]:
    found = [
        Omitted(
            kind="changed_after_signature",
            subject=f"attestation:{row.id}",
            name=f"{row.name} {row.first_day} 至 {row.last_day} 的签字",
            unit_path=row.unit_path,
            page=f"/determination?unit={row.code}&first_day={row.first_day}&last_day={row.last_day}",
            since=row.since,
            facts={"first_day": row.first_day.isoformat(), "last_day": row.last_day.isoformat()},
        )
        for row in queries.overtaken(asked.session, _values(asked))
    ]
    return [*found, *(_changed(asked, each) for each in _changed_since(asked) if not _is_child(asked, each))]


def _changed_since(asked: Asked) -> list[SignState]:
    """Signatures below that stand, though records came or were voided since: they are about to end."""
    return changed_below(asked.session, asked.settings, asked.path, (asked.first_day, asked.on))


def _changed(asked: Asked, state: SignState) -> Omitted:
    is_child = _is_child(asked, state)
    return Omitted(
        kind="child_superseded" if is_child else "changed_after_signature",
        subject=f"unit:{state.unit_code}" if is_child else f"attestation:{state.attestation_id}",
        name=state.unit_name,
        unit_path=state.unit_path,
        page=_page(asked, state.unit_code),
        facts={"last_state": state.state},
    )


def _is_child(asked: Asked, state: SignState) -> bool:
    return state.unit_path.rpartition(".")[0] == asked.path


def _page(asked: Asked, code: str) -> str:
    return f"/determination?unit={code}&first_day={asked.first_day}&last_day={asked.on}"


def _values(asked: Asked) -> dict[str, Any]:
    return {"path": asked.path, "first_day": asked.first_day, "on": asked.on, "zone": asked.settings.time_zone}


SOURCES: tuple[Source, ...] = (
    from_rows(("child_unsigned", "child_superseded"), _children),
    from_rows(("changed_after_signature",), _overtaken),
)

"""Signatures that are missing below, or were overtaken by what changed afterwards."""

from typing import Any

from app.determination.queries import signoff as queries
from app.determination.sources.asking import Asked, Source, from_rows
from app.omitted import Omitted


def _children(asked: Asked) -> list[Omitted]:
    return [
        Omitted(
            kind="child_superseded" if row.state == "superseded" else "child_unsigned",
            subject=f"unit:{row.code}",
            name=row.name,
            unit_path=row.unit_path,
            page=f"/determination?unit={row.code}&last_day={asked.on}",
            since=row.since,
            facts={"last_state": row.state},
        )
        for row in queries.children_unsigned(asked.session, _values(asked))
    ]


def _overtaken(asked: Asked) -> list[Omitted]:
    return [
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


def _values(asked: Asked) -> dict[str, Any]:
    return {
        "path": asked.path,
        "first_day": asked.first_day,
        "on": asked.on,
        "zone": asked.settings.time_zone,
    }


SOURCES: tuple[Source, ...] = (
    from_rows(("child_unsigned", "child_superseded"), _children),
    from_rows(("changed_after_signature",), _overtaken),
)

"""A form as it is kept: its whole table as JSON, so that it can be shown and printed years later as it was signed."""

import hashlib
from collections.abc import Sequence
from typing import Any

import rfc8785
from sqlalchemy.orm import Session

from app.actor import terminal
from app.reports import filling
from app.reports.cases import Area, Period
from app.reports.forms.figures import OWN_LEVEL
from app.reports.showing import above
from app.reports.submissions.rhythm import DueForm
from app.reports.table import Cell, Head, Table, columns
from app.reports.workbook import Above
from app.settings import Settings

Content = dict[str, Any]
FORMAT = 1


def freeze(session: Session, settings: Settings, form: DueForm, unit: Area, period: Period) -> Content:
    """What the form says now.

    `figures`: the row that stands for the whole unit; `parts`: the same columns for each unit straight below. `basis`,
    `missing` and `differences` are filled in when it is checked.
    """
    # Whoever asks, the same comes out: all that lies at or below the unit.
    filled = filling.fill(session, settings, terminal(), form, unit, period)
    table = filled.table
    as_of = settings.now().strftime("%Y-%m-%d %H:%M")
    return {
        "format": FORMAT,
        "form": form,
        "title": table.title,
        "unit": {"code": unit.code, "name": unit.name, "level": unit.level},
        "first_day": period.first_day.isoformat(),
        "last_day": period.last_day.isoformat(),
        "as_of": as_of,
        "above": list(above(settings, unit, period)),
        "heads": [_head(head) for head in table.heads],
        "rows": table.rows,
        "total": table.total,
        "notes": [*table.notes, f"数据截至 {as_of}。"],
        "signatures": list(table.signatures),
        "paper": table.paper,
        "figures": _whole(table),
        "parts": _parts(session, settings, table, unit, period),
        "basis": [],
        "missing": [],
        "differences": [],
    }


def digest_of(content: Content) -> bytes:
    """SHA-256 of the canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(content)).digest()


def table_of(content: Content, notes: Sequence[str], signatures: Sequence[str]) -> Table:
    """The table as it was kept; `notes` and `signatures` as they are to be printed."""
    return Table(
        form=content["form"],
        title=content["title"],
        heads=tuple(_read(head) for head in content["heads"]),
        rows=content["rows"],
        total=content["total"],
        notes=list(notes),
        signatures=tuple(signatures),
        paper=content["paper"],
    )


def above_of(content: Content) -> Above:
    """What stands between title and table, as it was kept."""
    return Above(*content["above"])


def column_names(content: Content) -> list[str]:
    """What the cells of `figures` and `parts` are."""
    names = [leaf.text for leaf in columns([_read(head) for head in content["heads"]])]
    return names[len(names) - len(content["figures"]) :]


def counts_alike(one: Content, other: Content) -> bool:
    """Whether two contents count the same, whenever they were filled in."""
    return all(one[name] == other[name] for name in ("rows", "total", "parts"))


def _whole(table: Table) -> list[Cell]:
    """The total without its name (F2), or the only row (F4)."""
    return table.rows[0] if table.total is None else table.total[1:]


def _parts(session: Session, settings: Settings, table: Table, unit: Area, period: Period) -> list[dict[str, Any]]:
    below = filling.below_of(session, unit)
    if table.form == "F2":  # has a row for each
        rows = [row[1:] for row in table.rows if row[0] != OWN_LEVEL]
    else:
        rows = [filling.fill(session, settings, terminal(), "F4", each, period).table.rows[0] for each in below]
    return [
        {"code": each.code, "name": each.name, "cells": cells}
        for each, cells in zip(below, rows[: len(below)], strict=True)
    ]


def _head(head: Head) -> dict[str, Any]:
    return {"text": head.text, "kind": head.kind, "width": head.width, "below": [_head(each) for each in head.below]}


def _read(head: dict[str, Any]) -> Head:
    return Head(head["text"], head["kind"], head["width"], tuple(_read(each) for each in head["below"]))

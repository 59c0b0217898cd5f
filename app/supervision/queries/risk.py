"""SQL of the counts from which the risk that remains is estimated."""

from datetime import date
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import UNITS, Scope

# The newest register in force that covers the whole unit.
_REGISTER = text(
    """SELECT b.id, b.name, b.as_of, b.state FROM baseline b
    WHERE b.kind = 'market_register' AND b.withdrawn_at IS NULL AND b.unit_path @> CAST(:unit_path AS ltree)
      AND b.as_of <= :on
    ORDER BY b.as_of DESC, b.created_at DESC, b.id LIMIT 1"""
)
# Sites that somebody entered on or before a day, and are still there.
_FIELD = """SELECT s.id FROM site s
    WHERE s.unit_path <@ CAST(:unit_path AS ltree) AND (s.removed_on IS NULL OR s.removed_on > :on) AND EXISTS (
        SELECT FROM visit v WHERE v.site_id = s.id AND v.state = 'accepted' AND v.result <> 'not_entered'
          AND v.day <= CAST(:on AS date) - DATE '2000-01-01')"""
# Rows matched with one site are one of the list's sites; rows of no site known are one each.
_LISTS = text(
    f"""WITH field AS MATERIALIZED ({_FIELD}), listed AS (
        SELECT r.site_id, r.state FROM baseline_row r
        WHERE r.baseline_id = :baseline_id AND r.unit_path <@ CAST(:unit_path AS ltree) AND r.state <> 'absent')
    SELECT (SELECT count(*) FROM field) AS field,
        (SELECT count(DISTINCT site_id) FROM listed WHERE state = 'matched') AS matched_sites,
        (SELECT count(*) FROM listed WHERE state = 'matched') AS matched_rows,
        (SELECT count(*) FROM listed WHERE state <> 'matched') AS open_rows,
        (SELECT count(DISTINCT l.site_id) FROM listed l JOIN field f ON f.id = l.site_id) AS shared"""  # noqa: S608
)
# Final answers of the last 365 days; the newest version by a day counts. A bound holds for what was drawn at random and
# looked at on the ground: the others are told apart.
_DAY = "CAST(a.at AT TIME ZONE :zone AS date)"
_RANDOM = "(i.form <> 'F5' AND i.stratum <> 'chemical_unfinished')"
_CHECKS = text(
    f"""SELECT count(*) FILTER (WHERE {_RANDOM}) AS trials,
        count(*) FILTER (WHERE {_RANDOM} AND a.found_omission) AS misses,
        count(*) FILTER (WHERE NOT {_RANDOM}) AS not_drawn,
        count(*) FILTER (WHERE NOT {_RANDOM} AND a.found_omission) AS not_drawn_misses
    FROM supervision_item i JOIN LATERAL (
        SELECT a.is_final, a.found_omission, a.at FROM supervision_answer a
        WHERE a.item_id = i.id AND {_DAY} <= :on ORDER BY a.version DESC LIMIT 1) a ON a.is_final
    WHERE i.unit_path <@ CAST(:unit_path AS ltree) AND {UNITS.format(path="i.unit_path")}
      AND {_DAY} > CAST(:on AS date) - 365"""  # noqa: S608 - constants
)
_PLANTED = text(
    f"""SELECT count(*) FILTER (WHERE outcome = 'found') AS found, count(*) FILTER (WHERE outcome = 'missed') AS missed
    FROM planted_check k WHERE k.unit_path <@ CAST(:unit_path AS ltree) AND {UNITS.format(path="k.unit_path")}
      AND k.settled_on <= :on AND k.settled_on > CAST(:on AS date) - 365"""  # noqa: S608 - constants
)


def register(session: Session, unit_path: str, on: date) -> Row[Any] | None:
    """id, name, as_of, state of the market register that holds for a whole unit on a day; None without one."""
    return session.execute(_REGISTER, {"unit_path": unit_path, "on": on}).first()


def lists(session: Session, baseline_id: Any, unit_path: str, on: date) -> Row[Any]:
    """field, matched_sites, matched_rows, open_rows, shared of the two lists in a unit."""
    return session.execute(_LISTS, {"baseline_id": baseline_id, "unit_path": unit_path, "on": on}).one()


def checks(session: Session, scope: Scope, unit_path: str, on: date, zone: str) -> Row[Any]:
    """trials, misses, not_drawn, not_drawn_misses of the re-checks within 365 days up to a day."""
    return session.execute(_CHECKS, {**scope.params(), "unit_path": unit_path, "on": on, "zone": zone}).one()


def planted(session: Session, scope: Scope, unit_path: str, on: date) -> Row[Any]:
    """found, missed of the planted checks settled within 365 days up to a day."""
    return session.execute(_PLANTED, {**scope.params(), "unit_path": unit_path, "on": on}).one()

"""SQL of patrols in progress, as phones report them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import PLACES, Scope

# A phone reports every 20 seconds; one silent for longer than this is not known to be out any more.
FRESH_S = 300
_FRESH = text(
    """SELECT patrol_id::text AS patrol_id, officer_code, unit_paths::text[] AS unit_paths,
        extract(epoch FROM now() - updated_at)::float8 AS age_s
    FROM patrol_progress WHERE state <> 'stopped' AND updated_at > now() - make_interval(secs => :fresh_s)"""
)
_OUT = text(
    f"""SELECT p.patrol_id, p.officer_code, p.mode, p.state, p.started_at, p.updated_at, p.lon, p.lat, p.accuracy_m,
        p.length_m, p.minutes, o.name, o.phone
    FROM patrol_progress p LEFT JOIN officer o ON o.code = p.officer_code
    WHERE p.state <> 'stopped' AND p.updated_at > now() - make_interval(secs => :fresh_s)
      AND {PLACES.format(paths="p.unit_paths")}
      AND (CAST(:path AS ltree) IS NULL OR p.unit_paths <@ CAST(:path AS ltree))
    ORDER BY p.started_at, p.patrol_id"""  # noqa: S608 - constants
)
_DELETE_OLD = text("DELETE FROM patrol_progress WHERE updated_at < :before")


def fresh(session: Session) -> Sequence[Row[Any]]:
    """patrol_id, officer_code, unit_paths, age_s of the patrols in progress, everywhere."""
    return session.execute(_FRESH, {"fresh_s": FRESH_S}).all()


def out(session: Session, scope: Scope, path: str | None) -> Sequence[Row[Any]]:
    """The patrols in progress inside a scope and at or below a unit's path (None: everywhere), longest out first."""
    return session.execute(_OUT, {"fresh_s": FRESH_S, "path": path, **scope.params()}).all()


def delete_old(session: Session, before: datetime) -> int:
    """Forget what was last reported before an instant; how many patrols."""
    return int(session.execute(_DELETE_OLD, {"before": before}).rowcount)  # type: ignore[attr-defined]

"""SQL of matching: what is to be matched, and what came of it, chunk by chunk."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_START = text(
    """UPDATE baseline SET state = 'matching', stage_done = 0, failure = NULL,
        stage_total = (SELECT count(*) FROM baseline_row r WHERE r.baseline_id = baseline.id AND r.decided_by IS NULL)
    WHERE id = :id AND withdrawn_at IS NULL RETURNING unit_path::text AS unit_path, stage_total"""
)
# What a person decided stays.
_ROWS = text(
    """SELECT id, name, CASE WHEN uscc_valid THEN uscc END AS code, address, ST_X(place) AS lon, ST_Y(place) AS lat
    FROM baseline_row WHERE baseline_id = :id AND decided_by IS NULL ORDER BY row_number"""
)
_UNITS = text(
    """SELECT name, level FROM unit
    WHERE (path @> CAST(:path AS ltree) OR path <@ CAST(:path AS ltree)) AND level <> 'village'"""
)
_WRITE = text(
    """UPDATE baseline_row r SET state = v.state, site_id = v.site_id, tenancy_id = v.tenancy_id, score = v.score,
        reasons = COALESCE(string_to_array(NULLIF(v.reasons, ''), E'\\n'), '{}')
    FROM unnest(CAST(:ids AS bigint[]), CAST(:states AS text[]), CAST(:site_ids AS uuid[]),
        CAST(:tenancy_ids AS uuid[]), CAST(:scores AS float8[]), CAST(:reasons AS text[]))
        AS v(id, state, site_id, tenancy_id, score, reasons)
    WHERE r.id = v.id AND r.decided_by IS NULL"""
)
_FORGET_CANDIDATES = text(
    """DELETE FROM baseline_candidate c USING baseline_row r
    WHERE r.id = c.row_id AND r.id = ANY(:ids) AND r.decided_by IS NULL"""
)
_WRITE_CANDIDATES = text(
    """INSERT INTO baseline_candidate (row_id, rank, site_id, tenancy_id, score, reasons)
    SELECT v.row_id, v.rank, v.site_id, v.tenancy_id, v.score, COALESCE(string_to_array(v.reasons, E'\\n'), '{}')
    FROM unnest(CAST(:row_ids AS bigint[]), CAST(:ranks AS integer[]), CAST(:site_ids AS uuid[]),
        CAST(:tenancy_ids AS uuid[]), CAST(:scores AS float8[]), CAST(:reasons AS text[]))
        AS v(row_id, rank, site_id, tenancy_id, score, reasons)
    JOIN baseline_row r ON r.id = v.row_id AND r.decided_by IS NULL"""
)
_PROGRESS = text(
    "UPDATE baseline SET stage_done = stage_done + :done WHERE id = :id AND withdrawn_at IS NULL RETURNING id"
)
_FINISH = text("UPDATE baseline SET state = 'ready', matched_at = now() WHERE id = :id AND withdrawn_at IS NULL")
_FAIL = text("UPDATE baseline SET state = 'failed', failure = :failure WHERE id = :id")


class Start(NamedTuple):
    """Where a list belongs, and how many of its rows are to be matched."""

    unit_path: str
    total: int


class Written(NamedTuple):
    """A row's outcome as it is stored."""

    row_id: int
    state: str
    site_id: UUID | None
    tenancy_id: UUID | None
    score: float | None
    reasons: list[str]


class WrittenCandidate(NamedTuple):
    """What a row may be, as it is stored."""

    row_id: int
    rank: int
    site_id: UUID
    tenancy_id: UUID | None
    score: float
    reasons: list[str]


def start(session: Session, baseline_id: UUID) -> Start | None:
    """Begin; None for a list that is withdrawn or gone."""
    row = session.execute(_START, {"id": baseline_id}).first()
    return None if row is None else Start(row.unit_path, row.stage_total)


def rows(session: Session, baseline_id: UUID) -> Sequence[Row[Any]]:
    """id, name, code (valid ones), address, lon, lat of the rows that no person has decided on, by number."""
    return session.execute(_ROWS, {"id": baseline_id}).all()


def unit_names(session: Session, path: str) -> list[tuple[str, str]]:
    """(level, name) of the units above, at and below a path, villages left out."""
    return [(row.level, row.name) for row in session.execute(_UNITS, {"path": path})]


def write(session: Session, outcomes: Sequence[Written], candidates: Sequence[WrittenCandidate]) -> None:
    """Store outcomes and candidates of rows; those that a person has decided on meanwhile stay."""
    ids = [row.row_id for row in outcomes]
    session.execute(_FORGET_CANDIDATES, {"ids": ids})
    values = {
        "ids": ids,
        "states": [row.state for row in outcomes],
        "site_ids": [row.site_id for row in outcomes],
        "tenancy_ids": [row.tenancy_id for row in outcomes],
        "scores": [row.score for row in outcomes],
        "reasons": ["\n".join(row.reasons) for row in outcomes],
    }
    session.execute(_WRITE, values)
    if candidates:
        more = {
            "row_ids": [row.row_id for row in candidates],
            "ranks": [row.rank for row in candidates],
            "site_ids": [row.site_id for row in candidates],
            "tenancy_ids": [row.tenancy_id for row in candidates],
            "scores": [row.score for row in candidates],
            "reasons": ["\n".join(row.reasons) for row in candidates],
        }
        session.execute(_WRITE_CANDIDATES, more)


def progress(session: Session, baseline_id: UUID, done: int) -> bool:
    """Count rows as done; false for a list that was withdrawn meanwhile."""
    return session.execute(_PROGRESS, {"id": baseline_id, "done": done}).first() is not None


def finish(session: Session, baseline_id: UUID) -> None:
    """All rows are matched."""
    session.execute(_FINISH, {"id": baseline_id})


def fail(session: Session, baseline_id: UUID, failure: str) -> None:
    """Matching did not come to its end."""
    session.execute(_FAIL, {"id": baseline_id, "failure": failure})

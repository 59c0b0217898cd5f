"""Records whose doubts nobody has judged: counts by unit, and rows that say whose and since when."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.scope import PLACES

# Each record is told once, by the gravest of its doubts, at the first unit of it that was asked for; one that lies in
# no unit, at the topmost. A request to leave ground out without any doubt about it is told by territory.
_DOUBTFUL = f"""FROM evidence e CROSS JOIN LATERAL (
        SELECT COALESCE(bool_or(f.kind = 'copied_track'), false) AS copied,
            COALESCE(bool_or(f.kind IN ('photo_reused', 'photo_look_alike')), false) AS reused, count(*) AS doubts
        FROM finding f WHERE f.evidence_id = e.id
    ) f CROSS JOIN LATERAL (
        SELECT CASE WHEN f.copied THEN 'finding_copied_track' WHEN f.reused THEN 'finding_photo_reused'
            ELSE 'finding_unreviewed' END AS kind,
            (SELECT p.path FROM unnest(e.unit_paths) AS p (path) WHERE p.path <@ CAST(:path AS ltree)
             ORDER BY p.path LIMIT 1) AS path
    ) k
    WHERE e.review IN ('open', 'asked') AND (f.doubts > 0 OR e.kind <> 'inaccessible')
      AND CAST(e.started_at AT TIME ZONE :zone AS date) <= :on
      AND (k.path IS NOT NULL OR (e.unit_paths = '{{}}' AND EXISTS (
          SELECT FROM unit root WHERE root.path = CAST(:path AS ltree) AND root.parent_code IS NULL)))
      AND {PLACES.format(paths="e.unit_paths")}"""  # noqa: S608
_COUNTS = text(f"SELECT k.kind, k.path::text AS unit_path, count(*) AS n {_DOUBTFUL} GROUP BY k.kind, k.path")
_PAGE = text(
    f"""SELECT k.kind, 'evidence:' || e.id AS subject, e.id, e.kind AS record_kind, e.officer_code,
        o.name AS officer_name,
        k.path::text AS unit_path, CAST(e.started_at AT TIME ZONE :zone AS date) AS since, e.review, f.doubts,
        ARRAY(SELECT DISTINCT each.kind FROM finding each WHERE each.evidence_id = e.id ORDER BY each.kind) AS findings
    {_DOUBTFUL.replace("WHERE e.review", "JOIN officer o ON o.code = e.officer_code WHERE e.review", 1)}
      AND k.kind = ANY(CAST(:kinds AS text[]))
    ORDER BY k.kind, subject LIMIT :limit OFFSET :skip"""  # noqa: S608
)


def counts(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """kind, unit_path, n."""
    return session.execute(_COUNTS, values).all()


def page(session: Session, values: dict[str, Any]) -> Sequence[Row[Any]]:
    """Records of the kinds asked for, by kind and subject."""
    return session.execute(_PAGE, values).all()

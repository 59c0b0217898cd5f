"""Policies and approved exceptions that do not say what was sealed: by them alone an omission could be let stand."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_BODY = "CAST(e.document AS jsonb)->'body'"
_DIFFERING = text(
    f"""SELECT 'policy:' || p.id AS subject, u.name || '的签字标准第 ' || p.version || ' 版' AS name
    FROM policy p JOIN unit u ON u.code = p.unit_code LEFT JOIN chain_entry e ON e.id = p.id AND e.kind = 'policy'
    WHERE p.unit_path @> CAST(:path AS ltree) AND (
        jsonb_build_object('unit', p.unit_code, 'version', p.version, 'valid_from', p.valid_from,
            'thresholds', p.thresholds, 'words', p.words) IS DISTINCT FROM {_BODY}
        OR p.unit_path IS DISTINCT FROM e.unit_path)
    UNION ALL
    SELECT 'exception:' || x.id, '例外：' || x.name
    FROM omission_exception x LEFT JOIN LATERAL (
        SELECT e.document, e.unit_path FROM chain_entry e
        WHERE e.kind = 'exception' AND e.unit_code = x.unit_code AND {_BODY}->>'id' = CAST(x.id AS text)
        ORDER BY e.seq DESC LIMIT 1
    ) e ON true
    WHERE x.state = 'approved' AND x.unit_path <@ CAST(:path AS ltree) AND (
        jsonb_build_object('kind', x.kind, 'subject', x.subject, 'until', x.until, 'unit', x.unit_code,
            'state', x.state, 'reason', x.reason)
            IS DISTINCT FROM jsonb_build_object('kind', {_BODY}->'kind', 'subject', {_BODY}->'subject',
            'until', {_BODY}->'until', 'unit', {_BODY}->'unit', 'state', {_BODY}->'state', 'reason', {_BODY}->'reason')
        OR x.area_m2 IS DISTINCT FROM CAST({_BODY}->>'area_m2' AS float8)
        OR x.unit_path IS DISTINCT FROM e.unit_path)
    ORDER BY subject"""  # noqa: S608 - constants
)


def differing(session: Session, path: str) -> list[Row[Any]]:
    """subject, name of policies at or above a unit and of exceptions at or below it that were changed by hand."""
    return list(session.execute(_DIFFERING, {"path": path}))

"""SQL of what a signature of a unit without units below stands on, item by item, with a digest of each.

One statement a kind over the tables of the features that keep them: each row is (subject, label, digest, row_digest,
is_later). `digest` covers what had been recorded when it was signed (`as_of`), which honest work never changes;
`row_digest` the row as it is now, which may differ once something was recorded later (`is_later`), and must not before.
What happened after the last day of the period (`cutoff`) is none of the signature's.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

# By the officer's grids or the ground that was entered. Nothing that is deleted when its time is over is digested here:
# fixes and tracks stand by the record's own digest.
_TOUCHING = "e.unit_paths <@ CAST(:path AS ltree) AND e.started_at < :cutoff"
_RECORDS = f"""
SELECT e.kind || ':' || e.id AS subject,
    e.officer_code || ' ' || to_char(e.started_at AT TIME ZONE :zone, 'YYYY-MM-DD HH24:MI') AS label,
    sha256(convert_to(jsonb_build_array(e.kind, e.officer_code, extract(epoch FROM e.started_at),
        extract(epoch FROM e.ended_at), e.review = 'voided',
        (SELECT jsonb_build_array(p.mode, p.state, encode(p.content_digest, 'hex')) FROM patrol p WHERE p.id = e.id),
        (SELECT jsonb_build_array(m.kind, m.state, m.area_m2, encode(sha256(ST_AsBinary(m.geom)), 'hex'), m.reason,
                                  m.until, encode(m.content_digest, 'hex')) FROM mark m WHERE m.id = e.id),
        (SELECT jsonb_build_array(v.site_id, v.state, v.result, v.not_entered_why, v.checklist, v.note, v.day,
                                  encode(ST_AsBinary(v.position), 'hex'), v.distance_m,
                                  encode(v.content_digest, 'hex')) FROM visit v WHERE v.id = e.id),
        (SELECT jsonb_agg(jsonb_build_array(w.tenancy_id, w.seen, w.note) ORDER BY w.tenancy_id)
         FROM visit_tenancy w WHERE w.visit_id = e.id),
        (SELECT jsonb_agg(encode(p.digest, 'hex') ORDER BY x.ordinal)
         FROM evidence_photo x JOIN photo p ON p.id = x.photo_id WHERE x.evidence_id = e.id)
    )::text, 'UTF8')) AS digest,
    e.started_at
FROM evidence e WHERE {_TOUCHING}
"""  # noqa: S608 - constants
# In an order that adding later ones does not change.
_LOOKS = f"""
SELECT l.x, l.y, l.day, e.started_at,
    uuid_send(l.evidence_id) || convert_to(l.kind, 'UTF8') || int4send(l.day) || sha256(l.cells) AS content
FROM evidence e JOIN look l ON l.evidence_id = e.id
WHERE {_TOUCHING} AND NOT l.withdrawn AND l.day <= :day
ORDER BY l.x, l.y, l.evidence_id, l.kind, l.day
"""  # noqa: S608 - constants
_LEADS = """
SELECT 'lead:' || l.id, COALESCE(l.number, left(l.what, 30)),
    sha256(convert_to(jsonb_build_array(encode(l.content_digest, 'hex'), l.source, v.before)::text, 'UTF8')),
    sha256(convert_to(jsonb_build_array(l.what, l.note, l.officer_code, encode(ST_AsBinary(l.geom), 'hex'),
        extract(epoch FROM l.made_at), l.state, l.number, l.address, l.subject_name, l.subject_uscc, l.deadline,
        l.assigned_to, l.site_id, l.tenancy_id, l.visit_id, l.no_known_site, l.reward_yuan)::text, 'UTF8')),
    v.is_later
FROM lead l CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(v.kind, v.from_state, v.to_state, v.words, v.facts, v.by_name,
                                       extract(epoch FROM v.at)) ORDER BY v.id) FILTER (WHERE v.at < :as_of) AS before,
        COALESCE(bool_or(v.at >= :as_of), false) AS is_later
    FROM lead_event v WHERE v.lead_id = l.id) v
WHERE l.unit_path <@ CAST(:path AS ltree) AND (l.received_at < :as_of OR l.made_at < :cutoff)
"""
_CASES = """
SELECT 'case:' || c.id, c.number,
    sha256(convert_to(jsonb_build_array(encode(c.content_digest, 'hex'), c.number, v.before)::text, 'UTF8')),
    sha256(convert_to(jsonb_build_array(c.party_name, c.party_uscc, c.category, c.address, c.site_id, c.tenancy_id,
        c.lead_id, c.visit_id, c.description, c.measures, c.way_to_close, c.is_shut, c.is_suspended, c.is_dismantled,
        c.found_on, c.deadline, c.supervised_level, c.supervised_on, c.filed_on, c.fine_wan, c.fined_on,
        c.confiscated_wan, c.transferred_persons, c.detained_persons, c.disciplined_persons, c.state, c.closed_on,
        c.relapses,
        (SELECT jsonb_agg(jsonb_build_array(i.round, i.item, i.done_on, i.words) ORDER BY i.round, i.item)
         FROM closure_item i WHERE i.case_id = c.id),
        (SELECT jsonb_agg(jsonb_build_array(b.round, b.due_on, b.done_on, b.result, b.words) ORDER BY b.id)
         FROM look_back b WHERE b.case_id = c.id))::text, 'UTF8')),
    v.is_later
FROM case_file c CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(v.kind, v.from_state, v.to_state, v.on_day, v.changes, v.words, v.by_name,
                                       extract(epoch FROM v.at)) ORDER BY v.id) FILTER (WHERE v.at < :as_of) AS before,
        COALESCE(bool_or(v.at >= :as_of), false) AS is_later
    FROM case_event v WHERE v.case_id = c.id) v
WHERE c.unit_path <@ CAST(:path AS ltree) AND (c.created_at < :as_of OR c.found_on < :cutoff_day)
"""
_SITES = """
SELECT 'site:' || s.id, s.name || '（' || s.code || '）',
    sha256(convert_to(jsonb_build_array(s.code, v.before)::text, 'UTF8')),
    sha256(convert_to(jsonb_build_array(s.name, s.kind, s.occupancy, s.shut_down_kind, s.risk, s.cycle_days, s.uscc,
        s.address, s.lessor_name, encode(ST_AsBinary(s.point), 'hex'), encode(ST_AsBinary(s.outline), 'hex'),
        s.stated_unit_code, s.dust_kind, s.dust_confirmed_by, s.dust_confirmed_on, s.safety_officer, s.removed_on,
        s.removed_why,
        (SELECT jsonb_agg(jsonb_build_array(t.id, t.parent_id, t.tenant_name, t.uscc, t.floor_unit, t.area_m2,
             t.process, t.main_risks, t.chemicals, t.lease_from, t.lease_to, t.sublets, t.started_on, t.ended_on,
             t.state) ORDER BY t.id) FROM tenancy t WHERE t.site_id = s.id))::text, 'UTF8')),
    v.is_later
FROM site s CROSS JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_array(v.tenancy_id, v.kind, v.changes, v.words, v.by_name, extract(epoch FROM v.at))
                     ORDER BY v.id) FILTER (WHERE v.at < :as_of) AS before,
        COALESCE(bool_or(v.at >= :as_of), false) AS is_later
    FROM site_event v WHERE v.site_id = s.id) v
WHERE s.unit_path <@ CAST(:path AS ltree) AND s.created_at < :as_of
"""
_GRIDS = """
SELECT 'grid:' || g.code, g.name,
    sha256(convert_to(jsonb_build_array(g.unit_code, g.risk, g.cycle_days, encode(ST_AsBinary(g.geom), 'hex'))::text,
                      'UTF8')), NULL::bytea, false
FROM grid g JOIN unit u ON u.code = g.unit_code
WHERE u.path <@ CAST(:path AS ltree) AND g.valid_from <= :last_day AND (g.valid_to IS NULL OR g.valid_to > :last_day)
"""
_EXCLUSIONS = """
SELECT 'exclusion:' || x.code, COALESCE(x.name, x.code),
    sha256(convert_to(jsonb_build_array(x.kind, x.effect, encode(ST_AsBinary(x.geom), 'hex'))::text, 'UTF8')),
    NULL::bytea, false
FROM exclusion x JOIN unit u ON u.path = CAST(:path AS ltree) AND ST_Intersects(x.geom, u.geom)
WHERE x.state = 'approved' AND x.valid_from <= :last_day AND (x.valid_to IS NULL OR x.valid_to > :last_day)
"""


class Item(NamedTuple):
    """A thing that a signature stands on; `row_digest` None: nothing of it changes by honest work."""

    subject: str
    label: str
    digest: bytes
    row_digest: bytes | None
    is_later: bool


class Record(NamedTuple):
    """A record that touches the unit, and when it began: it belongs to signatures with a later cutoff."""

    subject: str
    label: str
    digest: bytes
    started_at: datetime


class SeenTile(NamedTuple):
    """What a record says of a tile, and what of it is digested."""

    x: int
    y: int
    day: int
    started_at: datetime
    content: bytes


_RECORDS_OF, _LOOKS_OF = text(_RECORDS), text(_LOOKS)
_KEPT = tuple(text(each) for each in (_LEADS, _CASES, _SITES, _GRIDS, _EXCLUSIONS))


def records(session: Session, path: str, cutoff: datetime, zone: str) -> list[Record]:
    """Every record of a unit that began before the cutoff; of what is done later only voiding changes its digest."""
    return [Record._make(row) for row in session.execute(_RECORDS_OF, {"path": path, "cutoff": cutoff, "zone": zone})]


def looks(session: Session, path: str, cutoff: datetime, day: int) -> list[SeenTile]:
    """What these records saw up to a day (from 2000-01-01), tile by tile."""
    return [SeenTile._make(row) for row in session.execute(_LOOKS_OF, {"path": path, "cutoff": cutoff, "day": day})]


def items(
    session: Session, path: str, last_day: date, as_of: datetime, cutoff: datetime, cutoff_day: date
) -> Iterator[Item]:
    """Every item of a unit beside its records and what they saw; `cutoff_day`: the local day of `cutoff`."""
    values = {"path": path, "last_day": last_day, "as_of": as_of, "cutoff": cutoff, "cutoff_day": cutoff_day}
    for statement in _KEPT:
        yield from map(Item._make, session.execute(statement, values))

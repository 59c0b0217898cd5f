"""SQL of what is known of a case, a site, or a unit's paperwork, for the forms."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

_CASE = text(
    """SELECT c.id, c.number, c.party_name, c.address, c.category, c.state, c.closed_on, c.way_to_close, c.is_shut,
        c.is_dismantled, c.handler_name, c.filed_on, c.fine_wan, c.confiscated_wan, c.transferred_persons,
        c.disciplined_persons, c.deadline, l.source AS lead_source, l.number AS lead_number,
        ARRAY(SELECT i.item FROM closure_item i
            WHERE i.case_id = c.id AND i.round = c.relapses AND i.done_on <= :on AND EXISTS (
                SELECT FROM closure_evidence e JOIN case_attachment a ON a.id = e.attachment_id
                WHERE e.case_id = i.case_id AND e.round = i.round AND e.item = i.item AND a.withdrawn_why IS NULL)
        ) AS items_done,
        (SELECT count(*) FROM case_link k
         WHERE k.case_id = c.id AND k.relation = 'landlord' AND k.removed_why IS NULL) AS landlords,
        (SELECT count(*) FROM case_link k JOIN case_file o ON o.id = k.other_case_id
         WHERE k.case_id = c.id AND k.relation = 'landlord' AND k.removed_why IS NULL AND o.filed_on IS NOT NULL)
            AS landlords_filed
    FROM case_file c LEFT JOIN lead l ON l.id = c.lead_id WHERE c.id = :id"""
)
_SITE = text(
    """SELECT s.id, s.code, s.name, s.address, s.occupancy, s.shut_down_kind, s.dust_kind, s.dust_confirmed_on,
        s.safety_officer,
        (SELECT count(*) FROM tenancy t
         WHERE t.site_id = s.id AND t.started_on <= :on AND (t.ended_on IS NULL OR t.ended_on > :on)) AS tenancies,
        (SELECT max(v.visited_at) FROM visit v
         WHERE v.site_id = s.id AND v.state = 'accepted' AND v.result <> 'not_entered') AS last_visit_at,
        (SELECT count(*) FROM case_file c WHERE c.site_id = s.id) AS cases
    FROM site s WHERE s.id = :id"""
)
_LETTERS = text(
    """SELECT count(*) AS all_of, count(*) FILTER (WHERE state IN ('true', 'false', 'rewarded')) AS answered,
        count(*) FILTER (WHERE state NOT IN ('true', 'false', 'rewarded') AND deadline < :on) AS overdue
    FROM lead WHERE source IN ('hotline', 'letter') AND unit_path <@ CAST(:unit_path AS ltree)"""
)
_FILES = text(
    """SELECT count(*) AS all_of, count(*) FILTER (WHERE EXISTS (
        SELECT FROM case_attachment a WHERE a.case_id = c.id AND a.withdrawn_why IS NULL)) AS with_originals
    FROM case_file c WHERE c.unit_path <@ CAST(:unit_path AS ltree)"""
)
# Units that must sign, and those with a signature that holds for days up to the last month.
_SIGNED = text(
    """SELECT u.level, count(*) AS all_of, count(*) FILTER (WHERE EXISTS (
        SELECT FROM attestation a
        WHERE a.unit_code = u.code AND a.state = 'valid' AND a.last_day > CAST(:on AS date) - 31 AND a.last_day <= :on)
        ) AS signed
    FROM unit u WHERE u.path <@ CAST(:unit_path AS ltree) AND u.level IN ('village', 'town', 'county')
    GROUP BY u.level"""
)


class Signed(NamedTuple):
    """Of the units of a level, how many have a signature that holds."""

    all_of: int
    signed: int


def case(session: Session, case_id: UUID, on: date) -> Row[Any] | None:
    """A case with what the forms ask of it; None when there is none."""
    return session.execute(_CASE, {"id": case_id, "on": on}).first()


def site(session: Session, site_id: UUID, on: date) -> Row[Any] | None:
    """A site with what the forms ask of it; None when there is none."""
    return session.execute(_SITE, {"id": site_id, "on": on}).first()


def letters(session: Session, unit_path: str, on: date) -> Row[Any]:
    """all_of, answered, overdue of the reports by hotline and letter of a unit."""
    return session.execute(_LETTERS, {"unit_path": unit_path, "on": on}).one()


def files(session: Session, unit_path: str) -> Row[Any]:
    """all_of, with_originals: the case files of a unit."""
    return session.execute(_FILES, {"unit_path": unit_path}).one()


def signed(session: Session, unit_path: str, on: date) -> dict[str, Signed]:
    """How many units of each level at or below a unit have signed lately; a level without units has no entry."""
    rows = session.execute(_SIGNED, {"unit_path": unit_path, "on": on})
    return {row.level: Signed(row.all_of, row.signed) for row in rows}

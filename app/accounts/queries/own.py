"""SQL of everything that is kept about one person, whichever feature keeps it."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

# Named as the answer names them. Positions of photos and marks are where the person's phone was.
_OF_OFFICER = {
    "patrols": text(
        """SELECT p.id, p.mode, p.source, p.datum, p.device, p.label, p.started_at, p.ended_at, p.state, p.void_reason,
            p.received_at, e.review, f.fix_count AS raw_fixes, t.length_m AS track_m, f.fix_count IS NULL AS is_purged
        FROM patrol p JOIN evidence e ON e.id = p.id LEFT JOIN patrol_fixes f ON f.patrol_id = p.id
        LEFT JOIN track t ON t.patrol_id = p.id
        WHERE p.officer_code = :officer_code ORDER BY p.started_at DESC"""
    ),
    "marks": text(
        """SELECT m.id, m.kind, m.reason, m.note, m.made_at, m.area_m2, m.state, m.void_reason, e.review,
            ST_X(m.position) AS lon, ST_Y(m.position) AS lat, m.position_accuracy_m, m.position_at
        FROM mark m JOIN evidence e ON e.id = m.id WHERE m.officer_code = :officer_code ORDER BY m.made_at DESC"""
    ),
    "visits": text(
        """SELECT v.id, s.name AS site, v.visited_at, v.result, v.not_entered_why, v.checklist, v.note, v.state,
            v.void_reason, e.review, ST_X(v.position) AS lon, ST_Y(v.position) AS lat, v.position_accuracy_m,
            v.position_at, v.distance_m
        FROM visit v JOIN evidence e ON e.id = v.id JOIN site s ON s.id = v.site_id
        WHERE v.officer_code = :officer_code ORDER BY v.visited_at DESC"""
    ),
    "leads": text(
        """SELECT id, what, note, ST_X(geom) AS lon, ST_Y(geom) AS lat, made_at, received_at, state FROM lead
        WHERE officer_code = :officer_code ORDER BY made_at DESC"""
    ),
    "leads_assigned": text(
        """SELECT id, number, what, address, deadline, state FROM lead WHERE assigned_to = :officer_code
        ORDER BY made_at DESC"""
    ),
    "orders": text(
        """SELECT id, name, words, deadline, state, created_by, created_at, done_on FROM work_order
        WHERE officer_code = :officer_code ORDER BY created_at DESC"""
    ),
    "photos": text(
        """SELECT id, width, height, taken_at, lon, lat, own_taken_at, own_lon, own_lat, received_at FROM photo
        WHERE officer_code = :officer_code ORDER BY received_at DESC"""
    ),
    "findings": text(
        """SELECT f.evidence_id, f.kind, f.facts, f.found_at FROM finding f JOIN evidence e ON e.id = f.evidence_id
        WHERE e.officer_code = :officer_code ORDER BY f.found_at DESC"""
    ),
    "reviews": text(
        """SELECT s.evidence_id, s.step, s.words, s.by_name, s.at FROM review_step s
        JOIN evidence e ON e.id = s.evidence_id WHERE e.officer_code = :officer_code ORDER BY s.at DESC"""
    ),
    "recording_now": text(
        """SELECT patrol_id, mode, state, started_at, updated_at, lon, lat, accuracy_m FROM patrol_progress
        WHERE officer_code = :officer_code"""
    ),
    "looks_at_me": text(
        """SELECT at, actor, role, via, address, what, route, subject FROM audit_entry
        WHERE officer_codes @> ARRAY[CAST(:officer_code AS text)] AND account_id IS DISTINCT FROM :account_id
        ORDER BY at DESC"""
    ),
}
_OF_ACCOUNT = {
    "account": text(
        """SELECT username, name, role, officer_code, phone, oidc_subject, password_set_at, created_at, created_by
        FROM account WHERE id = :account_id"""
    ),
    "sessions": text(
        """SELECT created_at, last_seen_at, ended_at, ended_why, method, address, user_agent FROM login_session
        WHERE account_id = :account_id ORDER BY created_at DESC"""
    ),
    "tokens": text(
        """SELECT name, rights, unit_codes, created_at, expires_at, last_used_at, revoked_at FROM api_token
        WHERE account_id = :account_id ORDER BY created_at DESC"""
    ),
    "sign_ins": text(
        """SELECT t.at, t.address, t.succeeded FROM login_attempt t JOIN account a ON a.username = t.username
        WHERE a.id = :account_id ORDER BY t.at DESC"""
    ),
    "signatures": text(
        """SELECT seq, kind, unit_code, at FROM chain_entry WHERE by_account = :account_id ORDER BY seq DESC"""
    ),
    "deeds": text(
        """SELECT at, via, address, what, route, subject, facts FROM audit_entry
        WHERE COALESCE(account_id, 0) = :account_id ORDER BY at DESC"""
    ),
}

Rows = list[dict[str, Any]]


def of_account(session: Session, account_id: int) -> dict[str, Rows]:
    """What is kept about whoever has an account, by kind, newest first."""
    return {name: _rows(session, query, {"account_id": account_id}) for name, query in _OF_ACCOUNT.items()}


def of_officer(session: Session, officer_code: str, account_id: int) -> dict[str, Rows]:
    """What is kept about an officer, by kind, newest first; looks at their tracks by others included."""
    values = {"officer_code": officer_code, "account_id": account_id}
    return {name: _rows(session, query, values) for name, query in _OF_OFFICER.items()}


def _rows(session: Session, query: Any, values: dict[str, Any]) -> Rows:
    wanted = {name: values[name] for name in query.compile().params}
    return [dict(row._mapping) for row in session.execute(query, wanted)]

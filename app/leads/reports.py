"""An officer's report from the phone: taken in once, answered the same again."""

import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import shapely
from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, InvalidInputError
from app.evidence import service as evidence
from app.leads import places, storing
from app.leads.queries import leads as queries
from app.leads.schemas import LeadAnswer, LeadIn, PlaceName
from app.leads.wording import LEAD_KINDS, NOTHING_KEPT, OTHER
from app.settings import Settings
from app.territory import service as territory
from app.territory.schemas import Place

MAX_PHOTOS = 6
_EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)
_NEAR_DEG = 0.01  # about a kilometre


class Accepted(NamedTuple):
    """What the sender is told, and whether the lead was stored before."""

    answer: LeadAnswer
    is_replay: bool


def accept(session: Session, settings: Settings, actor: Actor, lead: LeadIn) -> Accepted:
    """Take in an officer's report, or find that it was taken in already; the caller commits.

    Raises InvalidInputError, NotFoundError (officer), ForbiddenError (not the sender's) or ConflictError (the id has
    other content).
    """
    _check(lead, settings)
    position = places.wgs84(lead.lon, lead.lat, lead.datum)
    digest = hashlib.sha256(lead.model_dump_json().encode()).digest()
    known = _replay(session, lead.id, digest)
    if known is not None:
        return known
    territory.ensure_officer(session, lead.officer_code)
    evidence.check_sender(session, actor, lead.officer_code, settings.today())
    point = shapely.to_wkb(shapely.Point(position))
    if not territory.is_near_units(session, point, _NEAR_DEG):
        raise InvalidInputError(
            f"上报的位置不在本系统的辖区附近，请核对位置和坐标系。{NOTHING_KEPT}", problem="elsewhere"
        )
    day = lead.made_at.astimezone(settings.zone).date()
    if not evidence.submit(
        session, actor, lead.id, "report", lead.officer_code, lead.made_at, lead.made_at, day, point
    ):
        stored = _replay(session, lead.id, digest)  # the same id was being stored just now, and is committed
        if stored is None:
            raise ConflictError(f"编号 {lead.id} 已用于另一条记录，未保存。请用新的编号重发。", id=str(lead.id))
        return stored
    place = territory.place_at(session, *position, day)
    told = _answer(lead.id, place)
    values = _values(session, lead, position, place, day, told)
    deadline = settings.today() + timedelta(days=settings.lead_days.officer)
    storing.add(session, actor, {**values, "content_digest": digest, "deadline": deadline})
    evidence.attach_photos(session, lead.id, lead.officer_code, lead.photo_ids, lead.made_at, position)
    return Accepted(told, is_replay=False)


def _check(lead: LeadIn, settings: Settings) -> None:
    if lead.what not in LEAD_KINDS:
        known = "、".join(f"{code}（{text}）" for code, text in LEAD_KINDS.items())
        raise InvalidInputError(f"情况 {lead.what!r} 不可选，应为：{known}。{NOTHING_KEPT}", problem="what")
    if lead.what == OTHER and lead.note is None:
        raise InvalidInputError(f"情况选“其他”时，请写明看到了什么。{NOTHING_KEPT}", problem="note")
    if len(lead.photo_ids) > MAX_PHOTOS or len(set(lead.photo_ids)) < len(lead.photo_ids):
        raise InvalidInputError(f"照片最多 {MAX_PHOTOS} 张，且不能重复。{NOTHING_KEPT}", problem="photos")
    now = settings.now()
    if not _EARLIEST <= lead.made_at <= now + timedelta(seconds=settings.clock_skew_s):
        raise InvalidInputError(
            f"时间 {lead.made_at.isoformat(' ', 'seconds')} 早于 2000 年或在将来"
            f"（服务器现在 {now:%Y-%m-%d %H:%M:%S}），请检查手机时钟。{NOTHING_KEPT}",
            problem="time",
        )


def _answer(lead_id: UUID, place: Place) -> LeadAnswer:
    unit = place.units[-1] if place.units else None
    return LeadAnswer(
        id=lead_id,
        state="new",
        unit=None if unit is None else PlaceName(code=unit.code, name=unit.name),
        grid=None if place.grid is None else PlaceName(code=place.grid.code, name=place.grid.name),
    )


def _values(
    session: Session, lead: LeadIn, position: tuple[float, float], place: Place, day: date, told: LeadAnswer
) -> dict[str, Any]:
    # Just outside of all units it is for those whose officer saw it.
    paths = [place.units[-1].path] if place.units else territory.officer_units(session, lead.officer_code, day)
    return {
        "id": lead.id,
        "source": "officer",
        "what": lead.what,
        "note": lead.note,
        "officer_code": lead.officer_code,
        "lon": position[0],
        "lat": position[1],
        "accuracy_m": lead.accuracy_m,
        "datum": lead.datum,
        "unit_path": paths[0] if paths else None,
        "grid_code": None if place.grid is None else place.grid.code,
        "made_at": lead.made_at,
        "answer": told.model_dump_json(),
    }


def _replay(session: Session, lead_id: UUID, digest: bytes) -> Accepted | None:
    row = queries.stored(session, lead_id)
    if row is None:
        return None
    if row.content_digest != digest:
        raise ConflictError(
            f"编号 {lead_id} 已用于另一份内容，本次内容与之不同，未保存。新的上报请用新的编号。", id=str(lead_id)
        )
    return Accepted(LeadAnswer.model_validate(row.answer), is_replay=True)

"""What comes to a desk (hotline, letters, other departments): entered once; who reported it is kept apart.

Whoever takes a call may enter who called; reading it back is for `app.leads.reporters` alone.
"""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, InvalidInputError
from app.leads import places, storing
from app.leads.matching import is_uscc
from app.leads.queries import leads as queries
from app.leads.queries import reporters
from app.leads.schemas import EntryIn, ReporterIn
from app.leads.wording import LEAD_KINDS, NOTHING_KEPT, SOURCES
from app.settings import Settings
from app.territory import service as territory

_EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)
# Shorter ones are found in any text.
_LEAST_NAME, _LEAST_DIGITS = 2, 7


def create(session: Session, settings: Settings, actor: Actor, entry: EntryIn) -> bool:
    """Store what came to a desk; False when the same person stored the same before.

    Raises InvalidInputError, NotFoundError (unit), ForbiddenError (outside the scope), or ConflictError when the id
    or the number is another lead's. No error says anything of the reporter.
    """
    _check(entry, settings)
    unit = territory.unit_in_scope(session, actor.scope, entry.unit_code)
    # Not of the reporter: whoever else sends the same with a guessed name must not learn whether it was that one.
    digest = hashlib.sha256(entry.model_dump_json(exclude={"reporter"}).encode()).digest()
    if _is_replay(session, actor, entry, digest):
        return False
    values: dict[str, Any] = {
        **entry.model_dump(include={"id", "source", "number", "what", "subject_name", "address"}),
        "note": entry.told,
        "made_at": entry.told_at,
        "subject_uscc": entry.subject_uscc and entry.subject_uscc.upper(),
        "content_digest": digest,
        "unit_path": unit.path,
        "deadline": entry.told_at.astimezone(settings.zone).date()
        + timedelta(days=settings.lead_days.of(entry.source)),
        **_place(session, settings, actor, entry),
    }
    if not storing.add(session, actor, values):
        _refuse_taken(session, actor, entry, digest)
        return False
    if entry.reporter is not None:
        reporters.insert(session, {"lead_id": entry.id, **entry.reporter.model_dump()})
    return True


def _place(session: Session, settings: Settings, actor: Actor, entry: EntryIn) -> dict[str, Any]:
    if entry.place is None:
        return {}
    lon, lat = places.wgs84(entry.place.lon, entry.place.lat, entry.place.datum)
    placed = places.in_scope(session, actor.scope, lon, lat, settings.today())
    kept = {"lon": lon, "lat": lat, "datum": entry.place.datum}
    return {**kept, "unit_path": placed.unit_path, "grid_code": placed.grid_code}


def _check(entry: EntryIn, settings: Settings) -> None:
    if entry.what not in LEAD_KINDS:
        known = "、".join(f"{code}（{text}）" for code, text in LEAD_KINDS.items())
        raise InvalidInputError(f"情况 {entry.what!r} 不可选，应为：{known}。{NOTHING_KEPT}", problem="what")
    if not _EARLIEST <= entry.told_at <= settings.now() + timedelta(seconds=settings.clock_skew_s):
        raise InvalidInputError(f"收到时间早于 2000 年或在将来，请核对。{NOTHING_KEPT}", problem="time")
    if entry.subject_uscc is not None and not is_uscc(entry.subject_uscc):
        raise InvalidInputError(
            "统一社会信用代码不正确：应为 18 位，且末位校验码相符。不能确定时请留空，写在反映内容里。" + NOTHING_KEPT,
            problem="uscc",
        )
    if entry.reporter is not None:
        _check_reporter(entry, entry.reporter)


def _check_reporter(entry: EntryIn, reporter: ReporterIn) -> None:
    if reporter.is_anonymous and (reporter.name or reporter.phone):
        raise InvalidInputError(f"匿名举报不能填写姓名和电话，请二选一。{NOTHING_KEPT}", problem="anonymous")
    if not reporter.is_anonymous and not (reporter.name or reporter.phone):
        raise InvalidInputError(f"实名举报请填写姓名或电话；都没有时请选匿名。{NOTHING_KEPT}", problem="reporter")
    open_text = " ".join(text for text in (entry.told, entry.subject_name, entry.address, entry.number) if text)
    name = "".join((reporter.name or "").split())
    phone = _digits(reporter.phone or "")
    betrays_name = len(name) >= _LEAST_NAME and name in "".join(open_text.split())
    if betrays_name or (len(phone) >= _LEAST_DIGITS and phone in _digits(open_text)):
        raise InvalidInputError(
            "反映内容、对象、地址或编号中含有举报人的姓名或电话，其他人员会看到。"
            f"请删去，或移到“仅举报受理人员可见的内容”。{NOTHING_KEPT}",
            problem="betrays",
        )


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)


def _is_replay(session: Session, actor: Actor, entry: EntryIn, digest: bytes) -> bool:
    known = queries.stored(session, entry.id)
    if known is None:
        return False
    if known.by_account != actor.account_id or known.content_digest != digest or not _same_reporter(session, entry):
        raise ConflictError(f"编号 {entry.id} 已用于另一份内容，未保存。新的线索请用新的编号。", id=str(entry.id))
    return True


def _same_reporter(session: Session, entry: EntryIn) -> bool:
    """Asked only of who entered it, and knows."""
    row = reporters.one(session, entry.id)
    return (None if row is None else ReporterIn.model_validate(row._asdict())) == entry.reporter


def _refuse_taken(session: Session, actor: Actor, entry: EntryIn, digest: bytes) -> None:
    """Raise ConflictError, unless the same was being stored by the same person just now."""
    if _is_replay(session, actor, entry, digest):
        return
    raise ConflictError(
        f"{SOURCES[entry.source]}已有编号为 {entry.number} 的线索，未重复登记。请核对编号，或在列表中查找。",
        number=entry.number,
    )

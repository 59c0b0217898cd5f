"""Photos: taken in as they are, given to whoever may see them, and judged when a record names them."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.evidence.findings import add_findings
from app.evidence.oddities import odd_photos
from app.evidence.pictures import parts_of, read_picture
from app.evidence.queries import photos as queries
from app.evidence.schemas import Photo, PhotoAnswer, PhotoStated, Position
from app.evidence.sending import check_sender
from app.rights import Right
from app.settings import Settings
from app.territory import service as territory

_EARLIEST = datetime(2000, 1, 2, tzinfo=UTC)


class AcceptedPhoto(NamedTuple):
    """What the sender is told, and whether the photo was stored before."""

    answer: PhotoAnswer
    is_replay: bool


class PhotoContent(NamedTuple):
    """The bytes of a photo as they came, and a tag that stands for them."""

    jpeg: bytes
    etag: str


def accept_photo(
    session: Session, settings: Settings, actor: Actor, photo_id: UUID, stated: PhotoStated, jpeg: bytes
) -> AcceptedPhoto:
    """Take in a photo, or find that it was taken in already; the caller commits.

    Raises InvalidInputError, NotFoundError (officer), ForbiddenError (not the sender's) or ConflictError (the id is
    another picture's).
    """
    territory.ensure_officer(session, stated.officer_code)
    check_sender(session, actor, stated.officer_code, settings.today())
    known = _replay(session, photo_id, stated.officer_code, jpeg)
    if known is not None:
        return known
    _check_time(stated.taken_at, settings)
    picture = read_picture(jpeg, settings.zone)
    values = {**stated._asdict(), **picture._asdict(), "id": photo_id, "look_alike_parts": parts_of(picture.look_alike)}
    if queries.add(session, values, jpeg):
        answer = PhotoAnswer(id=photo_id, width=picture.width, height=picture.height, digest_hex=picture.digest.hex())
        return AcceptedPhoto(answer, is_replay=False)
    stored = _replay(session, photo_id, stated.officer_code, jpeg)  # it was being stored just now, and is committed
    if stored is None:
        raise ConflictError(f"照片 {photo_id} 正在被另一请求处理，请稍后重发。")
    return stored


def read_photo(session: Session, actor: Actor, photo_id: UUID) -> PhotoContent:
    """A photo's bytes: for its own officer, and for those who may read tracks where it was put down.

    Raises NotFoundError or ForbiddenError. Whose picture was looked at is noted for the audit.
    """
    photo = queries.by_ids(session, [photo_id]).get(photo_id)
    if photo is None:
        raise NotFoundError(f"没有编号为 {photo_id} 的照片，可能尚未上传。", id=str(photo_id))
    if photo.officer_code != actor.officer_code:
        if not actor.may(Right.READ_TRACKS) or not actor.scope.holds_any(queries.unit_paths(session, photo_id)):
            raise ForbiddenError("这张照片不在您的管辖范围内，或您的账号没有查看巡查记录的权限。", id=str(photo_id))
        actor.facts["officer_codes"] = [photo.officer_code]
    return PhotoContent(queries.content(session, photo_id), f'"{photo.digest_hex}"')


def attach_photos(
    session: Session,
    evidence_id: UUID,
    officer_code: str,
    photo_ids: Sequence[UUID],
    made_at: datetime,
    position: Position | None,
) -> None:
    """Tie photos to a record, in order, and add what is odd about them to its findings.

    `made_at` and `position` say when and where the record was made. Raises InvalidInputError for a photo that has not
    arrived or is another officer's.
    """
    ids = list(dict.fromkeys(photo_ids))
    if not ids:
        return
    known = queries.by_ids(session, ids)
    for photo_id in ids:
        if photo_id not in known:
            raise InvalidInputError(
                f"照片 {photo_id} 还没有上传，请先上传照片再提交记录。未保存任何内容。", photo_id=str(photo_id)
            )
        if known[photo_id].officer_code != officer_code:
            raise InvalidInputError(
                f"照片 {photo_id} 不是网格员 {officer_code} 上传的，不能作为其记录的证据。未保存任何内容。",
                photo_id=str(photo_id),
            )
    queries.attach(session, evidence_id, ids)
    add_findings(session, evidence_id, odd_photos(session, evidence_id, list(known.values()), made_at, position))


def photos_of(session: Session, evidence_id: UUID) -> list[Photo]:
    """The photos of a record, in order; none gives an empty list."""
    return queries.of_record(session, evidence_id)


def _replay(session: Session, photo_id: UUID, officer_code: str, jpeg: bytes) -> AcceptedPhoto | None:
    known = queries.by_ids(session, [photo_id]).get(photo_id)
    if known is None:
        return None
    if known.digest_hex != hashlib.sha256(jpeg).hexdigest() or known.officer_code != officer_code:
        raise ConflictError(
            f"照片编号 {photo_id} 已用于另一张照片，本次未保存。新的照片请用新的编号。", id=str(photo_id)
        )
    return AcceptedPhoto(PhotoAnswer(**known.model_dump(include=set(PhotoAnswer.model_fields))), is_replay=True)


def _check_time(taken_at: datetime, settings: Settings) -> None:
    now = settings.now()
    if not _EARLIEST <= taken_at <= now + timedelta(seconds=settings.clock_skew_s):
        raise InvalidInputError(
            f"照片的拍摄时间 {taken_at.astimezone(settings.zone):%Y-%m-%d %H:%M:%S} 早于 2000 年或在将来"
            f"（服务器现在 {now:%Y-%m-%d %H:%M:%S}），请检查设备时钟和时区。未保存。",
            problem="taken_at",
        )

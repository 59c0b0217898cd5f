"""Originals of a case: taken in, given out, struck out. None is ever deleted."""

import hashlib
import re
from pathlib import PurePath
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.closing import FINISHED, proved_by_alone
from app.cases.originals import ENDINGS, media_type_of, thumbnail
from app.cases.queries import files
from app.cases.reading import case_in_scope, case_to_change, note_event
from app.cases.schemas.inputs import EARLIEST, AttachmentIn
from app.cases.schemas.outputs import Attachment, ClosureItem
from app.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from app.settings import Settings

MOST_FILES = 60
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff<>:"/\\|?*]+')


class Original(NamedTuple):
    """An original with its bytes; `etag` stands for them."""

    content: bytes
    media_type: str
    file_name: str
    etag: str


def attach(
    session: Session, settings: Settings, actor: Actor, case_id: UUID, stated: AttachmentIn, name: str, content: bytes
) -> None:
    """Take in an original, or find that it is there already. `name`: as its sender calls it.

    Raises as `case_to_change` does; TooLargeError for one too large or too many; InvalidInputError for what is neither
    JPEG, PNG nor PDF; ConflictError when the id is another file's.
    """
    case = case_to_change(session, settings, actor, case_id)
    digest = hashlib.sha256(content).digest()
    if _is_replay(session, case_id, stated, digest):
        return
    _check_room(session, settings, case, content)
    if stated.taken_on is not None and not EARLIEST <= stated.taken_on <= settings.today():
        raise InvalidInputError(f"拍摄（形成）日期 {stated.taken_on} 在将来，未保存。请核对。", problem="taken_on")
    media_type = media_type_of(content)
    values = {
        **stated.model_dump(),
        "case_id": case_id,
        "file_name": safe_name(name, media_type),
        "media_type": media_type,
        "digest": digest,
        "byte_count": len(content),
        "added_by": actor.name,
    }
    if not files.add_attachment(session, values, content):
        raise ConflictError("这个附件正在被另一请求处理，请稍后刷新查看。", id=str(stated.id))
    changes = {"attachment": [None, stated.what], "sha256": [None, digest.hex()]}
    note_event(session, actor, case, "attached", settings.today(), None, changes)


def withdraw(session: Session, settings: Settings, actor: Actor, case_id: UUID, attachment_id: UUID, why: str) -> None:
    """Strike an original out. Raises as `case_to_change` does, NotFoundError, and ConflictError when it is struck out
    already or alone proves something of a finished case."""
    case = case_to_change(session, settings, actor, case_id)
    row = _of_case(session, case_id, attachment_id)
    if row.withdrawn_why is not None:
        raise ConflictError("这个附件已经撤销。请刷新后查看。", reason="withdrawn")
    alone = proved_by_alone(session, case, attachment_id) if case.state in FINISHED else []
    if alone:
        raise ConflictError(
            f"案件 {case.number} 已完成整治，这个附件是“{'”“'.join(alone)}”的唯一证据，不能撤销。请先补充其他证据。",
            items=alone,
        )
    files.withdraw(session, attachment_id, why)
    changes = {"attachment": [row.what, None], "sha256": [row.sha256, None]}
    note_event(session, actor, case, "withdrawn", settings.today(), why, changes)


def original(session: Session, settings: Settings, actor: Actor, case_id: UUID, attachment_id: UUID) -> Original:
    """An original's bytes as they came. Raises as `case_in_scope` does, and NotFoundError."""
    case_in_scope(session, settings, actor, case_id)
    row = _of_case(session, case_id, attachment_id)
    return Original(files.content(session, attachment_id), row.media_type, row.file_name, f'"{row.sha256}"')


def small(session: Session, settings: Settings, actor: Actor, case_id: UUID, attachment_id: UUID) -> Original:
    """A picture of an original that fits a list. Raises as `original` does, also for what is no picture."""
    full = original(session, settings, actor, case_id, attachment_id)
    if not full.media_type.startswith("image/"):
        raise NotFoundError("PDF 附件没有缩略图，请打开原件查看。", id=str(attachment_id))
    return Original(thumbnail(full.content), "image/jpeg", "thumbnail.jpg", f'{full.etag[:-1]}-small"')


def attachments_of(session: Session, case_id: UUID, closure: list[ClosureItem]) -> list[Attachment]:
    """A case's originals, struck-out ones too, with what each proves."""
    return [
        Attachment(
            **{name: value for name, value in row._mapping.items() if name != "case_id"},
            url=f"/api/cases/{case_id}/attachments/{row.id}",
            proves=[item.item for item in closure if row.id in item.attachment_ids],
        )
        for row in files.attachments(session, case_id)
    ]


def safe_name(name: str, media_type: str) -> str:
    """A file name that no system trips over, with the ending of what the file is."""
    return (safe_stem(PurePath(name.replace("\\", "/")).stem) or "附件") + ENDINGS[media_type]


def safe_stem(name: str) -> str:
    """A name without what file systems and archives trip over; empty when nothing is left."""
    return _UNSAFE.sub("_", name).strip(" ._")[:80]


def _is_replay(session: Session, case_id: UUID, stated: AttachmentIn, digest: bytes) -> bool:
    row = files.attachment(session, stated.id)
    if row is None:
        return False
    if (row.case_id, row.sha256, row.what) != (case_id, digest.hex(), stated.what):
        raise ConflictError("这个附件编号已用于另一个文件，本次未保存。请重新选择文件上传。", id=str(stated.id))
    return True


def _check_room(session: Session, settings: Settings, case: Row[Any], content: bytes) -> None:
    most = settings.upload.attachment_bytes
    if len(content) > most:
        raise TooLargeError(f"附件超过上限 {most // (1024 * 1024)} MB，未保存。请压缩或拆分后上传。", limit_bytes=most)
    if not content:
        raise InvalidInputError("附件是空文件，未保存。请重新选择。", problem="empty")
    kept = files.attachments(session, case.id)
    if len(kept) >= MOST_FILES:
        raise TooLargeError(f"每案最多 {MOST_FILES} 个附件（含已撤销的），未保存。", limit=MOST_FILES)
    room = settings.upload.case_bytes - sum(row.byte_count for row in kept)
    if len(content) > room:
        raise TooLargeError(
            f"案件 {case.number} 的全部附件（含已撤销的）合计不超过 {_mb(settings.upload.case_bytes)} MB，"
            f"现余 {_mb(max(room, 0))} MB，本附件 {_mb(len(content))} MB，未保存。请压缩后上传。",
            limit_bytes=settings.upload.case_bytes,
        )


def _mb(size: int) -> str:
    return f"{size / (1024 * 1024):.1f}"


def _of_case(session: Session, case_id: UUID, attachment_id: UUID) -> Row[Any]:
    row = files.attachment(session, attachment_id)
    if row is None or row.case_id != case_id:
        raise NotFoundError("本案没有这个附件。请刷新后查看。", id=str(attachment_id))
    return row

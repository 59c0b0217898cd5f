"""The file of a case as one PDF, and as a zip with the originals."""

import csv
import io
import json
import shutil
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, NamedTuple
from uuid import UUID

import typst
from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases.attachments import safe_stem
from app.cases.detail import detail
from app.cases.originals import ENDINGS, thumbnail
from app.cases.queries import files
from app.cases.schemas.outputs import Attachment, CaseDetail
from app.cases.sheet import sheet
from app.settings import Settings

TEMPLATE = Path(__file__).with_name("case.typ")
# Setting a page takes a core and some memory for the fonts.
_AT_ONCE = BoundedSemaphore(2)
_LONG_AGO = (2000, 1, 1, 0, 0, 0)  # the same file twice gives the same bytes
_SPOOLED_BYTES = 8 * 1024 * 1024
_MANIFEST = (
    "编号",
    "文件",
    "内容",
    "原文件名",
    "类型",
    "字节数",
    "sha256",
    "拍摄（形成）日期",
    "上传时间",
    "上传人",
    "撤销原因",
)
# A spreadsheet takes what begins so for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Printed(NamedTuple):
    """Something to be saved: an open file at its beginning, and its name."""

    file: IO[bytes]
    name: str
    media_type: str


def as_pdf(session: Session, settings: Settings, actor: Actor, case_id: UUID) -> Printed:
    """The file as a PDF, A4. Raises NotFoundError or ForbiddenError. The look is noted for the audit."""
    case = detail(session, settings, actor, case_id)
    name = f"{safe_stem(case.number)}.pdf"
    actor.facts["download"] = name
    return Printed(io.BytesIO(_pdf(session, settings, actor, case)), name, "application/pdf")


def as_zip(session: Session, settings: Settings, actor: Actor, case_id: UUID) -> Printed:
    """The PDF with all originals, case.json and manifest.csv. Raises and notes as `as_pdf` does."""
    case = detail(session, settings, actor, case_id)
    stem = safe_stem(case.number)
    actor.facts["download"] = f"{stem}.zip"
    out = tempfile.SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 - closed by whoever sends it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _put(archive, f"{stem}.pdf", _pdf(session, settings, actor, case))
        _put(archive, "case.json", json.dumps(case.model_dump(mode="json"), ensure_ascii=False, indent=1).encode())
        names = [file_name(at, each) for at, each in enumerate(case.attachments, 1)]
        _put(archive, "manifest.csv", _manifest(settings, case, names))
        for name, each in zip(names, case.attachments, strict=True):
            _put(archive, name, files.content(session, each.id), zipfile.ZIP_STORED)
    out.seek(0)
    return Printed(out, f"{stem}.zip", "application/zip")


def file_name(at: int, each: Attachment) -> str:
    """What an original is called in the zip: its number in the list, then its own name without what zips trip over."""
    return f"attachments/{at:02d}_{Path(each.file_name).stem}{ENDINGS[each.media_type]}"


def _pdf(session: Session, settings: Settings, actor: Actor, case: CaseDetail) -> bytes:
    shown = {each for item in case.closure for each in item.attachment_ids}
    pictures = [each for each in case.attachments if each.id in shown and each.media_type.startswith("image/")]
    with tempfile.TemporaryDirectory(prefix="wuyilou-case-") as folder, _AT_ONCE:
        root = Path(folder)
        for each in pictures:
            (root / f"{each.id}.jpg").write_bytes(thumbnail(files.content(session, each.id)))
        data = sheet(settings, case, actor.name, {str(each.id): f"{each.id}.jpg" for each in pictures})
        (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), "utf-8")
        shutil.copyfile(TEMPLATE, root / "case.typ")
        return typst.compile(root / "case.typ", root=root, font_paths=_fonts(), format="pdf")


@cache
def _fonts() -> typst.Fonts:
    """The system's fonts, looked for once."""
    return typst.Fonts(include_system_fonts=True)


def _manifest(settings: Settings, case: CaseDetail, names: list[str]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_MANIFEST)
    for at, (name, each) in enumerate(zip(names, case.attachments, strict=True), 1):
        added = f"{each.added_at.astimezone(settings.zone):%Y-%m-%d %H:%M:%S}"
        told = (each.what, each.file_name, each.media_type, each.byte_count, each.sha256, each.taken_on or "", added)
        row = (f"附件{at}", name, *told, each.added_by, each.withdrawn_why or "")
        writer.writerow([_cell(value) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _put(archive: zipfile.ZipFile, name: str, content: bytes, kind: int = zipfile.ZIP_DEFLATED) -> None:
    entry = zipfile.ZipInfo(name, _LONG_AGO)
    entry.compress_type = kind
    entry.external_attr = 0o644 << 16
    archive.writestr(entry, content)

"""A file becomes a list: looked at first, then kept whole with a report on every row that is not as it should be."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from app.actor import Actor
from app.baselines import drafts
from app.baselines.drafts import Draft
from app.baselines.matching import TASK
from app.baselines.queries import lists
from app.baselines.schemas import FIELDS, REQUIRED, SYNONYMS, ListIn, Preview, Report
from app.deferred import defer
from app.errors import ConflictError, InvalidInputError
from app.settings import Settings
from app.spreadsheets import Sheet, check_mapping, guess_mapping, read_table
from app.territory import service as territory
from app.territory.schemas import UnitRow
from geo.datum import Datum

SAMPLE_ROWS = 8
CHUNK = 10_000
LEVELS = ("city", "county", "town", "village")


def preview(
    settings: Settings, path: Path, file_name: str, header_row: int | None, header_rows: int | None, sheet: str | None
) -> Preview:
    """What a file holds and what its columns seem to be; nothing is kept. Raises InvalidInputError, TooLargeError."""
    table = read_table(path, settings.upload, SYNONYMS, header_row, header_rows, sheet)
    return Preview(
        file_name=file_name,
        encoding=table.encoding,
        sheet=table.name,
        other_sheets=table.other_sheets,
        header_row=table.header_row,
        header_rows=table.header_rows,
        columns=table.headers,
        mapping=guess_mapping(table.headers, SYNONYMS),
        fields=FIELDS,
        required=list(REQUIRED),
        row_count=len(table.rows),
        sample=[[cell[:200] for cell in row] for row in table.rows[:SAMPLE_ROWS]],
        sample_row_numbers=table.row_numbers[:SAMPLE_ROWS],
    )


def store(session: Session, settings: Settings, actor: Actor, asked: ListIn, path: Path, file_name: str) -> bool:
    """Keep a list and have it matched; false when the same had been kept already; the caller commits.

    Raises InvalidInputError, NotFoundError (unit), ForbiddenError (unit) or ConflictError (the id has other content, or
    the file is in force already).
    """
    unit = territory.unit_in_scope(session, actor.scope, asked.unit_code)
    digest = hashlib.sha256(path.read_bytes()).digest()
    if _is_replay(session, actor, asked, digest):
        return False
    _check(session, settings, asked, unit, digest)
    table = read_table(path, settings.upload, SYNONYMS, asked.header_row, asked.header_rows, asked.sheet)
    check_mapping(table.headers, asked.mapping, FIELDS, REQUIRED)
    found, report = drafts.read(table, asked.mapping, Datum(asked.datum) if asked.datum else None)
    if not found:
        raise InvalidInputError("表头之下没有读到任何名单行，未导入任何内容。请核对表头所在的行和工作表。")
    columns = _columns(session, settings, unit, found)
    drafts.finish(found, report)
    if not lists.insert(session, _values(actor, asked, unit, digest, file_name, table, report)):
        raise ConflictError(f"编号 {asked.id} 的名单正在导入，请稍后在列表中查看。", id=str(asked.id))
    for at in range(0, len(found), CHUNK):
        lists.insert_rows(session, asked.id, {name: values[at : at + CHUNK] for name, values in columns.items()})
    facts = {"rows": report.kept, "file_name": file_name}
    lists.add_event(
        session,
        {
            "baseline_id": asked.id,
            "kind": "imported",
            "facts": facts,
            "by_account": actor.account_id,
            "by_name": actor.label,
        },
    )
    defer(session, TASK, str(asked.id), lock=f"{TASK}:{asked.id}")
    return True


def _is_replay(session: Session, actor: Actor, asked: ListIn, digest: bytes) -> bool:
    known = lists.one(session, actor.scope, asked.id)
    if known is None:
        return False
    same = all(getattr(known, name) == getattr(asked, name) for name in ("name", "kind", "department", "as_of"))
    if not (
        same
        and (known.unit_code, known.mapping, known.datum) == (asked.unit_code, asked.mapping, asked.datum)
        and bytes(known.file_digest) == digest
    ):
        raise ConflictError(f"编号 {asked.id} 已用于另一份名单，本次未保存。请用新的编号重新导入。", id=str(asked.id))
    return True


def _check(session: Session, settings: Settings, asked: ListIn, unit: UnitRow, digest: bytes) -> None:
    same = lists.same_file(session, digest, unit.code, asked.kind)
    if same is not None:
        raise ConflictError(
            f"这份文件已于 {same.created_at.astimezone(settings.zone):%Y-%m-%d} 导入为“{same.name}”，未重复导入。"
            "如确需重新导入，请先撤回原名单。",
            id=str(same.id),
        )
    if asked.as_of > settings.today():
        raise InvalidInputError(f"名单日期 {asked.as_of} 在将来，未导入任何内容。请填写名单所反映的日期。")
    if ("lon" in asked.mapping) != ("lat" in asked.mapping):
        raise InvalidInputError("经度和纬度应同时对应到列，未导入任何内容。请补选另一列，或两列都不选。")
    if ("lon" in asked.mapping) != (asked.datum is not None):
        raise InvalidInputError("名单中有坐标时须指明坐标系，没有坐标时不填，未导入任何内容。")


def _columns(session: Session, settings: Settings, unit: UnitRow, found: Sequence[Draft]) -> dict[str, list[Any]]:
    """The rows by column, each with the unit that may see it: by place, else as the row says, else the list's."""
    units = _Units(session, unit)
    placed = [draft for draft in found if draft.lon is not None]
    lon, lat = [draft.lon or 0.0 for draft in placed], [draft.lat or 0.0 for draft in placed]
    paths = lists.units_at(session, lon, lat, unit.path)
    grids = lists.grids_at(session, lon, lat, unit.path, settings.today())
    at_of = {draft.row_number: at for at, draft in enumerate(placed)}
    unit_paths, grid_codes = [], []
    for draft in found:
        at = at_of.get(draft.row_number)
        path = None if at is None else paths.get(at)
        if at is not None and path is None:
            draft.findings.append(f"坐标不在{unit.name}范围内，请核对坐标和坐标系")
        stated, wrong = units.read(draft.unit)
        if wrong:
            draft.findings.append(wrong)
        unit_paths.append(path or stated or unit.path)
        grid_codes.append(None if at is None else grids.get(at))
    return {
        "row_number": [draft.row_number for draft in found],
        "name": [draft.name for draft in found],
        "uscc": [draft.uscc for draft in found],
        "uscc_valid": [draft.uscc_valid for draft in found],
        "address": [draft.address for draft in found],
        "contact": [draft.contact for draft in found],
        "lon": [draft.lon for draft in found],
        "lat": [draft.lat for draft in found],
        "unit_path": unit_paths,
        "grid_code": grid_codes,
        "extra": [json.dumps(draft.extra, ensure_ascii=False) for draft in found],
        "findings": ["\n".join(draft.findings) or None for draft in found],
    }


class _Units:
    """The units below a list's own, by what rows call them."""

    def __init__(self, session: Session, unit: UnitRow) -> None:
        self._unit = unit
        below = [each for level in LEVELS for each in territory.units_within(session, unit, level)]
        self._by_path = {each.path: each.name for each in below}
        self._by_code = {each.code: each.path for each in below} | {unit.code: unit.path}
        self._by_name: dict[str, list[str]] = {}
        for each in below:
            self._by_name.setdefault(each.name, []).append(each.path)

    def read(self, text: str | None) -> tuple[str | None, str | None]:
        """Path of the unit that a row names, by code or by name, and what is wrong with it; both None for none."""
        if not text:
            return None, None
        if text in self._by_code:
            return self._by_code[text], None
        name = max((name for name in self._by_name if text.endswith(name)), key=len, default="")
        paths = self._by_name.get(name, [])
        told = [path for path in paths if len(paths) == 1 or self._is_told(path, text)]
        if len(told) == 1:
            return told[0], None
        problem = "有几处同名" if paths else f"不在{self._unit.name}范围内"
        return None, f"所属区划“{text[:40]}”{problem}，按名单所属区划处理"

    def _is_told(self, path: str, text: str) -> bool:
        """Whether the text names the unit above too."""
        above = self._by_path.get(path.rpartition(".")[0])
        return above is not None and above in text


def _values(
    actor: Actor, asked: ListIn, unit: UnitRow, digest: bytes, file_name: str, table: Sheet, report: Report
) -> dict[str, Any]:
    return {
        "id": asked.id,
        "name": asked.name,
        "kind": asked.kind,
        "department": asked.department,
        "as_of": asked.as_of,
        "unit_code": unit.code,
        "unit_path": unit.path,
        "file_name": file_name,
        "file_digest": digest,
        "encoding": table.encoding,
        "mapping": json.dumps(asked.mapping, ensure_ascii=False),
        "datum": asked.datum,
        "report": report.model_dump_json(),
        "row_count": report.kept,
        "created_by": actor.label,
    }

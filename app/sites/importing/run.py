"""An import from the file to the rows stored: everything is checked, then all of it is written, or nothing."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from app.actor import Actor
from app.errors import ConflictError, InvalidInputError, TooLargeError
from app.settings import Settings
from app.sites import registering
from app.sites.checking import AT_ONCE
from app.sites.days import day_values
from app.sites.importing import files
from app.sites.importing.drafts import Draft, drafts_of
from app.sites.importing.fields import FIELDS, REQUIRED, SYNONYMS
from app.sites.importing.units import Units
from app.sites.queries import checks, locating, sites, storing
from app.sites.schemas.importing import Column, ImportPreview, ImportProblem, SiteImportReport
from app.spreadsheets import check_mapping, guess_mapping
from app.territory import service as territory

MAX_ROWS = 50_000
MAX_PROBLEMS = 200
_SAMPLE = 20
_SPACE = UUID("5f0b0c6e-6a2e-4b7e-9d35-3f2f4c1d7a10")


@dataclass(frozen=True)
class SiteImport:
    """What is asked: the datum of coordinates, the unit of rows that name none; no mapping: by the usual names."""

    file_name: str
    datum: str
    mapping: dict[str, str] = field(default_factory=dict)
    unit: str | None = None
    dry_run: bool = False


def preview(settings: Settings, path: Path, file_name: str) -> ImportPreview:
    """What a file holds and which column is probably what; nothing is kept. Raises InvalidInputError."""
    rows = files.read(path, file_name, settings.upload)
    return ImportPreview(
        file_name=file_name,
        encoding=rows.encoding,
        headers=rows.headers,
        sample=[[cell[:200] for cell in row] for row in rows.rows[:_SAMPLE]],
        row_count=len(rows.rows),
        has_shapes=bool(rows.shapes),
        mapping=guess_mapping(rows.headers, SYNONYMS),
        columns=[Column(code=code, text=text, required=code in REQUIRED) for code, text in FIELDS.items()],
    )


def import_sites(session: Session, settings: Settings, actor: Actor, asked: SiteImport, path: Path) -> SiteImportReport:
    """Import a file of sites with tenancies; the caller commits.

    Raises InvalidInputError with the report in its facts when anything is wrong, or ConflictError when the very file
    was imported before; then nothing is stored.
    """
    rows = files.read(path, asked.file_name, settings.upload)
    mapping = asked.mapping or guess_mapping(rows.headers, SYNONYMS)
    check_mapping(rows.headers, mapping, FIELDS, REQUIRED)
    if len(rows.rows) > MAX_ROWS:
        raise TooLargeError(
            f"文件有 {len(rows.rows):,} 行，一次最多 {MAX_ROWS:,} 行，未导入任何内容。请拆分后分别导入。"
        )
    report = SiteImportReport(
        file_name=asked.file_name, encoding=rows.encoding, datum=asked.datum, mapping=mapping, dry_run=asked.dry_run
    )
    if asked.unit:
        territory.unit_in_scope(session, actor.scope, asked.unit)
    units = Units(session, actor.scope, asked.unit)
    namespace = uuid5(_SPACE, hashlib.sha256(path.read_bytes()).hexdigest())
    say = _listener(report)
    records = list(rows.records(mapping))
    drafts = drafts_of(records, rows.shapes, asked.datum, units, namespace, settings, say)
    _check_known(session, drafts, say)
    report.rows, report.sites = len(records), len(drafts)
    report.tenancies = sum(len(draft.tenants) for draft in drafts)
    _refuse_if_wrong(report)
    if not drafts:
        raise InvalidInputError("文件中没有场所，未导入任何内容。请核对文件。")
    if not asked.dry_run:
        _store(session, settings, actor, drafts)
        _check_stored(session, actor, drafts, report)
    report.stored = not asked.dry_run
    done = "可以导入" if asked.dry_run else "已导入"
    report.message = f"{done} {report.sites:,} 处场所、{report.tenancies:,} 户租户。"
    return report


def _listener(report: SiteImportReport) -> Any:
    def say(row: int, name: str | None, what: str) -> None:
        report.errors += 1
        if len(report.problems) < MAX_PROBLEMS:
            column = None if name is None else FIELDS[name]
            report.problems.append(ImportProblem(row=row, column=column, what=what))

    return say


def _check_known(session: Session, drafts: list[Draft], say: Any) -> None:
    ids = [draft.values["id"] for draft in drafts if draft.values]
    if storing.is_known(session, ids):
        raise ConflictError("这份文件已经导入过，未重复导入。需要修改的，请在场所页面修改。")
    codes = {draft.values["code"]: draft for draft in drafts if draft.values and draft.values["code"]}
    for code in storing.codes_taken(session, codes):
        say(codes[code].row, "code", f"“{code}”已用于另一处场所")


def _refuse_if_wrong(report: SiteImportReport) -> None:
    if not report.errors:
        return
    report.problems.sort(key=lambda problem: problem.row)
    first = report.problems[0]
    where = f"第 {first.row} 行" + (f"“{first.column}”" if first.column else "")
    report.message = f"有 {report.errors:,} 处错误，未导入任何内容。{where}：{first.what}"
    raise InvalidInputError(report.message, report=report.model_dump(mode="json"))


def _store(session: Session, settings: Settings, actor: Actor, drafts: list[Draft]) -> None:
    today = settings.today()
    common = {"content_digest": None, "created_by": actor.label}
    codes = iter(storing.next_codes(session, sum(draft.values["code"] is None for draft in drafts)))
    for draft in drafts:
        draft.values["code"] = draft.values["code"] or next(codes)
    storing.insert(
        session,
        [{**draft.values, **common, "located_on": today} for draft in drafts],
        [
            {**tenant.values, **common, "site_id": draft.values["id"], "state": "confirmed"}
            for draft in drafts
            for tenant in draft.tenants
        ],
        [event for draft in drafts for event in _events(draft, actor)],
    )
    ids = [draft.values["id"] for draft in drafts]
    locating.locate(session, ids, today)
    for start in range(0, len(ids), AT_ONCE):
        checks.refresh(session, ids[start : start + AT_ONCE], day_values(today))


def _events(draft: Draft, actor: Actor) -> list[dict[str, Any]]:
    by = {"site_id": draft.values["id"], "words": "批量导入", "by_account": actor.account_id, "by_name": actor.label}
    made = {"kind": "created", "tenancy_id": None, "changes": registering.made(draft.values)}
    lets = [
        {
            **by,
            "kind": "tenancy_added",
            "tenancy_id": tenant.values["id"],
            "changes": {"tenant_name": [None, tenant.values["tenant_name"]]},
        }
        for tenant in draft.tenants
    ]
    return [by | made, *lets]


def _check_stored(session: Session, actor: Actor, drafts: list[Draft], report: SiteImportReport) -> None:
    """Refuse sites that turn out to lie beyond the sender's scope; whoever answers rolls back what was stored."""
    rows = {draft.values["id"]: draft.row for draft in drafts}
    say = _listener(report)
    places = sites.briefs(session, rows)
    if len(places) != len(rows):
        raise ConflictError("导入期间有人登记了同样编号的场所，未导入任何内容。请重新导入。")
    for place in places:
        if not actor.scope.holds_unit(place.unit_path):
            say(rows[place.id], None, "位置不在您的管辖范围内，请核对经纬度和坐标系")
    _refuse_if_wrong(report)

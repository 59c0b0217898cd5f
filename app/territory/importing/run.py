"""An import from the file to the rows stored: read, check everything, then write all of it or nothing."""

import hashlib
import json
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy.orm import Session

from app.errors import InvalidInputError
from app.settings import UploadLimits
from app.territory.importing import drafts, exclusions, grids, reach, units
from app.territory.importing.files import Source, prepare
from app.territory.importing.geometry import crs_differs, sound, stated_name
from app.territory.importing.mapping import resolve
from app.territory.importing.prepared import prepared
from app.territory.importing.reading import RawLayer, read
from app.territory.importing.report import WHOLE_FILE, FileFacts, Findings, build, refuse_if_wrong
from app.territory.importing.request import Change, ImportRequest
from app.territory.queries import batches, storing
from app.territory.queries import units as unit_queries
from app.territory.schemas import Counts, ImportReport

Plan = units.UnitPlan | grids.GridPlan | exclusions.ExclusionPlan


def run(session: Session, limits: UploadLimits, request: ImportRequest, path: Path) -> Change:
    """Import a file. Raises InvalidInputError with the report in its facts when anything is wrong; then nothing is
    stored. Importing what is stored already changes nothing.
    """
    _check_day(request)
    source, layer = _read(path, limits, request)
    mapping = resolve(request.subject, layer.columns, request.mapping)
    findings, counts = Findings(), Counts(read=len(layer))
    _remarks(request, layer, findings)
    storing.lock(session)
    plan = _plan(session, request, layer, mapping, counts, findings)
    facts = FileFacts(
        subject=request.subject,
        file_name=request.file_name,
        file_format=source.label,
        datum=str(request.datum),
        stated_crs=stated_name(layer.stated_crs),
        encoding=source.encoding,
        mapping=mapping,
        effective_on=request.day,
        dry_run=request.dry_run,
    )
    report = build(facts, findings, counts)
    refuse_if_wrong(report)
    change = Change(report, plan.unit_codes, plan.ground)
    if plan.changes and not request.dry_run:
        _store(session, request, plan, report, path)
        change.stored = True
    return change


def _check_day(request: ImportRequest) -> None:
    if request.day > request.today:
        raise InvalidInputError(f"生效日期 {request.day} 在今天（{request.today}）之后。请改为今天或之前。")
    if request.day < date(2000, 1, 2):
        raise InvalidInputError(f"生效日期 {request.day} 过早。请改为 2000-01-02 或之后。")


def _read(path: Path, limits: UploadLimits, request: ImportRequest) -> tuple[Source, RawLayer]:
    with tempfile.TemporaryDirectory(prefix="wuyilou-import-") as folder:
        source = prepare(path, Path(folder), limits, request.layer)
        layer = read(source, limits, request.layer)
    if not len(layer):
        raise InvalidInputError("图层中没有要素，未导入任何内容。请核对文件。")
    return source, layer


def _remarks(request: ImportRequest, layer: RawLayer, findings: Findings) -> None:
    for note in layer.notes:
        findings.warning(WHOLE_FILE, "encoding", note, "核对名称是否有乱码。")
    if layer.stated_crs and crs_differs(request.datum, layer.stated_crs):
        findings.warning(
            WHOLE_FILE,
            "crs_differs",
            f"文件写明坐标系 {stated_name(layer.stated_crs)}，与指定的不同；已按指定的 {request.datum} 读取",
            "核对数据来源，确认以哪个为准。",
        )


def _plan(
    session: Session,
    request: ImportRequest,
    layer: RawLayer,
    mapping: Mapping[str, str],
    counts: Counts,
    findings: Findings,
) -> Plan:
    if request.subject == "units":
        unit_rows = drafts.units(layer, mapping, findings)
        reach.units(request, unit_rows.values(), findings)
        shapes = sound(layer, mapping, request.datum, counts, findings)
        whole = prepared(unit_rows, shapes)
        return units.plan(session, request, unit_rows.values(), whole, counts, findings)
    if request.subject == "grids":
        grid_rows = drafts.grids(layer, mapping, findings)
        reach.grids(session, request, list(grid_rows.values()), findings)
        shapes = sound(layer, mapping, request.datum, counts, findings)
        laid = prepared(grid_rows, shapes)
        officers = "officer_code" in mapping or "officer_name" in mapping
        return grids.plan(session, request, grid_rows.values(), laid, counts, findings, with_officers=officers)
    rows = drafts.exclusions(layer, mapping, findings, request.defaults)
    shapes = sound(layer, mapping, request.datum, counts, findings)
    kept = prepared(rows, shapes)
    reach.exclusion_rows(session, request, kept, findings)
    return exclusions.plan(session, request, rows.values(), kept, counts, findings)


def _store(session: Session, request: ImportRequest, plan: Plan, report: ImportReport, path: Path) -> None:
    batch = uuid4()
    report.id = batch
    values: dict[str, Any] = {
        "id": batch,
        "subject": request.subject,
        "file_name": request.file_name,
        "file_digest": hashlib.sha256(path.read_bytes()).digest(),
        "datum": str(request.datum),
        "mapping": json.dumps(report.mapping, ensure_ascii=False),
        "report": report.model_dump_json(),
        "actor": request.actor,
    }
    batches.add(session, values)
    plan.write(session, request, batch)
    unit_queries.bump_version(session)

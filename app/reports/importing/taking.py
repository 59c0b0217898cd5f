"""Taking in a list: looked at first, then all of it or nothing; what is there already is told and not doubled."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.actor import Actor
from app.cases import service as cases
from app.cases.schemas import CaseForForms, CaseIn
from app.errors import ForbiddenError, InvalidInputError, TooLargeError
from app.reports.cases import Area
from app.reports.importing.cells import plain
from app.reports.importing.fields import FIELDS
from app.reports.importing.rows import Draft, Stated, draft, is_blank, is_end
from app.reports.queries import numbers as queries
from app.reports.schemas import FieldOut, ImportOut, RowProblem
from app.rights import Right
from app.settings import Settings
from app.spreadsheets import Sheet, check_mapping, guess_mapping, read_table

MAX_ROWS = 3000
MAX_PROBLEMS = 500
SAMPLE_ROWS = 5
_NOTHING = "未导入任何内容。"


class Looked(NamedTuple):
    """What a file comes to: its rows as cases, and what is told of it."""

    drafts: list[Draft]
    report: ImportOut


def look(
    session: Session,
    settings: Settings,
    actor: Actor,
    stated: Stated,
    units: Sequence[Area],
    path: Path,
    file_name: str,
    mapping: Mapping[str, str] | None,
) -> Looked:
    """Read a file and check every row, and store nothing. `mapping` None: guessed from the heads.

    Raises InvalidInputError for a file, a mapping or days that do not serve, TooLargeError beyond a bound.
    """
    _check(settings, stated)
    fields = FIELDS[stated.form]
    sheet = read_table(path, settings.upload, fields.synonyms)
    if len(sheet.rows) > MAX_ROWS:
        raise TooLargeError(f"清单超过 {MAX_ROWS:,} 行，{_NOTHING}请拆分后分别导入。", limit_rows=MAX_ROWS)
    chosen = guess_mapping(sheet.headers, fields.synonyms) if mapping is None else dict(mapping)
    check_mapping(sheet.headers, chosen, fields.texts)
    missing = [field for field in fields.required if field not in chosen]
    drafts: list[Draft] = []
    skipped: list[RowProblem] = []
    if not missing:
        drafts, skipped = _drafts(sheet, chosen, stated, units)
        skipped += _doubles(session, actor, stated.unit, settings, drafts)
    report = _report(sheet, stated, chosen, drafts, skipped)
    report.file_name, report.missing = file_name, missing
    return Looked([each for each in drafts if each.case is not None], report)


def take(session: Session, settings: Settings, actor: Actor, looked: Looked) -> ImportOut:
    """Register every row that is new; the caller commits.

    Raises InvalidInputError when any row has an error, ForbiddenError for a token that may not register cases.
    """
    if not actor.may(Right.MANAGE_CASES):
        raise ForbiddenError(f"没有登记案件的权限，{_NOTHING}请换用有此权限的账号或令牌。")
    report = looked.report
    if report.missing:
        names = "、".join(FIELDS[report.form].texts[field] for field in report.missing)
        raise InvalidInputError(f"还没有指明“{names}”在哪一列，{_NOTHING}请在列对应中选择。", missing=report.missing)
    if report.errors:
        raise InvalidInputError(
            f"清单有 {report.errors} 行有误，{_NOTHING}请按报告改正后重新上传。",
            problems=[problem.model_dump() for problem in report.problems],
        )
    for each in looked.drafts:
        assert each.case is not None  # noqa: S101 - those with errors were refused
        case = cases.create_case(session, settings, actor, each.case, each.finished_on)
        report.numbers.append(case.number)
    report.imported = len(looked.drafts)
    return report


def _check(settings: Settings, stated: Stated) -> None:
    if stated.as_of > settings.today():
        raise InvalidInputError(f"清单日期 {stated.as_of} 在将来，{_NOTHING}请改正。")
    if stated.deadline < stated.as_of:
        raise InvalidInputError(f"整治期限 {stated.deadline} 早于清单日期 {stated.as_of}，{_NOTHING}请改正。")
    if stated.form == "F3" and stated.chemical_kind is None:
        raise InvalidInputError(f"小化工台账没有写明属于四种情形中的哪一种，请先选择，{_NOTHING}")


def _drafts(
    sheet: Sheet, mapping: Mapping[str, str], stated: Stated, units: Sequence[Area]
) -> tuple[list[Draft], list[RowProblem]]:
    """Rows as drafts down to the end of the table, and what was passed over."""
    drafts, skipped = [], []
    for (number, record), texts in zip(sheet.records(mapping), sheet.rows, strict=True):
        if is_end(texts):
            skipped.append(_note(number, "合计、签名或说明，表到此为止，未作为问题导入", "skipped"))
            break
        if is_blank(record):
            skipped.append(_note(number, "没有单位名称、地址和问题描述，视为空行", "skipped"))
            continue
        drafts.append(draft(number, record, mapping, stated, units))
    return drafts, skipped


def _doubles(session: Session, actor: Actor, unit: Area, settings: Settings, drafts: list[Draft]) -> list[RowProblem]:
    """Take those out of the drafts that are registered already, or stand in the file above; say which."""
    known = cases.cases_for_forms(session, actor.scope, unit.path, None, settings.today())
    by_place: dict[tuple[str, str], str] = {_place(case): f"已有案件 {case.number}" for case in known}
    given = [each.case.number for each in drafts if each.case is not None and each.case.number]
    by_number = queries.parties(session, given)
    doubles = []
    for each in list(drafts):
        if each.case is None:
            continue
        number, place = each.case.number, _place(each.case)
        if number in by_number and plain(by_number[number]) != plain(each.case.party_name or ""):
            each.errors.append(f"问题编号 {number} 已用于“{by_number[number]}”，与本行名称不同，请核对编号")
            each.case = None
        elif number in by_number or place in by_place:
            where = f"问题编号 {number} 已登记" if number in by_number else by_place[place]
            doubles.append(_note(each.row, f"{where}（{each.case.party_name}），不重复导入", "duplicate"))
            drafts.remove(each)
        else:
            by_place[place] = f"与第 {each.row} 行名称和地址相同"
            if number is not None:
                by_number[number] = each.case.party_name or ""
    return doubles


def _place(case: CaseForForms | CaseIn) -> tuple[str, str]:
    return "".join(plain(case.party_name or "").split()), "".join(plain(case.address or "").split())


def _report(
    sheet: Sheet, stated: Stated, mapping: dict[str, str], drafts: list[Draft], skipped: list[RowProblem]
) -> ImportOut:
    problems = [_note(each.row, "；".join(each.errors), "error") for each in drafts if each.errors]
    problems += [_note(each.row, "；".join(each.warnings), "warning") for each in drafts if each.warnings]
    order = {"error": 0, "duplicate": 1, "warning": 2, "skipped": 3}
    listed = sorted([*problems, *skipped], key=lambda problem: (order[problem.kind], problem.row))
    fields = FIELDS[stated.form]
    ready = [each for each in drafts if each.case is not None]
    return ImportOut(
        form=stated.form,
        encoding=sheet.encoding,
        sheet=sheet.name,
        other_sheets=sheet.other_sheets,
        header_row=sheet.header_row,
        header_rows=sheet.header_rows,
        headers=sheet.headers,
        fields=[FieldOut(key=key, text=text, required=key in fields.required) for key, text in fields.texts.items()],
        mapping=mapping,
        sample=[[cell[:200] for cell in row] for row in sheet.rows[:SAMPLE_ROWS]],
        rows=len(sheet.rows),
        ready=len(ready),
        finished=sum(each.finished_on is not None for each in ready),
        duplicates=sum(problem.kind == "duplicate" for problem in skipped),
        skipped=sum(problem.kind == "skipped" for problem in skipped),
        errors=sum(bool(each.errors) for each in drafts),
        problems=listed[:MAX_PROBLEMS],
        problems_left_off=max(len(listed) - MAX_PROBLEMS, 0),
    )


def _note(row: int, text: str, kind: str) -> RowProblem:
    return RowProblem.model_validate({"row": row, "kind": kind, "text": text})

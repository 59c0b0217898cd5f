"""Rows of a file as typed drafts, value by value, each refusal said in words."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from app.territory import codes
from app.territory.importing.reading import RawLayer
from app.territory.importing.report import Findings, RowLabel

MIN_CYCLE_DAYS, MAX_CYCLE_DAYS = 1, 366
MAX_NAME, MAX_REASON = 100, 500
# What may stand in an address: a code is part of links.
_CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff][0-9A-Za-z\u4e00-\u9fff_.\-]{0,63}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
# Takes no room but turns or splits the text around it: marks of writing direction, zero-width blanks.
_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+")
_CYCLE = re.compile(r"(\d{1,9})\s*(天|日|days?|d)?", re.IGNORECASE)

_RISKS = {"高": "high", "中": "medium", "低": "low", "重点": "high", "较高": "high", "一般": "medium", "较低": "low"}
_KINDS = {"水域": "water", "水": "water", "水体": "water", "河流": "water", "湖泊": "water", "军事": "military"}
_KINDS |= {"军事区": "military", "铁路": "railway", "施工": "construction", "工地": "construction", "其他": "other"}
_EFFECTS = {"排除": "excluded", "不计": "excluded", "不可进入": "inaccessible", "无法进入": "inaccessible"}
_STATES = {"申请": "requested", "待审批": "requested", "待批": "requested", "批准": "approved", "已批准": "approved"}


def plain_text(text: str) -> str:
    """Text on one line that reads as it is stored: control characters become blanks, unseen ones go."""
    return _CONTROL.sub(" ", _UNSEEN.sub("", text)).strip()


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """A unit as a row says it; level and parent follow from the code."""

    label: RowLabel
    code: str
    name: str

    @property
    def parent(self) -> str | None:
        """The code above."""
        return codes.parent_of(self.code)


@dataclass(frozen=True, slots=True)
class OfficerDraft:
    """The officer a grid's row names."""

    code: str
    name: str
    phone: str | None


@dataclass(frozen=True, slots=True)
class GridDraft:
    """A grid as a row says it."""

    label: RowLabel
    code: str
    name: str
    unit_code: str
    risk: str | None
    cycle_days: int | None
    officer: OfficerDraft | None

    @property
    def parent(self) -> str | None:
        """The unit it belongs to."""
        return self.unit_code


@dataclass(frozen=True, slots=True)
class ExclusionDraft:
    """An exclusion as a row says it; an empty code is filled from the geometry later."""

    label: RowLabel
    code: str
    name: str | None
    kind: str
    effect: str
    reason: str
    state: str

    @property
    def parent(self) -> None:
        """Exclusions belong to no unit."""
        return


@dataclass(frozen=True)
class Defaults:
    """What applies where a file has no column for it."""

    state: str = "requested"
    kind: str = "other"
    effect: str = "excluded"
    reason: str = ""


class _Rows:
    """The rows of a layer, by field."""

    def __init__(self, layer: RawLayer, mapping: Mapping[str, str], findings: Findings) -> None:
        self._columns = {field: layer.columns[column] for field, column in mapping.items()}
        self._count = len(layer)
        self.findings = findings

    def __iter__(self) -> Iterator[tuple[RowLabel, Callable[[str], str]]]:
        for at in range(self._count):

            def cell(field: str, at: int = at) -> str:
                return plain_text(self._columns[field][at]) if field in self._columns else ""

            yield RowLabel(at + 1, cell("code") or None, cell("name") or None), cell

    def has(self, field: str) -> bool:
        """Whether the file has a column for a field."""
        return field in self._columns


def units(layer: RawLayer, mapping: Mapping[str, str], findings: Findings) -> dict[int, UnitDraft]:
    """Drafts by position of those rows whose values are right."""
    drafts = {}
    for label, cell in _Rows(layer, mapping, findings):
        code = _unit_code(cell("code"), label, findings, "代码")
        name = _name(cell("name"), label, findings)
        if code and name:
            drafts[_at(label)] = UnitDraft(RowLabel(label.row, code, name), code, name)
    return drafts


def grids(layer: RawLayer, mapping: Mapping[str, str], findings: Findings) -> dict[int, GridDraft]:
    """Drafts by position of those rows whose values are right.

    Without a column for the unit, it is the first 12 digits of the grid's code (GB/T 34300: unit code + 3 digits).
    """
    drafts = {}
    rows = _Rows(layer, mapping, findings)
    for label, cell in rows:
        code, name = _code(cell("code"), label, findings), _name(cell("name"), label, findings)
        unit_text = cell("unit_code") if rows.has("unit_code") else cell("code")[: codes.LENGTH]
        unit = _unit_code(unit_text, label, findings, "所属区划代码")
        risk = _word(cell("risk"), _RISKS, "风险等级", "高、中、低", label, findings)
        cycle = _cycle(cell("cycle_days"), label, findings)
        officer = _officer(cell, unit, label, findings)
        if code and name and unit:
            drafts[_at(label)] = GridDraft(label, code, name, unit, risk, cycle, officer)
    return drafts


def exclusions(
    layer: RawLayer, mapping: Mapping[str, str], findings: Findings, defaults: Defaults
) -> dict[int, ExclusionDraft]:
    """Drafts by position of those rows whose values are right."""
    drafts = {}
    for label, cell in _Rows(layer, mapping, findings):
        code = _code(cell("code"), label, findings) if cell("code") else ""
        kind = _word(cell("kind"), _KINDS, "类别", "水域、军事、铁路、施工、其他", label, findings) or defaults.kind
        effect = _word(cell("effect"), _EFFECTS, "处理方式", "排除、不可进入", label, findings) or defaults.effect
        state = _word(cell("state"), _STATES, "状态", "申请、批准", label, findings) or defaults.state
        reason = (cell("reason") or defaults.reason)[:MAX_REASON]
        if not reason:
            findings.error(label, "no_reason", "没有排除原因", "填写原因列，或在导入时给出统一的原因。")
        if code is not None and reason:
            name = cell("name")[:MAX_NAME] or None
            drafts[_at(label)] = ExclusionDraft(label, code, name, kind, effect, reason, state)
    return drafts


def _at(label: RowLabel) -> int:
    return (label.row or 1) - 1


def _unit_code(text: str, label: RowLabel, findings: Findings, what: str) -> str | None:
    code = codes.normalise(text)
    if code is None:
        said = f"“{text[:40]}”不是区划代码" if text else "为空"
        findings.error(label, "bad_code", f"{what}{said}", "填写 12 位区划代码（也可填 2、4、6、9 位，右侧补零）。")
    return code


def _code(text: str, label: RowLabel, findings: Findings) -> str | None:
    if _CODE.fullmatch(text):
        return text
    said = f"代码“{text[:40]}”含有不能使用的字符或过长" if text else "代码为空"
    findings.error(label, "bad_code", said, "代码用数字、字母、汉字和 _ . -，不超过 64 个字符。")
    return None


def _name(text: str, label: RowLabel, findings: Findings) -> str | None:
    if not text:
        findings.error(label, "no_name", "名称为空", "填写名称；若名称在别的列，请指明列对应。")
        return None
    if "\ufffd" in text:
        findings.error(label, "garbled", "名称有乱码", "核对文件的文字编码（GBK 或 UTF-8）后重新导出。")
        return None
    if len(text) > MAX_NAME:
        findings.error(label, "long_name", f"名称有 {len(text)} 个字", f"缩短到 {MAX_NAME} 个字以内。")
        return None
    return text


def _word(
    text: str, words: Mapping[str, str], what: str, choices: str, label: RowLabel, findings: Findings
) -> str | None:
    if not text:
        return None
    for ending in ("", "风险", "级", "等级", "区"):
        bare = text.removesuffix(ending)
        if bare in words:
            return words[bare]
    if text.lower() in words.values():
        return text.lower()
    findings.error(label, "unknown_word", f"{what}“{text[:40]}”无法识别", f"改为以下之一：{choices}。")
    return None


def _cycle(text: str, label: RowLabel, findings: Findings) -> int | None:
    if not text:
        return None
    match = _CYCLE.fullmatch(text)
    if match and MIN_CYCLE_DAYS <= int(match[1]) <= MAX_CYCLE_DAYS:
        return int(match[1])
    findings.error(
        label,
        "bad_cycle",
        f"周期“{text[:40]}”不在 {MIN_CYCLE_DAYS} 至 {MAX_CYCLE_DAYS} 天之间",
        "填写整数天数；不填则按风险等级。",
    )
    return None


def _officer(cell: Callable[[str], str], unit: str | None, label: RowLabel, findings: Findings) -> OfficerDraft | None:
    code, name, phone = cell("officer_code"), cell("officer_name"), cell("officer_phone")
    if not code and not name:
        return None
    if code and not _CODE.fullmatch(code):
        findings.error(label, "bad_officer", f"网格员编码“{code[:40]}”含有不能使用的字符", "改正网格员编码。")
        return None
    if not name or len(name) > MAX_NAME:
        findings.error(label, "bad_officer", "网格员姓名为空或过长", "填写网格员姓名。")
        return None
    # Without a code of its own, a person is told apart by name within the unit.
    made = code or f"{unit or ''}-{re.sub(r'[^0-9A-Za-z一-鿿_.-]', '', name)}"
    return OfficerDraft(made, name, phone[:40] or None)
